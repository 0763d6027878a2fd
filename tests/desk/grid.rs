//! The assessment grid: what is known of each cell, one click that says it is still so, and the five
//! questions of an area.

use back_office_brief::store::Db;

use crate::desk::{ana, world};
use crate::html::faults;
use crate::on_both;
use crate::world::number;

const GRID: &str = "/desk/c/northfield/grid";
const BILLING: &str = "/desk/c/northfield/grid/erp/billing";

on_both! {
    async fn each_cell_says_its_level_and_its_age(db: Db) {
        let world = world(db).await;
        let page = ana(&world).await.get(GRID).await;
        page.is(200).says("ERP cutover").says("weight 5").says("6 weeks old").says("Which copy wins, and who says so?");
        assert!(page.text.contains("class=\"fresh short\"") && page.text.contains("/gaps/NORTHFIELD-G2"), "{}", page.text);
        assert_eq!(page.text.matches("name=\"confirm\"").count(), 5 + 1 + 1, "a cell, an area, all");
        let late = "2027-01-11T16:00:00Z";
        world.clock.set(crate::world::at(late));
        let browser = ana(&world).await;
        browser.get(GRID).await.says("13 weeks old, counts 80%");
    }

    async fn one_click_says_that_nothing_changed(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let count = "SELECT COUNT(*) FROM assessment_answer a JOIN assessment h ON h.id = a.assessment_id WHERE h.held_on = '2026-11-25'";
        for (which, n) in [("billing.owner_habit", 1), ("billing", 6), ("all", 11)] {
            let page = browser.fill(GRID, &[("implementation", "erp"), ("confirm", which)]).await;
            assert_eq!(page.header("Location"), "/desk/c/northfield/grid?implementation=erp&told=confirmed", "{which}: {}", page.text);
            assert_eq!(number(&world.db, count).await, n, "{which}");
        }
        let page = browser.get(GRID).await;
        page.says("today").says("/gaps/NORTHFIELD-G2");
        let home = browser.fill(GRID, &[("implementation", "erp"), ("confirm", "all"), ("from", "overview")]).await;
        assert_eq!(home.header("Location"), "/desk/c/northfield?told=confirmed");
        browser.get("/desk/c/northfield").await.says("Looked at:</strong> billing");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit WHERE action = 'assessment.confirm'").await, 4);
        for which in ["", "payroll", "billing.nothing", "everything"] {
            browser.fill(GRID, &[("implementation", "erp"), ("confirm", which)]).await.is(400);
        }
    }

    async fn a_shortfall_whose_gap_is_closed_is_asked_anew(db: Db) {
        let world = world(db).await;
        world.happens("northfield", "g2", "status", "closed", "2026-11-24T15:00:00Z").await;
        let browser = ana(&world).await;
        let page = browser.get(GRID).await;
        page.says("ask again");
        assert_eq!(page.text.matches("name=\"confirm\"").count(), 4 + 1 + 1, "the four others, the area, all");
        browser.fill(GRID, &[("implementation", "erp"), ("confirm", "billing.no_source")]).await.is(400);
        let page = browser.fill_on(GRID, &[("implementation", "erp"), ("confirm", "all")]).await;
        page.says("Written down, but for the questions that say “ask again”: their gap is done with.");
        assert_eq!(faults(&page.text), Vec::<String>::new());
        let held = "SELECT COUNT(*) FROM assessment_answer a JOIN assessment h ON h.id = a.assessment_id WHERE h.held_on = '2026-11-25'";
        assert_eq!(number(&world.db, held).await, 4);
        browser.fill_on("/desk/c/northfield/grid/erp/billing", &[("level-1", "3"), ("gap-1", "NORTHFIELD-G2")]).await;
        assert!(!browser.get(GRID).await.text.contains("ask again"));
    }

    async fn the_five_questions_are_answered_with_gaps(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let form = browser.get(BILLING).await;
        form.is(200).says("What happens on the day the approver is out?").says("Last time 1, on 12 October 2026 by A. Mendel.");
        assert!(form.text.contains("<option value=\"NORTHFIELD-G1\">"), "{}", form.text);
        let answers = [
            ("level-0", "4"), ("note-0", "Tried by two new people"),
            ("level-1", "2"), ("gap-1", "NORTHFIELD-G2"),
            ("level-2", "1"), ("title-2", "Only one director signs"), ("severity-2", "3"),
            ("level-3", ""), ("level-4", "3"), ("gap-4", "NORTHFIELD-G1"),
            ("held_on", "2026-11-24"),
        ];
        let page = browser.fill_on(BILLING, &answers).await;
        page.says("Written down. The score counts it from now on.").says("1 day old");
        let made = "SELECT COUNT(*) FROM gap WHERE title = 'Only one director signs' AND category = 'approval_memory' AND area = 'billing'";
        assert_eq!(number(&world.db, made).await, 1);
        let answered = "SELECT COUNT(*) FROM assessment_answer a JOIN assessment h ON h.id = a.assessment_id WHERE h.held_on = '2026-11-24'";
        assert_eq!(number(&world.db, answered).await, 4, "what was not asked is not answered");
    }

    async fn an_answer_that_lacks_its_gap_is_kept(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let fields = [
            ("level-0", "1"), ("note-0", "kept note"), ("level-1", "0"), ("gap-1", "HALDEN-G1"),
            ("level-2", "0"), ("title-2", "Too mild"), ("severity-2", "2"), ("held_on", "2027-02-01"),
        ];
        let page = browser.fill(BILLING, &fields).await;
        page.is(422).says("Level 1 is a shortfall: name its gap").says("There is no gap &#34;HALDEN-G1&#34; here").says("is still to come");
        page.says("Level 0 demands a gap of severity 3");
        assert_eq!(faults(&page.text), Vec::<String>::new());
        for kept in ["value=\"kept note\"", "value=\"HALDEN-G1\"", "value=\"Too mild\"", "value=\"2027-02-01\""] {
            assert!(page.text.contains(kept), "{kept}");
        }
        browser.fill(BILLING, &[("held_on", "")]).await.is(422).says("answer one question at least");
        browser.fill(BILLING, &[("level-0", "7")]).await.is(422).says("is not a whole number from 0 to 5");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM gap WHERE title = 'Too mild'").await, 0);
    }
}

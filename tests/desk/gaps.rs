//! The list of a client's gaps, a new gap, and the words of one.

use back_office_brief::store::Db;

use crate::desk::{ana, world};
use crate::html::faults;
use crate::on_both;

const NEW: &str = "/desk/c/northfield/gaps/new";
const G1: &str = "/desk/c/northfield/gaps/NORTHFIELD-G1";

on_both! {
    async fn a_client_is_told_in_the_words_of_its_brief(db: Db) {
        let world = world(db).await;
        let page = ana(&world).await.get("/desk/c/northfield").await;
        page.is(200).says("The northfield").says("of 100").says("about $600 a week").says("Nothing that the brief counts.");
        page.says("1. Price list g1 disagrees").says("1 to 3 of 3, in the order of the brief").says("idle 8 weeks").says("3 significant");
        for link in ["/o/northfield", "/desk/c/northfield/gaps/NORTHFIELD-G1"] {
            assert!(page.text.contains(&format!("href=\"{link}\"")), "{link}");
        }
        assert!(page.text.contains("id=\"answers\"") && page.text.contains("id=\"drafts\""), "the places of what waits");
    }

    async fn the_list_is_filtered_and_has_pages(db: Db) {
        let world = world(db).await;
        let names: Vec<String> = (10..50).map(|n| format!("n{n}")).collect();
        world.gaps("northfield", &names, "2026-11-20T15:00:00Z").await;
        world.happens("northfield", "n10", "owner", "P. Osei", "2026-11-23T15:00:00Z").await;
        world.happens("northfield", "n11", "status", "in_progress", "2026-11-23T15:00:00Z").await;
        let browser = ana(&world).await;
        let rows = async |query: &str| {
            let page = browser.get(&format!("/desk/c/northfield{query}")).await;
            page.is(200);
            assert_eq!(faults(&page.text), Vec::<String>::new(), "{query}");
            page.text.matches("/gaps/NORTHFIELD-").count()
        };
        // Each page has the one gap that stands in the assessment beside its own.
        assert_eq!(rows("").await, 25 + 1);
        assert_eq!(rows("?page=2").await, 18 + 1);
        assert_eq!(rows("?page=99").await, 18 + 1);
        assert_eq!(rows("?owner=p.+osei").await, 1 + 1);
        assert_eq!(rows("?owner=nobody").await, 1);
        assert_eq!(rows("?status=in_progress").await, 1 + 1);
        assert_eq!(rows("?status=stalled").await, 3 + 1);
        assert_eq!(rows("?area=payroll").await, 1);
        assert_eq!(rows("?status=closed").await, 1);
        let page = browser.get("/desk/c/northfield?owner=Lee+Park&area=billing").await;
        page.says("1 to 25 of 42");
        assert!(page.text.contains("?area=billing&#38;owner=Lee+Park&#38;page=2#gaps"), "{}", page.text);
    }

    async fn a_gap_is_added(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let fields = [
            ("title", "Two vendor files in use"), ("area", "payables"), ("category", "no_source"), ("severity", "4"),
            ("owner", "P. Osei"), ("owner_email", "p.osei@client.example"), ("due_on", "2026-12-18"),
            ("next_step", "Choose the file that wins"), ("next_step_on", "2026-12-04"), ("verifier", "J. Park"),
            ("short_name", "Vendor files"), ("exposure_group", "vendors"), ("existed_since", "2025-01-01"),
            ("description", "Payables keeps one,\r\nprocurement the other."),
        ];
        let page = browser.fill_on(NEW, &fields).await;
        page.says("Added. The next brief counts it.").says("Two vendor files in use").says("P. Osei").says("18 December 2026");
        page.says("Choose the file that wins, by 4 December 2026").says("not priced").says("procurement the other.");
        browser.get("/desk/c/northfield").await.says("New:</strong> vendor files").says("Two vendor files in use");
        let prefilled = browser.get(&format!("{NEW}?area=payroll&category=owner_habit")).await;
        assert!(prefilled.text.contains("value=\"payroll\" selected") && prefilled.text.contains("value=\"owner_habit\" selected"));
    }

    async fn nobody_is_learnt_of_by_their_address(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let fields = [("title", "x"), ("area", "billing"), ("category", "no_source"), ("severity", "1"), ("owner", "")];
        // Somebody of another client, and nobody at all.
        world.subscriber("halden", "cfo@other.example", |person, _| person.name = "Kim Vale".to_owned()).await;
        for address in ["cfo@other.example", "nobody@other.example"] {
            let page = browser.fill(NEW, &[&fields[..], &[("owner_email", address)]].concat()).await;
            page.is(422).says("Owner: This is missing; name one person.");
            assert!(!page.text.contains("Kim Vale"), "{}", page.text);
            let change = [("do", "people"), ("owner", ""), ("owner_email", address), ("severity", "3")];
            browser.fill(G1, &change).await.is(422).says("Owner: This is missing; name one person.");
        }
    }

    async fn what_a_new_gap_lacks_is_said_at_its_field(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let empty = browser.fill(NEW, &[("title", "")]).await;
        empty.is(422).says("Area: This is missing; choose one.").says("Pattern: This is missing").says("Severity: This is missing");
        assert_eq!(faults(&empty.text), Vec::<String>::new());
        let long = "x".repeat(61);
        let fields = [
            ("title", long.as_str()), ("area", "billing"), ("category", "no_source"), ("severity", "3"), ("owner", "the team"),
            ("short_name", "a name of more than thirty-two letters"), ("due_on", "2020-01-01"), ("opened_on", "2026-12-24"),
        ];
        let page = browser.fill(NEW, &fields).await;
        page.is(422).says("This has 61 characters; at most 60 fit.").says("is not one person").says("is still to come");
        for typed in [long.as_str(), "the team", "a name of more than thirty-two letters", "2020-01-01", "2026-12-24"] {
            assert!(page.text.contains(&format!("value=\"{typed}\"")), "{typed} is kept");
        }
        assert!(page.text.contains("aria-invalid=\"true\" aria-describedby=\"gap-title-problem\""), "{}", page.text);
        let taken = [("title", "Again"), ("area", "billing"), ("category", "no_source"), ("severity", "3"), ("external_id", "NORTHFIELD-G1")];
        browser.fill(NEW, &taken).await.is(422).says("NORTHFIELD-G1");
    }

    async fn who_and_what_change_with_their_history(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let people = [
            ("do", "people"), ("owner", "P. Osei"), ("due_on", "2026-12-18"), ("next_step", "Choose"), ("next_step_on", "2026-12-04"),
            ("severity", "4"), ("verifier", "J. Park"),
        ];
        let page = browser.fill_on(G1, &people).await;
        page.says("Saved. The next brief counts it.").says("Lee Park → P. Osei").says("3 → 4").says("Choose, by 4 December 2026");
        let refused = browser.fill(G1, &[("do", "people"), ("owner", "all of us"), ("severity", "4"), ("next_step_on", "2026-12-04")]).await;
        refused.is(422).says("is not one person").says("Next step: This is missing");
        assert!(refused.text.contains("value=\"all of us\""));
        browser.fill_on(G1, &[("do", "people"), ("severity", "4")]).await.says("P. Osei → none");
        let words = [
            ("do", "words"), ("title", "Three price lists, none agreed"), ("short_name", "Price lists"), ("description", "Sales has one."),
            ("area", "master_data"), ("category", "report_mismatch"), ("leak_zone", "tools"), ("exposure_group", "prices"),
            ("implementation", "erp"), ("existed_since", "2026-01-01"),
        ];
        let page = browser.fill_on(G1, &words).await;
        page.says("Three price lists, none agreed").says("Master data: a report beside what is decided on").says("Sales has one.");
        let words = words.map(|(name, value)| if name == "title" { (name, "") } else { (name, value) });
        browser.fill(G1, &words).await.is(422).says("Title: This is missing");
        let words = words.map(|(name, value)| match name {
            "title" => (name, "Kept"),
            "implementation" => (name, "halden-erp"),
            _ => (name, value),
        });
        browser.fill(G1, &words).await.is(422).says("is no implementation of The northfield");
    }
}

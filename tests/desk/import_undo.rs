//! Imports are taken back by whom they are, and only whole.

use back_office_brief::store::Db;
use back_office_brief::store::import::list_batches;

use crate::desk::{Who, ana, browser, world};
use crate::importing::{ALL, CLIENT, batch};
use crate::on_both;
use crate::world::number;

const HEAD: &str = "external_id,organization,area,category,severity,title,opened_on";

on_both! {
    async fn what_others_rest_on_waits(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let first = browser.import(CLIENT, "gaps.csv", &format!("{HEAD}\nu1,northfield,billing,no_source,3,First,2026-11-20\n")).await;
        let second = browser.import(CLIENT, "gaps.csv", &format!("{HEAD}\nu1,northfield,billing,no_source,4,Second,2026-11-20\n")).await;
        let (first, second) = (batch(&first), batch(&second));
        let page = browser.get(&format!("{CLIENT}/batch/{first}")).await;
        page.is(200).says("later imports rest on it").says(&second);
        let mark = browser.get(CLIENT).await.field("mark");
        browser.post(&format!("{CLIENT}/batch/{first}"), &[("mark", &mark)]).await.is(409).says("void these first");
        browser.fill_on(&format!("{CLIENT}/batch/{second}"), &[]).await;
        browser.get("/desk/c/northfield/gaps/u1").await.is(200).says("First");
        browser.fill_on(&format!("{CLIENT}/batch/{first}"), &[]).await;
        browser.get("/desk/c/northfield/gaps/u1").await.is(404);
    }

    async fn a_consultant_takes_back_what_is_theirs_alone(db: Db) {
        let world = world(db).await;
        let (ana, operator, ben) = (ana(&world).await, browser(&world, Who::Operator).await, browser(&world, Who::Stranger).await);
        let both = format!("{HEAD}\nb1,northfield,billing,no_source,3,North,2026-11-20\nb2,halden,billing,no_source,3,Hal,2026-11-20\n");
        let both = batch(&operator.import(ALL, "halden merger gaps.csv", &both).await);
        let halden = batch(&operator.import(ALL, "gaps.csv", &format!("{HEAD}\nb3,halden,billing,no_source,3,Hal,2026-11-20\n")).await);
        let mark = ana.get(CLIENT).await.field("mark");
        let list = ana.get(CLIENT).await;
        assert!(list.text.contains(&both) && !list.text.contains(&halden), "{}", list.text);
        let page = ana.get(&format!("{CLIENT}/batch/{both}")).await;
        page.is(200).says("Only the operator can take this import back");
        // What it is called and how much it held is about others too.
        for page in [&list, &page] {
            page.says("by the operator");
            assert!(!page.text.contains("merger") && !page.text.contains("2 of 2"), "{}", page.text);
        }
        assert!(!page.text.contains("<dd>2</dd>"), "{}", page.text);
        operator.get(&format!("{ALL}/batch/{both}")).await.is(200).says("halden merger gaps.csv");
        ana.post(&format!("{CLIENT}/batch/{both}"), &[("mark", &mark)]).await.is(403);
        // Another client's import looks like one that is not there.
        let unknown = ana.get(&format!("{CLIENT}/batch/nothing")).await;
        for id in [halden.as_str(), "nothing%00", "%25"] {
            let page = ana.get(&format!("{CLIENT}/batch/{id}")).await;
            assert_eq!((page.status.as_u16(), &page.text), (404, &unknown.text), "{id}");
        }
        ana.post(&format!("{CLIENT}/batch/{halden}"), &[("mark", &mark)]).await.is(404);
        ben.get(&format!("/desk/c/halden/import/batch/{halden}")).await.is(200);
        ben.fill_on(&format!("/desk/c/halden/import/batch/{halden}"), &[]).await;
        operator.fill_on(&format!("{ALL}/batch/{both}"), &[]).await.says("Taken back");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM import_batch WHERE voided_at IS NULL").await, 0);
        let log = world.db.audit_log(None, None, 10).await.expect("a log");
        assert_eq!(log.iter().filter(|row| row.action == "import.undo").count(), 2, "{log:?}");
    }

    async fn what_came_another_way_is_seen_and_left_to_the_operator(db: Db) {
        let world = world(db).await;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("gaps.csv");
        std::fs::write(&file, format!("{HEAD}\nt1,northfield,billing,no_source,3,Tool,2026-11-20\n")).expect("written");
        let options = back_office_brief::import::ImportOptions {
            paths: vec![file],
            rejects: Some(folder.path().to_owned()),
            constants: world.settings.model.clone(),
            ..Default::default()
        };
        back_office_brief::import::run(&world.db, &*world.clock, &options, &mut |_| {}).await.expect("an import");
        let id = list_batches(&world.db).await.expect("a list")[0].id.clone();
        let browser = ana(&world).await;
        let list = browser.get(CLIENT).await;
        list.is(200).says("the command line").says("gaps.csv").says("1 written");
        assert!(!list.text.contains(&*folder.path().to_string_lossy()), "{}", list.text);
        browser.get(&format!("{CLIENT}/batch/{id}")).await.is(200).says("Only the operator");
        let mark = browser.get(CLIENT).await.field("mark");
        browser.post(&format!("{CLIENT}/batch/{id}"), &[("mark", &mark)]).await.is(403);
        browser.get("/desk/c/northfield/gaps/t1").await.is(200);
    }

    async fn who_may_do_what_is_the_operators_to_take_back(db: Db) {
        let world = world(db).await;
        let (ana, operator) = (ana(&world).await, browser(&world, Who::Operator).await);
        let mark = ana.get(CLIENT).await.field("mark");
        let text = "email,name,organization\nnew@studio.example,New Person,northfield\n";
        let id = batch(&operator.import(ALL, "consultants.csv", text).await);
        ana.get(&format!("{CLIENT}/batch/{id}")).await.is(200).says("Only the operator can take this import back");
        ana.post(&format!("{CLIENT}/batch/{id}"), &[("mark", &mark)]).await.is(403);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM import_batch WHERE voided_at IS NOT NULL").await, 0);
    }

    async fn what_was_made_by_hand_under_its_rows_is_announced(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let id = batch(&browser.import(CLIENT, "implementations.csv", "external_id,organization,name\nplan,northfield,Plan\n").await);
        let gap = batch(&browser.import(CLIENT, "gaps.csv", &format!("{HEAD}\nu1,northfield,billing,no_source,3,First,2026-11-20\n")).await);
        for sql in [
            "INSERT INTO assessment (id, implementation_id, held_on, recorded_at) SELECT 'a', id, '2026-11-20', 0 FROM implementation WHERE external_id = 'plan'",
            "INSERT INTO implementation_event (id, implementation_id, field, to_value, effective_on, recorded_at) \
             SELECT 'e', id, 'status', 'live', '2026-11-20', 0 FROM implementation WHERE external_id = 'plan'",
            "INSERT INTO exposure (id, gap_id, kind, low, likely, high, basis, effective_on, recorded_at) \
             SELECT 'x', id, 'unpriced', 0, 0, 0, 'estimated', '2026-11-20', 0 FROM gap WHERE external_id = 'u1'",
        ] {
            world.by_hand(sql).await;
        }
        browser.get(&format!("{CLIENT}/batch/{id}")).await.is(200).says("2 rows made by hand go out of sight with them");
        browser.get(&format!("{CLIENT}/batch/{gap}")).await.is(200).says("1 row made by hand goes out of sight with them");
    }
}

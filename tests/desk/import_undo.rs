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
        let both = batch(&operator.import(ALL, "gaps.csv", &both).await);
        let halden = batch(&operator.import(ALL, "gaps.csv", &format!("{HEAD}\nb3,halden,billing,no_source,3,Hal,2026-11-20\n")).await);
        let mark = ana.get(CLIENT).await.field("mark");
        let list = ana.get(CLIENT).await;
        assert!(list.text.contains(&both) && !list.text.contains(&halden), "{}", list.text);
        ana.get(&format!("{CLIENT}/batch/{both}")).await.is(200).says("Only the operator can take this import back");
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
        browser.get(CLIENT).await.is(200).says("the command line");
        browser.get(&format!("{CLIENT}/batch/{id}")).await.is(200).says("Only the operator");
        let mark = browser.get(CLIENT).await.field("mark");
        browser.post(&format!("{CLIENT}/batch/{id}"), &[("mark", &mark)]).await.is(403);
        browser.get("/desk/c/northfield/gaps/t1").await.is(200);
    }
}

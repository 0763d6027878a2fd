//! How old figures are is said in the brief, and to the operator.

use back_office_brief::engine::preview::Whose;
use back_office_brief::store::records::Subscription;
use back_office_brief::store::{Db, organizations};

use crate::foreign::Foreign;
use crate::house::{beside, entry, world};
use crate::on_both;
use crate::world::{World, at, ms};

/// Tuesday, and the Mondays after it: before the cut-off in Chicago, and when its brief is due.
const TUESDAY: &str = "2026-11-10T15:00:00Z";
const BEFORE: [&str; 2] = ["2026-11-16T10:05:00Z", "2026-11-23T10:05:00Z"];
const AFTER: [&str; 2] = ["2026-11-16T13:30:00Z", "2026-11-23T13:30:00Z"];

/// A reader of the organization that came with the register.
async fn reader(world: &World) {
    let found = organizations::find(&world.db, "northfield-supply").await.expect("it came");
    let confirmed = |own: &mut Subscription| {
        (own.confirmed_at, own.created_at) = (Some(ms(TUESDAY)), ms(TUESDAY));
    };
    world.subscriber(&found.id, "coo@north.example", |_, own| confirmed(own)).await;
}

/// The brief that was sent last.
fn latest(world: &World) -> String {
    let mails = world.mails_to("coo@north.example");
    mails.into_iter().max_by_key(|mail| mail.message_id.clone()).expect("a brief").text
}

async fn texts(world: &World) -> Vec<String> {
    world.mails_to("coo@north.example").into_iter().map(|mail| mail.text).collect()
}

on_both! {
    async fn a_source_that_cannot_be_read_is_said_to_be_old_and_the_operator_is_told(db: Db) {
        let foreign = Foreign::sqlite().await.expect("a file");
        let world = World::with(db, &[
            ("BRIEF__SOURCE", &format!("[{}]", entry("erp", &foreign.url, "", &foreign.queries()))),
            ("BRIEF__ALERTS__TO", "ops@brief.example"),
        ]);
        world.tick(TUESDAY).await;
        reader(&world).await;
        world.tick(BEFORE[0]).await;
        world.tick(AFTER[0]).await;
        let first = latest(&world);
        assert!(!first.contains("could not be read"), "{first}");
        assert!(first.contains("The source erp was not updated for 35 days."), "its newest entry is of 12 October: {first}");
        foreign.exec("ALTER TABLE issue RENAME TO problem").await;
        world.tick(BEFORE[1]).await;
        let report = world.tick(AFTER[1]).await;
        assert!(report.closes(), "the brief goes out all the same: {report:?}");
        let told: Vec<String> = texts(&world).await;
        assert_eq!(told.len(), 2);
        let line = "The source erp was not updated for 7 days: it could not be read.";
        assert!(told.iter().any(|text| text.contains(line)), "{told:?}");
        let notices = world.notices();
        let alert = notices.iter().find(|notice| notice.subject.contains("source")).expect("an alert");
        assert!(alert.subject.contains("A source cannot be read"), "{}", alert.subject);
        assert!(alert.text.contains("source erp, query gaps: it was refused (no such table: issue)"), "{}", alert.text);
        assert!(alert.text.contains("brief source check"), "{}", alert.text);
        // It is well again: the operator hears of it, and the next brief says nothing.
        foreign.exec("ALTER TABLE problem RENAME TO issue").await;
        world.tick("2026-11-30T10:05:00Z").await;
        world.tick("2026-11-30T13:30:00Z").await;
        assert!(world.notices().iter().any(|n| n.subject == "Resolved: a source cannot be read"), "{:?}", world.notices());
    }

    async fn a_source_that_says_nothing_new_is_said_to_after_its_own_number_of_days(db: Db) {
        let foreign = Foreign::sqlite().await.expect("a file");
        for (days, is_told) in [(42, false), (41, true)] {
            let own = format!("stale_after_days = {days}");
            let world = world(db.clone(), &[entry("erp", &foreign.url, &own, &foreign.queries())]);
            world.tick(TUESDAY).await;
            world.tick(BEFORE[1]).await;
            let whose = Whose::Leader("northfield-supply".to_owned());
            let text = world.engine.preview(&whose, at(AFTER[1])).await.unwrap().body.text;
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let said = "The source erp was not updated for 42 days.";
            assert_eq!(text.contains(said), is_told, "{days}: {text}");
        }
    }

    async fn a_source_that_was_taken_out_of_the_settings_is_not_spoken_of(db: Db) {
        let foreign = Foreign::sqlite().await.expect("a file");
        let world = beside(db.clone(), &foreign);
        world.tick(TUESDAY).await;
        reader(&world).await;
        let without = World::on(db);
        without.tick(BEFORE[1]).await;
        without.tick(AFTER[1]).await;
        let text = latest(&without);
        assert!(!text.contains("source erp"), "{text}");
        assert!(text.contains("The source was not updated for 42 days."), "as of any other: {text}");
    }
}

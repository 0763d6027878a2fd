//! A missed cut-off: planned within the grace, recorded as expired after it (DESIGN 2.4).

use back_office_brief::store::Db;

use crate::on_both;
use crate::world::{World, ms};

on_both! {
    async fn forty_seven_hours_late_is_planned_and_sent_now(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        let report = world.tick("2026-11-25T11:00:00Z").await;
        assert!(report.closes());
        assert_eq!(report.deliver.sent, 1);
        let edition = world.editions("2026-W48").await.remove(0);
        assert_eq!(edition.cut_off_at, ms("2026-11-23T12:00:00Z"), "the figures are the cut-off's");
    }

    async fn forty_nine_hours_late_is_expired_and_the_next_covers_both_weeks(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.tick("2026-11-16T13:00:00Z").await;
        world.gap("acme", "new", "2026-11-18T12:00:00Z").await;
        let report = world.tick("2026-11-25T13:00:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((report.plan.expired, report.deliver.sent), (1, 0));
        assert_eq!(world.edition_states("2026-W48").await, [("leader".into(), "expired".into())]);
        let (state, reason) = world.fate("anna@client.example", "2026-W48").await;
        assert_eq!((state.as_str(), reason.as_str()), ("expired", "the cut-off was missed"));
        assert!(world.tick("2026-11-30T13:00:00Z").await.closes());
        let edition = world.editions("2026-W49").await.remove(0);
        let facts = world.db.edition_body(&edition.id).await.unwrap().facts.unwrap();
        assert!(facts.contains("\"window_from\":\"2026-11-16T12:00:00Z\""), "{facts}");
        let last = world.mails().into_iter().find(|m| m.text.contains("two weeks to 30 November")).unwrap();
        assert!(last.text.contains("new"), "{}", last.text);
    }

    async fn a_frozen_brief_waits_past_the_grace_until_the_next_is_due(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        // Planned in time, and then nobody ran anything for six days.
        world.clock.set(crate::world::at("2026-11-23T12:00:00Z"));
        world.engine.plan(crate::world::at("2026-11-23T12:00:00Z")).await.unwrap();
        assert_eq!(world.tick("2026-11-29T12:00:00Z").await.deliver.sent, 1);
    }

    async fn a_brief_is_given_up_when_the_next_one_is_due(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        let now = crate::world::at("2026-11-23T12:00:00Z");
        world.clock.set(now);
        world.engine.plan(now).await.unwrap();
        let report = world.tick("2026-11-30T13:00:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((report.deliver.expired, report.deliver.sent), (1, 1));
        let (state, reason) = world.fate("anna@client.example", "2026-W48").await;
        assert_eq!((state.as_str(), reason.as_str()), ("expired", "the next brief is due"));
        assert_eq!(world.fate("anna@client.example", "2026-W49").await.0, "sent");
    }
}

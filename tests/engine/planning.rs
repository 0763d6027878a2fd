//! What a tick plans, and what it does not plan twice (DESIGN 2.1, 2.2).

use back_office_brief::store::Db;

use crate::on_both;
use crate::world::{MONDAY, SEVEN, World, at, ms, number};

on_both! {
    async fn a_leader_gets_the_brief_of_the_week(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((report.plan.frozen, report.deliver.sent), (1, 1));
        let mails = world.mails_to("anna@client.example");
        assert_eq!(mails.len(), 1);
        assert!(mails[0].text.contains("The acme"), "{}", mails[0].text);
        let row = world.delivery("anna@client.example", "2026-W48").await;
        assert_eq!((row.state.as_str(), row.send_at), ("sent", ms(SEVEN)));
        assert_eq!(row.message_id.unwrap(), format!("<{}>", mails[0].message_id));
        assert_eq!(world.edition_states("2026-W48").await, [("leader".into(), "frozen".into())]);
    }

    async fn planned_at_the_cut_off_and_sent_at_the_readers_own_hour(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        let before = world.tick("2026-11-23T11:59:59Z").await;
        // The week before was never asked for either: it is too late for that one.
        assert!(!before.plan.weeks.contains("2026-W48"));
        let report = world.tick(MONDAY).await;
        assert_eq!((report.plan.frozen, report.deliver.sent), (1, 0));
        assert!(report.closes(), "what is due later does not keep a run open");
        assert_eq!(report.proofs.last().unwrap().next_at, Some(ms(SEVEN)));
        assert!(world.mails().is_empty());
        assert_eq!(world.tick("2026-11-23T12:59:59Z").await.deliver.sent, 0);
        assert_eq!(world.tick(SEVEN).await.deliver.sent, 1);
    }

    async fn a_second_tick_a_restart_and_a_second_engine_add_nothing(db: Db) {
        let mut world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.tick(SEVEN).await;
        let (rows, files) = (world.deliveries().await, world.files());
        for _ in 0..2 {
            let again = world.tick(SEVEN).await;
            assert_eq!((again.plan.deliveries, again.deliver.sent), (0, 0));
        }
        world.restart();
        world.tick(SEVEN).await;
        world.another_engine().tick().await.unwrap();
        world.tick("2026-11-25T00:00:00Z").await;
        assert_eq!(world.deliveries().await, rows);
        assert_eq!(world.files(), files);
    }

    async fn only_the_latest_cut_off_is_planned_after_a_long_silence(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.tick("2026-11-02T13:00:00Z").await;
        assert_eq!(world.mails().len(), 1);
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        let weeks: Vec<String> = world.deliveries().await.into_iter().map(|d| d.iso_week).collect();
        assert_eq!(weeks, ["2026-W48", "2026-W45"]);
        let told = world.mails().into_iter().any(|m| m.text.contains("three weeks to 23 November"));
        assert!(told, "the longer window is said");
    }

    async fn the_next_cut_off_is_none_until_the_first_tick(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        let none = "SELECT COUNT(*) FROM organization WHERE next_due_at IS NULL";
        assert_eq!(number(&world.db, none).await, 1);
        world.tick(SEVEN).await;
        let next = number(&world.db, "SELECT next_due_at FROM organization").await;
        assert_eq!(next, ms("2026-11-30T12:00:00Z"));
    }

    async fn what_was_recorded_after_the_cut_off_is_not_seen(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.gap("acme", "late", "2026-11-23T12:00:01Z").await;
        world.tick(SEVEN).await;
        let edition = world.editions("2026-W48").await.remove(0);
        let body = world.db.edition_body(&edition.id).await.unwrap();
        assert!(!body.facts.unwrap().contains("ACME-LATE"));
        world.tick("2026-11-30T13:00:00Z").await;
        let edition = world.editions("2026-W49").await.remove(0);
        let body = world.db.edition_body(&edition.id).await.unwrap();
        assert!(body.facts.unwrap().contains("ACME-LATE"));
    }

    async fn an_organization_exists_from_its_earliest_event(db: Db) {
        let world = World::on(db);
        world.organization_like("acme", 1, "2026-11-24T15:00:00Z", |_| {}).await;
        world.leader("acme", "anna@client.example").await;
        let report = world.tick("2026-11-24T16:00:00Z").await;
        assert!(report.closes());
        assert!(world.deliveries().await.is_empty() && world.editions("").await.is_empty());
        let report = world.tick("2026-11-30T13:00:00Z").await;
        assert!(report.closes());
        assert_eq!(world.mails().len(), 1);
        assert!(world.mails()[0].text.contains("First count"), "{}", world.mails()[0].text);
    }

    async fn a_subscription_confirmed_after_the_cut_off_waits_a_week(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.subscriber("acme", "anna@client.example", |_, s| {
            s.confirmed_at = Some(ms("2026-11-23T12:00:01Z"));
        }).await;
        world.subscriber("acme", "ben@client.example", |_, s| s.confirmed_at = None).await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes());
        assert!(world.deliveries().await.is_empty());
        let report = world.tick("2026-11-30T13:00:00Z").await;
        assert!(report.closes());
        assert_eq!(world.deliveries().await.len(), 1);
    }

    async fn one_organizations_broken_zone_costs_no_other_its_brief(db: Db) {
        let world = World::on(db);
        world.organization_with("acme", |o| o.time_zone = "Mars/Olympus".to_owned()).await;
        world.organization("borealis").await;
        world.leader("acme", "anna@client.example").await;
        world.leader("borealis", "ben@client.example").await;
        let report = world.tick(SEVEN).await;
        assert_eq!((report.deliver.sent, report.plan.failed), (1, 1));
        assert!(!report.closes(), "a brief is missing");
    }

    async fn one_organizations_corrupt_row_costs_no_other_its_brief(db: Db) {
        let world = World::on(db);
        for slug in ["acme", "borealis", "cobalt"] {
            world.organization(slug).await;
            world.leader(slug, &format!("anna@{slug}.example")).await;
        }
        world.by_hand("UPDATE gap SET opened_on = '2026-99-99' WHERE organization_id = 'borealis'").await;
        let report = world.tick(SEVEN).await;
        assert_eq!((report.deliver.sent, report.plan.failed), (2, 1), "{report:?}");
        let proof = report.proofs.last().unwrap();
        assert_eq!((proof.expected, proof.accounted, proof.closes), (3, 2, false));
    }

    async fn two_planners_at_once_plan_once(db: Db) {
        let world = World::on(db);
        for n in 0..6 {
            let slug = format!("org{n}");
            world.organization(&slug).await;
            world.leader(&slug, &format!("anna@{slug}.example")).await;
        }
        world.clock.set(at(MONDAY));
        let (one, two, three) = (world.another_engine(), world.another_engine(), world.another_engine());
        let now = at(MONDAY);
        let (a, b, c) = tokio::join!(one.plan(now), two.plan(now), three.plan(now));
        let planned: u64 = [a, b, c].into_iter().map(|r| r.unwrap().deliveries).sum();
        assert_eq!(planned, 6);
        assert_eq!(world.editions("2026-W48").await.len(), 6);
        assert!(world.tick(SEVEN).await.closes());
    }
}

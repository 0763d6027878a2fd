//! What an engine does when its clock is set, and when its readers move.

use back_office_brief::store::Db;

use crate::on_both;
use crate::world::{World, ms};

const ANNA: &str = "anna@client.example";

async fn world(db: Db) -> World {
    let world = World::on(db);
    world.organization("acme").await;
    world.leader("acme", ANNA).await;
    world
}

/// The weeks that Anna has a delivery for, oldest first, each with its state.
async fn weeks(world: &World) -> Vec<(String, String)> {
    let rows = world.deliveries().await.into_iter();
    let mut weeks: Vec<_> = rows.map(|row| (row.iso_week, row.state)).collect();
    weeks.sort();
    weeks
}

fn sent(weeks: &[&str]) -> Vec<(String, String)> {
    weeks.iter().map(|week| ((*week).to_owned(), "sent".to_owned())).collect()
}

on_both! {
    async fn a_clock_that_is_set_back_sends_nothing_again(db: Db) {
        let world = world(db).await;
        assert!(world.tick("2026-11-23T13:00:00Z").await.closes());
        // An hour, a day, and just before the cut-off; then the same hours once more.
        for now in [
            "2026-11-23T12:00:00Z",
            "2026-11-22T13:00:00Z",
            "2026-11-23T11:59:00Z",
            "2026-11-23T12:30:00Z",
            "2026-11-23T13:00:00Z",
        ] {
            world.tick(now).await;
        }
        assert!(world.tick("2026-11-24T13:00:00Z").await.closes());
        assert_eq!(weeks(&world).await, sent(&["2026-W48"]));
        assert!(world.tick("2026-11-30T13:00:00Z").await.closes());
        assert_eq!(weeks(&world).await, sent(&["2026-W48", "2026-W49"]));
        assert_eq!(world.mails().len(), 2);
    }

    async fn a_clock_that_is_set_back_between_the_plan_and_the_slot_waits_for_the_slot(db: Db) {
        let world = world(db).await;
        assert_eq!(world.tick("2026-11-23T12:00:00Z").await.plan.deliveries, 1);
        assert_eq!(world.tick("2026-11-23T09:00:00Z").await.deliver.sent, 0);
        assert_eq!(world.tick("2026-11-23T12:59:59Z").await.deliver.sent, 0);
        assert_eq!(world.tick("2026-11-23T13:00:00Z").await.deliver.sent, 1);
    }

    async fn a_clock_that_ran_six_weeks_ahead_costs_no_week_when_it_is_set_right(db: Db) {
        let world = world(db).await;
        assert!(world.tick("2026-11-23T13:00:00Z").await.closes());
        // Wrong for one tick: the week of 4 January is planned and sent.
        world.tick("2027-01-04T13:00:00Z").await;
        assert_eq!(world.mails().len(), 2);
        for now in ["2026-11-24T13:00:00Z", "2026-11-30T13:00:00Z", "2026-12-07T13:00:00Z"] {
            world.tick(now).await;
        }
        let ran_ahead = ["2026-W48", "2026-W49", "2026-W50", "2027-W01"];
        assert_eq!(weeks(&world).await, sent(&ran_ahead));
        for now in ["2026-12-14T13:00:00Z", "2026-12-21T13:00:00Z", "2026-12-28T13:00:00Z"] {
            world.tick(now).await;
        }
        // The week that was sent early has been sent.
        assert!(world.tick("2027-01-04T13:00:00Z").await.closes());
        assert!(world.tick("2027-01-11T13:00:00Z").await.closes());
        let all = ["2026-W48", "2026-W49", "2026-W50", "2026-W51", "2026-W52", "2026-W53", "2027-W01", "2027-W02"];
        assert_eq!(weeks(&world).await, sent(&all));
        assert_eq!(world.mails().len(), all.len());
    }

    async fn a_reader_who_moves_between_the_plan_and_the_slot_gets_one_brief_in_each_week(db: Db) {
        let world = world(db).await;
        assert_eq!(world.tick("2026-11-23T12:00:00Z").await.plan.deliveries, 1);
        // To a zone whose Monday seven o'clock is long past, and on to one where it is to come.
        world.by_hand("UPDATE person SET time_zone = 'Pacific/Kiritimati'").await;
        assert_eq!(world.tick("2026-11-23T12:30:00Z").await.deliver.sent, 0);
        assert_eq!(world.delivery(ANNA, "2026-W48").await.send_at, ms("2026-11-23T13:00:00Z"), "as planned");
        assert_eq!(world.tick("2026-11-23T13:00:00Z").await.deliver.sent, 1);
        world.by_hand("UPDATE person SET time_zone = 'Pacific/Pago_Pago'").await;
        for now in ["2026-11-30T12:00:00Z", "2026-11-30T18:00:00Z", "2026-12-07T18:00:00Z"] {
            assert!(world.tick(now).await.closes(), "{now}");
        }
        assert_eq!(world.delivery(ANNA, "2026-W49").await.send_at, ms("2026-11-30T18:00:00Z"));
        assert_eq!(weeks(&world).await, sent(&["2026-W48", "2026-W49", "2026-W50"]));
        assert_eq!(world.mails().len(), 3);
    }

    async fn a_pause_that_begins_between_the_plan_and_the_slot_holds_that_brief_back(db: Db) {
        let world = world(db).await;
        assert_eq!(world.tick("2026-11-23T12:00:00Z").await.plan.deliveries, 1);
        world.by_hand("UPDATE subscription SET pause_from = '2026-11-23', pause_until = '2026-11-30'").await;
        assert!(world.tick("2026-11-23T13:00:00Z").await.closes());
        assert_eq!(world.fate(ANNA, "2026-W48").await, ("skipped".to_owned(), "paused".to_owned()));
        // The day the pause ends is not part of it.
        assert!(world.tick("2026-11-30T13:00:00Z").await.closes());
        assert_eq!(world.fate(ANNA, "2026-W49").await.0, "sent");
        assert_eq!(world.mails().len(), 1);
    }
}

//! Everybody's own hour, in zones from Auckland to Honolulu, through clock changes and week 53.

use back_office_brief::store::Db;

use crate::on_both;
use crate::world::{World, at, ms};

on_both! {
    async fn each_reader_has_the_first_own_slot_after_the_cut_off(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        let readers = [
            // Monday 07:00 in Auckland came before the cut-off in Chicago, so the next one counts.
            ("auckland@client.example", Some("Pacific/Auckland"), None, "2026-11-29T18:00:00Z"),
            ("honolulu@client.example", Some("Pacific/Honolulu"), None, "2026-11-23T17:00:00Z"),
            ("berlin@client.example", Some("Europe/Berlin"), None, "2026-11-30T06:00:00Z"),
            ("kathmandu@client.example", Some("Asia/Kathmandu"), Some((2, 9)), "2026-11-24T03:15:00Z"),
            ("chicago@client.example", None, Some((7, 23)), "2026-11-30T05:00:00Z"),
            ("early@client.example", None, Some((1, 6)), "2026-11-23T12:00:00Z"),
        ];
        for (email, zone, slot, _) in readers {
            world.subscriber("acme", email, |person, subscription| {
                person.time_zone = zone.map(str::to_owned);
                if let Some((day, hour)) = slot {
                    (subscription.weekday, subscription.hour) = (Some(day), Some(hour));
                }
            }).await;
        }
        world.tick("2026-11-23T12:00:00Z").await;
        for (email, _, _, due) in readers {
            assert_eq!(world.delivery(email, "2026-W48").await.send_at, ms(due), "{email}");
        }
    }

    async fn the_cut_off_is_in_the_organizations_zone(db: Db) {
        let world = World::on(db);
        for (slug, zone, cut_off) in [
            ("auckland", "Pacific/Auckland", "2026-11-22T17:00:00Z"),
            ("berlin", "Europe/Berlin", "2026-11-23T05:00:00Z"),
            ("honolulu", "Pacific/Honolulu", "2026-11-23T16:00:00Z"),
        ] {
            world.organization_with(slug, |o| o.time_zone = zone.to_owned()).await;
            world.leader(slug, &format!("anna@{slug}.example")).await;
            world.tick(cut_off).await;
            let edition = world.db.editions("2026-W48", "frozen", slug, 10).await.unwrap().remove(0);
            assert_eq!((edition.cut_off_at, edition.as_of.as_str()), (ms(cut_off), "2026-11-23"));
            assert!(world.tick(cut_off).await.closes());
        }
    }

    async fn the_hour_holds_through_both_clock_changes(db: Db) {
        let world = World::on(db);
        world.organization_with("acme", |o| o.time_zone = "Europe/Berlin".to_owned()).await;
        world.leader("acme", "anna@client.example").await;
        for (tick, week) in [
            ("2026-10-19T05:00:00Z", "2026-W43"),
            // Summer time ended on Sunday 25 October.
            ("2026-10-26T06:00:00Z", "2026-W44"),
            ("2027-03-22T06:00:00Z", "2027-W12"),
            // And began again on Sunday 28 March.
            ("2027-03-29T05:00:00Z", "2027-W13"),
        ] {
            assert_eq!(world.tick(tick).await.deliver.sent, 1, "{tick}");
            assert_eq!(world.delivery("anna@client.example", week).await.send_at, ms(tick));
        }
    }

    async fn a_slot_in_the_lost_hour_moves_to_the_first_valid_instant(db: Db) {
        let world = World::on(db);
        world.organization_with("acme", |o| {
            o.time_zone = "Europe/Berlin".to_owned();
            (o.cut_off_weekday, o.cut_off_hour) = (7, 2);
        }).await;
        world.subscriber("acme", "anna@client.example", |_, s| {
            (s.weekday, s.hour) = (Some(7), Some(2));
        }).await;
        // Sunday 28 March 2027 has no 02:00 in Berlin, Sunday 25 October 2026 has two.
        world.tick("2026-10-25T00:00:00Z").await;
        assert_eq!(world.delivery("anna@client.example", "2026-W43").await.send_at, ms("2026-10-25T00:00:00Z"));
        assert_eq!(world.tick("2026-10-25T01:00:00Z").await.plan.deliveries, 0);
        world.tick("2027-03-28T01:00:00Z").await;
        assert_eq!(world.delivery("anna@client.example", "2027-W12").await.send_at, ms("2027-03-28T01:00:00Z"));
        assert_eq!(world.mails().len(), 2);
    }

    async fn a_year_of_53_weeks_has_a_brief_for_each(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        for (tick, week) in [
            ("2026-12-21T13:00:00Z", "2026-W52"),
            ("2026-12-28T13:00:00Z", "2026-W53"),
            ("2027-01-04T13:00:00Z", "2027-W01"),
        ] {
            assert!(world.tick(tick).await.closes());
            assert_eq!(world.delivery("anna@client.example", week).await.state, "sent");
        }
    }

    async fn a_moved_cut_off_gives_one_brief_a_week(db: Db) {
        use back_office_brief::store::organizations::{OrganizationChange, change};
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.tick("2026-11-23T13:00:00Z").await;
        let to = |day, hour| OrganizationChange { cut_off: Some((day, hour)), ..Default::default() };
        change(&world.db, "acme", to(3, 6), at("2026-11-23T14:00:00Z")).await.unwrap();
        // Wednesday of the same week: this week's brief stands already.
        assert!(world.tick("2026-11-25T13:00:00Z").await.closes());
        assert!(world.tick("2026-11-30T13:00:00Z").await.closes());
        assert_eq!(world.deliveries().await.len(), 1);
        assert!(world.tick("2026-12-02T12:00:00Z").await.closes());
        assert_eq!(world.delivery("anna@client.example", "2026-W49").await.send_at, ms("2026-12-07T13:00:00Z"));
        // Back to Monday, a day after which this week's has been planned.
        change(&world.db, "acme", to(1, 6), at("2026-12-02T13:00:00Z")).await.unwrap();
        assert!(world.tick("2026-12-03T12:00:00Z").await.closes());
        assert!(world.tick("2026-12-07T12:00:00Z").await.closes());
        let weeks: Vec<String> = world.deliveries().await.into_iter().map(|d| d.iso_week).collect();
        assert_eq!(weeks, ["2026-W50", "2026-W49", "2026-W48"]);
    }
}

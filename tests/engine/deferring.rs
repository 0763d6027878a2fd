//! Refusals for now: backoff, other ticks, other domains (DESIGN 2.5).

use back_office_brief::store::Db;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{SEVEN, World, ms};

fn minutes_after(next: Option<i64>, now: &str) -> i64 {
    (next.expect("a next attempt") - ms(now)) / 60_000
}

on_both! {
    async fn a_refusal_for_now_is_tried_again_after_five_fifteen_and_thirty_minutes(db: Db) {
        let busy = Act::reply("451 4.3.0 try later");
        let server = SmtpServer::start(Script::new().times(3, At::Rcpt, "anna@", busy)).await;
        let world = World::with_relay(db, &server);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        let mut now = SEVEN.to_owned();
        for (n, (least, most)) in [(5, 6), (15, 18), (30, 36)].into_iter().enumerate() {
            let report = world.tick(&now).await;
            assert!(report.closes(), "deferred is not due: {report:?}");
            assert_eq!((report.deliver.deferred, report.deliver.sent), (1, 0));
            let row = world.delivery("anna@client.example", "2026-W48").await;
            assert_eq!((row.state.as_str(), row.attempts), ("queued", n as i64 + 1));
            let wait = minutes_after(row.next_attempt_at, &now);
            assert!((least..=most).contains(&wait), "{wait} minutes after attempt {}", n + 1);
            assert_eq!(world.tick(&now).await.deliver.deferred, 0, "it never waits for one");
            let next = row.next_attempt_at.unwrap();
            now = jiff::Timestamp::from_millisecond(next).unwrap().to_string();
        }
        let report = world.tick(&now).await;
        assert!(report.closes());
        assert_eq!(report.deliver.sent, 1);
        let row = world.delivery("anna@client.example", "2026-W48").await;
        assert_eq!((row.state.as_str(), row.reason, row.attempts), ("sent", None, 4));
        assert_eq!(server.n_messages(), 1);
        let outcomes = "SELECT COUNT(*) FROM delivery_attempt WHERE outcome = 'deferred'";
        assert_eq!(crate::world::number(&world.db, outcomes).await, 3);
    }

    async fn every_tenth_of_many_is_refused_once_and_all_arrive(db: Db) {
        let busy = Act::reply("451 4.7.1 greylisted");
        let server = SmtpServer::start(Script::new().times(10, At::Rcpt, "0@many.example", busy)).await;
        let world = World::with_relay(db, &server);
        world.organization("acme").await;
        world.many_leaders("acme", 100).await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(report.deliver.sent + report.deliver.deferred, 100);
        assert!(report.deliver.deferred >= 1);
        for later in ["2026-11-23T13:30:00Z", "2026-11-23T14:30:00Z", "2026-11-23T16:30:00Z"] {
            world.tick(later).await;
        }
        assert_eq!(server.n_messages(), 100);
        let sent = "SELECT COUNT(*) FROM delivery WHERE state = 'sent'";
        assert_eq!(crate::world::number(&world.db, sent).await, 100);
    }

    async fn a_domain_that_turns_mail_away_again_and_again_is_left_alone_and_others_are_served(db: Db) {
        let policy = Act::reply("450 4.7.1 too much mail from you");
        let server = SmtpServer::start(Script::new().at(At::Rcpt, "@many.example", policy)).await;
        let mut world = World::with_relay(db, &server);
        world.settings.relay.connections = 1;
        world.restart();
        world.organization("acme").await;
        world.many_leaders("acme", 30).await;
        world.leader("acme", "anna@client.example").await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((report.deliver.sent, report.deliver.deferred), (1, 30));
        let tried = server.commands().iter().filter(|c| c.starts_with("RCPT")).count();
        assert!(tried < 10, "{tried} recipients were tried");
        let burnt = "SELECT COUNT(*) FROM delivery WHERE attempts > 0 AND state = 'queued'";
        assert!(crate::world::number(&world.db, burnt).await < 10);
        server.now_plays(Script::new());
        assert!(world.tick("2026-11-23T15:00:00Z").await.closes());
        assert_eq!(server.n_messages(), 31);
    }
}

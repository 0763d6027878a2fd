//! The breaker of a relay: how long it is left alone, who tries it, and who knows (DESIGN 2.5).

use back_office_brief::store::Db;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{SEVEN, World, at, number};

const ATTEMPTS: &str = "SELECT CAST(COALESCE(SUM(attempts), 0) AS BIGINT) FROM delivery";
const OPEN: &str = "SELECT COUNT(*) FROM breaker WHERE open_until IS NOT NULL";

/// A world with readers and a relay that is away.
async fn away(db: Db, readers: usize) -> (World, SmtpServer) {
    let server = SmtpServer::start(Script::gone()).await;
    let world = World::with_relay(db, &server);
    world.organization("acme").await;
    world.many_leaders("acme", readers).await;
    (world, server)
}

on_both! {
    async fn an_open_relay_is_left_alone_by_who_starts_anew_and_tried_by_one_mail_when_its_time_is_over(db: Db) {
        let (mut world, server) = away(db, 20).await;
        let report = world.tick(SEVEN).await;
        let why = report.deliver.stopped.unwrap();
        assert!(why.starts_with("the relay is away: ") && why.contains("tried again at 2026-11-23T13:00:3"), "{why}");
        let before = server.n_connections();
        for second in [1, 15, 29] {
            world.restart();
            let report = world.tick(&format!("2026-11-23T13:00:{second:02}Z")).await;
            assert!(report.deliver.stopped.unwrap().starts_with("the relay is away: "));
        }
        assert_eq!(server.n_connections(), before, "it was left alone");
        world.tick("2026-11-23T13:01:00Z").await;
        assert_eq!(server.n_connections(), before + 1, "one connection finds out");
        world.restart();
        world.tick("2026-11-23T13:01:55Z").await;
        assert_eq!(server.n_connections(), before + 1, "twice as long");
        server.now_plays(Script::new().at(At::Mail, "", Act::reply("421 4.3.2 not yet")));
        world.tick("2026-11-23T13:02:30Z").await;
        let mails = server.commands().iter().filter(|c| c.starts_with("MAIL")).count();
        assert_eq!((mails, server.n_connections()), (1, before + 2), "one mail finds out");
        assert_eq!(number(&world.db, ATTEMPTS).await, 0);
        server.now_plays(Script::new());
        let report = world.tick("2026-11-23T13:06:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((server.n_messages(), number(&world.db, ATTEMPTS).await), (20, 20));
        assert_eq!(number(&world.db, OPEN).await, 0);
    }

    async fn resume_and_another_relay_have_nothing_to_wait_for(db: Db) {
        let (mut world, server) = away(db, 5).await;
        world.tick(SEVEN).await;
        server.now_plays(Script::new().at(At::Rcpt, "reader.1@", Act::reply("451 4.3.0 later")));
        assert!(world.tick("2026-11-23T13:00:10Z").await.deliver.stopped.is_some());
        assert_eq!(world.db.close_breakers(at("2026-11-23T13:00:11Z")).await.unwrap(), 1);
        assert_eq!(world.tick("2026-11-23T13:00:12Z").await.deliver.sent, 4);
        server.now_plays(Script::gone());
        world.tick("2026-11-23T13:07:00Z").await;
        assert_eq!(number(&world.db, OPEN).await, 1);
        let other = SmtpServer::start(Script::new()).await;
        world.relay_is(&other);
        assert_eq!(world.tick("2026-11-23T13:07:01Z").await.deliver.sent, 1);
    }

    async fn a_relay_that_closes_at_any_stage_costs_no_attempt(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let world = World::with_relay(db, &server);
        world.organization("acme").await;
        world.many_leaders("acme", 10).await;
        let stages = [At::Greeting, At::Ehlo, At::Mail, At::Rcpt, At::Data, At::Dot];
        for (number, stage) in (0..).zip(stages) {
            server.now_plays(Script::new().at(stage, "", Act::reply("421 4.3.2 closing")));
            let before = server.n_connections();
            let report = world.tick(&format!("2026-11-23T{}:{:02}:00Z", 13 + number / 4, number % 4 * 15)).await;
            let stopped = report.deliver.stopped.clone().unwrap_or_default();
            assert!(stopped.starts_with("the relay is away: 421 4.3.2 closing"), "{stage:?}: {report:?}");
            assert!(server.n_connections() <= before + 2, "{stage:?}");
        }
        assert_eq!(number(&world.db, ATTEMPTS).await, 0);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM delivery WHERE state <> 'queued'").await, 0);
        server.now_plays(Script::new());
        assert!(world.tick("2026-11-23T15:00:00Z").await.closes());
        assert_eq!(number(&world.db, ATTEMPTS).await, 10);
    }

    async fn a_service_that_is_started_again_and_again_locks_no_account(db: Db) {
        let server = SmtpServer::start(Script::new().with_login("brief", "right")).await;
        let mut world = World::on(db);
        world.relay_is_at(&format!("smtp://brief:wrong@{}", server.address));
        world.organization("acme").await;
        world.many_leaders("acme", 20).await;
        let logins = || server.commands().iter().filter(|c| c.starts_with("AUTH")).count();
        world.tick(SEVEN).await;
        assert_eq!(logins(), 1);
        for second in 1..=(14 * 6) {
            world.restart();
            world.tick(&format!("2026-11-23T13:{:02}:{:02}Z", second / 6, second % 6 * 10)).await;
        }
        assert_eq!(logins(), 4, "after one minute, two and four");
        world.relay_is_at(&format!("smtp://brief:right@{}", server.address));
        assert_eq!(world.tick("2026-11-23T13:14:30Z").await.deliver.sent, 0, "nobody knows that it is right");
        world.db.close_breakers(at("2026-11-23T13:14:30Z")).await.unwrap();
        assert!(world.tick("2026-11-23T13:14:31Z").await.closes());
    }

    async fn of_two_workers_one_tries_a_relay_that_was_away(db: Db) {
        if !db.is_postgres() {
            // One deliverer at a time on a file.
            return;
        }
        let (world, server) = away(db, 20).await;
        world.tick(SEVEN).await;
        let before = server.n_connections();
        world.clock.set(at("2026-11-23T13:01:00Z"));
        let engines = [world.another_engine(), world.another_engine()];
        let (one, two) = tokio::join!(engines[0].tick(), engines[1].tick());
        assert!(!one.unwrap().closes() && !two.unwrap().closes());
        assert_eq!(server.n_connections(), before + 1);
        server.now_plays(Script::new());
        world.clock.set(at("2026-11-23T13:05:00Z"));
        let (one, two) = tokio::join!(engines[0].tick(), engines[1].tick());
        // Who came second left the relay alone, or found it closed and sent its share.
        let sent = one.unwrap().deliver.sent + two.unwrap().deliver.sent;
        assert_eq!((sent, server.n_messages()), (20, 20));
        assert_eq!(number(&world.db, ATTEMPTS).await, 20);
    }
}

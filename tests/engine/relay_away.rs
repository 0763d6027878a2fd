//! A dead relay is not a failed recipient (DESIGN 2.5).

use back_office_brief::store::Db;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{SEVEN, World};

on_both! {
    async fn a_relay_that_is_away_burns_no_attempt_and_the_mail_arrives_when_it_is_back(db: Db) {
        let mut world = World::on(db);
        // A port that nobody listens on any more.
        let gone = SmtpServer::start(Script::new()).await.url();
        world.relay_is_at(&gone);
        world.organization("acme").await;
        world.many_leaders("acme", 30).await;
        let report = world.tick(SEVEN).await;
        assert!(!report.closes(), "what is due is not settled");
        assert!(report.deliver.stopped.as_deref().unwrap().contains("away"), "{report:?}");
        assert_eq!((report.deliver.sent, report.deliver.deferred, report.deliver.failed), (0, 0, 0));
        let burnt = "SELECT COUNT(*) FROM delivery WHERE attempts > 0 OR state <> 'queued' OR lease_token IS NOT NULL";
        assert_eq!(crate::world::number(&world.db, burnt).await, 0);
        let server = SmtpServer::start(Script::new()).await;
        world.relay_is(&server);
        let report = world.tick("2026-11-23T13:05:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(server.n_messages(), 30);
    }

    async fn a_relay_that_says_421_is_left_until_later(db: Db) {
        let busy = Act::reply("421 4.3.2 shutting down");
        let server = SmtpServer::start(Script::new().at(At::Mail, "", busy)).await;
        let world = World::with_relay(db, &server);
        world.organization("acme").await;
        world.many_leaders("acme", 20).await;
        let report = world.tick(SEVEN).await;
        assert!(!report.closes());
        assert!(server.n_connections() <= 4, "one connection finds out: {}", server.n_connections());
        server.now_plays(Script::new());
        let report = world.tick("2026-11-23T13:01:00Z").await;
        assert!(report.closes());
        assert_eq!((report.deliver.sent, server.n_messages()), (20, 20));
    }

    async fn a_relay_that_takes_few_connections_still_gets_everything(db: Db) {
        // The first connection is served, most of the others are turned away.
        let full = Act::reply("421 4.7.0 too many connections");
        let server = SmtpServer::start(Script::new().times(9, At::Mail, "", Act::reply("250 2.1.0 ok"))
            .times(10, At::Mail, "", full)).await;
        let world = World::with_relay(db, &server);
        world.organization("acme").await;
        world.many_leaders("acme", 60).await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((report.deliver.sent, server.n_messages()), (60, 60));
    }

    async fn a_wrong_password_stops_at_once_burns_nothing_and_is_not_tried_each_tick(db: Db) {
        let server = SmtpServer::start(Script::new().with_login("brief", "right")).await;
        let mut world = World::on(db);
        world.relay_is_at(&format!("smtp://brief:wrong@{}", server.address));
        world.organization("acme").await;
        world.many_leaders("acme", 20).await;
        let report = world.tick(SEVEN).await;
        assert!(!report.closes());
        let why = report.deliver.stopped.unwrap();
        assert!(why.contains("does not accept our settings") && !why.contains("wrong@"), "{why}");
        let logins = || server.commands().iter().filter(|c| c.starts_with("AUTH")).count();
        let tried = logins();
        assert!(tried <= 2, "{tried} logins lock an account");
        let burnt = "SELECT COUNT(*) FROM delivery WHERE attempts > 0 OR state <> 'queued'";
        assert_eq!(crate::world::number(&world.db, burnt).await, 0);
        assert!(world.tick("2026-11-23T13:01:00Z").await.deliver.stopped.is_some());
        assert_eq!(logins(), tried, "not before a quarter of an hour");
        world.relay_is_at(&format!("smtp://brief:right@{}", server.address));
        assert!(world.tick("2026-11-23T13:02:00Z").await.closes());
        assert_eq!(server.n_messages(), 20);
    }
}

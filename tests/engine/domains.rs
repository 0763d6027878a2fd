//! The breaker of a recipient domain (DESIGN 2.5).

use back_office_brief::store::Db;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{SEVEN, World, number};

const ATTEMPTS: &str = "SELECT CAST(COALESCE(SUM(attempts), 0) AS BIGINT) FROM delivery";
const OPEN: &str = "SELECT COUNT(*) FROM breaker WHERE kind = 'domain' AND open_until IS NOT NULL";

fn policy() -> Act {
    Act::reply("450 4.7.1 too much mail from you, <anna@many.example>")
}

/// A world with one connection, so that mails leave one after the other.
async fn world(db: Db, server: &SmtpServer, readers: usize) -> World {
    let mut world = World::with_relay(db, server);
    world.settings.relay.connections = 1;
    world.restart();
    world.organization("acme").await;
    world.many_leaders("acme", readers).await;
    world
}

on_both! {
    async fn a_domain_is_left_alone_after_a_restart_and_tried_with_one_mail(db: Db) {
        let server = SmtpServer::start(Script::new().at(At::Rcpt, "@many.example", policy())).await;
        let mut world = world(db, &server, 30).await;
        for n in 0..5 {
            world.leader("acme", &format!("anna{n}@client.example")).await;
        }
        let report = world.tick(SEVEN).await;
        assert_eq!((report.deliver.sent, report.deliver.deferred), (5, 30), "the others get theirs");
        let why = "SELECT COUNT(*) FROM breaker WHERE name = 'many.example' AND failures = 5 \
            AND why LIKE '450 4.7.1 too much mail%' AND why NOT LIKE '%anna%'";
        assert_eq!(number(&world.db, why).await, 1);
        let tried = server.n_recipients() - 5;
        assert_eq!(tried, 5, "what was let through before waits with the others");
        world.restart();
        // What was refused is due again; its domain is not.
        let report = world.tick("2026-11-23T13:10:00Z").await;
        assert_eq!((report.deliver.deferred as usize, server.n_recipients()), (tried, tried + 5));
        let asked = "SELECT COUNT(*) FROM delivery WHERE state = 'queued' AND next_attempt_at < 1795439700000";
        assert_eq!(number(&world.db, asked).await, 0, "nothing is due before the breaker's time");
        let report = world.tick("2026-11-23T13:21:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(server.n_recipients(), tried + 6, "one finds out");
        assert_eq!(number(&world.db, ATTEMPTS).await, tried as i64 + 6);
        world.tick("2026-11-23T13:45:00Z").await;
        assert_eq!(server.n_recipients(), tried + 6, "twice as long");
        server.now_plays(Script::new());
        let report = world.tick("2026-11-23T14:02:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((report.deliver.sent, server.n_messages()), (30, 35));
        assert_eq!(number(&world.db, OPEN).await, 0);
    }

    async fn refusals_with_a_success_between_or_of_another_kind_open_nothing(db: Db) {
        let ok = Act::reply("250 2.1.5 ok");
        let script = Script::new().times(4, At::Rcpt, "", policy()).times(1, At::Rcpt, "", ok)
            .times(4, At::Rcpt, "", policy()).at(At::Rcpt, "", Act::reply("452 4.2.2 mailbox full"));
        let server = SmtpServer::start(script).await;
        let world = world(db, &server, 30).await;
        world.tick(SEVEN).await;
        assert_eq!((server.n_recipients(), number(&world.db, ATTEMPTS).await), (30, 30));
        assert_eq!(number(&world.db, OPEN).await, 0);
    }

    async fn refusals_are_counted_across_rounds(db: Db) {
        let server = SmtpServer::start(Script::new().at(At::Rcpt, "", policy())).await;
        let world = world(db, &server, 3).await;
        world.tick(SEVEN).await;
        assert_eq!(number(&world.db, OPEN).await, 0, "three in a row");
        world.tick("2026-11-23T13:10:00Z").await;
        assert_eq!((number(&world.db, OPEN).await, server.n_recipients()), (1, 5));
    }

    async fn several_domains_are_left_alone_each_for_itself(db: Db) {
        let script = Script::new().at(At::Rcpt, "@a.example", policy()).at(At::Rcpt, "@b.example", policy());
        let server = SmtpServer::start(script).await;
        let world = world(db, &server, 20).await;
        for n in 0..8 {
            world.leader("acme", &format!("anna{n}@A.example")).await;
            world.leader("acme", &format!("ben{n}@b.example")).await;
        }
        assert_eq!(world.tick(SEVEN).await.deliver.sent, 20);
        assert_eq!(number(&world.db, OPEN).await, 2);
        server.now_plays(Script::new().at(At::Rcpt, "@b.example", policy()));
        world.tick("2026-11-23T13:21:00Z").await;
        let open = "SELECT COUNT(*) FROM breaker WHERE name = 'b.example' AND open_until IS NOT NULL";
        assert_eq!((number(&world.db, OPEN).await, number(&world.db, open).await), (1, 1));
        assert_eq!(server.n_messages(), 28);
    }
}

//! Further relays, in order: what one cannot take the next one does, at no cost (DESIGN 2.5).

use std::time::Duration;

use back_office_brief::store::Db;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{SEVEN, World, at, number};

const ATTEMPTS: &str = "SELECT CAST(COALESCE(SUM(attempts), 0) AS BIGINT) FROM delivery";

/// How many attempts name a relay.
async fn by(world: &World, server: &SmtpServer) -> usize {
    let url = server.url();
    let sql = format!("SELECT COUNT(*) FROM delivery_attempt WHERE relay = '{url}'");
    usize::try_from(number(&world.db, sql.leak()).await).expect("a count")
}

async fn world(db: Db, urls: &[&str], readers: usize) -> World {
    let mut world = World::on(db);
    world.relays_with(urls, Duration::from_secs(5));
    world.organization("acme").await;
    world.many_leaders("acme", readers).await;
    world
}

on_both! {
    async fn a_fallback_takes_over_and_the_first_relay_gets_its_mail_again_once_it_is_back(db: Db) {
        let first = SmtpServer::start(Script::gone()).await;
        let second = SmtpServer::start(Script::new()).await;
        let world = world(db, &[&first.url(), &second.url()], 40).await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes() && report.deliver.stopped.is_none(), "{report:?}");
        assert_eq!((report.deliver.sent, second.n_messages()), (40, 40));
        assert!(first.n_connections() <= 2, "one worker finds out: {}", first.n_connections());
        assert_eq!((by(&world, &first).await, by(&world, &second).await), (0, 40));
        first.now_plays(Script::new());
        assert!(world.tick("2026-11-30T13:00:00Z").await.closes());
        assert!(first.n_messages() > 0, "one mail found out that it is back");
        assert_eq!(first.n_messages() + second.n_messages(), 80);
        let before = second.n_messages();
        assert!(world.tick("2026-12-07T13:00:00Z").await.closes());
        assert_eq!(second.n_messages(), before, "all go to the first again");
        assert_eq!(by(&world, &first).await, first.n_messages());
        assert_eq!(number(&world.db, ATTEMPTS).await, 120, "one each");
    }

    async fn a_relay_that_dies_half_way_leaves_nobody_and_costs_nothing(db: Db) {
        let ok = || Act::reply("250 2.1.0 ok");
        let script = Script::new().times(25, At::Mail, "", ok()).at(At::Mail, "", Act::Close)
            .times(8, At::Greeting, "", Act::reply("220 hello")).at(At::Greeting, "", Act::Close);
        let first = SmtpServer::start(script).await;
        let second = SmtpServer::start(Script::new()).await;
        let world = world(db, &[&first.url(), &second.url()], 80).await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes() && report.deliver.stopped.is_none(), "{report:?}");
        assert_eq!((first.n_messages(), second.n_messages()), (25, 55));
        assert_eq!(number(&world.db, ATTEMPTS).await, 80, "the mail at hand went over");
        assert_eq!((by(&world, &first).await, by(&world, &second).await), (25, 55));
        let connections = first.n_connections();
        world.tick("2026-11-23T13:00:20Z").await;
        assert_eq!(first.n_connections(), connections);
    }

    async fn with_every_relay_away_nothing_is_lost_and_each_is_named(db: Db) {
        let (first, second) = (SmtpServer::start(Script::gone()).await, SmtpServer::start(Script::gone()).await);
        let world = world(db, &[&first.url(), &second.url()], 20).await;
        let report = world.tick(SEVEN).await;
        let why = report.deliver.stopped.unwrap();
        assert!(why.starts_with("the relay is away: ") && why.contains(&second.url()), "{why}");
        let idle = "SELECT COUNT(*) FROM delivery WHERE state = 'queued' AND attempts = 0 AND lease_token IS NULL";
        assert_eq!(number(&world.db, idle).await, 20);
        second.now_plays(Script::new());
        assert!(world.tick("2026-11-23T13:01:00Z").await.closes());
        assert_eq!((second.n_messages(), number(&world.db, ATTEMPTS).await), (20, 20));
    }

    async fn a_first_relay_that_refuses_us_is_told_of_while_the_fallback_delivers(db: Db) {
        let first = SmtpServer::start(Script::new().with_login("brief", "right")).await;
        let second = SmtpServer::start(Script::new()).await;
        let mut world = World::with(db, &[("BRIEF__ALERTS__TO", "ops@operator.example")]);
        world.relays_are_at(&[&format!("smtp://brief:wrong@{}", first.address), &second.url()]);
        world.organization("acme").await;
        world.many_leaders("acme", 20).await;
        assert!(world.tick(SEVEN).await.closes());
        assert_eq!(first.commands().iter().filter(|c| c.starts_with("AUTH")).count(), 1);
        let told = second.mails_to("ops@operator.example");
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].subject, "Mail leaves by a fallback relay");
        assert!(told[0].text.contains("the relay does not accept our settings: 535 5.7.8"), "{}", told[0].text);
        assert!(!told[0].text.contains("wrong@"), "{}", told[0].text);
        assert_eq!((second.n_messages(), by(&world, &second).await), (21, 20));
        world.relays_are_at(&[&format!("smtp://brief:right@{}", first.address), &second.url()]);
        world.db.close_breakers(at(SEVEN)).await.unwrap();
        world.tick("2026-11-23T13:05:00Z").await;
        assert_eq!(first.mails_to("ops@operator.example")[0].subject, "Resolved: mail leaves by a fallback relay");
    }

    async fn whatever_keeps_the_first_relay_from_taking_mail_the_next_one_takes_it(db: Db) {
        let silent = SmtpServer::start(Script::new().at(At::Greeting, "", Act::Hang)).await;
        let plain = SmtpServer::start(Script::new()).await;
        let foreign = SmtpServer::start(Script::new().with_start_tls()).await;
        let last = SmtpServer::start(Script::new()).await;
        let mut world = World::on(db);
        world.organization("acme").await;
        world.many_leaders("acme", 10).await;
        let urls = [
            ("2026-11-23T13:00:00Z", silent.url()),
            ("2026-11-30T13:00:00Z", format!("{}?tls=required", plain.url())),
            ("2026-12-07T13:00:00Z", format!("smtp://localhost:{}?tls=required", foreign.address.port())),
            ("2026-12-14T13:00:00Z", "smtp://relay.invalid:25?tls=required".to_owned()),
        ];
        for (sent, (now, url)) in (1..).zip(&urls) {
            world.relays_with(&[url, &last.url()], Duration::from_secs(1));
            let report = world.tick(now).await;
            assert!(report.closes(), "{url}: {report:?}");
            assert_eq!(last.n_messages(), sent * 10, "{url}");
        }
        assert_eq!(silent.n_messages() + plain.n_messages() + foreign.n_messages(), 0);
        assert_eq!(number(&world.db, ATTEMPTS).await, 40);
        let causes = "SELECT COUNT(*) FROM breaker WHERE kind = 'relay' AND cause = 'refused'";
        assert_eq!(number(&world.db, causes).await, 2, "the two that fail by TLS");
    }

    async fn two_workers_use_the_fallback_and_send_each_reader_one_copy(db: Db) {
        let (first, second) = (SmtpServer::start(Script::gone()).await, SmtpServer::start(Script::new()).await);
        let world = world(db, &[&first.url(), &second.url()], 60).await;
        world.tick("2026-11-23T12:00:00Z").await;
        world.clock.set(at(SEVEN));
        let other = world.another_engine();
        let (one, two) = tokio::join!(world.engine.tick(), other.tick());
        let _ = (one.unwrap(), two.unwrap());
        assert!(world.tick("2026-11-23T13:00:01Z").await.closes());
        let mut to: Vec<String> = second.received().into_iter().map(|mail| mail.to).collect();
        to.sort();
        to.dedup();
        assert_eq!((to.len(), second.n_messages(), number(&world.db, ATTEMPTS).await), (60, 60, 60));
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM breaker").await, 1);
    }
}

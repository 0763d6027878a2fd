//! How fast mail leaves, and how much of it at once to one domain (`relay.rate_per_second`,
//! `relay.per_domain`, `relay.per_domain_connections`).
//!
//! Where the clock stands still, what a tick gives out is counted exactly: the slots of five seconds
//! and of the fifth of a second that may be made up for. Where it runs, only the least time that
//! everything may take is asserted.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use back_office_brief::clock::Clock;
use back_office_brief::content;
use back_office_brief::engine::Engine;
use back_office_brief::store::Db;
use jiff::Timestamp;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{MONDAY, SEVEN, World, at, ms, number};

/// Ten a second: what fits into five seconds and the fifth before them, and the one at the start.
const AT_TEN: usize = 53;
const QUEUED: &str = "SELECT COUNT(*) FROM delivery WHERE state = 'queued'";
const TOUCHED: &str = "SELECT COUNT(*) FROM delivery WHERE (attempts > 0 AND state <> 'sent') \
                       OR lease_token IS NOT NULL OR (state = 'queued' AND reason IS NOT NULL)";
const ONCE: &str =
    "SELECT COUNT(*) FROM delivery WHERE state = 'sent' AND attempts = 1 AND resends = 0";

/// A world with a relay and ten messages a second to one domain.
fn ten_a_second(db: Db, server: &SmtpServer) -> World {
    let mut world = World::with_relay(db, server);
    world.settings.relay.per_domain = Some(10);
    world.restart();
    world
}

fn received_at(server: &SmtpServer, domain: &str) -> usize {
    server.received().iter().filter(|r| r.to.ends_with(domain)).count()
}

/// A clock that runs on from an instant.
#[derive(Debug)]
struct Running(Timestamp, Instant);

impl Clock for Running {
    fn now(&self) -> Timestamp {
        let gone = jiff::SignedDuration::try_from(self.1.elapsed()).expect("a short test");
        self.0 + gone
    }
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..6_000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("never: {what}");
}

on_both! {
    async fn a_big_domain_holds_up_no_other_and_its_rest_waits_in_the_queue(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let world = ten_a_second(db, &server);
        world.organization("acme").await;
        world.many_leaders("acme", 110).await;
        for n in 0..20 {
            world.many_leaders_at("acme", 2, &format!("client{n}.example")).await;
        }
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "what is put back is not due: {report:?}");
        assert_eq!((received_at(&server, "@many.example"), server.n_messages()), (AT_TEN, AT_TEN + 40));
        assert_eq!((report.deliver.sent, report.deliver.deferred), (AT_TEN as u64 + 40, 0));
        assert_eq!(number(&world.db, TOUCHED).await, 0, "no attempt, no lease, no reason");
        let queued: Vec<_> = world.deliveries().await.into_iter().filter(|d| d.state == "queued").collect();
        let due: BTreeSet<i64> = queued.iter().filter_map(|d| d.next_attempt_at).collect();
        assert_eq!(queued.len(), 110 - AT_TEN);
        assert!(due.first().is_some_and(|first| *first > ms(SEVEN)), "{due:?}");
        assert!(due.len() <= 3, "they are due in groups that are worth a round: {due:?}");
        assert_eq!(report.proofs[0].next_at, due.first().copied());
        for later in ["2026-11-23T13:00:05Z", "2026-11-23T13:00:10Z", "2026-11-23T13:10:00Z"] {
            assert!(world.tick(later).await.closes());
        }
        assert_eq!((server.n_messages(), number(&world.db, ONCE).await), (150, 150));
    }

    async fn a_restart_does_not_begin_a_domains_seconds_anew(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let mut world = ten_a_second(db, &server);
        world.organization("acme").await;
        world.many_leaders("acme", 60).await;
        world.tick(SEVEN).await;
        assert_eq!(server.n_messages(), AT_TEN);
        crate::world::run(&world.db, "UPDATE delivery SET next_attempt_at = send_at WHERE state = 'queued'").await;
        world.restart();
        assert!(world.tick(SEVEN).await.closes());
        assert_eq!(server.n_messages(), AT_TEN, "the same five seconds");
        assert!(world.tick("2026-11-23T13:00:30Z").await.closes());
        assert_eq!((server.n_messages(), number(&world.db, ONCE).await), (60, 60));
    }

    async fn two_engines_share_a_domains_rate(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let world = ten_a_second(db, &server);
        world.organization("acme").await;
        world.many_leaders("acme", 600).await;
        world.tick(MONDAY).await;
        world.clock.set(at(SEVEN));
        let (first, second) = (world.another_engine(), world.another_engine());
        let (first, second) = tokio::join!(first.tick(), second.tick());
        let sent = first.unwrap().deliver.sent + second.unwrap().deliver.sent;
        assert_eq!((sent, server.n_messages()), (AT_TEN as u64, AT_TEN));
        assert_eq!(number(&world.db, QUEUED).await, 600 - AT_TEN as i64);
        assert_eq!(number(&world.db, TOUCHED).await, 0);
    }

    async fn a_clock_set_back_by_an_hour_stops_nothing_for_an_hour(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let world = ten_a_second(db, &server);
        world.organization("acme").await;
        world.many_leaders("acme", 60).await;
        world.tick("2026-11-23T14:00:00Z").await;
        assert_eq!(server.n_messages(), AT_TEN);
        crate::world::run(&world.db, "UPDATE delivery SET next_attempt_at = send_at WHERE state = 'queued'").await;
        assert!(world.tick(SEVEN).await.closes());
        assert!(world.tick("2026-11-23T13:00:10Z").await.closes());
        assert_eq!(server.n_messages(), 60);
    }

    async fn the_rate_of_everything_survives_a_clock_set_back(db: Db) {
        let (ahead, now) = (ms("2026-11-23T14:00:00Z") * 1_000, ms(SEVEN) * 1_000);
        assert_eq!(db.take_slots(5, ahead, ahead - 1, ahead + 9).await.unwrap(), ahead + 4);
        assert_eq!(db.take_slots(5, ahead, ahead - 1, ahead + 9).await.unwrap(), ahead + 9);
        assert_eq!(db.take_slots(5, now, now - 1, now + 9).await.unwrap(), now + 14);
        assert_eq!(db.take_slots(5, now + 99, now + 98, now + 108).await.unwrap(), now + 103);
    }

    async fn what_is_put_back_comes_again_before_it_expires(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let mut world = ten_a_second(db, &server);
        world.settings.relay.per_domain = Some(2);
        world.restart();
        world.organization("acme").await;
        world.many_leaders("acme", 300).await;
        world.tick(MONDAY).await;
        let soon = "UPDATE delivery SET expires_at = send_at + 60000";
        crate::world::run(&world.db, soon).await;
        world.tick(SEVEN).await;
        let late = "SELECT COUNT(*) FROM delivery WHERE state = 'queued' AND next_attempt_at > send_at + 50000";
        assert_eq!(number(&world.db, late).await, 0);
        let spread = "SELECT COUNT(DISTINCT next_attempt_at) FROM delivery WHERE state = 'queued'";
        assert!(number(&world.db, spread).await > 5, "the others are due at their places in the line");
    }

    async fn the_rate_of_everything_holds_over_restarts_in_the_middle(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let mut world = World::with_relay(db, &server);
        world.settings.relay.rate_per_second = Some(5);
        world.settings.relay.connections = 2;
        world.restart();
        world.organization("acme").await;
        world.many_leaders("acme", 15).await;
        world.tick(MONDAY).await;
        let began = Instant::now();
        let clock = Arc::new(Running(at(SEVEN), began));
        while server.n_messages() < 15 {
            let (db, settings) = (world.db.clone(), world.settings.clone());
            let texts = content::shipped(jiff::tz::TimeZone::UTC.to_datetime(at(MONDAY)).date()).unwrap();
            let engine = Engine::new(db, settings, clock.clone(), texts);
            let (stop, wanted) = (engine.stop.clone(), (server.n_messages() + 2).min(15));
            let running = tokio::spawn(async move { engine.tick().await });
            until("two more arrive", || server.n_messages() >= wanted).await;
            stop.cancel();
            running.await.unwrap().unwrap();
        }
        // The first leaves at once, one more for the fifth of a second; then one each fifth.
        let least = Duration::from_millis(14 * 200 - 200);
        assert!(began.elapsed() >= least, "15 messages in {:?}", began.elapsed());
        assert_eq!((server.n_messages(), number(&world.db, ONCE).await), (15, 15));
    }

    async fn a_stop_ends_the_wait_for_a_slot_and_gives_back_what_waits(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let mut world = World::with_relay(db, &server);
        (world.settings.relay.rate_per_second, world.settings.relay.per_domain) = (Some(1), Some(1));
        world.restart();
        world.organization("acme").await;
        world.many_leaders("acme", 40).await;
        for n in 0..40 {
            world.leader("acme", &format!("anna@client{n}.example")).await;
        }
        world.tick(MONDAY).await;
        world.clock.set(at(SEVEN));
        let engine = world.another_engine();
        let stop = engine.stop.clone();
        let running = tokio::spawn(async move { engine.tick().await });
        until("the first arrives", || server.n_messages() > 0).await;
        stop.cancel();
        let report = tokio::time::timeout(Duration::from_secs(20), running).await;
        let report = report.expect("it does not wait for 80 seconds").unwrap().unwrap();
        assert!(report.deliver.stopped.is_some());
        assert_eq!(number(&world.db, TOUCHED).await, 0);
        assert_eq!(number(&world.db, QUEUED).await, 80 - server.n_messages() as i64);
    }

    async fn a_domain_has_no_more_connections_than_it_may_and_everything_arrives(db: Db) {
        let line = "250 2.1.5 a recipient as good as any other";
        let slow = Script::new().at(At::Rcpt, "@many.example", Act::Slowly(line.to_owned()));
        let server = SmtpServer::start(slow).await;
        let mut world = World::with_relay(db, &server);
        world.settings.relay.per_domain_connections = Some(2);
        world.restart();
        world.organization("acme").await;
        world.many_leaders("acme", 40).await;
        world.many_leaders_at("acme", 40, "client.example").await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((server.n_messages(), number(&world.db, ONCE).await), (80, 80));
        let most = ["many.example", "client.example"].map(|domain| server.most_open(domain));
        assert!(most.iter().all(|most| (1..=2).contains(most)), "{most:?}");
    }

    async fn a_domain_that_hangs_holds_up_no_other(db: Db) {
        let script = Script::new().at(At::Rcpt, "@many.example", Act::Hang);
        let server = SmtpServer::start(script).await;
        let mut world = World::with_relay(db, &server);
        world.settings.relay.per_domain_connections = Some(1);
        world.settings.relay.connections = 3;
        world.restart();
        world.organization("acme").await;
        world.leader("acme", "first@client.example").await;
        world.many_leaders("acme", 30).await;
        for n in 0..30 {
            world.leader("acme", &format!("anna@client{n}.example")).await;
        }
        world.clock.set(at(SEVEN));
        let engine = world.another_engine();
        let running = tokio::spawn(async move { engine.tick().await });
        // The connection that hangs may have asked for one more mail ahead.
        until("all others have theirs", || server.n_messages() >= 30).await;
        assert_eq!(server.most_open("many.example"), 1);
        running.abort();
    }

    async fn more_than_memory_holds_for_one_domain_all_arrives_in_one_tick(db: Db) {
        let mut world = World::on(db);
        world.settings.relay.per_domain_connections = Some(4);
        world.restart();
        world.organization("acme").await;
        world.many_leaders("acme", 2_100).await;
        world.many_leaders_at("acme", 100, "client.example").await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{:?}", report.deliver);
        assert_eq!((report.deliver.sent, world.files().len()), (2_200, 2_200));
        assert_eq!(number(&world.db, ONCE).await, 2_200);
    }

    async fn buckets_nobody_used_for_a_day_are_removed(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let world = ten_a_second(db, &server);
        world.organization("acme").await;
        world.many_leaders("acme", 2).await;
        world.tick(SEVEN).await;
        let buckets = "SELECT COUNT(*) FROM bucket";
        assert_eq!(number(&world.db, buckets).await, 1);
        world.tick("2026-11-24T12:00:00Z").await;
        assert_eq!(number(&world.db, buckets).await, 1);
        world.tick("2026-11-24T14:00:00Z").await;
        assert_eq!(number(&world.db, buckets).await, 0);
    }

    async fn without_a_limit_no_bucket_is_asked(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.many_leaders("acme", 3).await;
        crate::world::run(&world.db, "ALTER TABLE bucket RENAME TO bucket_away").await;
        assert_eq!(world.tick(SEVEN).await.deliver.sent, 3);
    }
}

//! The stop: at once, and for all that has not left (DESIGN 2.3).

use std::time::Duration;

use back_office_brief::domain::brief::Corrected;
use back_office_brief::store::Db;
use back_office_brief::store::deliveries::Group;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{MONDAY, SEVEN, World, at, by, intend, ms};

const WEEK: &str = "2026-W48";
/// How long what was begun at seven is somebody's.
const LEASE: &str = "2026-11-23T13:30:00Z";

/// The week's edition, and its deliveries as a process has claimed them at seven.
async fn begun(world: &World) -> (String, Vec<String>) {
    world.tick(MONDAY).await;
    world.clock.set(at(SEVEN));
    let lease = ms("2026-11-23T13:02:00Z");
    let claimed = world.db.claim_deliveries(ms(SEVEN), lease, "dead", (0, ""), 10).await.unwrap();
    (world.editions(WEEK).await.remove(0).id, claimed.into_iter().map(|c| c.id).collect())
}

on_both! {
    async fn a_stop_stops_what_is_going_on_and_the_rest_goes_out_after_it(db: Db) {
        const ALL: usize = 1_200;
        let server = SmtpServer::start(Script::new()).await;
        let world = World::with_relay(db, &server);
        world.organization("acme").await;
        world.many_leaders("acme", ALL).await;
        world.clock.set(at(SEVEN));
        world.engine.plan(at(SEVEN)).await.unwrap();
        let engine = world.another_engine();
        let going = tokio::spawn(async move { engine.deliver(at(SEVEN)).await });
        while server.n_messages() < 10 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        world.db.pause("wrong figures", at(SEVEN)).await.unwrap();
        let report = going.await.unwrap().unwrap();
        let left = server.n_messages();
        assert!(left < ALL, "it goes on");
        assert!(report.stopped.as_deref().unwrap().contains("wrong figures"), "{report:?}");
        assert_eq!(report.sent, left as u64);
        assert_eq!(world.tick("2026-11-23T13:05:00Z").await.deliver.sent, 0);
        world.db.resume().await.unwrap();
        assert!(world.tick("2026-11-23T13:10:00Z").await.closes());
        assert_eq!(server.n_messages(), ALL, "each once");
    }

    async fn cancelling_stops_what_is_queued_at_once(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.subscriber("acme", "early@client.example", |_, s| (s.weekday, s.hour) = (Some(1), Some(6))).await;
        assert_eq!(world.tick(MONDAY).await.deliver.sent, 1);
        let edition = world.editions("2026-W48").await.remove(0).id;
        let stopped = world.engine.cancel(&edition, &by("mendel"), "wrong prices").await.unwrap();
        assert_eq!(stopped, 1);
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        let fate = world.fate("anna@client.example", "2026-W48").await;
        assert_eq!(fate, ("cancelled".into(), "cancelled by mendel: wrong prices".into()));
        assert_eq!(world.mails().len(), 1);
        let again = world.engine.cancel(&edition, &by("mendel"), "wrong prices").await.unwrap_err();
        assert!(again.to_string().contains("nothing to cancel"), "{again}");
        // Whoever got it can still be told what was wrong, and the next brief follows it.
        assert_eq!(world.db.edition(&edition).await.unwrap().state, "frozen");
        let wrong = Corrected { figure: "Price lists".to_owned(), was: "$1".to_owned(), is: "$2".to_owned() };
        let (_, told) = world.engine.correct(&edition, vec![wrong], "", &by("mendel")).await.unwrap();
        assert_eq!(told, 1);
    }

    async fn what_a_relay_puts_off_after_the_stop_is_cancelled_and_not_sent_again(db: Db) {
        let slowly = Act::Slowly(format!("451 4.3.0 {}", "later ".repeat(70)));
        let server = SmtpServer::start(Script::new().times(1, At::Rcpt, "anna@", slowly)).await;
        let world = World::with_relay(db, &server);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.tick(MONDAY).await;
        world.clock.set(at(SEVEN));
        let engine = world.another_engine();
        let going = tokio::spawn(async move { engine.deliver(at(SEVEN)).await });
        while !server.commands().iter().any(|line| line.contains("anna@")) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let edition = world.editions(WEEK).await.remove(0).id;
        assert_eq!(world.engine.cancel(&edition, &by("mendel"), "wrong prices").await.unwrap(), 0);
        assert_eq!(going.await.unwrap().unwrap().deferred, 1, "it was on its way");
        let row = world.delivery("anna@client.example", WEEK).await;
        let error = world.db.retry_by_hand(&row.id, ms(SEVEN)).await.unwrap_err().to_string();
        assert!(error.ends_with("its edition was cancelled"), "{error}");
        let report = world.tick("2026-11-23T13:20:00Z").await;
        assert!(report.closes(), "{report:?}");
        let fate = world.fate("anna@client.example", WEEK).await;
        assert_eq!(fate, ("cancelled".into(), "cancelled by mendel: wrong prices".into()));
        assert_eq!(server.n_messages(), 0);
    }

    async fn what_a_dead_process_had_in_hand_at_the_stop_is_cancelled(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        let edition = begun(&world).await;
        assert_eq!(intend(&world.db, &edition.1, "dead", ms(LEASE)).await, edition.1);
        assert_eq!(world.engine.cancel(&edition.0, &by("mendel"), "wrong prices").await.unwrap(), 0);
        let report = world.tick("2026-11-23T13:31:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(report.deliver.resent, 0);
        assert_eq!(world.fate("anna@client.example", WEEK).await.0, "cancelled");
        assert!(world.mails().is_empty());
    }

    async fn nothing_of_a_stopped_edition_is_begun_by_whoever_claimed_it_before(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        let (edition, ids) = begun(&world).await;
        // As a relay's answer puts it back just as the stop looks elsewhere.
        let mut tx = world.db.begin().await.unwrap();
        tx.stop_edition(&edition, "cancelled by mendel", at(SEVEN)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(intend(&world.db, &ids, "dead", ms(LEASE)).await, Vec::<String>::new());
    }

    async fn a_stop_that_waits_for_its_turn_sees_what_was_begun_meanwhile(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        let (edition, ids) = begun(&world).await;
        let mut tx = world.db.begin().await.unwrap();
        tx.take_turn("acme").await.unwrap();
        let (now, lease_until) = (ms(SEVEN), ms(LEASE));
        let group = Group { records: &[], intents: &ids, token: "dead", now, lease_until, is_again: false };
        assert_eq!(tx.write_group(&group).await.unwrap().granted, ids);
        let (engine, id) = (world.engine.clone(), edition.clone());
        let stopping = tokio::spawn(async move { engine.cancel(&id, &by("mendel"), "wrong").await });
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert!(!stopping.is_finished(), "it waits");
        tx.commit().await.unwrap();
        assert_eq!(stopping.await.unwrap().unwrap(), 0);
        assert_eq!(world.db.edition(&edition).await.unwrap().state, "frozen", "it can be corrected");
    }

    async fn cancelling_a_held_edition_cancels_what_waits(db: Db) {
        let world = World::on(db);
        world.organization_with("acme", |o| o.review = "required".to_owned()).await;
        world.leader("acme", "anna@client.example").await;
        world.tick(MONDAY).await;
        let edition = world.editions("2026-W48").await.remove(0).id;
        assert_eq!(world.engine.cancel(&edition, &by("mendel"), "no news").await.unwrap(), 1);
        assert!(world.tick(SEVEN).await.closes());
        assert_eq!(world.fate("anna@client.example", "2026-W48").await.0, "cancelled");
    }

    async fn cancelling_a_draft_skips_the_week(db: Db) {
        let world = World::on(db);
        world.organization_with("acme", |o| (o.review, o.review_hours) = ("hold".to_owned(), Some(24))).await;
        world.leader("acme", "anna@client.example").await;
        world.tick("2026-11-19T12:00:00Z").await;
        world.tick("2026-11-22T12:00:00Z").await;
        let draft = world.editions("2026-W48").await.remove(0).id;
        assert_eq!(world.engine.cancel(&draft, &by("mendel"), "holiday").await.unwrap(), 0);
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(world.fate("anna@client.example", "2026-W48").await, ("skipped".into(), "review".into()));
        assert!(world.mails().is_empty());
    }

    async fn the_emergency_stop_keeps_everything_and_burns_nothing(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.db.pause("wrong server", at(MONDAY)).await.unwrap();
        let report = world.tick(SEVEN).await;
        assert!(!report.closes());
        assert!(report.deliver.stopped.unwrap().contains("wrong server"));
        assert_eq!(world.delivery("anna@client.example", "2026-W48").await.attempts, 0);
        world.db.resume().await.unwrap();
        assert!(world.tick("2026-11-23T14:00:00Z").await.closes());
        assert_eq!(world.mails().len(), 1);
    }
}

//! The stop: at once, and for all that has not left (DESIGN 2.3).

use back_office_brief::domain::brief::Corrected;
use back_office_brief::store::Db;

use crate::on_both;
use crate::smtp::{Script, SmtpServer};
use crate::world::{MONDAY, SEVEN, World, at, by};

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

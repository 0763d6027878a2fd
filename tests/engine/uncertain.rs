//! Nobody knows whether it arrived: sent again late, under the same Message-ID, and counted.

use back_office_brief::store::Db;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{MONDAY, SEVEN, World, at, intend, ms, number};

on_both! {
    async fn no_answer_after_the_dot_is_sent_again_after_half_an_hour(db: Db) {
        let server = SmtpServer::start(Script::new().times(1, At::Dot, "anna@", Act::Close)).await;
        let world = World::with_relay(db, &server);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.leader("acme", "ben@client.example").await;
        let report = world.tick(SEVEN).await;
        assert!(!report.closes());
        assert_eq!((report.deliver.sent, report.deliver.uncertain), (1, 1));
        let fate = world.fate("anna@client.example", "2026-W48").await;
        assert_eq!(fate, ("uncertain".into(), "no answer after the whole message".into()));
        assert_eq!(world.tick("2026-11-23T13:29:00Z").await.deliver.resent, 0);
        let report = world.tick("2026-11-23T13:30:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((report.deliver.resent, report.deliver.sent), (1, 1));
        assert_eq!(report.proofs.last().unwrap().resends, 1);
        let copies = server.mails_to("anna@client.example");
        assert_eq!(copies.len(), 2);
        assert_eq!(copies[0].bytes, copies[1].bytes, "the same message to the octet");
        assert_eq!(server.mails_to("ben@client.example").len(), 1);
    }

    async fn a_relay_that_never_answers_gets_few_copies_and_a_person_is_asked(db: Db) {
        let server = SmtpServer::start(Script::new().at(At::Dot, "anna@", Act::Close)).await;
        let world = World::with_relay(db, &server);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        let mut now = at(SEVEN);
        for _ in 0..20 {
            world.tick(&now.to_string()).await;
            now += jiff::SignedDuration::from_mins(31);
        }
        assert_eq!(server.n_messages(), 4, "one and three resends");
        assert_eq!(world.fate("anna@client.example", "2026-W48").await.0, "uncertain");
        assert!(!world.tick(&now.to_string()).await.closes());
        let report = world.tick("2026-11-30T13:00:00Z").await;
        let (state, reason) = world.fate("anna@client.example", "2026-W48").await;
        assert_eq!((state.as_str(), reason.as_str()), ("expired", "no answer, and the next brief is due"));
        assert!(report.proofs[0].closes, "{report:?}");
    }

    async fn on_uncertain_hold_leaves_it_to_a_person(db: Db) {
        let server = SmtpServer::start(Script::new().times(1, At::Dot, "anna@", Act::Close)).await;
        let mut world = World::with(db, &[("BRIEF__RELAY__ON_UNCERTAIN", "hold")]);
        world.relay_is(&server);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.tick(SEVEN).await;
        let report = world.tick("2026-11-23T15:00:00Z").await;
        assert!(!report.closes());
        assert_eq!(server.n_messages(), 1);
        let row = world.delivery("anna@client.example", "2026-W48").await;
        world.db.retry_by_hand(&row.id, ms("2026-11-23T15:00:00Z")).await.unwrap();
        let report = world.tick("2026-11-23T15:00:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(report.proofs.last().unwrap().resends, 1);
        let copies = server.mails();
        assert_eq!(copies[0].message_id, copies[1].message_id);
    }

    async fn what_a_dead_process_was_handing_over_is_sent_again_when_its_death_is_known(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.leader("acme", "ben@client.example").await;
        world.tick(MONDAY).await;
        // As a process leaves it that is killed at seven: one handed over, one only claimed.
        let ids: Vec<String> = {
            let lease = ms("2026-11-23T13:02:00Z");
            let claimed = world.db.claim_deliveries(ms(SEVEN), lease, "dead", (0, ""), 10).await.unwrap();
            claimed.into_iter().map(|c| c.id).collect()
        };
        assert_eq!(ids.len(), 2);
        let lease = ms("2026-11-23T13:30:00Z");
        assert_eq!(intend(&world.db, &ids[..1], "dead", lease).await, ids[..1]);
        let report = world.tick("2026-11-23T13:01:00Z").await;
        if world.db.is_postgres() {
            // Nobody knows yet that it is dead.
            assert_eq!((report.deliver.sent, report.closes()), (0, false));
            let report = world.tick("2026-11-23T13:03:00Z").await;
            assert_eq!((report.deliver.sent, report.closes()), (1, false));
            let report = world.tick("2026-11-23T13:31:00Z").await;
            assert_eq!((report.deliver.sent, report.deliver.resent), (1, 1));
            assert!(report.closes(), "{report:?}");
        } else {
            assert!(report.closes(), "{report:?}");
            assert_eq!((report.deliver.sent, report.deliver.resent), (2, 1));
        }
        assert_eq!(world.mails().len(), 2);
        let lost = "SELECT COUNT(*) FROM delivery_attempt WHERE outcome = 'lost'";
        assert_eq!(number(&world.db, lost).await, 1);
    }

    async fn what_waited_too_long_behind_a_slow_mail_is_given_back_and_intended_anew(db: Db) {
        let slowly = Act::Slowly(format!("250 2.0.0 {}", "taken ".repeat(80)));
        let server = SmtpServer::start(Script::new().times(1, At::Dot, "", slowly)).await;
        let mut world = World::with(db, &[("BRIEF__RELAY__CONNECTIONS", "1")]);
        world.relay_is(&server);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.leader("acme", "ben@client.example").await;
        world.tick(MONDAY).await;
        world.clock.set(at(SEVEN));
        let engine = world.engine.clone();
        let going = tokio::spawn(async move { engine.deliver(at(SEVEN)).await });
        let begun = "SELECT COUNT(*) FROM delivery WHERE state = 'handing_over'";
        while server.n_messages() < 1 || number(&world.db, begun).await < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        let later = "2026-11-23T13:11:00Z";
        world.clock.set(at(later));
        assert_eq!(going.await.unwrap().unwrap().sent, 2);
        assert_eq!(server.n_messages(), 2);
        let mut begun: Vec<_> = world.deliveries().await.into_iter().map(|d| d.handed_over_at).collect();
        begun.sort_unstable();
        assert_eq!(begun, [Some(ms(SEVEN)), Some(ms(later))], "its lease is whole");
    }
}

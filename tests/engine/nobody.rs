//! Who gets nothing this week, and the row that says why (DESIGN 2.2).

use back_office_brief::domain::address::EmailAddress;
use back_office_brief::store::Db;
use back_office_brief::store::people;

use crate::on_both;
use crate::world::{MONDAY, SEVEN, World, at, intend, ms};

on_both! {
    async fn everybody_who_gets_nothing_has_a_row_with_the_reason(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.subscriber("acme", "paused@client.example", |_, s| {
            s.pause_from = Some("2026-11-20".to_owned());
            s.pause_until = Some("2026-12-01".to_owned());
        }).await;
        world.subscriber("acme", "left@client.example", |_, s| {
            s.unsubscribed_at = Some(ms("2026-11-23T12:30:00Z"));
        }).await;
        world.subscriber("acme", "gone@client.example", |_, s| {
            s.unsubscribed_at = Some(ms("2026-11-23T11:30:00Z"));
        }).await;
        world.subscriber("acme", "bounced@client.example", |_, s| {
            s.suppressed_reason = Some("bounced".to_owned());
        }).await;
        world.subscriber("acme", "no.gaps@client.example", |_, s| s.role = "owner".to_owned()).await;
        world.subscriber("acme", "back@client.example", |_, s| {
            s.pause_from = Some("2026-11-01".to_owned());
            s.pause_until = Some("2026-11-23".to_owned());
        }).await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        for (email, state, reason) in [
            ("anna@client.example", "sent", ""),
            ("back@client.example", "sent", ""),
            ("paused@client.example", "skipped", "paused"),
            ("left@client.example", "skipped", "unsubscribed"),
            ("bounced@client.example", "skipped", "suppressed"),
            ("no.gaps@client.example", "skipped", "no_open_gaps"),
        ] {
            let fate = world.fate(email, "2026-W48").await;
            assert_eq!((fate.0.as_str(), fate.1.as_str()), (state, reason), "{email}");
        }
        let proof = report.proofs.last().unwrap();
        assert_eq!((proof.expected, proof.accounted), (6, 6));
        assert_eq!((proof.in_state("sent"), proof.in_state("skipped")), (2, 4));
        assert_eq!(world.mails().len(), 2);
    }

    async fn a_quiet_week_is_each_readers_own_choice(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        for quiet in ["full", "line", "skip"] {
            world.subscriber("acme", &format!("{quiet}@client.example"), |_, s| {
                s.quiet = quiet.to_owned();
            }).await;
        }
        // The first brief is never a quiet one, so everybody gets it in full.
        world.tick("2026-11-09T13:00:00Z").await;
        assert_eq!(world.mails().len(), 3);
        assert!(world.tick("2026-11-16T13:00:00Z").await.closes());
        assert_eq!(world.fate("skip@client.example", "2026-W47").await, ("skipped".into(), "quiet_week".into()));
        let last = |email: &str| world.mails_to(email).into_iter().max_by_key(|m| m.message_id.clone()).unwrap();
        let (full, line) = (last("full@client.example"), last("line@client.example"));
        assert!(line.text.len() < full.text.len() / 2 + 400, "{}\n{}", line.text, full.text);
        assert_ne!(line.text, full.text);
        let variants: Vec<String> = world.editions("2026-W47").await.into_iter().map(|e| e.variant).collect();
        assert_eq!(variants, ["full-en", "line-en"]);
    }

    async fn a_paused_organization_sends_nothing_and_says_so(db: Db) {
        let world = World::on(db);
        world.organization_with("acme", |o| o.status = "paused".to_owned()).await;
        world.leader("acme", "anna@client.example").await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes());
        assert_eq!(world.edition_states("2026-W48").await, [("leader".into(), "skipped".into())]);
        let fate = world.fate("anna@client.example", "2026-W48").await;
        assert_eq!(fate, ("skipped".into(), "organization_paused".into()));
        assert!(world.mails().is_empty());
    }

    async fn whoever_leaves_between_planning_and_delivery_gets_nothing(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        for name in ["forgotten", "left", "bounced", "away", "stays"] {
            world.leader("acme", &format!("{name}@client.example")).await;
        }
        world.tick(MONDAY).await;
        let later = at("2026-11-23T12:30:00Z");
        let forgotten = EmailAddress::parse("forgotten@client.example").unwrap();
        people::forget(&world.db, &forgotten, later).await.unwrap();
        world.by_hand("UPDATE subscription SET unsubscribed_at = 1795437000000 WHERE id LIKE '%left@%'").await;
        world.by_hand("UPDATE subscription SET suppressed_reason = 'bounced' WHERE id LIKE '%bounced@%'").await;
        world.by_hand("UPDATE subscription SET pause_from = '2026-11-23' WHERE id LIKE '%away@%'").await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((report.deliver.sent, report.deliver.skipped), (1, 4));
        for (email, reason) in [("left", "unsubscribed"), ("bounced", "suppressed"), ("away", "paused")] {
            let fate = world.fate(&format!("{email}@client.example"), "2026-W48").await;
            assert_eq!(fate, ("skipped".into(), reason.into()), "{email}");
        }
        let forgotten = world.deliveries().await.into_iter().find(|d| d.email.is_none()).unwrap();
        assert_eq!(forgotten.reason.as_deref(), Some("forgotten"));
        let to: Vec<String> = world.mails().into_iter().map(|m| m.to).collect();
        assert_eq!(to, ["stays@client.example"]);
    }

    async fn whoever_leaves_between_the_claim_and_the_intent_is_not_handed_over(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.tick(MONDAY).await;
        let lease = ms("2026-11-23T13:02:00Z");
        let claimed = world.db.claim_deliveries(ms(SEVEN), lease, "worker", (0, ""), 10).await.unwrap();
        let ids: Vec<String> = claimed.into_iter().map(|c| c.id).collect();
        assert_eq!(ids.len(), 1);
        world.by_hand("UPDATE subscription SET unsubscribed_at = 1795437000000").await;
        assert_eq!(intend(&world.db, &ids, "worker", lease).await, Vec::<String>::new());
        assert!(world.tick("2026-11-23T13:05:00Z").await.closes());
        assert_eq!(world.fate("anna@client.example", "2026-W48").await, ("skipped".into(), "unsubscribed".into()));
        assert!(world.mails().is_empty());
    }

    async fn an_import_taken_back_after_the_cut_off_leaves_the_equation_whole(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.leader("acme", "ben@client.example").await;
        world.tick(MONDAY).await;
        world.by_hand("UPDATE subscription SET voided_at = 1795437000000 WHERE id LIKE '%ben@%'").await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(world.fate("ben@client.example", "2026-W48").await, ("skipped".into(), "unsubscribed".into()));
    }
}

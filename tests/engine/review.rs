//! Draft, note, approve, skip, remind, correct (DESIGN 2.3).

use back_office_brief::domain::brief::Corrected;
use back_office_brief::engine::review::Decision;
use back_office_brief::store::Db;

use crate::on_both;
use crate::world::{MONDAY, SEVEN, World, at, by};

async fn held(world: &World, review: &str, hours: Option<i64>) -> String {
    let review = review.to_owned();
    world.organization_with("acme", |o| (o.review, o.review_hours) = (review, hours)).await;
    world.leader("acme", "anna@client.example").await;
    // The tick of the week before fills in when the next cut-off is.
    world.tick("2026-11-19T12:00:00Z").await;
    world.tick(if hours.is_some() { "2026-11-22T12:00:00Z" } else { MONDAY }).await;
    let mut editions = world.editions("2026-W48").await;
    assert_eq!(editions.len(), 1);
    editions.remove(0).id
}

on_both! {
    async fn a_draft_is_made_the_hours_before_and_sent_when_nobody_acts(db: Db) {
        let world = World::on(db);
        world.organization_with("acme", |o| (o.review, o.review_hours) = ("hold".to_owned(), Some(24))).await;
        world.leader("acme", "anna@client.example").await;
        world.tick("2026-11-19T12:00:00Z").await;
        assert_eq!(world.tick("2026-11-22T11:59:00Z").await.plan.drafts, 0);
        let report = world.tick("2026-11-22T12:00:00Z").await;
        assert!(report.closes());
        assert_eq!(report.plan.drafts, 1);
        assert_eq!(world.tick("2026-11-22T13:00:00Z").await.plan.drafts, 0);
        assert_eq!(world.edition_states("2026-W48").await, [("leader".into(), "draft".into())]);
        // Recorded after the draft and before the cut-off: the facts are computed anew.
        world.gap("acme", "fresh", "2026-11-23T09:00:00Z").await;
        assert!(world.tick(SEVEN).await.closes());
        assert_eq!(world.edition_states("2026-W48").await, [("leader".into(), "frozen".into())]);
        let edition = world.editions("2026-W48").await.remove(0);
        assert!(world.db.edition_body(&edition.id).await.unwrap().facts.unwrap().contains("ACME-FRESH"));
        assert_eq!(world.mails().len(), 1);
    }

    async fn a_note_on_a_draft_stands_in_the_brief(db: Db) {
        let world = World::on(db);
        let draft = held(&world, "hold", Some(24)).await;
        world.clock.set(at("2026-11-22T15:00:00Z"));
        world.engine.add_note(&draft, "Ask finance about the second list.", &by("M. Mendel"), None).await.unwrap();
        world.tick(SEVEN).await;
        let text = &world.mails()[0].text;
        assert!(text.contains("Ask finance about the second list."), "{text}");
        let error = world.engine.add_note(&draft, "Too late.", &by("M. Mendel"), None).await.unwrap_err();
        assert!(error.to_string().contains("is frozen"), "{error}");
    }

    async fn a_note_that_is_written_after_the_cut_off_of_a_late_plan_stands_in_the_brief(db: Db) {
        let world = World::on(db);
        let draft = held(&world, "hold", Some(24)).await;
        // The service was away at the cut-off.
        world.clock.set(at("2026-11-23T12:30:00Z"));
        world.engine.add_note(&draft, "Ask finance about the second list.", &by("M. Mendel"), None).await.unwrap();
        world.tick(SEVEN).await;
        let text = &world.mails()[0].text;
        assert!(text.contains("Ask finance about the second list."), "{text}");
    }

    async fn a_skipped_draft_is_a_row_with_the_reason_and_no_mail(db: Db) {
        let world = World::on(db);
        let draft = held(&world, "hold", Some(24)).await;
        world.engine.decide(&draft, &Decision::Skip(Some("holiday week".to_owned())), &by("mendel"), None).await.unwrap();
        assert!(world.tick(SEVEN).await.closes());
        assert_eq!(world.fate("anna@client.example", "2026-W48").await, ("skipped".into(), "review".into()));
        let edition = world.editions("2026-W48").await.remove(0);
        assert_eq!(edition.reason.as_deref(), Some("skipped by mendel: holiday week"));
        assert!(world.mails().is_empty());
    }

    async fn what_was_decided_holds_when_review_is_switched_off_meanwhile(db: Db) {
        let world = World::on(db);
        let draft = held(&world, "hold", Some(24)).await;
        world.engine.decide(&draft, &Decision::Skip(None), &by("mendel"), None).await.unwrap();
        world.by_hand("UPDATE organization SET review = 'none', review_hours = NULL").await;
        assert!(world.tick(SEVEN).await.closes());
        assert_eq!(world.fate("anna@client.example", "2026-W48").await, ("skipped".into(), "review".into()));
        assert!(world.mails().is_empty());
    }

    async fn what_must_be_approved_waits_and_the_run_closes_with_it_held(db: Db) {
        let world = World::on(db);
        let edition = held(&world, "required", None).await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(report.proofs.last().unwrap().in_state("held"), 1);
        assert!(world.mails().is_empty());
        // Two days later: facts of the cut-off, and the note of today.
        world.gap("acme", "after", "2026-11-24T12:00:00Z").await;
        world.clock.set(at("2026-11-25T09:00:00Z"));
        world.engine.add_note(&edition, "Checked with the owner.", &by("M. Mendel"), None).await.unwrap();
        world.engine.decide(&edition, &Decision::Approve, &by("mendel"), None).await.unwrap();
        let report = world.tick("2026-11-25T09:01:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(report.deliver.sent, 1);
        let text = &world.mails()[0].text;
        assert!(text.contains("Checked with the owner."), "{text}");
        let facts = world.db.edition_body(&edition).await.unwrap().facts.unwrap();
        assert!(!facts.contains("ACME-AFTER"));
        let approved = "SELECT COUNT(*) FROM edition WHERE approved_by = 'mendel' AND approved_at IS NOT NULL";
        assert_eq!(crate::world::number(&world.db, approved).await, 1);
    }

    async fn an_approved_week_still_honours_who_left_meanwhile(db: Db) {
        let world = World::on(db);
        let edition = held(&world, "required", None).await;
        world.by_hand("UPDATE subscription SET unsubscribed_at = 1795437000000").await;
        world.clock.set(at("2026-11-24T09:00:00Z"));
        world.engine.decide(&edition, &Decision::Approve, &by("mendel"), None).await.unwrap();
        assert!(world.tick("2026-11-24T09:00:00Z").await.closes());
        assert_eq!(world.fate("anna@client.example", "2026-W48").await, ("skipped".into(), "unsubscribed".into()));
    }

    async fn what_nobody_approved_expires_when_the_next_week_comes(db: Db) {
        let world = World::on(db);
        let edition = held(&world, "required", None).await;
        world.tick(SEVEN).await;
        let report = world.tick("2026-11-30T13:00:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(world.fate("anna@client.example", "2026-W48").await.0, "expired");
        assert_eq!(world.db.edition(&edition).await.unwrap().state, "expired");
        assert!(world.engine.decide(&edition, &Decision::Approve, &by("mendel"), None).await.is_err());
        assert_eq!(world.fate("anna@client.example", "2026-W49").await.0, "held");
    }

    async fn the_consultant_is_reminded_once(db: Db) {
        let world = World::on(db);
        let edition = held(&world, "required", None).await;
        world.consultant("mendel@advisor.example", &["acme"], |_, s| s.confirmed_at = None).await;
        assert_eq!(world.tick("2026-11-23T12:59:00Z").await.reminded, 0);
        let report = world.tick(SEVEN).await;
        assert_eq!(report.reminded, 1);
        let mails = world.notices();
        assert_eq!((mails.len(), mails[0].to.as_str()), (1, "mendel@advisor.example"));
        assert!(mails[0].text.contains(&format!("brief editions approve {edition}")), "{}", mails[0].text);
        for later in ["2026-11-23T13:01:00Z", "2026-11-25T13:00:00Z"] {
            assert_eq!(world.tick(later).await.reminded, 0);
        }
        assert_eq!(world.notices().len(), 1);
        assert!(world.mails().is_empty());
    }

    async fn a_correction_goes_once_to_those_who_got_the_brief(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.leader("acme", "ben@client.example").await;
        world.subscriber("acme", "paused@client.example", |_, s| s.pause_from = Some("2026-11-01".to_owned())).await;
        world.tick(SEVEN).await;
        let edition = world.editions("2026-W48").await.remove(0).id;
        let figure = Corrected { figure: "Readiness".to_owned(), was: "66 of 100".to_owned(), is: "61 of 100".to_owned() };
        world.clock.set(at("2026-11-24T10:00:00Z"));
        let (_, told) = world.engine.correct(&edition, vec![figure.clone()], "A wrong file was loaded.", &by("M. Mendel")).await.unwrap();
        assert_eq!(told, 2);
        let report = world.tick("2026-11-24T10:00:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(report.deliver.sent, 2);
        let mails = world.mails_to("ben@client.example");
        assert_eq!(mails.len(), 2);
        let correction = mails.iter().find(|m| m.text.contains("61 of 100")).unwrap();
        assert!(correction.text.contains("66 of 100"), "{}", correction.text);
        assert!(world.mails_to("paused@client.example").is_empty());
        let proof = report.proofs.last().unwrap();
        assert_eq!((proof.expected, proof.accounted), (3, 3), "corrections are counted apart");
        assert_eq!(proof.corrections.iter().map(|c| c.deliveries).sum::<i64>(), 2);
        let again = world.engine.correct(&edition, vec![figure], "Again.", &by("M. Mendel")).await.unwrap_err();
        assert!(again.to_string().contains("corrected already"), "{again}");
    }

    async fn a_correction_finds_the_figures_itself_after_a_wrong_import_was_taken_back(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.tick(SEVEN).await;
        let edition = world.editions("2026-W48").await.remove(0).id;
        let same = world.engine.correct(&edition, Vec::new(), "Nothing.", &by("M. Mendel")).await.unwrap_err();
        assert!(same.to_string().contains("says the same"), "{same}");
        // Told late, true before: as if the import that hid it had been voided.
        world.gap("acme", "missed", "2026-11-20T12:00:00Z").await;
        let (figures, told) = world.engine.correct(&edition, Vec::new(), "An import was taken back.", &by("M. Mendel")).await.unwrap();
        assert_eq!(told, 1);
        assert!(!figures.is_empty());
    }
}

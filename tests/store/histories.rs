//! What the database itself refuses, whoever asks.

use back_office_brief::store::records::{
    ConsentEvent, Delivery, DeliveryAttempt, Edition, EditionNote, ImportRevision, Person,
    ReviewDecision, Subscription, WeeklyPoint,
};
use back_office_brief::store::{Db, StoreError};

use crate::on_both;
use crate::sample::{self, acme, ms, put, run};

/// A row in every history, so that a refusal cannot be for want of rows.
async fn fill(db: &Db) {
    acme(db).await;
    fill_imports(db).await;
    fill_reviews(db).await;
    put(db, &[person()]).await;
    put(db, &[subscription()]).await;
    put(
        db,
        &[ConsentEvent {
            id: "c1".to_owned(),
            kind: "confirmed".to_owned(),
            person_id: "p1".to_owned(),
            subscription_id: "s1".to_owned(),
            list: "leader".to_owned(),
            channel: "form".to_owned(),
            confirmed_at: Some(1),
            recorded_at: 1,
            ..Default::default()
        }],
    )
    .await;
    put(db, &[edition()]).await;
    put(db, &[delivery("queued")]).await;
    put(
        db,
        &[DeliveryAttempt {
            delivery_id: "d1".to_owned(),
            number: 1,
            outcome: "deferred".to_owned(),
            reply: Some("try later".to_owned()),
            ..Default::default()
        }],
    )
    .await;
    put(
        db,
        &[WeeklyPoint {
            implementation_id: "erp".to_owned(),
            as_of: "2026-10-12".to_owned(),
            score_reported: Some(64_000),
            score_restated: Some(64_000),
            ..Default::default()
        }],
    )
    .await;
}

async fn fill_imports(db: &Db) {
    put(db, &[sample::batch("b1", None)]).await;
    put(
        db,
        &[ImportRevision {
            batch_id: "b1".to_owned(),
            table_name: "gap".to_owned(),
            row_id: "g1".to_owned(),
            before_json: "{}".to_owned(),
            after_json: "{}".to_owned(),
        }],
    )
    .await;
}

async fn fill_reviews(db: &Db) {
    put(
        db,
        &[EditionNote {
            id: "n1".to_owned(),
            scope_kind: "organization".to_owned(),
            scope_id: "acme".to_owned(),
            iso_week: "2026-W41".to_owned(),
            note: "Well done.".to_owned(),
            author: "A. Mendel".to_owned(),
            recorded_at: 1,
        }],
    )
    .await;
    put(
        db,
        &[ReviewDecision {
            id: "r1".to_owned(),
            scope_kind: "organization".to_owned(),
            scope_id: "acme".to_owned(),
            iso_week: "2026-W41".to_owned(),
            decision: "approve".to_owned(),
            actor: "A. Mendel".to_owned(),
            reason: None,
            decided_at: 1,
        }],
    )
    .await;
}

fn person() -> Person {
    Person {
        id: "p1".to_owned(),
        email: Some("ada@client.example".to_owned()),
        email_canonical: Some("ada@client.example".to_owned()),
        locale: "en".to_owned(),
        ..Default::default()
    }
}

fn subscription() -> Subscription {
    Subscription {
        id: "s1".to_owned(),
        person_id: "p1".to_owned(),
        organization_id: Some("acme".to_owned()),
        role: "leader".to_owned(),
        weekday: Some(1),
        hour: Some(7),
        quiet: "full".to_owned(),
        ..Default::default()
    }
}

fn edition() -> Edition {
    Edition {
        id: "e1".to_owned(),
        scope_kind: "organization".to_owned(),
        scope_id: "acme".to_owned(),
        iso_week: "2026-W42".to_owned(),
        kind: "leader".to_owned(),
        variant: "full-en".to_owned(),
        state: "frozen".to_owned(),
        cut_off_at: ms("2026-10-12T11:00:00Z"),
        as_of: "2026-10-12".to_owned(),
        facts: Some("{}".to_owned()),
        subject: Some("ERP cutover".to_owned()),
        body_text: Some("text".to_owned()),
        body_html: Some("html".to_owned()),
        mould: Some(b"mould".to_vec()),
        frozen_at: Some(ms("2026-10-12T11:00:05Z")),
        ..Default::default()
    }
}

fn delivery(state: &str) -> Delivery {
    Delivery {
        id: "d1".to_owned(),
        edition_id: Some("e1".to_owned()),
        subscription_id: "s1".to_owned(),
        iso_week: "2026-W42".to_owned(),
        kind: "brief".to_owned(),
        state: state.to_owned(),
        next_attempt_at: Some(1),
        message_id: Some("d1@brief.example".to_owned()),
        ..Default::default()
    }
}

/// Asserts that a statement is refused with a message that holds `why`.
async fn refused(db: &Db, sql: &'static str, why: &str) {
    match run(db, sql).await {
        Err(StoreError::Refused(message)) => {
            assert!(message.contains(why), "{sql}: {message}");
        }
        other => panic!("{sql} was not refused but gave {other:?}"),
    }
}

on_both! {
    async fn histories_refuse_to_be_rewritten(db: Db) {
        fill(&db).await;
        for (update, delete) in [
            ("UPDATE gap_event SET note = 'x'", "DELETE FROM gap_event"),
            ("UPDATE implementation_event SET actor = 'x'", "DELETE FROM implementation_event"),
            ("UPDATE exposure SET high = high + 1", "DELETE FROM exposure"),
            ("UPDATE assessment SET assessor = 'x'", "DELETE FROM assessment"),
            ("UPDATE assessment_answer SET level = 5", "DELETE FROM assessment_answer"),
            ("UPDATE import_revision SET row_id = 'x'", "DELETE FROM import_revision"),
            ("UPDATE edition_note SET note = 'x'", "DELETE FROM edition_note"),
            ("UPDATE review_decision SET actor = 'x'", "DELETE FROM review_decision"),
            ("UPDATE delivery_attempt SET outcome = 'x'", "DELETE FROM delivery_attempt"),
            ("UPDATE consent_event SET channel = 'page'", "DELETE FROM consent_event"),
        ] {
            refused(&db, update, "append-only: record a new row").await;
            refused(&db, delete, "append-only: record a new row").await;
        }
        refused(&db, "DELETE FROM weekly_point", "not deleted").await;
    }

    async fn a_mailed_score_stays_and_its_restatement_moves(db: Db) {
        fill(&db).await;
        run(&db, "UPDATE weekly_point SET score_restated = 61000").await.unwrap();
        run(&db, "UPDATE weekly_point SET score_reported = 64000").await.unwrap();
        refused(&db, "UPDATE weekly_point SET score_reported = 61000", "restate it").await;
        refused(&db, "UPDATE weekly_point SET score_reported = NULL", "restate it").await;
    }

    async fn a_frozen_edition_loses_its_body_to_pruning_and_nothing_else(db: Db) {
        fill(&db).await;
        refused(&db, "UPDATE edition SET subject = 'x'", "send a correction").await;
        refused(&db, "UPDATE edition SET facts = '[]'", "send a correction").await;
        refused(&db, "UPDATE edition SET body_html = 'x'", "send a correction").await;
        let pruned = "UPDATE edition SET body_text = NULL, body_html = NULL, mould = NULL, pruned_at = 5";
        run(&db, pruned).await.unwrap();
    }

    async fn an_attempt_loses_the_relays_words_to_pruning_and_nothing_else(db: Db) {
        fill(&db).await;
        for change in [
            "UPDATE delivery_attempt SET reply = 'something else'",
            "UPDATE delivery_attempt SET reply = NULL, code = 250",
            "UPDATE delivery_attempt SET reply = NULL, stage = 'rcpt'",
            "UPDATE delivery_attempt SET reply = NULL, number = 2",
        ] {
            refused(&db, change, "append-only: record a new row").await;
        }
        run(&db, "UPDATE delivery_attempt SET reply = NULL").await.unwrap();
        refused(&db, "UPDATE delivery_attempt SET reply = 'back'", "append-only").await;
    }

    async fn the_currency_is_fixed_by_the_first_price_that_stands(db: Db) {
        put(&db, &[sample::organization("acme")]).await;
        put(&db, &[sample::batch("b1", None)]).await;
        run(&db, "UPDATE organization SET currency = 'EUR'").await.unwrap();
        put(&db, &[sample::gap("g1", "acme")]).await;
        let mut price = sample::exposure("x1", "g1", "2026-10-07T10:00:00Z");
        price.batch_id = Some("b1".to_owned());
        put(&db, &[price]).await;
        refused(&db, "UPDATE organization SET currency = 'USD'", "currency is fixed").await;
        run(&db, "UPDATE organization SET currency = 'EUR'").await.unwrap();
        run(&db, "UPDATE import_batch SET voided_at = 1").await.unwrap();
        run(&db, "UPDATE organization SET currency = 'USD'").await.unwrap();
    }

    async fn a_delivery_cannot_be_in_a_state_that_lies(db: Db) {
        fill(&db).await;
        for lie in [
            "UPDATE delivery SET state = 'sent'",
            "UPDATE delivery SET state = 'failed', finished_at = 1",
            "UPDATE delivery SET state = 'skipped', reason = 'paused'",
            "UPDATE delivery SET message_id = NULL",
            "UPDATE delivery SET next_attempt_at = NULL",
            "UPDATE delivery SET lease_until = 1",
            "UPDATE delivery SET state = 'lost'",
            "UPDATE delivery SET finished_at = 1",
        ] {
            assert!(matches!(run(&db, lie).await, Err(StoreError::Refused(_))), "{lie}");
        }
        run(&db, "UPDATE delivery SET state = 'sent', handed_over_at = 1, finished_at = 2").await.unwrap();
    }

    async fn one_subscription_gets_one_brief_and_one_correction_a_week(db: Db) {
        fill(&db).await;
        let mut second = delivery("queued");
        second.id = "d2".to_owned();
        second.message_id = Some("d2@brief.example".to_owned());
        let mut tx = db.begin().await.unwrap();
        let twice = back_office_brief::store::bulk::insert(&mut tx, &[second.clone()]).await;
        assert!(twice.unwrap_err().is_conflict());
        drop(tx);
        second.kind = "correction".to_owned();
        put(&db, &[second]).await;
    }

    async fn a_person_has_one_live_subscription_for_a_role_and_may_begin_again(db: Db) {
        fill(&db).await;
        let mut again = subscription();
        again.id = "s2".to_owned();
        let mut tx = db.begin().await.unwrap();
        let twice = back_office_brief::store::bulk::insert(&mut tx, &[again.clone()]).await;
        assert!(twice.unwrap_err().is_conflict());
        drop(tx);
        run(&db, "UPDATE subscription SET ended_at = 9").await.unwrap();
        put(&db, &[again]).await;
        let mut portfolio = subscription();
        (portfolio.id, portfolio.role, portfolio.organization_id) = ("s3".into(), "consultant".into(), None);
        put(&db, &[portfolio.clone()]).await;
        portfolio.id = "s4".to_owned();
        let mut tx = db.begin().await.unwrap();
        let twice = back_office_brief::store::bulk::insert(&mut tx, &[portfolio]).await;
        assert!(twice.unwrap_err().is_conflict());
    }

    async fn rows_that_contradict_themselves_are_refused(db: Db) {
        fill(&db).await;
        for wrong in [
            "UPDATE organization SET review = 'hold'",
            "UPDATE organization SET review_hours = 4",
            "UPDATE organization SET cut_off_weekday = 0",
            "UPDATE organization SET currency = 'usd'",
            "UPDATE gap SET area = 'warehouse'",
            "UPDATE gap SET opened_on = '7 October'",
            "UPDATE gap SET organization_id = 'nobody'",
            "UPDATE subscription SET organization_id = NULL",
            "UPDATE subscription SET hour = NULL",
            "UPDATE person SET forgotten_at = 1",
        ] {
            assert!(matches!(run(&db, wrong).await, Err(StoreError::Refused(_))), "{wrong}");
        }
    }
}

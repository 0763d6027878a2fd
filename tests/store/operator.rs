//! What an operator does by hand: the stop, what a restore needs, single deliveries, an export.

use back_office_brief::domain::address::EmailAddress;
use back_office_brief::domain::codes::{QuietChoice, Role};
use back_office_brief::store::records::{Delivery, Edition, Run};
use back_office_brief::store::subscriptions::{self, NewSubscription};
use back_office_brief::store::{Db, StoreError, export};

use crate::on_both;
use crate::sample::{self, at, ms, put};

/// A frozen edition of an organization with one delivery in `state`.
async fn delivery(db: &Db, state: &str) -> (String, String) {
    put(db, &[sample::organization("northfield")]).await;
    let leader = NewSubscription {
        email: EmailAddress::parse("coo@northfield.example").unwrap(),
        name: None,
        organization: Some("northfield".to_owned()),
        role: Role::Leader,
        slot: None,
        quiet: QuietChoice::Full,
        confirmed_at: Some(at("2026-10-06T00:00:00Z")),
    };
    let subscription = subscriptions::add(db, leader, at("2026-10-06T00:00:00Z")).await.unwrap();
    frozen(db).await;
    let handed = matches!(state, "sent" | "uncertain").then_some(ms("2026-11-23T13:00:00Z"));
    put(
        db,
        &[Delivery {
            id: "delivery".to_owned(),
            edition_id: Some("edition".to_owned()),
            subscription_id: subscription.id.clone(),
            iso_week: "2026-W48".to_owned(),
            kind: "brief".to_owned(),
            state: state.to_owned(),
            reason: (state == "failed").then(|| "5.1.1".to_owned()),
            send_at: ms("2026-11-23T13:00:00Z"),
            next_attempt_at: (state == "queued").then_some(ms("2026-11-23T13:00:00Z")),
            message_id: Some("<m@brief.example>".to_owned()),
            handed_over_at: handed,
            finished_at: matches!(state, "sent" | "failed").then_some(ms("2026-11-23T13:00:00Z")),
            ..Default::default()
        }],
    )
    .await;
    (subscription.id, subscription.person_id)
}

/// The edition, and its run as one that closed.
async fn frozen(db: &Db) {
    put(
        db,
        &[Edition {
            id: "edition".to_owned(),
            scope_kind: "organization".to_owned(),
            scope_id: "northfield".to_owned(),
            iso_week: "2026-W48".to_owned(),
            kind: "leader".to_owned(),
            variant: "full".to_owned(),
            state: "frozen".to_owned(),
            cut_off_at: ms("2026-11-23T12:00:00Z"),
            as_of: "2026-11-23".to_owned(),
            facts: Some("{}".to_owned()),
            subject: Some("News".to_owned()),
            body_text: Some("t".to_owned()),
            body_html: Some("h".to_owned()),
            mould: Some(vec![0, 255]),
            frozen_at: Some(1),
            ..Default::default()
        }],
    )
    .await;
    put(
        db,
        &[Run {
            iso_week: "2026-W48".to_owned(),
            opened_at: 1,
            closed_at: Some(2),
            counts: "{}".to_owned(),
            ..Default::default()
        }],
    )
    .await;
}

async fn is_open(db: &Db) -> bool {
    db.open_weeks(0).await.unwrap() == ["2026-W48"]
}

on_both! {
    async fn the_stop_keeps_its_latest_reason_until_it_is_lifted(db: Db) {
        assert_eq!(db.paused().await.unwrap(), None);
        db.pause("first", at("2026-11-23T00:00:00Z")).await.unwrap();
        db.pause("second", at("2026-11-23T01:00:00Z")).await.unwrap();
        assert_eq!(db.paused().await.unwrap().as_deref(), Some("second"));
        assert!(db.resume().await.unwrap());
        assert!(!db.resume().await.unwrap());
        assert_eq!(db.paused().await.unwrap(), None);
    }

    async fn what_was_due_before_the_loss_is_sent_and_what_is_due_later_is_not(db: Db) {
        delivery(&db, "queued").await;
        let now = at("2026-11-25T00:00:00Z");
        assert_eq!(db.assume_sent(at("2026-11-23T12:59:59Z"), now).await.unwrap().deliveries, 0);
        assert_eq!(db.delivery("delivery").await.unwrap().state, "queued");
        assert!(!is_open(&db).await);
        assert_eq!(db.assume_sent(at("2026-11-23T13:00:00Z"), now).await.unwrap().deliveries, 1);
        let row = db.delivery("delivery").await.unwrap();
        assert_eq!((row.state.as_str(), row.reason.as_deref()), ("sent", Some("assumed sent")));
        assert!(is_open(&db).await, "the proof counts it anew");
        assert_eq!(db.assume_planned(now).await.unwrap(), 0);
    }

    async fn a_failed_delivery_is_queued_again_and_its_run_opens(db: Db) {
        delivery(&db, "failed").await;
        let row = db.retry_by_hand("delivery", ms("2026-11-24T00:00:00Z")).await.unwrap();
        assert_eq!((row.state.as_str(), row.reason), ("queued", None));
        assert!(is_open(&db).await);
        let row = db.cancel_by_hand("delivery", "left", ms("2026-11-24T01:00:00Z")).await.unwrap();
        assert_eq!((row.state.as_str(), row.reason.as_deref()), ("cancelled", Some("left")));
        let again = db.cancel_by_hand("delivery", "left", 3).await.unwrap_err();
        assert!(matches!(again, StoreError::Conflict(_)), "{again}");
        let none = db.retry_by_hand("nothing", 3).await.unwrap_err();
        assert!(matches!(none, StoreError::NotFound { .. }), "{none}");
    }

    async fn a_sent_delivery_is_neither_retried_nor_cancelled(db: Db) {
        delivery(&db, "sent").await;
        let error = db.retry_by_hand("delivery", 3).await.unwrap_err().to_string();
        assert!(error.contains("is sent; only a failed, uncertain or queued one"), "{error}");
        assert!(db.cancel_by_hand("delivery", "why", 3).await.is_err());
        assert_eq!(db.delivery("delivery").await.unwrap().state, "sent");
        assert!(!is_open(&db).await);
    }

    async fn an_export_holds_every_table_of_its_subject(db: Db) {
        let (subscription, person) = delivery(&db, "sent").await;
        sample::implementation(&db, "erp", "northfield").await;
        put(&db, &[sample::organization("other")]).await;
        let of_person = export::person(&db, &person).await.unwrap();
        let rows = |tables: &[export::Table], name: &str| {
            tables.iter().find(|(table, _)| *table == name).unwrap().1.clone()
        };
        assert_eq!(rows(&of_person, "subscription")[0]["id"], subscription);
        assert_eq!(rows(&of_person, "delivery")[0]["state"], "sent");
        assert_eq!(rows(&of_person, "edition")[0]["body_text"], "t");
        let of_organization = export::organization(&db, "northfield").await.unwrap();
        assert_eq!(rows(&of_organization, "organization").len(), 1);
        assert_eq!(rows(&of_organization, "person")[0]["email"], "coo@northfield.example");
        assert_eq!(rows(&of_organization, "implementation_event").len(), 2);
        assert_eq!(rows(&of_organization, "assessment_answer")[0]["level"], 2);
    }

    async fn a_sound_database_says_so(db: Db) {
        assert!(db.pending_migrations().await.unwrap().is_empty());
        let now = at("2026-11-23T00:00:00Z");
        db.check_writable(now).await.unwrap();
        db.check_writable(now).await.unwrap();
        assert!(db.server_time().await.unwrap() > now);
        put(&db, &[sample::organization("northfield")]).await;
        assert_eq!(db.time_zones().await.unwrap(), ["America/Chicago"]);
    }
}

//! A gap is changed by hand: all of it or nothing.

use back_office_brief::domain::codes::{Area, Basis, EventKind, ExposureKind, GapStatus, Severity};
use back_office_brief::domain::register::ask::{Estimate, GapChange, NextStep};
use back_office_brief::store::Db;
use serde_json::json;

use crate::on_both;
use crate::scene::{day, mendel, owner, refusals, scene};

on_both! {
    async fn several_fields_change_at_once(db: Db) {
        let world = scene(db).await;
        let change = GapChange {
            title: Some("Three price lists are in use".to_owned()),
            short_name: Some(Some("Price lists".to_owned())),
            description: Some("One more since May.".to_owned()),
            area: Some(Area::MasterData),
            implementation: Some(None),
            exposure_group: Some(Some("lists".to_owned())),
            existed_since: Some(Some(day("2026-05-01"))),
            verifier: Some(Some("P. Osei".to_owned())),
            status: Some(GapStatus::InProgress),
            severity: Some(4),
            owner: Some(Some(owner("D. Ruiz", Some("ruiz@client.example")))),
            due_on: Some(Some(day("2026-12-01"))),
            next_step: Some(Some(NextStep { text: "Choose one".to_owned(), on: None })),
            note: Some("Agreed in the finance meeting.".to_owned()),
            effective_on: Some(day("2026-11-16")),
            ..GapChange::default()
        };
        let written = world.changes("ACME-G1", change, &mendel()).await;
        let seen = world.sees("ACME-G1").await;
        assert_eq!(seen.version, written.version);
        assert_eq!((seen.title.as_str(), seen.called.as_str()), ("Three price lists are in use", "Price lists"));
        assert_eq!((seen.area, seen.implementation), (Area::MasterData, None));
        assert_eq!((seen.status, seen.status_since), (GapStatus::InProgress, day("2026-11-16")));
        assert_eq!((seen.severity, seen.owner.as_deref()), (Severity::MATERIAL, Some("D. Ruiz")));
        assert_eq!(seen.owner_email.as_deref(), Some("ruiz@client.example"));
        assert_eq!((seen.due_on, seen.next_step.as_deref()), (Some(day("2026-12-01")), Some("Choose one")));
        assert_eq!((seen.existed_since, seen.verifier.as_deref()), (Some(day("2026-05-01")), Some("P. Osei")));
        let newest: Vec<EventKind> = seen.history.iter().take(6).map(|e| e.kind).collect();
        assert!(newest.contains(&EventKind::Note) && !newest.contains(&EventKind::Opened), "newest first: {newest:?}");
        assert_eq!(seen.history[0].effective_on, day("2026-11-16"));
    }

    async fn one_field_that_cannot_be_taken_keeps_all_from_being_written(db: Db) {
        let world = scene(db).await;
        let (before, view) = (world.rows().await, world.sees("ACME-G1").await);
        let change = GapChange {
            title: Some("Three price lists are in use".to_owned()),
            severity: Some(4),
            owner: Some(Some(owner("D. Ruiz", Some("ruiz@client.example")))),
            due_on: Some(Some(day("2026-11-01"))),
            implementation: Some(Some("sap".to_owned())),
            ..GapChange::default()
        };
        let refused = refusals(world.engine.change_gap("acme", "ACME-G1", &change, &mendel()).await);
        let fields: Vec<_> = refused.iter().map(|(_, field, _)| *field).collect();
        assert_eq!(fields, ["implementation", "due_on"]);
        assert!(refused[0].2.contains("\"sap\" is no implementation of The acme"), "{}", refused[0].2);
        assert_eq!(world.rows().await, before, "not even the new owner's person");
        assert_eq!(world.sees("ACME-G1").await, view);
    }

    async fn what_is_the_same_writes_nothing(db: Db) {
        let world = scene(db).await;
        let before = world.rows().await;
        let seen = world.sees("ACME-G1").await;
        let change = GapChange {
            title: Some(seen.title.clone()),
            status: Some(seen.status),
            severity: Some(3),
            owner: Some(Some(owner("Lee Park", None))),
            implementation: Some(Some("erp".to_owned())),
            ..GapChange::default()
        };
        let written = world.changes("ACME-G1", change, &mendel()).await;
        assert_eq!((written.is_changed, &written.version), (false, &seen.version));
        assert_eq!(world.rows().await, before);
    }

    async fn an_estimate_is_worked_out_and_the_last_one_is_in_force(db: Db) {
        let world = scene(db).await;
        let estimate = |amount: i64, basis| GapChange {
            estimate: Some(Estimate {
                kind: ExposureKind::Direct,
                inputs: json!({"amount_minor": amount, "period_days": 28}).as_object().unwrap().clone(),
                basis,
                source: Some("invoices".to_owned()),
            }),
            ..GapChange::default()
        };
        world.changes("ACME-G1", estimate(120_000, Basis::Estimated), &mendel()).await;
        let again = world.changes("ACME-G1", estimate(120_000, Basis::Estimated), &mendel()).await;
        assert!(!again.is_changed);
        world.changes("ACME-G1", estimate(120_000, Basis::Measured), &mendel()).await;
        let seen = world.sees("ACME-G1").await;
        let prices: Vec<_> = seen.prices.iter().map(|p| (p.per_week.likely, p.basis)).collect();
        assert_eq!(prices, [(30_000, Basis::Measured), (30_000, Basis::Estimated), (20_000, Basis::Estimated)]);
        assert_eq!(seen.price.unwrap().inputs["amount_minor"], 120_000);
        // Taken away, it is not priced; that is not the same as nothing.
        let unpriced = Estimate {
            kind: ExposureKind::Unpriced,
            inputs: Default::default(),
            basis: Basis::Estimated,
            source: None,
        };
        world.changes("ACME-G1", GapChange { estimate: Some(unpriced), ..GapChange::default() }, &mendel()).await;
        let seen = world.sees("ACME-G1").await;
        assert_eq!((seen.price, seen.prices.len()), (None, 4));
    }

    async fn looking_and_noting_are_not_movement(db: Db) {
        let world = scene(db).await;
        let idle = world.sees("ACME-G1").await.idle_weeks;
        assert!(idle > 4);
        world.engine.confirm_gap("acme", "ACME-G1", None, &mendel()).await.unwrap();
        let written = world.engine.note_gap("acme", "ACME-G1", "Finance is\nlooking.", &mendel()).await.unwrap();
        let seen = world.sees("ACME-G1").await;
        assert_eq!((seen.idle_weeks, &seen.version), (idle, &written.version));
        assert_eq!(seen.updated_on, day("2026-11-17"));
        let newest: Vec<_> = seen.history.iter().take(2).map(|e| (e.kind, e.note.as_deref())).collect();
        assert_eq!(newest, [(EventKind::Note, Some("Finance is\nlooking.")), (EventKind::Confirmed, None)]);
        let empty = refusals(world.engine.note_gap("acme", "ACME-G1", " \n ", &mendel()).await);
        assert_eq!(empty[0].1, "note");
        world.changes("ACME-G1", GapChange { severity: Some(2), ..GapChange::default() }, &mendel()).await;
        assert_eq!(world.sees("ACME-G1").await.idle_weeks, 0, "that is movement");
    }

    async fn what_people_type_is_cleaned(db: Db) {
        let world = scene(db).await;
        let change = GapChange {
            title: Some("Two\r\nprice \u{202E}lists".to_owned()),
            owner: Some(Some(owner("D.\tRuiz\u{0}", None))),
            note: Some("one\r\ntwo\u{7}\0".to_owned()),
            description: Some("three\0".to_owned()),
            exposure_group: Some(Some("four\0".to_owned())),
            ..GapChange::default()
        };
        world.changes("ACME-G1", change, &mendel()).await;
        let seen = world.sees("ACME-G1").await;
        assert_eq!((seen.title.as_str(), seen.owner.as_deref()), ("Two price lists", Some("D. Ruiz")));
        assert!(seen.history.iter().any(|e| e.note.as_deref() == Some("one\ntwo")));
    }
}

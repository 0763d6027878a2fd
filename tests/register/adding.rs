//! A gap is added by hand.

use back_office_brief::domain::codes::{Area, Basis, Category, ExposureKind, GapStatus, Severity};
use back_office_brief::domain::register::ask::{Estimate, NewGap, NextStep};
use back_office_brief::store::Db;
use serde_json::json;

use crate::on_both;
use crate::scene::{day, gap, mendel, owner, refusal, refusals, scene};
use crate::world::number;

on_both! {
    async fn a_gap_is_added_with_all_that_is_known_of_it(db: Db) {
        let world = scene(db).await;
        let inputs = json!({"hours_centi_per_week": [1000, 2600, 3000], "rate_minor_per_hour": 5800});
        let new = NewGap {
            implementation: Some("erp".to_owned()),
            short_name: Some("Price lists".to_owned()),
            description: "Sales has one\r\nand finance has one.".to_owned(),
            owner: Some(owner("D. Ruiz", Some("D.Ruiz@client.example"))),
            due_on: Some(day("2026-12-01")),
            next_step: Some(NextStep { text: "Choose one".to_owned(), on: Some(day("2026-11-20")) }),
            verifier: Some("P. Osei".to_owned()),
            estimate: Some(Estimate {
                kind: ExposureKind::Rework,
                inputs: inputs.as_object().unwrap().clone(),
                basis: Basis::Estimated,
                source: Some("time sheets of October".to_owned()),
            }),
            exposure_group: Some("price lists".to_owned()),
            existed_since: Some(day("2024-01-01")),
            opened_on: Some(day("2026-11-10")),
            ..gap("Two price lists are in use")
        };
        let written = world.engine.add_gap("acme", &new, &mendel()).await.unwrap();
        assert_eq!((written.id.as_str(), written.is_changed), ("ACME-4", true));
        let seen = world.sees("ACME-4").await;
        assert_eq!(seen.version, written.version);
        assert_eq!((seen.area, seen.category, seen.leak_zone), (Area::Billing, Category::NoSource, Area::Billing.leak_zone()));
        assert_eq!((seen.status, seen.severity), (GapStatus::Open, Severity::SIGNIFICANT));
        assert_eq!(seen.description, "Sales has one\nand finance has one.");
        assert_eq!((seen.owner.as_deref(), seen.owner_email.as_deref()), (Some("D. Ruiz"), Some("D.Ruiz@client.example")));
        assert_eq!((seen.due_on, seen.next_step_on), (Some(day("2026-12-01")), Some(day("2026-11-20"))));
        assert_eq!((seen.opened_on, seen.existed_since), (day("2026-11-10"), Some(day("2024-01-01"))));
        assert_eq!((seen.implementation.as_deref(), seen.verifier.as_deref()), (Some("erp"), Some("P. Osei")));
        let price = seen.price.unwrap();
        assert_eq!((price.per_week.low, price.per_week.likely, price.per_week.high), (58_000, 150_800, 174_000));
        assert_eq!((price.source.as_deref(), price.actor.as_deref()), (Some("time sheets of October"), Some("A. Mendel")));
        assert!(seen.history.iter().all(|e| e.actor.as_deref() == Some("A. Mendel") && !e.is_imported));
        assert_eq!(seen.history.len(), 5);
        // Somebody with an address is a person then, who gets no mail by it.
        let person = "SELECT COUNT(*) FROM person WHERE email_canonical = 'd.ruiz@client.example' AND name = 'D. Ruiz'";
        assert_eq!(number(&world.db, person).await, 1);
        let mails = "SELECT COUNT(*) FROM subscription s JOIN person p ON p.id = s.person_id WHERE p.email_canonical = 'd.ruiz@client.example'";
        assert_eq!(number(&world.db, mails).await, 0);
    }

    async fn a_gap_needs_no_more_than_a_title(db: Db) {
        let world = scene(db).await;
        let written = world.engine.add_gap("acme", &gap("Two price lists are in use"), &mendel()).await.unwrap();
        let seen = world.sees(&written.id).await;
        assert_eq!((seen.opened_on, seen.owner, seen.price), (day("2026-11-17"), None, None));
    }

    async fn ids_are_numbered_past_those_that_are_taken(db: Db) {
        let world = scene(db).await;
        for taken in ["ACME-4", "ACME-6"] {
            let new = NewGap { external_id: Some(taken.to_owned()), ..gap("Given an id") };
            assert_eq!(world.engine.add_gap("acme", &new, &mendel()).await.unwrap().id, taken);
        }
        // Five there are, so six is next, which is taken.
        for next in ["ACME-7", "ACME-8"] {
            assert_eq!(world.engine.add_gap("acme", &gap("Given none"), &mendel()).await.unwrap().id, next);
        }
        // An id is known to one organization, and taken for all.
        for name in ["ACME-G1", "OTHER-G1"] {
            let new = NewGap { external_id: Some(name.to_owned()), ..gap("Twice") };
            let (field, problem) = refusal(world.engine.add_gap("acme", &new, &mendel()).await);
            assert_eq!(field, "external_id");
            assert!(problem.contains("is in use already; give another"), "{problem}");
        }
    }

    async fn every_field_that_cannot_be_taken_has_its_sentence_and_nothing_is_left(db: Db) {
        let world = scene(db).await;
        let before = world.rows().await;
        let new = NewGap {
            external_id: Some("ACME-G1".to_owned()),
            implementation: Some("sap".to_owned()),
            severity: 0,
            title: " ".to_owned(),
            short_name: Some("x".repeat(33)),
            owner: Some(owner("Finance team", Some("new@client.example"))),
            due_on: Some(day("2026-11-01")),
            next_step: Some(NextStep { text: String::new(), on: None }),
            verifier: Some("tbd".to_owned()),
            estimate: Some(Estimate {
                kind: ExposureKind::Direct,
                inputs: Default::default(),
                basis: Basis::Estimated,
                source: None,
            }),
            existed_since: Some(day("2026-11-18")),
            opened_on: Some(day("2026-11-19")),
            ..gap("")
        };
        let mut fields: Vec<_> = refusals(world.engine.add_gap("acme", &new, &mendel()).await)
            .into_iter()
            .map(|(_, field, _)| field)
            .collect();
        fields.sort_unstable();
        let expected = [
            "due_on", "existed_since", "exposure_inputs", "external_id", "implementation", "next_step", "opened_on", "owner",
            "severity", "short_name", "title", "verifier",
        ];
        assert_eq!(fields, expected);
        // An address of somebody nobody knows, and a name to it: refused all the same, and forgotten.
        let new = NewGap { owner: Some(owner("D. Ruiz", Some("new@client.example"))), ..gap("") };
        assert_eq!(refusal(world.engine.add_gap("acme", &new, &mendel()).await).0, "title");
        assert_eq!(world.rows().await, before);
    }

    async fn an_address_alone_is_enough_of_somebody_who_is_known(db: Db) {
        let world = scene(db).await;
        let new = NewGap { owner: Some(owner("", Some("Osei@client.example"))), ..gap("Known by address") };
        let written = world.engine.add_gap("acme", &new, &mendel()).await.unwrap();
        assert_eq!(world.sees(&written.id).await.owner.as_deref(), Some("P. Osei"));
        let new = NewGap { owner: Some(owner("", Some("nobody@client.example"))), ..gap("Unknown") };
        assert_eq!(refusal(world.engine.add_gap("acme", &new, &mendel()).await).0, "owner");
        let new = NewGap { verifier: Some("p. osei".to_owned()), owner: Some(owner("P. Osei", None)), ..gap("Both") };
        assert_eq!(refusal(world.engine.add_gap("acme", &new, &mendel()).await).0, "verifier");
    }
}

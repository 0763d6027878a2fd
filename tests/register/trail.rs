//! Every write leaves its row in the audit log, in the same transaction.

use back_office_brief::domain::codes::{Area, Category, GapStatus, ImplementationKind};
use back_office_brief::domain::register::ask::{
    Begins, Cell, ConfirmedCells, GapChange, GapLink, ImplementationChange, NewAnswer,
    NewAssessment, NewImplementation, NewSession, PromiseChange, SessionChange,
};
use back_office_brief::store::Db;
use back_office_brief::store::audit::{Actor, Way};
use serde_json::{Value, json};

use crate::on_both;
use crate::scene::{evidence, gap, mendel, osei, owner, scene};
use crate::world::{World, at, ms};

/// The newest row: action, subject and detail.
async fn newest(world: &World) -> (String, String, Value) {
    let row = world.log().await.remove(0);
    let detail = serde_json::from_str(&row.detail).expect("JSON");
    (row.action, row.subject, detail)
}

on_both! {
    async fn a_change_says_what_was_and_what_is(db: Db) {
        let world = scene(db).await;
        let change = GapChange {
            title: Some("Another title".to_owned()),
            status: Some(GapStatus::InProgress),
            owner: Some(Some(owner("D. Ruiz", Some("ruiz@client.example")))),
            evidence: evidence("A first draft"),
            note: Some("Told by phone".to_owned()),
            ..GapChange::default()
        };
        let program = Actor { person_id: None, name: "erp sync".to_owned(), way: Way::Api };
        world.changes("ACME-G1", change, &program).await;
        let log = world.log().await;
        assert_eq!(log.len(), 1);
        assert_eq!((log[0].actor.as_str(), log[0].way.as_str(), log[0].person_id.as_deref()), ("erp sync", "api", None));
        assert_eq!((log[0].organization_id.as_deref(), log[0].recorded_at), (Some("acme"), ms(crate::scene::TUESDAY)));
        let (action, subject, detail) = newest(&world).await;
        assert_eq!((action.as_str(), subject.as_str()), ("gap.change", "ACME-G1"));
        assert_eq!(detail["before"], json!({"title": "Price list g1 disagrees", "owner": "Lee Park", "status": "open"}));
        assert_eq!(detail["after"], json!({"title": "Another title", "owner": "D. Ruiz", "status": "in_progress"}));
        assert_eq!(detail["effective_on"], "2026-11-17");
        assert_eq!(detail["said"][0]["note"], "A first draft");
        assert_eq!(detail["said"][1]["note"], "Told by phone");
        assert!(!detail.to_string().contains("ruiz@client.example"), "addresses stand in one table only");
    }

    async fn every_kind_of_write_has_its_row(db: Db) {
        let world = scene(db).await;
        let (engine, who) = (&world.engine, mendel());
        engine.add_gap("acme", &gap("Two lists"), &who).await.unwrap();
        assert_eq!(newest(&world).await.2["after"]["title"], "Two lists");
        engine.confirm_gap("acme", "ACME-4", Some("Seen"), &who).await.unwrap();
        engine.note_gap("acme", "ACME-4", "Words", &who).await.unwrap();
        assert_eq!(newest(&world).await.2["said"], json!([{"kind": "note", "note": "Words", "evidence_url": null}]));
        let cell = Cell { area: Area::Billing, category: Category::NoSource };
        let new = GapLink::New(Box::new(gap("Found")));
        let answers = vec![NewAnswer { cell, level: 1, note: None, gap: Some(new) }];
        let assessment = NewAssessment { implementation: "erp".to_owned(), answers, ..NewAssessment::default() };
        engine.assess("acme", &assessment, &who).await.unwrap();
        assert_eq!(newest(&world).await.2["answers"][0]["level"], 1);
        let cells = ConfirmedCells { implementation: "erp".to_owned(), cells: vec![cell], ..ConfirmedCells::default() };
        engine.confirm_cells("acme", &cells, &who).await.unwrap();
        let promises = vec![PromiseChange { text: Some("Name a deputy".to_owned()), ..PromiseChange::default() }];
        let session = NewSession { consultant: None, begins: Begins::At(at("2026-11-26T16:00:00Z")), notes: "Before".to_owned(), promises };
        let session = engine.add_session("acme", &session, &who).await.unwrap().id;
        let notes = SessionChange { notes: Some("After".to_owned()), ..SessionChange::default() };
        engine.change_session("acme", &session, &notes, &who).await.unwrap();
        let detail = newest(&world).await.2;
        assert_eq!((&detail["before"], &detail["after"]), (&json!({"notes": "Before"}), &json!({"notes": "After"})));
        engine.add_implementation("acme", &NewImplementation::new("Payroll", ImplementationKind::Other), &who).await.unwrap();
        let change = ImplementationChange { target: Some(80), go_live_on: Some(None), ..ImplementationChange::default() };
        engine.change_implementation("acme", "erp", &change, &who).await.unwrap();
        let detail = newest(&world).await.2;
        assert_eq!((&detail["before"], &detail["after"]), (&json!({"target_milli": 85_000}), &json!({"target_milli": 80_000})));
        assert_eq!(detail["moved"], json!([{"field": "go_live_on", "from": "2027-02-01", "to": null}]));
        let told: Vec<(String, String)> = world.log().await.into_iter().rev().map(|row| (row.action, row.subject)).collect();
        let told: Vec<(&str, &str)> = told.iter().map(|(a, s)| (a.as_str(), s.as_str())).collect();
        assert_eq!(
            told,
            [
                ("gap.add", "ACME-4"), ("gap.confirm", "ACME-4"), ("gap.note", "ACME-4"), ("gap.add", "ACME-5"),
                ("assessment.add", "erp"), ("assessment.confirm", "erp"), ("session.add", session.as_str()),
                ("session.change", session.as_str()), ("implementation.add", "payroll"), ("implementation.change", "erp"),
            ]
        );
        assert!(world.log().await.iter().all(|row| row.actor == "A. Mendel" && row.person_id.as_deref() == Some("person-mendel@advisor.example")));
    }

    async fn what_was_not_written_is_not_in_the_log(db: Db) {
        let world = scene(db).await;
        let closed = GapChange { status: Some(GapStatus::Closed), ..GapChange::default() };
        assert!(world.engine.change_gap("acme", "ACME-G1", &closed, &osei()).await.is_err());
        let same = GapChange { severity: Some(3), ..GapChange::default() };
        assert!(!world.changes("ACME-G1", same, &osei()).await.is_changed);
        let late = GapChange { severity: Some(4), expected: Some("0".to_owned()), ..GapChange::default() };
        assert!(world.engine.change_gap("acme", "ACME-G1", &late, &osei()).await.is_err());
        assert!(world.log().await.is_empty());
    }

    async fn who_has_no_name_signs_without_giving_the_address_away(db: Db) {
        let world = scene(db).await;
        let nameless = Actor { name: "mendel@advisor.example".to_owned(), ..mendel() };
        world.changes("ACME-G1", GapChange { severity: Some(4), ..GapChange::default() }, &nameless).await;
        assert_eq!(world.sees("ACME-G1").await.history[0].actor.as_deref(), Some("m***@advisor.example"));
        assert_eq!(world.log().await[0].actor, "m***@advisor.example");
    }

    async fn events_name_the_person_and_rest_on_no_import(db: Db) {
        let world = scene(db).await;
        world.changes("ACME-G1", GapChange { severity: Some(4), ..GapChange::default() }, &mendel()).await;
        let own = "SELECT COUNT(*) FROM gap_event WHERE actor_id = 'person-mendel@advisor.example' AND actor = 'A. Mendel' AND batch_id IS NULL";
        assert_eq!(crate::world::number(&world.db, own).await, 1);
        let copy = back_office_brief::store::export::person(&world.db, "person-mendel@advisor.example").await.unwrap();
        let events = copy.iter().find(|(table, _)| *table == "gap_event").unwrap();
        assert_eq!(events.1.len(), 1, "it is in the copy of what is known about them");
    }
}

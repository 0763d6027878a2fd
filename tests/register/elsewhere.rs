//! What belongs to another organization is not there.

use back_office_brief::domain::codes::{Area, Category};
use back_office_brief::domain::register::ask::{
    Begins, Cell, ConfirmedCells, GapChange, ImplementationChange, NewAnswer, NewAssessment,
    NewGap, NewImplementation, NewSession, PromiseChange, SessionChange,
};
use back_office_brief::engine::register::{GapFilter, RegisterError};
use back_office_brief::store::Db;

use crate::on_both;
use crate::scene::{gap, mendel, refusal, scene};
use crate::world::at;

fn is_not_found<T: std::fmt::Debug>(result: Result<T, RegisterError>, what: &str) {
    match result {
        Err(RegisterError::NotFound { what: found, .. }) => assert_eq!(found, what),
        other => panic!("it should not be found: {other:?}"),
    }
}

on_both! {
    async fn nothing_of_another_organization_is_found_by_any_way(db: Db) {
        let world = scene(db).await;
        let (engine, who) = (&world.engine, mendel());
        let session = NewSession {
            consultant: None,
            begins: Begins::At(at("2026-11-26T16:00:00Z")),
            notes: String::new(),
            promises: vec![PromiseChange { text: Some("Ours".to_owned()), ..PromiseChange::default() }],
        };
        let session = engine.add_session("acme", &session, &who).await.unwrap().id;
        let before = world.rows().await;
        let severity = GapChange { severity: Some(4), ..GapChange::default() };
        is_not_found(engine.change_gap("other", "ACME-G1", &severity, &who).await, "gap");
        is_not_found(engine.confirm_gap("other", "ACME-G1", None, &who).await, "gap");
        is_not_found(engine.note_gap("other", "ACME-G1", "Hello", &who).await, "gap");
        is_not_found(engine.gap("other", "ACME-G1").await, "gap");
        is_not_found(engine.gap("other", "acme-g1").await, "gap");
        is_not_found(engine.gap("acme", "ACME-G1\0").await, "gap");
        let notes = SessionChange { notes: Some("Theirs".to_owned()), ..SessionChange::default() };
        is_not_found(engine.change_session("other", &session, &notes, &who).await, "session");
        is_not_found(engine.change_session("acme", "", &notes, &who).await, "session");
        is_not_found(engine.change_session("acme", "\0", &notes, &who).await, "session");
        assert!(engine.sessions("other").await.unwrap().is_empty());
        // Both have an implementation that is called erp; by its row id it is only one's own.
        let target = ImplementationChange { target: Some(1), ..ImplementationChange::default() };
        is_not_found(engine.change_implementation("other", "acme-erp", &target, &who).await, "implementation");
        is_not_found(engine.assessment_grid("other", "acme-erp").await, "implementation");
        is_not_found(engine.assessment_grid("acme", "erp\0").await, "implementation");
        let cell = Cell { area: Area::Billing, category: Category::NoSource };
        let answers = vec![NewAnswer { cell, level: 5, note: None, gap: None }];
        let assessment = NewAssessment { implementation: "acme-erp".to_owned(), answers, ..NewAssessment::default() };
        is_not_found(engine.assess("other", &assessment, &who).await, "implementation");
        let cells = ConfirmedCells { implementation: "acme-erp".to_owned(), cells: vec![cell], ..ConfirmedCells::default() };
        is_not_found(engine.confirm_cells("other", &cells, &who).await, "implementation");
        let scoped = NewGap { implementation: Some("acme-erp".to_owned()), ..gap("Not ours") };
        assert_eq!(refusal(engine.add_gap("other", &scoped, &who).await).0, "implementation");
        let moved = GapChange { implementation: Some(Some("acme-erp".to_owned())), ..GapChange::default() };
        assert_eq!(refusal(engine.change_gap("other", "OTHER-G1", &moved, &who).await).0, "implementation");
        // Mendel consults Acme, not Other.
        let session = NewSession { consultant: Some("mendel@advisor.example".to_owned()), begins: Begins::At(at("2026-11-27T16:00:00Z")), notes: String::new(), promises: Vec::new() };
        assert_eq!(refusal(engine.add_session("other", &session, &who).await).0, "consultant");
        let lines = engine.gaps("other", &GapFilter::default()).await.unwrap();
        assert_eq!(lines.iter().map(|l| l.external_id.as_str()).collect::<Vec<_>>(), ["OTHER-G1"]);
        assert_eq!(engine.implementations("other").await.unwrap().len(), 1);
        assert_eq!(world.rows().await, before);
    }

    async fn an_organization_that_is_not_there_is_not_found_by_any_way(db: Db) {
        let world = scene(db).await;
        world.by_hand("UPDATE organization SET voided_at = 1 WHERE id = 'other'").await;
        let (engine, who) = (&world.engine, mendel());
        for nowhere in ["other", "nothing", "", "\0"] {
            is_not_found(engine.add_gap(nowhere, &gap("Nowhere"), &who).await, "organization");
            is_not_found(engine.change_gap(nowhere, "OTHER-G1", &GapChange::default(), &who).await, "organization");
            is_not_found(engine.gap(nowhere, "OTHER-G1").await, "organization");
            is_not_found(engine.gaps(nowhere, &GapFilter::default()).await, "organization");
            is_not_found(engine.sessions(nowhere).await, "organization");
            is_not_found(engine.implementations(nowhere).await, "organization");
            is_not_found(engine.assessment_grid(nowhere, "erp").await, "organization");
            let new = NewImplementation::new("Nowhere", back_office_brief::domain::codes::ImplementationKind::Erp);
            is_not_found(engine.add_implementation(nowhere, &new, &who).await, "organization");
        }
    }
}

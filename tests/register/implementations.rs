//! Implementations are added, moved and weighed.

use back_office_brief::domain::codes::{Area, ImplementationKind, ImplementationStatus};
use back_office_brief::domain::register::ask::{ImplementationChange, NewImplementation};
use back_office_brief::engine::register::{ImplementationView, RegisterError};
use back_office_brief::store::Db;

use crate::on_both;
use crate::scene::{day, mendel, refusal, refusals, scene};
use crate::world::World;

async fn seen(world: &World, slug: &str) -> ImplementationView {
    let all = world.engine.implementations("acme").await.unwrap();
    all.into_iter().find(|i| i.slug == slug).unwrap()
}

on_both! {
    async fn an_implementation_is_added_with_its_dates_and_scope(db: Db) {
        let world = scene(db).await;
        let new = NewImplementation {
            status: ImplementationStatus::Preparing,
            target: Some(90),
            benefit_per_week: Some(250_000),
            configuration_starts_on: Some(day("2027-01-11")),
            go_live_on: Some(day("2027-04-01")),
            areas: vec![(Area::Payroll, 5), (Area::People, 2)],
            ..NewImplementation::new("Payroll & People", ImplementationKind::Automation)
        };
        let written = world.engine.add_implementation("acme", &new, &mendel()).await.unwrap();
        assert_eq!(written.id, "payroll-people");
        let view = seen(&world, "payroll-people").await;
        assert_eq!(view.version, written.version);
        assert_eq!((view.name.as_str(), view.status, view.target_milli), ("Payroll & People", ImplementationStatus::Preparing, 90_000));
        assert_eq!((view.configuration_starts_on, view.go_live_on), (Some(day("2027-01-11")), Some(day("2027-04-01"))));
        assert_eq!(view.areas, [(Area::Payroll, 5), (Area::People, 2)]);
        // A name that is taken gets a number; a slug that is taken is refused.
        let again = world.engine.add_implementation("acme", &new, &mendel()).await.unwrap();
        assert_eq!(again.id, "payroll-people-2");
        let taken = NewImplementation { slug: Some("erp".to_owned()), ..new };
        assert_eq!(refusal(world.engine.add_implementation("acme", &taken, &mendel()).await).0, "slug");
    }

    async fn dates_move_and_the_scope_is_weighed_anew(db: Db) {
        let world = scene(db).await;
        let change = ImplementationChange {
            name: Some("ERP go-live".to_owned()),
            target: Some(80),
            benefit_per_week: Some(Some(100_000)),
            mandated_on: Some(Some(day("2026-05-01"))),
            configuration_starts_on: Some(Some(day("2026-12-07"))),
            go_live_on: Some(Some(day("2027-03-01"))),
            areas: Some(vec![(Area::Billing, 3), (Area::MasterData, 4)]),
            ..ImplementationChange::default()
        };
        let written = world.engine.change_implementation("acme", "erp", &change, &mendel()).await.unwrap();
        let view = seen(&world, "erp").await;
        assert_eq!(view.version, written.version);
        assert_eq!((view.name.as_str(), view.target_milli, view.benefit_per_week), ("ERP go-live", 80_000, Some(100_000)));
        assert_eq!((view.configuration_starts_on, view.go_live_on), (Some(day("2026-12-07")), Some(day("2027-03-01"))));
        assert_eq!((view.mandated_on, view.status), (Some(day("2026-05-01")), ImplementationStatus::Preparing));
        assert_eq!(view.areas, [(Area::Billing, 3), (Area::MasterData, 4)]);
        assert!(!world.engine.change_implementation("acme", "erp", &change, &mendel()).await.unwrap().is_changed);
        // Out of scope and back again.
        let scope = |areas: &[(Area, i64)]| ImplementationChange { areas: Some(areas.to_vec()), ..ImplementationChange::default() };
        world.engine.change_implementation("acme", "erp", &scope(&[(Area::Billing, 3)]), &mendel()).await.unwrap();
        world.engine.change_implementation("acme", "erp", &scope(&[(Area::MasterData, 1), (Area::Billing, 3)]), &mendel()).await.unwrap();
        assert_eq!(seen(&world, "erp").await.areas, [(Area::Billing, 3), (Area::MasterData, 1)]);
        let none = ImplementationChange { go_live_on: Some(None), status: Some(ImplementationStatus::Cancelled), ..ImplementationChange::default() };
        world.engine.change_implementation("acme", "erp", &none, &mendel()).await.unwrap();
        let view = seen(&world, "erp").await;
        assert_eq!((view.go_live_on, view.status), (None, ImplementationStatus::Cancelled));
    }

    async fn what_cannot_be_taken_leaves_nothing(db: Db) {
        let world = scene(db).await;
        let before = world.rows().await;
        let change = ImplementationChange {
            name: Some(" ".to_owned()),
            target: Some(101),
            benefit_per_week: Some(Some(-1)),
            configuration_starts_on: Some(Some(day("2027-02-02"))),
            areas: Some(vec![(Area::Billing, 6), (Area::Billing, 1)]),
            effective_on: Some(day("2026-09-01")),
            ..ImplementationChange::default()
        };
        let refused = refusals(world.engine.change_implementation("acme", "erp", &change, &mendel()).await);
        let mut fields: Vec<_> = refused.iter().map(|(_, field, _)| *field).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["area", "benefit_per_week", "configuration_starts_on", "name", "target", "weight"]);
        assert!(refused.iter().any(|(_, _, problem)| problem.contains("is after go-live on 2027-02-01")), "{refused:?}");
        // A date that was agreed after the day from which this is to be so.
        let early = ImplementationChange { go_live_on: Some(Some(day("2027-05-01"))), effective_on: Some(day("2026-09-01")), ..ImplementationChange::default() };
        assert_eq!(refusal(world.engine.change_implementation("acme", "erp", &early, &mendel()).await).0, "effective_on");
        let new = NewImplementation { slug: Some("Not A Slug".to_owned()), external_id: Some("x".repeat(201)), ..NewImplementation::new("", ImplementationKind::Erp) };
        let refused = refusals(world.engine.add_implementation("acme", &new, &mendel()).await);
        let fields: Vec<_> = refused.iter().map(|(_, field, _)| *field).collect();
        assert_eq!(fields, ["name", "slug", "external_id"]);
        assert_eq!(world.rows().await, before);
    }

    async fn another_version_than_the_one_looked_at_is_a_conflict(db: Db) {
        let world = scene(db).await;
        let looked_at = Some(seen(&world, "erp").await.version);
        let change = ImplementationChange { target: Some(80), expected: looked_at.clone(), ..ImplementationChange::default() };
        world.engine.change_implementation("acme", "erp", &change, &mendel()).await.unwrap();
        let late = ImplementationChange { target: Some(70), expected: looked_at, ..ImplementationChange::default() };
        let error = world.engine.change_implementation("acme", "erp", &late, &mendel()).await.unwrap_err();
        assert!(matches!(error, RegisterError::Conflict(_)), "{error}");
        assert_eq!(seen(&world, "erp").await.target_milli, 80_000);
    }
}

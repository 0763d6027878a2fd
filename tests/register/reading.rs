//! What pages read: one gap, a list, the grid.

use back_office_brief::domain::codes::{Area, Category, GapStatus, Severity};
use back_office_brief::domain::register::ask::{GapChange, ImplementationChange};
use back_office_brief::engine::register::{GapFilter, OwnerFilter};
use back_office_brief::store::Db;
use back_office_brief::store::records::{Answer, Delivery};

use crate::on_both;
use crate::scene::{day, mendel, owner, scene};
use crate::world::{World, ms};

/// A reader's answer for a gap of Acme.
async fn answers(world: &World, gap: &str, seen: bool) {
    let delivery = format!("delivery-{gap}-{seen}");
    world
        .put(&[Delivery {
            id: delivery.clone(),
            subscription_id: "subscription-osei@client.example".to_owned(),
            iso_week: if seen { "2026-W45" } else { "2026-W46" }.to_owned(),
            kind: "brief".to_owned(),
            state: "skipped".to_owned(),
            reason: Some("a test".to_owned()),
            finished_at: Some(1),
            ..Default::default()
        }])
        .await;
    world
        .put(&[Answer {
            id: world.id("answer"),
            delivery_id: delivery,
            person_id: "person-osei@client.example".to_owned(),
            gap_id: format!("acme-{gap}"),
            kind: "blocked".to_owned(),
            text: "Waiting for the bank".to_owned(),
            answered_at: ms("2026-11-16T15:00:00Z"),
            seen_at: seen.then_some(1),
            seen_by: seen.then(|| "A. Mendel".to_owned()),
        }])
        .await;
}

async fn listed(world: &World, filter: GapFilter) -> Vec<String> {
    let lines = world.engine.gaps("acme", &filter).await.unwrap();
    lines.into_iter().map(|l| l.external_id).collect()
}

on_both! {
    async fn a_gap_shows_what_waits_for_it(db: Db) {
        let world = scene(db).await;
        answers(&world, "g1", false).await;
        answers(&world, "g2", true).await;
        let seen = world.sees("ACME-G1").await;
        assert_eq!(seen.answers.len(), 1);
        let answer = &seen.answers[0];
        assert_eq!((answer.kind.as_str(), answer.text.as_str(), answer.person.as_str()), ("blocked", "Waiting for the bank", "P. Osei"));
        assert!(world.sees("ACME-G2").await.answers.is_empty());
        let lines = world.engine.gaps("acme", &GapFilter::default()).await.unwrap();
        let waiting: Vec<_> = lines.iter().map(|l| (l.external_id.as_str(), l.n_answers)).collect();
        assert_eq!(waiting, [("ACME-G1", 1), ("ACME-G2", 0), ("ACME-G3", 0)]);
    }

    async fn a_gap_shows_how_it_stands(db: Db) {
        let world = scene(db).await;
        let seen = world.sees("ACME-G1").await;
        assert_eq!((seen.status, seen.severity, seen.owner.as_deref()), (GapStatus::Open, Severity::SIGNIFICANT, Some("Lee Park")));
        assert_eq!((seen.implementation.as_deref(), seen.idle_weeks), (Some("erp"), 6));
        assert_eq!(seen.stall_reasons, ["no_movement_6w"]);
        assert_eq!(seen.price.unwrap().per_week.likely, 20_000);
    }

    async fn a_list_is_filtered_by_how_gaps_stand(db: Db) {
        let world = scene(db).await;
        let g2 = GapChange { status: Some(GapStatus::InProgress), severity: Some(2), area: Some(Area::Payroll), ..GapChange::default() };
        world.changes("ACME-G2", g2, &mendel()).await;
        let g3 = GapChange { owner: Some(None), ..GapChange::default() };
        world.changes("ACME-G3", g3, &mendel()).await;
        let g1 = GapChange { owner: Some(Some(owner("D. Ruiz", Some("ruiz@client.example")))), ..GapChange::default() };
        world.changes("ACME-G1", g1, &mendel()).await;
        let all = GapFilter::default;
        assert_eq!(listed(&world, all()).await, ["ACME-G1", "ACME-G3", "ACME-G2"], "by area, then by id");
        assert_eq!(listed(&world, GapFilter { statuses: vec![GapStatus::InProgress], ..all() }).await, ["ACME-G2"]);
        assert_eq!(listed(&world, GapFilter { areas: vec![Area::Billing], ..all() }).await, ["ACME-G1", "ACME-G3"]);
        assert_eq!(listed(&world, GapFilter { severities: vec![Severity::SIGNIFICANT], ..all() }).await, ["ACME-G1", "ACME-G3"]);
        assert_eq!(listed(&world, GapFilter { owner: Some(OwnerFilter::Nobody), ..all() }).await, ["ACME-G3"]);
        let of = |id: Option<&str>, name: &str| GapFilter {
            owner: Some(OwnerFilter::Person { id: id.map(str::to_owned), name: name.to_owned() }),
            ..all()
        };
        assert_eq!(listed(&world, of(None, "lee park")).await, ["ACME-G2"]);
        let ruiz = world.engine.gaps("acme", &of(None, "D. Ruiz")).await.unwrap();
        assert_eq!((ruiz.len(), ruiz[0].likely_per_week), (1, Some(20_000)));
        assert!(listed(&world, of(Some("somebody"), "D. Ruiz")).await.is_empty(), "a namesake");
        let both = GapFilter { areas: vec![Area::Billing], statuses: vec![GapStatus::InProgress], ..all() };
        assert!(listed(&world, both).await.is_empty());
    }

    async fn the_grid_shows_the_scope_and_what_was_looked_at_beside_it(db: Db) {
        let world = scene(db).await;
        let scope = ImplementationChange { areas: Some(vec![(Area::Payroll, 2), (Area::MasterData, 4)]), ..ImplementationChange::default() };
        world.engine.change_implementation("acme", "erp", &scope, &mendel()).await.unwrap();
        let grid = world.engine.assessment_grid("acme", "erp").await.unwrap();
        assert_eq!((grid.name.as_str(), grid.as_of), ("ERP cutover", day("2026-11-17")));
        let rows: Vec<_> = grid.rows.iter().map(|r| (r.area, r.weight)).collect();
        assert_eq!(rows, [(Area::MasterData, Some(4)), (Area::Payroll, Some(2)), (Area::Billing, None)]);
        let categories: Vec<Category> = grid.rows[0].cells.iter().map(|c| c.category).collect();
        assert_eq!(categories, Category::ALL);
        assert!(grid.rows[0].cells.iter().all(|c| c.level.is_none() && c.age_days.is_none() && c.fresh_pct == 0));
        assert!(grid.rows[2].cells.iter().all(|c| c.level == Some(2) && c.age_days == Some(48) && c.fresh_pct == 100));
        // Without a scope of its own it leans on what has gaps or was looked at.
        let none = ImplementationChange { areas: Some(Vec::new()), ..ImplementationChange::default() };
        world.engine.change_implementation("acme", "erp", &none, &mendel()).await.unwrap();
        let grid = world.engine.assessment_grid("acme", "erp").await.unwrap();
        assert_eq!(grid.rows.iter().map(|r| (r.area, r.weight)).collect::<Vec<_>>(), [(Area::Billing, Some(1))]);
    }

    async fn a_voided_import_is_not_seen(db: Db) {
        let world = scene(db).await;
        world.by_hand("INSERT INTO import_batch (id, started_at, path, kind, sha256, voided_at) VALUES ('b', 1, 'x', 'gaps', 'x', 2)").await;
        let mut event = back_office_brief::store::records::GapEvent {
            id: "e".to_owned(),
            gap_id: "acme-g1".to_owned(),
            kind: "severity".to_owned(),
            to_value: Some("4".to_owned()),
            effective_on: "2026-11-10".to_owned(),
            recorded_at: ms("2026-11-10T15:00:00Z"),
            batch_id: Some("b".to_owned()),
            ..Default::default()
        };
        let before = world.sees("ACME-G1").await;
        world.put(&[event.clone()]).await;
        assert_eq!(world.sees("ACME-G1").await, before);
        (event.id, event.batch_id) = ("e2".to_owned(), None);
        world.put(&[event]).await;
        assert_eq!(world.sees("ACME-G1").await.severity, Severity::MATERIAL);
    }

    async fn a_long_list_asks_no_more_of_the_database_than_a_short_one(db: Db) {
        let world = scene(db).await;
        let asked = async |world: &World| {
            let before = world.db.queries();
            let lines = world.engine.gaps("acme", &GapFilter::default()).await.unwrap();
            let list = world.db.queries() - before;
            world.sees("ACME-G1").await;
            world.engine.assessment_grid("acme", "erp").await.unwrap();
            (lines.len(), list, world.db.queries() - before)
        };
        let (few, list, all) = asked(&world).await;
        let names: Vec<String> = (10..210).map(|n| format!("g{n}")).collect();
        world.gaps("acme", &names, "2026-11-10T15:00:00Z").await;
        for _ in 0..5 {
            world.look("acme", "2026-11-10T15:00:00Z").await;
        }
        assert_eq!(asked(&world).await, (few + 200, list, all));
        assert!(list < 10 && all < 30, "{list} and {all}");
    }
}

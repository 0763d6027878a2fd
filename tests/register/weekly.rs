//! What was written by hand gives the right lines in the next brief.

use back_office_brief::domain::codes::{Area, Basis, Category, ExposureKind, GapStatus};
use back_office_brief::domain::facts::Facts;
use back_office_brief::domain::register::ask::{
    Cell, Estimate, GapChange, ImplementationChange, NewAnswer, NewAssessment, NewGap,
};
use back_office_brief::store::Db;
use serde_json::json;

use crate::on_both;
use crate::scene::{day, evidence, gap, mendel, osei, owner, scene};
use crate::world::{MONDAY, World, at};

/// The facts of Monday's brief.
async fn monday(world: &World) -> Facts {
    world.clock.set(at(MONDAY));
    world.engine.facts_at("acme", at(MONDAY)).await.unwrap().0
}

/// Kind, gap, from and to of each change.
fn told(facts: &Facts) -> Vec<(String, String, Option<String>, Option<String>)> {
    let change = |c: &back_office_brief::domain::facts::ChangeFacts| {
        (c.kind.clone(), c.gap.clone(), c.from.clone(), c.to.clone())
    };
    facts.changes.iter().map(change).collect()
}

fn line(
    kind: &str,
    gap: &str,
    from: Option<&str>,
    to: Option<&str>,
) -> (String, String, Option<String>, Option<String>) {
    (kind.to_owned(), gap.to_owned(), from.map(str::to_owned), to.map(str::to_owned))
}

fn to(status: GapStatus) -> GapChange {
    GapChange { status: Some(status), ..GapChange::default() }
}

/// Closed long before this week.
async fn closed_in_october(world: &World, gap: &str) {
    world.clock.set(at("2026-10-20T15:00:00Z"));
    world.changes(gap, to(GapStatus::InProgress), &mendel()).await;
    world.changes(gap, to(GapStatus::Verifying), &mendel()).await;
    world
        .changes(gap, GapChange { evidence: evidence("Tried"), ..to(GapStatus::Closed) }, &osei())
        .await;
    world.clock.set(at(crate::scene::TUESDAY));
}

on_both! {
    async fn opened_taken_to_test_closed_and_reopened(db: Db) {
        let world = scene(db).await;
        closed_in_october(&world, "ACME-G3").await;
        world.engine.add_gap("acme", &gap("Two price lists are in use"), &mendel()).await.unwrap();
        world.engine.add_gap("acme", &NewGap { severity: 1, ..gap("A small thing") }, &mendel()).await.unwrap();
        for id in ["ACME-G1", "ACME-G2"] {
            world.changes(id, to(GapStatus::InProgress), &mendel()).await;
            world.changes(id, to(GapStatus::Verifying), &mendel()).await;
        }
        world.changes("ACME-G1", GapChange { evidence: evidence("Tried"), ..to(GapStatus::Closed) }, &osei()).await;
        world.changes("ACME-G3", to(GapStatus::Open), &mendel()).await;
        let facts = monday(&world).await;
        assert_eq!(
            told(&facts),
            [
                line("reopened", "ACME-G3", Some("closed"), Some("open")),
                line("opened", "ACME-4", None, Some("open")),
                line("status", "ACME-G1", Some("open"), Some("closed")),
                line("status", "ACME-G2", Some("open"), Some("verifying")),
            ]
        );
        assert_eq!(facts.exposure.protected_per_week, 20_000);
    }

    async fn severity_owner_due_date_and_estimate(db: Db) {
        let world = scene(db).await;
        world.clock.set(at("2026-10-20T15:00:00Z"));
        world.changes("ACME-G2", GapChange { due_on: Some(Some(day("2026-11-30"))), ..GapChange::default() }, &mendel()).await;
        world.clock.set(at(crate::scene::TUESDAY));
        let inputs = json!({"amount_minor": 160_000, "period_days": 28}).as_object().unwrap().clone();
        let estimate = Estimate { kind: ExposureKind::Direct, inputs, basis: Basis::Measured, source: None };
        world.changes("ACME-G1", GapChange { severity: Some(4), estimate: Some(estimate), ..GapChange::default() }, &mendel()).await;
        let later = GapChange { due_on: Some(Some(day("2026-12-31"))), owner: Some(Some(owner("D. Ruiz", None))), ..GapChange::default() };
        world.changes("ACME-G2", later, &mendel()).await;
        world.changes("ACME-G3", GapChange { owner: Some(None), ..GapChange::default() }, &mendel()).await;
        let facts = monday(&world).await;
        assert_eq!(
            told(&facts),
            [
                line("severity", "ACME-G1", Some("3"), Some("4")),
                line("due_on", "ACME-G2", Some("2026-11-30"), Some("2026-12-31")),
                line("owner", "ACME-G3", Some("Lee Park"), None),
                line("exposure", "ACME-G1", Some("20000"), Some("40000")),
            ],
            "from one owner to another is not counted"
        );
    }

    async fn a_withdrawal_is_told_and_a_signed_one_leaves_the_series(db: Db) {
        let world = scene(db).await;
        let before = monday(&world).await;
        world.clock.set(at(crate::scene::TUESDAY));
        let why = GapChange { reason: Some("Same as G2".to_owned()), ..to(GapStatus::Withdrawn) };
        world.changes("ACME-G1", why, &mendel()).await;
        let unsigned = monday(&world).await;
        assert_eq!(told(&unsigned), [line("status", "ACME-G1", Some("open"), Some("withdrawn"))]);
        let score = |facts: &Facts| facts.implementations[0].score_milli;
        assert_eq!(score(&unsigned), score(&before), "it counts in full until it is signed");
        world.clock.set(at("2026-11-18T15:00:00Z"));
        world.changes("ACME-G1", GapChange { is_withdrawal_confirmed: true, ..GapChange::default() }, &osei()).await;
        let signed = monday(&world).await;
        assert!(score(&signed) > score(&before));
        assert!(signed.gaps.iter().all(|g| g.external_id != "ACME-G1"));
    }

    async fn an_assessment_and_a_moved_date_are_told(db: Db) {
        let world = scene(db).await;
        let cell = Cell { area: Area::Billing, category: Category::ApprovalMemory };
        let answers = vec![NewAnswer { cell, level: 4, note: None, gap: None }];
        let assessment = NewAssessment { implementation: "erp".to_owned(), answers, ..NewAssessment::default() };
        world.engine.assess("acme", &assessment, &mendel()).await.unwrap();
        let moved = ImplementationChange { go_live_on: Some(Some(day("2027-03-01"))), configuration_starts_on: Some(Some(day("2026-12-07"))), ..ImplementationChange::default() };
        world.engine.change_implementation("acme", "erp", &moved, &mendel()).await.unwrap();
        let facts = monday(&world).await;
        assert_eq!(
            told(&facts),
            [
                line("go_live_on", "erp", Some("2027-02-01"), Some("2027-03-01")),
                line("configuration_starts_on", "erp", None, Some("2026-12-07")),
                line("assessment", "erp", None, Some("2026-11-17")),
            ]
        );
    }

    async fn what_is_not_movement_is_not_told(db: Db) {
        let world = scene(db).await;
        let words = GapChange { title: Some("Other words".to_owned()), note: Some("A note".to_owned()), ..GapChange::default() };
        world.changes("ACME-G1", words, &mendel()).await;
        world.engine.confirm_gap("acme", "ACME-G2", None, &mendel()).await.unwrap();
        // There and back again.
        world.changes("ACME-G3", GapChange { severity: Some(4), ..GapChange::default() }, &mendel()).await;
        world.changes("ACME-G3", GapChange { severity: Some(3), ..GapChange::default() }, &mendel()).await;
        assert_eq!(told(&monday(&world).await), []);
    }

    async fn what_is_told_late_is_marked_and_what_comes_after_the_cut_off_waits(db: Db) {
        let world = scene(db).await;
        world.changes("ACME-G1", GapChange { effective_on: Some(day("2026-11-02")), ..to(GapStatus::InProgress) }, &mendel()).await;
        world.changes("ACME-G1", GapChange { effective_on: Some(day("2026-11-03")), ..to(GapStatus::Verifying) }, &mendel()).await;
        world.clock.set(at("2026-11-23T12:00:01Z"));
        world.changes("ACME-G2", GapChange { severity: Some(4), ..GapChange::default() }, &mendel()).await;
        let facts = monday(&world).await;
        assert_eq!(told(&facts), [line("status", "ACME-G1", Some("open"), Some("verifying"))]);
        assert!(facts.changes[0].backdated);
        assert_eq!(facts.changes[0].effective_on, day("2026-11-03"));
    }
}

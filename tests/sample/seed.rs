//! The seed is repeatable, complete, and fast enough to be used in a bench.

use std::collections::BTreeSet;

use back_office_brief::domain::codes::{EditionKind, ExposureKind};
use back_office_brief::domain::compose::{Request, facts};
use back_office_brief::domain::constants::Constants;
use back_office_brief::domain::facts::Facts;
use back_office_brief::domain::time::instant;
use back_office_brief::sample::rows::Rows;
use back_office_brief::sample::seed::{Plan, organization, write};
use back_office_brief::store::Db;
use back_office_brief::store::snapshot::load_snapshots;
use jiff::tz::TimeZone;

use crate::{on_both, support};

fn plan(organizations: u32, recipients: u32, seed: u64) -> Plan {
    Plan { organizations, recipients, weeks: 12, seed, until: "2026-11-23".parse().unwrap() }
}

fn made(plan: &Plan) -> Rows {
    let mut rows = Rows::default();
    (0..plan.organizations).for_each(|number| organization(plan, number, &mut rows));
    rows
}

/// The facts of every organization of a plan, in the order of the plan.
async fn told(db: &Db, plan: &Plan) -> Vec<Facts> {
    let (rows, constants) = (made(plan), Constants::default());
    let mut all = Vec::new();
    for organization in &rows.organizations {
        let zone = TimeZone::get(&organization.time_zone).unwrap();
        let cut_off = instant(plan.until, 6, &zone);
        let snapshots = load_snapshots(db, &[&organization.id], cut_off).await.unwrap();
        all.push(facts(&Request {
            snapshot: &snapshots[0],
            zone: &zone,
            cut_off,
            as_of: plan.until,
            kind: EditionKind::Leader,
            variant: "full-en",
            constants: &constants,
            insights: &[],
        }));
    }
    all
}

on_both! {
    async fn what_was_seeded_is_what_the_plan_says(db: Db) {
        let plan = plan(25, 3, 7);
        let mut steps = 0;
        let seeded = write(&db, &plan, |done| steps += done).await.unwrap();
        assert_eq!((seeded.organizations, seeded.subscriptions, steps), (25, 75, 25));
        assert_eq!(seeded.rows, made(&plan).len());
        for facts in told(&db, &plan).await {
            let told = &facts.implementations[0];
            assert_eq!(told.coverage_bp, 10_000, "looks are fresh on the last day");
            assert_eq!(told.points.len(), 8);
        }
        let again = write(&db, &plan, |_| {}).await;
        assert!(again.unwrap_err().is_conflict(), "the same plan twice is refused");
    }

    async fn two_seeds_can_share_a_database(db: Db) {
        write(&db, &plan(3, 2, 1), |_| {}).await.unwrap();
        write(&db, &plan(3, 2, 2), |_| {}).await.unwrap();
    }
}

#[tokio::test]
async fn the_same_plan_gives_equal_facts_in_two_databases() {
    let plan = plan(8, 2, 42);
    let (one, _first) = support::sqlite().await;
    let (other, _second) = support::sqlite().await;
    write(&one, &plan, |_| {}).await.unwrap();
    write(&other, &plan, |_| {}).await.unwrap();
    assert_eq!(told(&one, &plan).await, told(&other, &plan).await);
}

#[test]
fn the_same_seed_gives_the_same_rows_and_another_seed_others() {
    assert_eq!(made(&plan(5, 3, 1)), made(&plan(5, 3, 1)));
    assert_ne!(made(&plan(5, 3, 1)), made(&plan(5, 3, 2)));
    // An organization does not depend on how many there are.
    let (few, many) = (made(&plan(2, 3, 1)), made(&plan(5, 3, 1)));
    assert_eq!(few.gap_events, many.gap_events[..few.gap_events.len()]);
}

#[test]
fn addresses_are_distinct_and_everything_a_brief_can_say_occurs() {
    let plan = plan(60, 4, 9);
    let rows = made(&plan);
    let addresses: BTreeSet<_> = rows.people.iter().map(|p| p.email.clone().unwrap()).collect();
    assert_eq!(addresses.len(), 240);
    assert!(addresses.iter().all(|a| a.ends_with(".example")));
    let zones: BTreeSet<_> = rows.people.iter().map(|p| p.time_zone.clone()).collect();
    assert_eq!(zones.len(), 24);
    assert!(rows.subscriptions.iter().all(|s| s.weekday == Some(1) && s.confirmed_at.is_some()));
    let kinds: BTreeSet<_> = rows.exposures.iter().map(|e| e.kind.as_str()).collect();
    assert_eq!(kinds.len(), ExposureKind::ALL.len());
    let events: BTreeSet<_> = rows.gap_events.iter().map(|e| e.kind.as_str()).collect();
    assert!(events.contains("reopened") && events.contains("owner"), "{events:?}");
    for organization in &rows.organizations {
        let gaps = rows.gaps.iter().filter(|g| g.organization_id == organization.id).count();
        assert!((8..=15).contains(&gaps), "{gaps}");
    }
    let until = plan.until.to_string();
    assert!(rows.gap_events.iter().all(|e| e.effective_on <= until));
    let priced = rows.exposures.iter().filter(|e| e.kind != "unpriced");
    assert!(priced.clone().all(|e| e.likely > 0), "no formula refused its inputs");
    let ids: BTreeSet<_> = rows.gap_events.iter().map(|e| &e.id).collect();
    assert_eq!(ids.len(), rows.gap_events.len());
}

#[test]
fn a_week_is_enough_and_a_year_works() {
    for weeks in [1, 2, 60] {
        let plan = Plan { weeks, ..plan(10, 1, 3) };
        let rows = made(&plan);
        let first = rows.gap_events.iter().map(|e| e.recorded_at).min().unwrap();
        let created = rows.organizations.iter().map(|o| o.created_at).min().unwrap();
        assert!(created <= first);
        assert!(rows.gaps.iter().all(|g| g.opened_on <= plan.until.to_string()));
    }
}

//! Zero, missing and huge amounts; groups and protection.

use back_office_brief::domain::codes::{Basis, EventKind, ExposureKind};
use back_office_brief::domain::money::printed;
use back_office_brief::domain::snapshot::Gap;

use crate::model::{self, day, price, push, set_status};
use crate::{assessed, facts, priced_gap, today, unpriced_gap};

#[test]
fn missing_is_not_priced_and_zero_is_zero() {
    let mut zero = unpriced_gap("zero", day("2026-11-02"));
    price(&mut zero, ExposureKind::Direct, [0; 3], day("2026-11-02"));
    let mut said_unpriced = unpriced_gap("said", day("2026-11-02"));
    price(&mut said_unpriced, ExposureKind::Unpriced, [0; 3], day("2026-11-02"));
    let gaps = vec![zero, said_unpriced, unpriced_gap("missing", day("2026-11-02"))];
    let facts = facts(&assessed(None, "2026-11-02", gaps));
    let likely = |id| facts.gaps.iter().find(|g| g.external_id == id).unwrap().likely_per_week;
    assert_eq!((likely("zero"), likely("said"), likely("missing")), (Some(0), None, None));
    assert_eq!((facts.exposure.open_gaps, facts.exposure.priced_gaps), (3, 1));
}

#[test]
fn a_total_is_measured_where_all_of_it_is() {
    let mut gap = priced_gap("g1", day("2026-11-02"));
    price(&mut gap, ExposureKind::Leakage, [90_000; 3], day("2026-11-17"));
    gap.exposures[1].basis = Basis::Measured;
    let snapshot = assessed(None, "2026-11-02", vec![gap, unpriced_gap("g2", day("2026-11-02"))]);
    let told = facts(&snapshot);
    let measured: Vec<_> = told.gaps.iter().map(|gap| gap.measured).collect();
    assert_eq!((measured, told.exposure.measured), (vec![true, false], true));
    // What it has cost so far was estimated at first.
    assert!(!told.exposure.always_measured);
    let [change] = &told.changes[..] else { panic!("{:?}", told.changes) };
    assert_eq!((change.kind.as_str(), change.measured), ("exposure", true));
    let with = |basis, at: usize| {
        let mut snapshot = snapshot.clone();
        snapshot.gaps[0].exposures[at].basis = basis;
        facts(&snapshot).exposure
    };
    assert!(with(Basis::Measured, 0).always_measured);
    assert!(!with(Basis::Benchmark, 1).measured);
    let none = facts(&assessed(None, "2026-11-02", vec![unpriced_gap("g2", day("2026-11-02"))]));
    assert!(!none.exposure.measured && !none.exposure.always_measured, "nothing is priced");
}

#[test]
fn when_nothing_is_priced_the_action_is_to_price_the_first() {
    let mut gap = unpriced_gap("g1", day("2026-11-16"));
    gap.short_name = Some("Price lists".to_owned());
    let mut small = unpriced_gap("g2", day("2026-11-16"));
    push(&mut small, EventKind::Severity, None, Some("2"), day("2026-11-16"));
    let facts = facts(&assessed(None, "2026-11-09", vec![small, gap]));
    assert_eq!((facts.exposure.open_gaps, facts.exposure.priced_gaps), (2, 0));
    let action = facts.action.unwrap();
    assert_eq!((action.rule, action.gap.as_deref()), (5, Some("g1")));
    assert_eq!(
        action.text,
        "Put a number on price lists by Friday 27 November: what a normal week costs."
    );
}

/// The public data holds 3.1e12 minor units a year; nothing may wrap, panic or lose its order.
#[test]
fn huge_amounts_stand_at_the_limit_instead_of_wrapping() {
    let with = |likely: i64, id: &str| -> Gap {
        let mut gap = unpriced_gap(id, day("1948-01-05"));
        price(&mut gap, ExposureKind::Leakage, [likely / 2, likely, likely], day("1948-01-05"));
        gap
    };
    let year = 3_100_000_000_000;
    let federal = facts(&assessed(None, "2026-11-02", vec![with(year, "g1"), with(year, "g2")]));
    assert_eq!(federal.exposure.likely, 2 * year);
    assert_eq!(printed(federal.exposure.likely, "USD"), "$62bn");
    let mut closed = with(i64::MAX, "g3");
    set_status(&mut closed, "closed", day("2026-11-16"));
    let mut snapshot = assessed(
        Some(day("2026-01-05")),
        "2026-11-02",
        vec![with(i64::MAX, "g1"), with(i64::MAX, "g2"), closed],
    );
    snapshot.implementations[0].benefit_per_week = Some(i64::MAX);
    let most = facts(&snapshot);
    assert_eq!((most.exposure.likely, most.exposure.cost_so_far), (i64::MAX, i64::MAX));
    assert_eq!(most.exposure.protected_per_week, i64::MAX);
    assert!(most.exposure.low <= most.exposure.likely);
}

#[test]
fn a_closure_protects_for_52_weeks_and_not_after_a_reopening() {
    let mut gap = priced_gap("g1", day("2025-01-06"));
    set_status(&mut gap, "closed", day("2025-11-25"));
    let mut snapshot = assessed(None, "2026-11-02", vec![gap]);
    // 363 days, then 364.
    assert_eq!(facts(&snapshot).exposure.protected_per_week, 100_000);
    let last = model::facts(&snapshot, day("2026-11-24")).exposure;
    assert_eq!((last.protected_per_week, last.protected_to_date), (0, 5_200_000));
    push(&mut snapshot.gaps[0], EventKind::Reopened, None, Some("open"), day("2026-11-20"));
    set_status(&mut snapshot.gaps[0], "closed", day("2026-11-22"));
    let again = facts(&snapshot).exposure;
    assert_eq!((again.protected_per_week, again.protected_to_date), (100_000, 14_286));
}

#[test]
fn a_group_that_closes_one_by_one_protects_its_largest_figure_and_no_more() {
    let member = |id: &str, likely: i64, closed: Option<&str>| {
        let mut gap = unpriced_gap(id, day("2026-09-07"));
        price(&mut gap, ExposureKind::Error, [likely; 3], day("2026-09-07"));
        gap.exposure_group = Some("billing run".to_owned());
        if let Some(on) = closed {
            set_status(&mut gap, "closed", day(on));
        }
        gap
    };
    let protected = |a, b| {
        let gaps = vec![member("g1", 140_000, a), member("g2", 210_000, b)];
        let exposure = facts(&assessed(None, "2026-11-02", gaps)).exposure;
        (exposure.likely, exposure.protected_per_week)
    };
    assert_eq!(protected(None, None), (210_000, 0));
    assert_eq!(protected(Some("2026-11-02"), None), (210_000, 0));
    assert_eq!(protected(None, Some("2026-11-02")), (140_000, 70_000));
    assert_eq!(protected(Some("2026-11-02"), Some("2026-11-09")), (0, 210_000));
    assert_eq!(protected(Some("2026-11-09"), Some("2026-11-02")), (0, 210_000));
    assert_eq!(protected(Some("2026-11-09"), Some("2026-11-09")), (0, 210_000));
}

#[test]
fn an_estimate_is_a_change_from_10_percent_and_10_000_minor_units_on() {
    let changed = |before: i64, after: i64| {
        let mut gap = unpriced_gap("g1", day("2026-09-07"));
        price(&mut gap, ExposureKind::Leakage, [before; 3], day("2026-09-07"));
        price(&mut gap, ExposureKind::Leakage, [after; 3], day("2026-11-18"));
        let facts = facts(&assessed(None, "2026-11-02", vec![gap]));
        facts.changes.iter().any(|c| c.kind == "exposure")
    };
    assert!(changed(100_000, 110_000) && changed(100_000, 90_000));
    assert!(!changed(100_000, 109_999), "below 10,000 minor units");
    assert!(!changed(200_000, 219_999), "below 10 percent");
    assert!(changed(0, 10_000) && !changed(0, 9_999));
    assert!(today() > day("2026-11-18"));
}

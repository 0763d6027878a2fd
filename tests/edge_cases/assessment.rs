//! What has been looked at, and what has not.

use back_office_brief::domain::codes::{Area, Category, ExposureKind, Verdict};
use back_office_brief::domain::history::add_days;

use crate::model::{self, day, look, price, set_status};
use crate::{assessed, facts, priced_gap, today};

#[test]
fn no_gaps_and_never_assessed_scores_0_and_asks_for_the_first_look() {
    let erp = model::implementation("erp", &[(Area::Close, 2), (Area::Billing, 5)], None);
    let facts = facts(&model::snapshot(vec![erp], Vec::new()));
    let told = &facts.implementations[0];
    assert_eq!((told.score_milli, told.verdict), (0, Verdict::NotAssessed));
    assert_eq!((facts.exposure.open_gaps, facts.exposure.likely), (0, 0));
    let action = facts.action.unwrap();
    assert_eq!(action.text, "Look at billing by Friday 27 November.");
}

#[test]
fn an_organization_of_which_nothing_is_known_is_asked_for_its_first_assessment() {
    let facts = facts(&model::snapshot(Vec::new(), Vec::new()));
    assert_eq!(facts.implementations[0].slug, "back-office");
    assert_eq!(facts.implementations[0].verdict, Verdict::NotAssessed);
    let action = facts.action.unwrap();
    assert_eq!(action.text, "Hold the first assessment by Friday 27 November.");
}

#[test]
fn no_gaps_but_assessed_scores_its_coverage() {
    let erp = model::implementation("erp", &[(Area::Billing, 1)], None);
    let mut snapshot = model::snapshot(vec![erp], Vec::new());
    look(&mut snapshot, Area::Billing, &Category::ALL[..3], day("2026-11-02"));
    let told = &facts(&snapshot).implementations[0];
    assert_eq!((told.coverage_bp, told.score_milli), (6_000, 60_000));
    assert_eq!(told.load_milli, 0);
}

#[test]
fn everything_closed_is_100_only_while_the_looks_are_fresh() {
    let closed = || {
        let mut gap = priced_gap("g1", day("2026-09-07"));
        set_status(&mut gap, "closed", day("2026-11-18"));
        vec![gap]
    };
    let fresh = facts(&assessed(None, "2026-10-26", closed()));
    assert_eq!(fresh.implementations[0].score_milli, 100_000);
    assert_eq!(fresh.implementations[0].verdict, Verdict::ReadyNow);
    assert!(fresh.gaps.is_empty());
    assert_eq!(fresh.exposure.protected_per_week, 100_000);
    let action = fresh.action.unwrap();
    assert_eq!((action.rule, action.gap), (7, None));
    assert_eq!(action.text, "Look at billing again by 21 December.");
    let stale = facts(&assessed(None, "2026-09-07", closed()));
    assert_eq!(stale.implementations[0].score_milli, 90_000);
}

#[test]
fn an_assessment_that_went_stale_lowers_the_score_by_itself_and_names_the_oldest_area() {
    let erp = model::implementation("erp", &[(Area::Billing, 1), (Area::Close, 1)], None);
    let mut snapshot = model::snapshot(vec![erp], Vec::new());
    look(&mut snapshot, Area::Billing, Category::ALL, day("2026-09-28"));
    look(&mut snapshot, Area::Close, Category::ALL, day("2026-11-02"));
    // 56 days after 28 September is 23 November: the last fresh day.
    assert_eq!(facts(&snapshot).implementations[0].score_milli, 100_000);
    let next_day = model::facts(&snapshot, day("2026-11-24"));
    assert_eq!(next_day.implementations[0].score_milli, 95_000);
    let action = model::facts(&snapshot, day("2026-11-30")).action.unwrap();
    assert_eq!(action.text, "Look at billing again by Friday 4 December.");
}

#[test]
fn an_area_added_to_the_scope_unseen_limits_what_closing_can_reach() {
    let mut snapshot =
        assessed(Some(day("2027-02-01")), "2026-11-02", vec![priced_gap("g1", day("2026-09-07"))]);
    snapshot.implementations[0].areas.push((Area::Payroll, 1));
    let told = &facts(&snapshot).implementations[0];
    assert_eq!(told.score_if_all_closed_milli, 50_000);
    assert_eq!((told.allowed_milli, told.path_to_target.clone()), (None, None));
    // Half of the scope was never looked at, so that there is no baseline either.
    assert_eq!(told.verdict, Verdict::NotAssessed);
    snapshot.implementations[0].areas = vec![(Area::Billing, 9), (Area::Payroll, 2)];
    let told = &facts(&snapshot).implementations[0];
    assert_eq!(told.verdict, Verdict::AssessmentLimits);
}

/// The first gap in an area that was looked at must not make the average better.
#[test]
fn a_scope_taken_from_the_gaps_holds_the_areas_looked_at() {
    let mut gap = priced_gap("g1", day("2026-11-16"));
    price(&mut gap, ExposureKind::Unpriced, [0; 3], day("2026-11-16"));
    let erp = model::implementation("erp", &[], None);
    let mut snapshot = model::snapshot(vec![erp], vec![gap]);
    for area in [Area::Billing, Area::Close] {
        look(&mut snapshot, area, Category::ALL, day("2026-11-02"));
    }
    let before = facts(&snapshot).implementations[0].score_milli;
    assert_eq!(before, 83_333);
    let mut small = model::gap("g2", Area::Close, Category::NoSource, day("2026-11-16"));
    model::push(
        &mut small,
        back_office_brief::domain::codes::EventKind::Severity,
        None,
        Some("1"),
        day("2026-11-16"),
    );
    snapshot.gaps.push(small);
    assert!(facts(&snapshot).implementations[0].score_milli < before);
}

#[test]
fn the_baseline_may_lie_before_the_weeks_that_are_shown() {
    let mut gap = priced_gap("g1", day("2026-06-01"));
    price(&mut gap, ExposureKind::Leakage, [0, 1, 2], day("2026-06-01"));
    let mut snapshot = assessed(Some(day("2027-02-01")), "2026-06-01", vec![gap]);
    let told = &facts(&snapshot).implementations[0];
    // 175 days old: half of the coverage is gone, but the baseline was reached in June.
    assert_eq!((told.coverage_bp, told.points_used, told.points.len()), (5_000, 8, 8));
    snapshot.looks.clear();
    assert_eq!(facts(&snapshot).implementations[0].points_used, 0);
    assert!(snapshot.gaps[0].opened_on < add_days(today(), -7 * 8));
}

//! Go-live: none, ahead, moved, today and passed.

use back_office_brief::domain::brief::compose_leader;
use back_office_brief::domain::codes::{Area, EventKind, Verdict};
use back_office_brief::domain::history::add_days;
use back_office_brief::domain::snapshot::{ImplementationEvent, Snapshot};
use jiff::civil::Date;

use crate::model::{self, at, day, push, set_status};
use crate::{assessed, facts, priced_gap, today};

/// Six gaps closed one a week until today, two still open: the load falls evenly.
fn falling(go_live_on: Option<Date>) -> Snapshot {
    let gaps = (0..8).map(|n| {
        let mut gap = priced_gap(&format!("g{n}"), day("2026-09-21"));
        push(&mut gap, EventKind::Evidence, None, None, day("2026-11-16"));
        if n < 6 {
            set_status(&mut gap, "closed", add_days(today(), -7 * n));
        }
        gap
    });
    assessed(go_live_on, "2026-11-02", gaps.collect())
}

#[test]
fn without_a_go_live_date_the_ready_date_stands_alone() {
    let told = &facts(&falling(None)).implementations[0];
    assert_eq!(told.verdict, Verdict::NoGoLive);
    assert!(told.ready_on.is_some());
    assert_eq!((told.weeks_left, told.weeks_late, told.weeks_early), (None, None, None));
    assert_eq!((told.required_milli_per_week, told.delay_cost), (None, None));
}

#[test]
fn a_history_below_four_points_states_the_pace_needed_and_the_wait() {
    let mut snapshot =
        assessed(Some(day("2027-02-01")), "2026-11-09", vec![priced_gap("g1", day("2026-11-09"))]);
    let told = &facts(&snapshot).implementations[0];
    assert_eq!((told.verdict, told.points_used), (Verdict::TooEarly, 3));
    assert_eq!(told.weeks_until_forecast, Some(1));
    assert_eq!((told.weeks_left, told.ready_on), (Some(10), None));
    assert!(told.required_milli_per_week.unwrap() > 0);
    // With a fourth point there is a verdict.
    snapshot.looks.iter_mut().for_each(|look| look.held_on = day("2026-11-02"));
    assert_eq!(facts(&snapshot).implementations[0].verdict, Verdict::NoDate);
}

#[test]
fn a_go_live_that_passed_has_no_forecast_but_its_cost_since() {
    let mut snapshot = falling(Some(day("2026-11-02")));
    snapshot.implementations[0].benefit_per_week = Some(1_000_000);
    let facts = facts(&snapshot);
    let told = &facts.implementations[0];
    assert_eq!((told.verdict, told.weeks_since_go_live), (Verdict::Live, Some(3)));
    assert_eq!((told.ready_on, told.weeks_left, told.weeks_late), (None, None, None));
    assert_eq!(told.delay_cost, None);
    // Closed on 2, 9, 16 and 23 November: 0, 1, 2 and 3 weeks; two gaps leak all 3.
    assert_eq!(facts.exposure.cost_since_go_live, Some(1_200_000));
    assert!(facts.exposure.cost_so_far > 1_200_000);
}

#[test]
fn only_what_counts_in_a_platform_went_live_with_it() {
    let mut snapshot = falling(Some(day("2026-11-02")));
    let mut elsewhere = priced_gap("elsewhere", day("2026-09-21"));
    elsewhere.area = Area::Payroll;
    let mut other = priced_gap("other", day("2026-09-21"));
    other.implementation_id = Some("row-other".to_owned());
    snapshot.gaps.extend([elsewhere, other, priced_gap("later", day("2026-11-09"))]);
    let older = model::implementation("other", &[(Area::Billing, 1)], Some(day("2026-01-05")));
    snapshot.implementations.push(older);
    let told = facts(&snapshot);
    let in_scope = told.implementations[0].in_scope.as_deref().unwrap();
    assert_eq!((told.implementations[0].slug.as_str(), in_scope.len()), ("erp", 3));
    // Two of billing that are still open; payroll, the other platform's and the later one are not its.
    let text = compose_leader(&told).verdict.text;
    let words = "Two gaps went live with the platform and are still open.";
    assert!(text.contains(words), "{text}");
}

#[test]
fn go_live_today_is_live_for_0_weeks() {
    let facts = facts(&falling(Some(today())));
    let told = &facts.implementations[0];
    assert_eq!((told.verdict, told.weeks_since_go_live), (Verdict::Live, Some(0)));
    assert_eq!(facts.exposure.cost_since_go_live, Some(0));
}

#[test]
fn go_live_tomorrow_is_not_live_yet() {
    let told = &facts(&falling(Some(add_days(today(), 1)))).implementations[0];
    assert_ne!(told.verdict, Verdict::Live);
    assert_eq!(told.weeks_left, Some(0));
}

#[test]
fn a_moved_go_live_is_the_first_change_and_the_forecast_is_against_the_new_date() {
    let mut snapshot = falling(Some(day("2027-03-01")));
    let set = |to: &str, from: Option<&str>, on: &str| ImplementationEvent {
        field: "go_live_on".to_owned(),
        from: from.map(str::to_owned),
        to: Some(to.to_owned()),
        effective_on: day(on),
        recorded_at: at(day(on), 5),
    };
    snapshot.implementations[0].events = vec![
        set("2027-03-01", Some("2027-02-01"), "2026-11-19"),
        set("2027-02-01", None, "2026-09-01"),
    ];
    let facts = facts(&snapshot);
    assert_eq!(facts.implementations[0].weeks_left, Some(14));
    let first = &facts.changes[0];
    assert_eq!((first.kind.as_str(), first.gap.as_str()), ("go_live_on", "erp"));
    assert_eq!(first.from.as_deref(), Some("2027-02-01"));
    assert_eq!(first.to.as_deref(), Some("2027-03-01"));
    // Moved there and back in one week is no change.
    let back = ImplementationEvent {
        recorded_at: at(day("2026-11-20"), 5),
        ..set("2027-02-01", None, "2026-11-20")
    };
    snapshot.implementations[0].events.push(back);
    let moved = crate::facts(&snapshot);
    assert!(moved.changes.iter().all(|c| c.kind != "go_live_on"));
}

#[test]
fn the_date_that_is_first_set_with_the_implementation_is_not_a_move() {
    let mut snapshot = falling(Some(day("2027-02-01")));
    snapshot.implementations[0].events = vec![ImplementationEvent {
        field: "go_live_on".to_owned(),
        from: None,
        to: Some("2027-02-01".to_owned()),
        effective_on: day("2026-11-19"),
        recorded_at: at(day("2026-11-19"), 5),
    }];
    assert!(facts(&snapshot).changes.iter().all(|c| c.kind != "go_live_on"));
}

#[test]
fn being_late_costs_the_benefit_of_each_week() {
    let mut snapshot = falling(Some(day("2026-11-25")));
    snapshot.implementations[0].benefit_per_week = Some(1_250_000);
    let told = &facts(&snapshot).implementations[0];
    assert_eq!(told.verdict, Verdict::Late);
    let weeks = told.weeks_late.unwrap();
    assert_eq!(told.delay_cost, Some(1_250_000 * weeks));
    // Never part of what gaps cost.
    assert_eq!(facts(&snapshot).exposure.likely, 200_000);
}

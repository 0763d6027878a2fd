//! When a gap, or a whole implementation, is said to be stuck.

use back_office_brief::domain::codes::EventKind;
use back_office_brief::domain::snapshot::Gap;

use crate::model::{self, day, push, set_status};
use crate::{assessed, facts, priced_gap, today};

fn reasons(gap: Gap) -> Vec<String> {
    facts(&assessed(None, "2026-11-02", vec![gap])).gaps[0].stall_reasons.clone()
}

/// A gap that moved last week, so that only what a test adds can stall it.
fn moving(opened: &str) -> Gap {
    let mut gap = priced_gap("g1", day(opened));
    push(&mut gap, EventKind::Evidence, None, None, day("2026-11-18"));
    gap
}

#[test]
fn no_movement_is_a_stall_after_21_days() {
    let idle = |since: &str| reasons(priced_gap("g1", day(since)));
    assert!(idle("2026-11-03").is_empty());
    assert_eq!(idle("2026-11-02"), ["no_movement_3w"]);
    assert_eq!(idle("2026-10-20"), ["no_movement_4w"]);
}

#[test]
fn no_owner_is_a_stall_after_7_days_from_opening_recording_or_losing_one() {
    let unowned = |opened: &str, recorded: &str| {
        let mut gap = model::gap(
            "g1",
            back_office_brief::domain::codes::Area::Billing,
            back_office_brief::domain::codes::Category::NoSource,
            day(recorded),
        );
        gap.opened_on = day(opened);
        push(&mut gap, EventKind::Evidence, None, None, day("2026-11-18"));
        reasons(gap)
    };
    assert!(unowned("2026-11-17", "2026-11-17").is_empty());
    assert_eq!(unowned("2026-11-16", "2026-11-16"), ["no_owner"]);
    assert!(unowned("2026-09-07", "2026-11-17").is_empty());
    let lost = |on: &str| {
        let mut gap = moving("2026-09-07");
        push(&mut gap, EventKind::Owner, Some("R. Roe"), None, day(on));
        reasons(gap)
    };
    assert!(lost("2026-11-17").is_empty());
    assert_eq!(lost("2026-11-16"), ["no_owner"]);
}

#[test]
fn seven_days_past_due_is_a_stall() {
    let due = |on: &str| {
        let mut gap = moving("2026-09-07");
        push(&mut gap, EventKind::DueOn, None, Some(on), day("2026-09-07"));
        reasons(gap)
    };
    assert!(due("2026-11-17").is_empty());
    assert_eq!(due("2026-11-16"), ["overdue_7d"]);
}

#[test]
fn a_due_date_moved_later_three_times_is_sliding_and_moving_it_earlier_is_not() {
    let moved = |dates: &[&str]| {
        let mut gap = moving("2026-09-07");
        for due in dates {
            push(&mut gap, EventKind::DueOn, None, Some(due), day("2026-11-10"));
        }
        reasons(gap)
    };
    assert!(moved(&["2027-01-01", "2027-01-08", "2027-01-15"]).is_empty());
    assert_eq!(moved(&["2027-01-01", "2027-01-08", "2027-01-15", "2027-01-22"]), ["sliding"]);
    assert!(moved(&["2027-01-22", "2027-01-15", "2027-01-08", "2027-01-01"]).is_empty());
}

#[test]
fn fourteen_days_in_verification_is_a_stall_and_acceptance_is_none() {
    let verifying = |on: &str| {
        let mut gap = moving("2026-09-07");
        set_status(&mut gap, "verifying", day(on));
        reasons(gap)
    };
    assert!(verifying("2026-11-10").is_empty());
    assert_eq!(verifying("2026-11-09"), ["unverified"]);
    let mut accepted = priced_gap("g1", day("2026-01-05"));
    set_status(&mut accepted, "accepted:2027-01-31", day("2026-10-05"));
    assert!(reasons(accepted).is_empty());
}

#[test]
fn an_implementation_is_stalled_when_nothing_moved_forward_for_21_days() {
    let stalled =
        |gap: Gap| facts(&assessed(None, "2026-11-20", vec![gap])).implementations[0].stalled;
    assert!(stalled(priced_gap("g1", day("2026-11-02"))));
    assert!(!stalled(priced_gap("g1", day("2026-11-03"))), "nothing had the time to move");
    let mut forward = priced_gap("g1", day("2026-09-07"));
    set_status(&mut forward, "in_progress", day("2026-11-03"));
    assert!(!stalled(forward));
    let mut back = priced_gap("g1", day("2026-09-07"));
    set_status(&mut back, "verifying", day("2026-10-12"));
    set_status(&mut back, "in_progress", day("2026-11-18"));
    assert!(stalled(back), "backwards is not forward");
}

#[test]
fn an_implementation_is_stalled_when_the_load_does_not_fall_over_4_points() {
    // Looked at 4 weeks ago, so that there are exactly 4 points or more; the gap stays as it is.
    let mut gap = priced_gap("g1", day("2026-09-07"));
    set_status(&mut gap, "in_progress", day("2026-11-20"));
    let mut other = priced_gap("g2", day("2026-11-16"));
    other.area = gap.area;
    let snapshot = assessed(None, "2026-10-26", vec![gap, other]);
    let told = &facts(&snapshot).implementations[0];
    assert_eq!(told.points_used, 5);
    assert!(told.stalled, "a new gap keeps the load up although one moved");
    let mut closed = snapshot.clone();
    for gap in &mut closed.gaps {
        set_status(gap, "closed", today());
    }
    assert!(!facts(&closed).implementations[0].stalled, "nothing is open");
}

//! Back-dated edits, reopenings, acceptances and withdrawals.

use back_office_brief::domain::brief::change_in_words;
use back_office_brief::domain::codes::{EventKind, ExposureKind, GapStatus};
use back_office_brief::domain::facts::Facts;
use back_office_brief::domain::snapshot::{Gap, Snapshot};

use crate::model::{self, at, day, price, push, set_status};
use crate::{assessed, facts, priced_gap};

fn one(gap: Gap) -> Snapshot {
    assessed(None, "2026-09-07", vec![gap])
}

fn score_on(snapshot: &Snapshot, on: &str) -> i64 {
    model::facts(snapshot, day(on)).implementations[0].score_milli
}

fn kinds(facts: &Facts) -> Vec<(&str, bool)> {
    facts.changes.iter().map(|c| (c.kind.as_str(), c.backdated)).collect()
}

#[test]
fn a_back_dated_edit_is_told_once_marked_and_restates_the_past() {
    let mut gap = priced_gap("g1", day("2026-09-07"));
    set_status(&mut gap, "closed", day("2026-10-05"));
    gap.events.last_mut().unwrap().recorded_at = at(day("2026-11-18"), 9);
    let snapshot = one(gap);
    assert_eq!(kinds(&facts(&snapshot)), [("status", true)]);
    let next_week = model::facts(&snapshot, day("2026-11-30"));
    assert!(next_week.changes.is_empty());
    // Closed since October by what is known now: the weeks before are told anew.
    let points = &facts(&snapshot).implementations[0].points;
    assert_eq!(points.len(), 8);
    assert!(points.iter().all(|p| p.load_milli == 0));
    assert_eq!(facts(&snapshot).exposure.cost_so_far, 400_000);
}

#[test]
fn what_was_mailed_is_kept_beside_what_is_known_now() {
    let mut named = priced_gap("old", day("2026-11-20"));
    named.existed_since = Some(day("2026-09-07"));
    let mut snapshot = one(named);
    let id = snapshot.implementations[0].id.clone();
    snapshot.reported.insert((id, day("2026-11-16")), 90_000);
    let facts = facts(&snapshot);
    let restated = facts.week.restated.unwrap();
    assert_eq!((restated.reported_printed, restated.restated_printed), (90, 60));
    assert_eq!(restated.old_gaps_named, 1);
    let last_week = &facts.implementations[0].points[6];
    assert_eq!((last_week.reported_milli, last_week.score_milli), (Some(90_000), 60_000));
    assert_eq!(facts.gaps[0].idle_weeks, 0, "nobody can move what nobody has named");
}

#[test]
fn what_was_mailed_is_compared_on_the_day_of_the_brief_before_it() {
    for before in ["2026-11-09", "2026-11-13", "2026-11-19"] {
        let mut named = priced_gap("old", day("2026-11-20"));
        named.existed_since = Some(day("2026-09-07"));
        let mut snapshot = one(named);
        let id = snapshot.implementations[0].id.clone();
        snapshot.previous_cut_off = Some(at(day(before), 6));
        // The cut-off moved, or a brief was missed: no other day counts.
        snapshot.reported.insert((id.clone(), day(before)), 90_000);
        snapshot.reported.insert((id, day("2026-11-16")), 10_000);
        let restated = facts(&snapshot).week.restated.unwrap();
        assert_eq!((restated.reported_printed, restated.restated_printed), (90, 60), "{before}");
        assert_eq!(restated.old_gaps_named, 1);
    }
}

#[test]
fn an_edit_dated_tomorrow_does_not_change_today() {
    let mut gap = priced_gap("g1", day("2026-11-02"));
    set_status(&mut gap, "closed", day("2026-11-24"));
    gap.events.last_mut().unwrap().recorded_at = at(day("2026-11-23"), 5);
    let snapshot = one(gap);
    assert_eq!(facts(&snapshot).exposure.open_gaps, 1);
    assert_eq!(model::facts(&snapshot, day("2026-11-24")).exposure.open_gaps, 0);
}

#[test]
fn an_estimate_that_takes_effect_the_day_after_the_cut_off_is_told_once() {
    let mut gap = priced_gap("g1", day("2026-09-07"));
    price(&mut gap, ExposureKind::Leakage, [250_000; 3], day("2026-11-24"));
    gap.exposures[1].recorded_at = at(day("2026-11-23"), 5);
    let snapshot = one(gap);
    let told = facts(&snapshot);
    let [change] = &told.changes[..] else { panic!("{:?}", told.changes) };
    assert_eq!((change.kind.as_str(), change.backdated), ("exposure", false));
    assert_eq!((change.from.as_deref(), change.to.as_deref()), (Some("100000"), Some("250000")));
    assert_eq!(change.likely_per_week, Some(250_000));
    assert_eq!(told.exposure.likely, 100_000, "it does not cost that yet");
    let next = model::facts(&snapshot, day("2026-11-30"));
    assert!(next.changes.is_empty(), "{:?}", next.changes);
    assert_eq!(next.exposure.likely, 250_000);
}

#[test]
fn closed_and_reopened_in_one_week_is_told_as_reopened_and_claims_nothing() {
    let mut gap = priced_gap("g1", day("2026-09-07"));
    set_status(&mut gap, "closed", day("2026-11-17"));
    push(&mut gap, EventKind::Reopened, Some("closed"), Some("open"), day("2026-11-20"));
    let facts = facts(&one(gap));
    assert_eq!(kinds(&facts), [("reopened", false)]);
    assert_eq!((facts.exposure.protected_per_week, facts.exposure.protected_to_date), (0, 0));
    // 5 points at 11 weeks idle (x2) and one reopening (x1.25): closing kept the clock.
    assert_eq!((facts.gaps[0].points_milli, facts.gaps[0].idle_weeks), (12_500, 11));
}

#[test]
fn reopened_and_closed_again_in_one_week_is_told_as_reopened_with_where_it_stands() {
    let mut gap = priced_gap("g1", day("2026-09-07"));
    set_status(&mut gap, "closed", day("2026-10-05"));
    push(&mut gap, EventKind::Reopened, Some("closed"), Some("open"), day("2026-11-17"));
    for (status, words) in [("closed", "closed again: "), ("withdrawn", "withdrawn: ")] {
        let mut gap = gap.clone();
        set_status(&mut gap, status, day("2026-11-20"));
        // Its figure is the smaller one of a group, of which closing it protects nothing.
        gap.exposure_group = Some("one run".to_owned());
        let mut other = priced_gap("g2", day("2026-09-07"));
        other.exposures[0].per_week.likely = 150_000;
        other.exposure_group.clone_from(&gap.exposure_group);
        let mut snapshot = one(gap);
        snapshot.gaps.push(other);
        let facts = facts(&snapshot);
        let [change] = &facts.changes[..] else { panic!("{:?}", facts.changes) };
        assert_eq!((change.kind.as_str(), change.to.as_deref()), ("reopened", Some(status)));
        assert_eq!(change.from.as_deref(), Some("closed"));
        assert!(!change.is_open_again());
        assert_eq!(change.likely_per_week, Some(100_000), "the gap's figure, not a protection");
        let line = change_in_words(&facts, change);
        assert!(format!("{}: ", line.lead).ends_with(words), "{line:?}");
        assert!(!line.rest.contains("a week"), "{line:?}");
    }
}

#[test]
fn an_acceptance_counts_half_until_its_end_and_reads_as_open_after_it() {
    let mut gap = priced_gap("g1", day("2026-09-07"));
    set_status(&mut gap, "accepted:2026-11-23", day("2026-11-09"));
    let snapshot = one(gap);
    let last_day = facts(&snapshot);
    assert_eq!(last_day.gaps[0].status, GapStatus::Accepted);
    assert_eq!(last_day.gaps[0].points_milli, 2_500);
    assert!(last_day.gaps[0].stall_reasons.is_empty());
    assert_eq!(last_day.exposure.likely, 100_000, "an accepted risk still costs");
    assert_eq!(last_day.exposure.protected_per_week, 0);
    let expired = model::facts(&snapshot, day("2026-11-30"));
    assert_eq!(expired.gaps[0].status, GapStatus::Open);
    assert_eq!(expired.gaps[0].points_milli, 6_250);
    assert_eq!(expired.gaps[0].stall_reasons, ["no_movement_3w"]);
}

#[test]
fn an_acceptance_without_an_end_or_with_a_far_one_lasts_180_days() {
    for words in ["accepted", "accepted:2099-01-01", "accepted:soon"] {
        let mut gap = priced_gap("g1", day("2026-01-05"));
        set_status(&mut gap, words, day("2026-06-01"));
        let snapshot = one(gap);
        let status = |on| model::facts(&snapshot, day(on)).gaps[0].status;
        assert_eq!(status("2026-11-28"), GapStatus::Accepted, "{words}");
        assert_eq!(status("2026-11-29"), GapStatus::Open, "{words}");
    }
}

#[test]
fn a_withdrawal_counts_in_full_until_somebody_else_signs_it() {
    let mut gap = priced_gap("g1", day("2026-11-02"));
    set_status(&mut gap, "withdrawn", day("2026-11-16"));
    let mut snapshot = one(gap);
    let unsigned = facts(&snapshot);
    assert_eq!(unsigned.gaps[0].status, GapStatus::Withdrawn);
    assert_eq!((unsigned.gaps[0].rank, unsigned.gaps[0].points_milli), (None, 6_250));
    assert_eq!((unsigned.exposure.open_gaps, unsigned.exposure.protected_per_week), (0, 0));
    // It waits for a signature, not for a closing.
    assert_eq!(unsigned.implementations[0].path_to_target, None);
    // The person who withdrew it may not sign.
    push(&mut snapshot.gaps[0], EventKind::WithdrawConfirmed, None, None, day("2026-11-17"));
    assert_eq!(facts(&snapshot).gaps.len(), 1);
    snapshot.gaps[0].events.last_mut().unwrap().actor = Some("somebody else".to_owned());
    let signed = facts(&snapshot);
    assert!(signed.gaps.is_empty());
    assert!(signed.implementations[0].points.iter().all(|p| p.load_milli == 0));
    assert_eq!(signed.exposure.cost_so_far, 0);
}

#[test]
fn withdrawing_does_not_stop_the_idle_clock_and_taking_it_back_neither() {
    let mut gap = priced_gap("g1", day("2026-09-07"));
    set_status(&mut gap, "withdrawn", day("2026-11-16"));
    set_status(&mut gap, "open", day("2026-11-18"));
    let facts = facts(&one(gap));
    assert_eq!(facts.gaps[0].idle_weeks, 11);
    assert_eq!(facts.gaps[0].points_milli, 10_000, "no reopening either");
}

#[test]
fn withdrawing_what_is_closed_is_no_reopening_but_opening_it_then_is() {
    let mut gap = priced_gap("g1", day("2026-11-02"));
    set_status(&mut gap, "closed", day("2026-11-09"));
    set_status(&mut gap, "withdrawn", day("2026-11-18"));
    let mut snapshot = one(gap);
    assert_eq!(kinds(&facts(&snapshot)), [("status", false)]);
    set_status(&mut snapshot.gaps[0], "open", day("2026-11-19"));
    assert_eq!(kinds(&facts(&snapshot)), [("reopened", false)]);
    // Whatever the record calls it: a closed gap that is withdrawn is not taken up again.
    snapshot.gaps[0].events.pop();
    snapshot.gaps[0].events.last_mut().unwrap().kind = EventKind::Reopened;
    assert_eq!(kinds(&facts(&snapshot)), [("status", false)]);
}

#[test]
fn moving_the_due_date_notes_and_confirmations_are_not_movement() {
    let mut gap = priced_gap("g1", day("2026-09-07"));
    push(&mut gap, EventKind::DueOn, None, Some("2027-01-31"), day("2026-11-16"));
    push(&mut gap, EventKind::Note, None, None, day("2026-11-17"));
    push(&mut gap, EventKind::Confirmed, None, None, day("2026-11-18"));
    push(&mut gap, EventKind::NextStep, None, Some("Ask"), day("2026-11-19"));
    let mut snapshot = one(gap);
    let told = facts(&snapshot);
    assert_eq!(told.gaps[0].idle_weeks, 11);
    assert!(told.gaps[0].idle_is_known);
    let moves = [
        (EventKind::Evidence, None),
        (EventKind::Owner, Some("P. Osei")),
        (EventKind::Severity, Some("2")),
        (EventKind::Status, Some("in_progress")),
    ];
    for (kind, to) in moves {
        let before = snapshot.gaps[0].events.len();
        push(&mut snapshot.gaps[0], kind, None, to, day("2026-11-16"));
        assert_eq!(facts(&snapshot).gaps[0].idle_weeks, 1, "{kind}");
        snapshot.gaps[0].events.truncate(before);
    }
}

#[test]
fn not_updated_is_not_the_same_as_not_moved() {
    let mut snapshot = one(priced_gap("g1", day("2026-09-07")));
    assert!(!facts(&snapshot).gaps[0].idle_is_known);
    push(&mut snapshot.gaps[0], EventKind::Confirmed, None, None, day("2026-11-09"));
    assert!(facts(&snapshot).gaps[0].idle_is_known, "14 days ago");
    assert!(!model::facts(&snapshot, day("2026-11-24")).gaps[0].idle_is_known);
    // Another gap's estimate is news of the organization too.
    let mut other = priced_gap("g2", day("2026-09-07"));
    other.exposures[0].recorded_at = at(day("2026-11-20"), 5);
    snapshot.gaps.push(other);
    assert!(model::facts(&snapshot, day("2026-11-24")).gaps.iter().all(|g| g.idle_is_known));
}

#[test]
fn a_gap_counts_in_the_trend_from_when_it_existed() {
    let mut gap = priced_gap("g1", day("2026-11-20"));
    let mut snapshot = one(gap.clone());
    assert_eq!(score_on(&snapshot, "2026-11-16"), 80_000 + 10_000);
    gap.existed_since = Some(day("2026-11-10"));
    snapshot.gaps = vec![gap];
    assert_eq!(score_on(&snapshot, "2026-11-16"), 60_000);
    let points = &facts(&snapshot).implementations[0].points;
    assert!(points[5].load_milli == 0 && points[6].load_milli == 5_000);
}

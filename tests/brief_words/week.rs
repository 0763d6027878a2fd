//! What happened in the window, and how the subject tells it (MODEL 4.5, 4.6 and 6.5).

use back_office_brief::domain::brief::limits;
use back_office_brief::domain::codes::Verdict;
use back_office_brief::domain::facts::RestatedFacts;

use crate::fixture::{change, day, gap, northfield, quiet};
use crate::read::{said, without};

#[test]
fn several_implementations_are_told_one_in_full_and_the_others_in_a_line() {
    let mut facts = northfield();
    for (slug, name) in
        [("a", "Billing switch"), ("b", "Payroll in Manila"), ("c", "AI intake"), ("d", "Treasury")]
    {
        let mut other = facts.implementations[0].clone();
        (other.slug, other.name) = (slug.to_owned(), name.to_owned());
        (other.score_printed, other.change_points, other.weeks_late) = (74, Some(1), Some(1));
        facts.implementations.push(other);
    }
    said(
        &facts,
        limits::FULL,
        &["- Billing switch: 74 of 100, up 1. 1 week late at this pace.", "- and 1 more"],
    );
    let other = &mut facts.implementations[1];
    (other.verdict, other.go_live_on, other.weeks_late) = (Verdict::NoGoLive, None, None);
    said(&facts, limits::FULL, &["- Billing switch: 74 of 100, up 1. Ready 31 May at this pace."]);
}

#[test]
fn a_restated_week_is_explained_in_one_line() {
    let mut facts = northfield();
    facts.week.restated =
        Some(RestatedFacts { reported_printed: 64, restated_printed: 61, old_gaps_named: 1 });
    said(&facts, limits::FULL, &["Last week's 64 is now 61: one old gap was named."]);
    // Naming a gap never raises.
    facts.week.restated =
        Some(RestatedFacts { reported_printed: 64, restated_printed: 67, old_gaps_named: 1 });
    said(
        &facts,
        limits::FULL,
        &["Last week's 64 is now 67: changes up to that day were recorded since."],
    );
    // The brief before was no week ago: the cut-off moved.
    facts.edition.window_from = "2026-11-19T12:00:00Z".parse().unwrap();
    said(
        &facts,
        limits::FULL,
        &["The last brief's 64 is now 67: changes up to that day were recorded since."],
    );
}

#[test]
fn a_longer_window_says_so() {
    let mut facts = northfield();
    facts.week.weeks_covered = 2;
    said(
        &facts,
        limits::FULL,
        &["THESE TWO WEEKS", "Northfield Supply | two weeks to 23 November 2026"],
    );
    let mut still = quiet(2);
    still.week.weeks_covered = 2;
    said(&still, limits::QUIET, &["Nothing moved in these two weeks. That cost about $15,700."]);
}

#[test]
fn a_moved_go_live_comes_first_and_names_the_old_date_once() {
    let mut facts = northfield();
    let mut moved = change("go_live_on", "erp", "2027-03-01", None);
    (moved.from, moved.name) = (Some("2027-02-01".to_owned()), "ERP cutover".to_owned());
    facts.changes.insert(0, moved);
    facts.implementations[0].go_live_on = Some(day("2027-03-01"));
    let whole = said(
        &facts,
        limits::FULL,
        &[
            "ERP cutover: go-live moved to 1 March",
            "THIS WEEK\n- Go-live moved: to 1 March. It was 1 February.",
        ],
    );
    assert_eq!(whole.matches("1 February").count(), 1, "{whole}");
}

#[test]
fn changes_are_told_in_plain_words_and_late_ones_carry_their_date() {
    let mut facts = northfield();
    let mut late = change("status", "Bank file", "closed", None);
    (late.backdated, late.effective_on) = (true, day("2026-11-02"));
    let mut lost = change("owner", "Refunds", "", None);
    (lost.from, lost.to) = (Some("M. Lind".to_owned()), None);
    let mut approvals = change("severity", "Approvals", "4", None);
    approvals.gap = "N-4".to_owned();
    facts.changes = vec![
        change("reopened", "Vendor list", "open", Some(44_333)),
        late,
        approvals,
        lost,
        change("due_on", "Close pack", "2026-12-14", None),
        change("exposure", "Refunds", "90000", Some(90_000)),
    ];
    said(
        &facts,
        limits::FULL,
        &[
            "ERP cutover: a closed gap is open again",
            "- Reopened: vendor list. Costs $440 a week again.",
            "- Closed: bank file (dated 2 November).",
            "- Now blocks go-live: approvals.",
            "- Owner lost: refunds. Nobody owns it now.",
            "- and 2 smaller changes",
        ],
    );
}

#[test]
fn a_gap_blocks_a_go_live_only_before_it_and_only_where_it_counts() {
    let mut facts = northfield();
    let severity = |id: &str, from: &str, to: &str| {
        let mut change = change("severity", "Approvals", to, None);
        (change.gap, change.from) = (id.to_owned(), Some(from.to_owned()));
        change
    };
    facts.changes = vec![severity("N-4", "3", "4"), severity("N-5", "4", "2")];
    let before = ["- Now blocks go-live: approvals.", "- Blocks go-live no longer: approvals."];
    let after = ["- Now severity 4: approvals.", "- Now severity 2: approvals."];
    without(&said(&facts, limits::FULL, &before), &after);
    // Another implementation is live; this one does not count on them.
    let mut live = facts.implementations[0].clone();
    facts.implementations[0].in_scope = Some(vec!["N-1".to_owned()]);
    live.verdict = Verdict::Live;
    live.go_live_on = Some(day("2026-11-02"));
    (live.weeks_left, live.weeks_since_go_live) = (None, Some(3));
    facts.implementations.push(live);
    without(&said(&facts, limits::FULL, &after), &before);
    facts.implementations.remove(0);
    without(&said(&facts, limits::FULL, &after), &["locks go-live"]);
}

#[test]
fn what_was_reopened_and_closed_again_is_neither_open_nor_protected() {
    let mut facts = northfield();
    facts.changes = vec![
        change("reopened", "Vendor list", "closed", Some(44_333)),
        change("reopened", "Bank file", "withdrawn", Some(44_333)),
    ];
    facts.gaps.push(gap("Bank file", "Bank file", None, 2, Some(44_333)));
    let whole = said(
        &facts,
        limits::FULL,
        &[
            "ERP cutover: 17 weeks late at this pace",
            "- Reopened and closed again: vendor list.",
            "- Reopened and withdrawn: bank file. It counts until a second person signs.",
        ],
    );
    without(&whole, &["open again", "a week again", "Protects"]);
}

#[test]
fn an_open_blocker_close_to_go_live_is_the_news() {
    let mut facts = northfield();
    facts.implementations[0].go_live_on = Some(day("2026-12-02"));
    said(&facts, limits::FULL, &["ERP cutover: 9 days, blocker still open"]);
    facts.implementations[0].go_live_on = Some(day("2026-12-07"));
    facts.gaps.push(gap("N-9", "Tax codes", None, 4, None));
    facts.implementations[0].open_material.push("N-9".to_owned());
    said(&facts, limits::FULL, &["ERP cutover: 14 days, 2 blockers still open"]);
}

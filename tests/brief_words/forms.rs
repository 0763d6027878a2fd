//! The forms that a week's brief may take (MODEL 6.3).

use back_office_brief::domain::brief::{BlockRole, compose_leader, limits};
use back_office_brief::domain::codes::{Area, Verdict};
use back_office_brief::domain::facts::FeedFacts;

use crate::fixture::{area, day, northfield, on_time, quiet};
use crate::read::{said, without};

#[test]
fn a_quiet_week_says_what_standing_still_cost() {
    let whole = said(
        &quiet(1),
        limits::QUIET,
        &[
            "ERP cutover: 17 weeks late at this pace",
            "Nothing moved this week. That cost about $7,800. At this pace the ERP cutover is ready on 31 May",
            "READINESS: 66 of 100, unchanged.",
            "- Price lists (D. Ruiz): $3,800 a week. Blocks go-live. Idle 3 weeks.",
            "Name one owner for invoice exceptions",
        ],
    );
    without(&whole, &["THIS WEEK", "PROFIT AT STAKE"]);
    let on_time = {
        let mut facts = quiet(1);
        on_time(&mut facts);
        facts
    };
    said(&on_time, limits::QUIET, &["ERP cutover: 66, unchanged, 10 weeks left"]);
}

#[test]
fn a_quiet_week_names_what_its_date_counts_on() {
    let mut facts = quiet(1);
    on_time(&mut facts);
    said(
        &facts,
        limits::QUIET,
        &[
            "The date counts on closing price lists too. The date holds if the areas are looked at again in time. Look at billing and payables again by 14 December.",
        ],
    );
    // Late, it stands in what would make the date; what stands there is not named twice.
    let late = quiet(1);
    without(&said(&late, limits::QUIET, &["Closing price lists"]), &["counts on"]);
    let mut other = quiet(1);
    other.implementations[0].open_material = vec!["N-3".to_owned()];
    said(&other, limits::QUIET, &["The date counts on closing the close pack too."]);
}

#[test]
fn the_third_quiet_week_counts_the_weeks_and_the_money() {
    said(&quiet(3), limits::QUIET, &["Third week without movement: about $23,500."]);
    said(&quiet(5), limits::QUIET, &["Fifth week without movement: about $39,200."]);
}

#[test]
fn a_quiet_week_names_the_closures_that_its_inbox_line_promises() {
    said(
        &quiet(1),
        limits::QUIET,
        &[
            "Two closures change that. One of them has no owner.",
            "Closing price lists and invoice exceptions makes it 88.",
        ],
    );
}

#[test]
fn where_the_action_asks_for_a_look_only_the_other_areas_are_told() {
    let mut facts = northfield();
    facts.gaps.clear();
    (facts.exposure.open_gaps, facts.exposure.priced_gaps) = (0, 0);
    let of = &mut facts.implementations[0];
    of.verdict = Verdict::ReadyNow;
    (of.score_milli, of.score_printed) = (100_000, 100);
    of.path_to_target = None;
    of.open_material.clear();
    facts.action = back_office_brief::domain::action::choose(&facts);
    let whole = said(
        &facts,
        limits::SHORT,
        &["Look at billing again by 14 December.", "Look at payables by then too."],
    );
    without(&whole, &["billing and payables"]);
}

#[test]
fn nobody_is_told_that_nothing_moved_when_nobody_looked() {
    let mut facts = quiet(3);
    facts.sources.last_updated_on = Some(day("2026-11-03"));
    for gap in &mut facts.gaps {
        gap.idle_is_known = false;
        gap.updated_on = day("2026-11-03");
    }
    let whole = said(
        &facts,
        limits::QUIET,
        &[
            "Not updated since 3 November. The open gaps cost about $7,800 a week.",
            "Price lists (D. Ruiz): $3,800 a week. Blocks go-live. Not updated since 3 November.",
        ],
    );
    without(&whole, &["without movement", "Nothing moved", "Idle"]);
    let brief = compose_leader(&facts);
    assert!(brief.footer.notes.contains(&"The source was not updated for 20 days.".to_owned()));
}

#[test]
fn each_source_that_is_old_is_named_with_its_days_and_none_that_is_not() {
    let mut facts = quiet(1);
    let before = compose_leader(&facts).footer.notes;
    let feed = |source: &str, read: &str, told: &str, is_failing: bool| FeedFacts {
        source: source.to_owned(),
        read_on: Some(day(read)),
        told_on: day(told),
        is_failing,
        stale_after_days: 7,
    };
    facts.sources.feeds = vec![
        feed("crm", "2026-11-23", "2026-11-20", false),
        feed("erp", "2026-11-22", "2026-11-20", true),
        feed("payroll", "2026-11-23", "2026-11-14", false),
        feed("wiki", "2026-11-10", "2026-11-09", false),
    ];
    let notes = compose_leader(&facts).footer.notes;
    assert_eq!(notes[..before.len()], before);
    assert_eq!(
        notes[before.len()..],
        [
            "The source erp was not updated for 1 day: it could not be read.",
            "The source payroll was not updated for 9 days.",
            "The source wiki was not updated for 13 days: it was not read.",
        ]
    );
    facts.sources.last_updated_on = Some(day("2026-11-03"));
    let notes = compose_leader(&facts).footer.notes;
    assert!(!notes.iter().any(|note| note.starts_with("The source was")), "said once: {notes:?}");
}

#[test]
fn one_line_is_enough_for_who_asked_for_one_line() {
    let mut facts = quiet(1);
    facts.edition.variant = "line-en".to_owned();
    let brief = compose_leader(&facts);
    assert_eq!(brief.verdict.text, "Nothing moved this week. That cost about $7,800.");
    let roles: Vec<_> = brief.blocks.iter().map(|block| block.role).collect();
    assert_eq!(roles, [BlockRole::Action]);
    assert_eq!(brief.footer.sources, [], "nothing above refers to one");
    assert_eq!(compose_leader(&quiet(1)).footer.sources.len(), 1);
    let mut busy = northfield();
    busy.edition.variant = "line-en".to_owned();
    assert_eq!(compose_leader(&busy).blocks, compose_leader(&northfield()).blocks);
}

#[test]
fn a_first_week_counts_and_compares_nothing() {
    let mut facts = northfield();
    facts.week.first = true;
    facts.changes.clear();
    (facts.exposure.open_gaps, facts.exposure.priced_gaps, facts.exposure.likely) = (8, 5, 520_000);
    let of = &mut facts.implementations[0];
    of.verdict = Verdict::TooEarly;
    (of.score_printed, of.change_points, of.points_used) = (31, None, 1);
    of.weeks_until_forecast = Some(3);
    of.points.truncate(1);
    of.areas[3] = area(Area::Procurement, 3, None);
    of.areas[4] = area(Area::Payroll, 2, None);
    let whole = said(
        &facts,
        limits::SHORT,
        &[
            "ERP cutover: first count, 31 of 100",
            "First count: 8 gaps, 5 of them priced, about $5,200 a week.",
            "READINESS: 31 of 100. 3 of 5 areas looked at.",
            "A date needs 4 weekly points; the first is on 14 December.",
            "Is a figure wrong? Reply with the right one.",
        ],
    );
    without(&whole, &["up 3", "down", "so far", "weeks:", "have cost", "THIS WEEK"]);
    without(&whole, &["3 of 8 gaps are not priced"]);
}

#[test]
fn after_go_live_there_is_a_foundation_and_no_lateness() {
    let mut facts = northfield();
    let of = &mut facts.implementations[0];
    of.verdict = Verdict::Live;
    of.go_live_on = Some(day("2026-11-02"));
    (of.weeks_left, of.weeks_since_go_live) = (None, Some(3));
    facts.exposure.cost_since_go_live = Some(920_000);
    facts.gaps[4].opened_on = day("2026-11-09");
    let whole = said(
        &facts,
        limits::FULL,
        &[
            "Live for 3 weeks. Four gaps went live with the platform and are still open. Since go-live, gaps have cost about $9,200.",
            "FOUNDATION: 66 of 100, up 3.",
            "Closed gaps protect $580 a week.",
            "ERP cutover: up 3 to 66, live 3 weeks",
        ],
    );
    without(&whole, &["late at", "Target", "READINESS", "Blocks go-live", "31 May"]);
}

#[test]
fn the_first_days_live_are_counted_as_days() {
    let mut facts = northfield();
    facts.implementations[0].verdict = Verdict::Live;
    facts.implementations[0].weeks_left = None;
    facts.implementations[0].weeks_since_go_live = Some(0);
    for (on, news) in [("2026-11-23", "live today"), ("2026-11-19", "live 4 days")] {
        facts.implementations[0].go_live_on = Some(day(on));
        said(&facts, limits::FULL, &[&format!("ERP cutover: up 3 to 66, {news}")]);
    }
}

#[test]
fn ready_says_what_would_pull_it_down() {
    let mut facts = northfield();
    let of = &mut facts.implementations[0];
    of.verdict = Verdict::ReadyNow;
    (of.score_milli, of.score_printed) = (88_000, 88);
    of.change_points = Some(4);
    of.open_material.clear();
    let whole = said(
        &facts,
        limits::FULL,
        &[
            "ERP cutover: target reached, 88 of 100",
            "Ready: 88 of 100, target 85. Keep it there until 1 February.",
            "The oldest look is at billing, on 19 October.",
            "The oldest open gap: price lists, since 14 September.",
        ],
    );
    without(&whole, &["31 May", "Closing price lists"]);
}

#[test]
fn a_light_list_under_the_cap_is_not_called_ready() {
    let mut facts = northfield();
    let of = &mut facts.implementations[0];
    of.verdict = Verdict::ReadyNow;
    (of.score_milli, of.score_printed) = (79_000, 79);
    let whole = said(
        &facts,
        limits::FULL,
        &[
            "Not ready yet: 79 of 100, target 85. One gap blocks it: price lists. Close it by 1 February.",
        ],
    );
    without(&whole, &["\nReady", "Keep it there"]);
}

#[test]
fn all_closed_says_what_is_protected_and_where_to_look_again() {
    let mut facts = northfield();
    facts.gaps.clear();
    facts.changes.truncate(1);
    (facts.exposure.open_gaps, facts.exposure.priced_gaps) = (0, 0);
    (facts.exposure.low, facts.exposure.likely, facts.exposure.high) = (0, 0, 0);
    facts.exposure.protected_per_week = 290_000;
    let of = &mut facts.implementations[0];
    of.verdict = Verdict::ReadyNow;
    (of.score_printed, of.change_points) = (100, Some(4));
    of.open_material.clear();
    facts.action.as_mut().unwrap().text = "Look at billing again by 14 December.".to_owned();
    let whole = said(
        &facts,
        limits::SHORT,
        &[
            "Nothing open. $2,900 a week protected. Ready: 100 of 100, target 85.",
            "The oldest look is at billing, on 19 October.",
        ],
    );
    without(&whole, &["PROFIT AT STAKE", "priced"]);
}

//! The forms of MODEL 6.3 and the edge cases of MODEL 4.6 that change words.

use back_office_brief::domain::brief::{BlockRole, compose_leader, limits};
use back_office_brief::domain::codes::{Area, Verdict};
use back_office_brief::domain::facts::{Facts, RelookFacts, RestatedFacts};

use crate::fixture::{area, change, day, gap, northfield, quiet};
use crate::read::{assert_style, text};

fn said(facts: &Facts, budget: usize, parts: &[&str]) -> String {
    let brief = compose_leader(facts);
    let whole = format!("{}\n{}\n{}", brief.subject, brief.preheader, text(&brief));
    for part in parts {
        assert!(whole.contains(part), "{part:?} is missing in:\n{whole}");
    }
    assert_style(&brief, budget);
    whole
}

fn without(whole: &str, parts: &[&str]) {
    for part in parts {
        assert!(!whole.contains(part), "{part:?} stands in:\n{whole}");
    }
}

#[test]
fn a_quiet_week_says_what_standing_still_cost() {
    let whole = said(
        &quiet(1),
        limits::QUIET,
        &[
            "ERP cutover: 17 weeks late at this pace",
            "Nothing moved this week. That cost about $7,800. At this pace the ERP cutover is ready on 31 May",
            "READINESS: 66 of 100, unchanged.",
            "- Price lists (D. Ruiz): $3,800. Blocks go-live. Idle 3 weeks.",
            "Name one owner for invoice exceptions",
        ],
    );
    without(&whole, &["THIS WEEK", "PROFIT AT STAKE"]);
    let on_time = {
        let mut facts = quiet(1);
        on_time(&mut facts);
        facts
    };
    said(
        &on_time,
        limits::QUIET,
        &["ERP cutover: 66, unchanged, 10 weeks left"],
    );
}

fn on_time(facts: &mut Facts) {
    let of = &mut facts.implementations[0];
    of.verdict = Verdict::OnTime;
    of.ready_on = Some(day("2026-12-28"));
    of.earliest_on = Some(day("2026-12-21"));
    of.latest_on = Some(day("2027-01-18"));
    (of.weeks_late, of.weeks_early) = (None, Some(5));
}

#[test]
fn the_third_quiet_week_counts_the_weeks_and_the_money() {
    said(
        &quiet(3),
        limits::QUIET,
        &["Third week without movement: about $23,500."],
    );
    said(
        &quiet(5),
        limits::QUIET,
        &["Fifth week without movement: about $39,200."],
    );
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
            "Price lists (D. Ruiz): $3,800. Blocks go-live. Not updated since 3 November.",
        ],
    );
    without(&whole, &["without movement", "Nothing moved", "Idle"]);
    let brief = compose_leader(&facts);
    assert!(
        brief
            .footer
            .notes
            .contains(&"The source was not updated for 20 days.".to_owned())
    );
}

#[test]
fn one_line_is_enough_for_who_asked_for_one_line() {
    let mut facts = quiet(1);
    facts.edition.variant = "line-en".to_owned();
    let brief = compose_leader(&facts);
    assert_eq!(
        brief.verdict.text,
        "Nothing moved this week. That cost about $7,800."
    );
    let roles: Vec<_> = brief.blocks.iter().map(|block| block.role).collect();
    assert_eq!(roles, [BlockRole::Action]);
    let mut busy = northfield();
    busy.edition.variant = "line-en".to_owned();
    assert_eq!(
        compose_leader(&busy).blocks,
        compose_leader(&northfield()).blocks
    );
}

#[test]
fn a_first_week_counts_and_compares_nothing() {
    let mut facts = northfield();
    facts.week.first = true;
    facts.changes.clear();
    (
        facts.exposure.open_gaps,
        facts.exposure.priced_gaps,
        facts.exposure.likely,
    ) = (8, 5, 520_000);
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
    without(
        &whole,
        &["up 3", "down", "so far", "weeks:", "have cost", "THIS WEEK"],
    );
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
    without(
        &whole,
        &["late at", "Target", "READINESS", "Blocks go-live", "31 May"],
    );
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
            "The oldest open gap is price lists, since 14 September.",
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
    (
        facts.exposure.low,
        facts.exposure.likely,
        facts.exposure.high,
    ) = (0, 0, 0);
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

#[test]
fn areas_that_nobody_looked_at_are_named() {
    let mut facts = northfield();
    let of = &mut facts.implementations[0];
    of.verdict = Verdict::NotAssessed;
    of.areas[3] = area(Area::Procurement, 3, None);
    of.areas[4] = area(Area::Payroll, 2, None);
    said(
        &facts,
        limits::FULL,
        &[
            "No date yet: procurement and payroll have not been looked at.",
            "ERP cutover: no date, 2 areas not looked at",
        ],
    );
    facts.implementations[0].areas[3] = area(Area::Procurement, 3, Some("2026-10-26"));
    said(
        &facts,
        limits::FULL,
        &["No date yet: payroll has not been looked at."],
    );
    for one in &mut facts.implementations[0].areas {
        (one.looked_at, one.oldest_look_on) = (false, None);
    }
    said(
        &facts,
        limits::FULL,
        &[
            "No date yet: nothing has been looked at.",
            "READINESS: not assessed.",
        ],
    );
}

#[test]
fn a_stale_look_that_limits_the_score_is_named() {
    let mut facts = northfield();
    let of = &mut facts.implementations[0];
    of.verdict = Verdict::AssessmentLimits;
    of.score_if_all_closed_milli = 78_200;
    of.areas[0].oldest_look_on = Some(day("2026-07-06"));
    of.relook_by = None;
    said(
        &facts,
        limits::FULL,
        &[
            "Even with every gap closed the score would stop at 78: billing was last looked at 20 weeks ago.",
        ],
    );
}

#[test]
fn too_early_says_what_the_date_would_take() {
    let mut facts = northfield();
    let of = &mut facts.implementations[0];
    of.verdict = Verdict::TooEarly;
    of.weeks_until_forecast = Some(2);
    of.required_milli_per_week = Some(12_300);
    said(
        &facts,
        limits::FULL,
        &[
            "No date for 2 more weeks. To make 1 February, clear about a tenth of the list each week.",
        ],
    );
}

#[test]
fn no_date_says_why() {
    let mut facts = northfield();
    let of = &mut facts.implementations[0];
    of.verdict = Verdict::NoDate;
    of.pace_milli_per_week = Some(-333);
    (of.ready_on, of.earliest_on, of.weeks_late) = (None, None, None);
    said(
        &facts,
        limits::FULL,
        &[
            "No date at this pace: the open load is not falling.",
            "ERP cutover: no date at this pace",
        ],
    );
    facts.implementations[0].pace_milli_per_week = Some(100);
    said(
        &facts,
        limits::FULL,
        &["No date at this pace: it takes more than 52 weeks."],
    );
}

#[test]
fn without_a_go_live_the_date_stands_alone() {
    let mut facts = northfield();
    let of = &mut facts.implementations[0];
    of.verdict = Verdict::NoGoLive;
    (of.go_live_on, of.weeks_left, of.weeks_late, of.relook_by) = (None, None, None, None);
    let whole = said(
        &facts,
        limits::FULL,
        &[
            "At this pace the ERP cutover is ready on 31 May; no go-live date is set.",
            "Target: 85.",
            "Without price lists it stops at 79.",
        ],
    );
    without(&whole, &["after go-live", "weeks left"]);
}

#[test]
fn a_date_after_the_relook_day_says_on_what_it_rests() {
    let mut facts = northfield();
    on_time(&mut facts);
    facts.implementations[0].path_to_target = None;
    said(
        &facts,
        limits::FULL,
        &[
            "At this pace the ERP cutover is ready on 28 December, 5 weeks before go-live.",
            "The date counts on closing price lists too.",
            "The date holds if the areas are looked at again in time.",
            "Look at billing and payables again by 14 December.",
        ],
    );
    facts.implementations[0].relook_by = Some(RelookFacts {
        by: day("2027-01-10"),
        areas: vec![Area::Close],
    });
    let whole = said(
        &facts,
        limits::FULL,
        &["Look at the close again by 10 January."],
    );
    without(&whole, &["looked at again in time"]);
}

#[test]
fn few_points_make_an_early_view() {
    let mut facts = northfield();
    facts.implementations[0].points_used = 5;
    said(
        &facts,
        limits::FULL,
        &["Early view: at this pace the ERP cutover is ready on 31 May"],
    );
}

#[test]
fn several_implementations_are_told_one_in_full_and_the_others_in_a_line() {
    let mut facts = northfield();
    for (slug, name) in [
        ("a", "Billing switch"),
        ("b", "Payroll in Manila"),
        ("c", "AI intake"),
        ("d", "Treasury"),
    ] {
        let mut other = facts.implementations[0].clone();
        (other.slug, other.name) = (slug.to_owned(), name.to_owned());
        (other.score_printed, other.change_points, other.weeks_late) = (74, Some(1), Some(1));
        facts.implementations.push(other);
    }
    said(
        &facts,
        limits::FULL,
        &[
            "- Billing switch: 74 of 100, up 1. 1 week late at this pace.",
            "- and 1 more",
        ],
    );
}

#[test]
fn a_restated_week_is_explained_in_one_line() {
    let mut facts = northfield();
    facts.week.restated = Some(RestatedFacts {
        reported_printed: 64,
        restated_printed: 61,
        old_gaps_named: 1,
    });
    said(
        &facts,
        limits::FULL,
        &["Last week's 64 is now 61: one old gap was named."],
    );
}

#[test]
fn a_longer_window_says_so() {
    let mut facts = northfield();
    facts.week.weeks_covered = 2;
    said(
        &facts,
        limits::FULL,
        &[
            "THESE TWO WEEKS",
            "Northfield Supply | two weeks to 23 November 2026",
        ],
    );
    let mut still = quiet(2);
    still.week.weeks_covered = 2;
    said(
        &still,
        limits::QUIET,
        &["Nothing moved in these two weeks. That cost about $15,700."],
    );
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
    facts.changes = vec![
        change("reopened", "Vendor list", "open", Some(44_333)),
        late,
        change("severity", "Approvals", "4", None),
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
fn an_open_blocker_close_to_go_live_is_the_news() {
    let mut facts = northfield();
    facts.implementations[0].go_live_on = Some(day("2026-12-02"));
    said(
        &facts,
        limits::FULL,
        &["ERP cutover: 9 days, blocker still open"],
    );
    facts.implementations[0].go_live_on = Some(day("2026-12-07"));
    facts.gaps.push(gap("N-9", "Tax codes", None, 4, None));
    facts.implementations[0]
        .open_material
        .push("N-9".to_owned());
    said(
        &facts,
        limits::FULL,
        &["ERP cutover: 14 days, 2 blockers still open"],
    );
}

//! Every verdict of the forecast in words (MODEL 4.4 and 4.6).

use back_office_brief::domain::brief::limits;
use back_office_brief::domain::codes::{Area, Verdict};
use back_office_brief::domain::facts::RelookFacts;

use crate::fixture::{area, day, northfield, on_time};
use crate::read::{said, without};

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
    said(&facts, limits::FULL, &["No date yet: payroll has not been looked at."]);
    for one in &mut facts.implementations[0].areas {
        (one.looked_at, one.oldest_look_on) = (false, None);
    }
    said(
        &facts,
        limits::FULL,
        &["No date yet: nothing has been looked at.", "READINESS: not assessed."],
    );
    let whole = said(&facts, limits::FULL, &[]);
    without(&whole, &["Eight weeks:"]);
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
            "Even with every gap closed the score would stop at 78: billing was last looked at 20 weeks ago. A date needs a new look first.",
        ],
    );
    facts.implementations[0].score_if_all_closed_milli = 84_700;
    said(&facts, limits::FULL, &["the score would stop just under 85: billing"]);
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
fn too_early_without_a_go_live_says_that_too() {
    let mut facts = northfield();
    let of = &mut facts.implementations[0];
    of.verdict = Verdict::TooEarly;
    of.weeks_until_forecast = Some(2);
    (of.go_live_on, of.weeks_left) = (None, None);
    (of.required_milli_per_week, of.ratio_pct) = (None, None);
    said(
        &facts,
        limits::FULL,
        &[
            "No date for 2 more weeks. No go-live date is set.",
            "The first date at this pace comes in 2 weeks.",
        ],
    );
    facts.exposure.priced_gaps = 0;
    said(&facts, limits::FULL, &["No date for 2 more weeks. No open gap is priced yet."]);
}

#[test]
fn the_forecast_is_said_of_one_thing_and_of_many() {
    let mut facts = northfield();
    for (name, sentence) in [
        (
            "Order platform",
            "At this pace the Order platform is ready on 31 May, 17 weeks after go-live.",
        ),
        (
            "Shared services",
            "Shared services: ready on 31 May at this pace, 17 weeks after go-live.",
        ),
        ("Order to cash", "Order to cash: ready on 31 May at this pace, 17 weeks after go-live."),
    ] {
        name.clone_into(&mut facts.implementations[0].name);
        said(&facts, limits::FULL, &[sentence]);
    }
    facts.implementations[0].points_used = 5;
    said(
        &facts,
        limits::FULL,
        &["Order to cash, early view: ready on 31 May at this pace, 17 weeks after go-live."],
    );
}

#[test]
fn a_score_that_only_rounds_to_the_target_has_not_reached_it() {
    let mut facts = northfield();
    on_time(&mut facts);
    let of = &mut facts.implementations[0];
    (of.score_milli, of.score_printed, of.change_points) = (84_600, 85, Some(7));
    let last = of.points.len() - 1;
    of.points[last].score_milli = 84_600;
    of.points[last - 1].score_milli = 78_000;
    of.path_to_target.as_mut().unwrap().without.as_mut().unwrap().stops_at_milli = 84_900;
    let whole = said(
        &facts,
        limits::FULL,
        &[
            "ERP cutover: up 7 to 85, 10 weeks left",
            "READINESS: 85 of 100, up 7. Just under the target: 85 by 1 February.",
        ],
    );
    without(&whole, &["target reached", "it stops"]);
    facts.implementations[0].score_milli = 85_000;
    said(
        &facts,
        limits::FULL,
        &["ERP cutover: target reached, 85 of 100", "Target: 85 by 1 February."],
    );
    let of = &mut facts.implementations[0];
    of.points[last - 1].score_milli = 85_300;
    (of.score_milli, of.change_points) = (84_600, Some(0));
    said(&facts, limits::FULL, &["ERP cutover: just under the target, 85 of 100"]);
}

#[test]
fn the_inbox_line_says_what_that_is_where_the_subject_has_other_news() {
    let mut facts = northfield();
    facts.implementations[0].go_live_on = Some(day("2026-12-07"));
    said(
        &facts,
        limits::FULL,
        &[
            "ERP cutover: 14 days, blocker still open",
            "17 weeks late at this pace. Two closures change that.",
        ],
    );
    facts.implementations[0].verdict = Verdict::NoDate;
    facts.implementations[0].weeks_late = None;
    said(&facts, limits::FULL, &["No date at this pace. Two closures change that."]);
}

#[test]
fn a_gap_that_is_one_thing_takes_its_article() {
    let mut facts = northfield();
    facts.gaps[0].short_name = "Payroll list".to_owned();
    said(
        &facts,
        limits::FULL,
        &[
            "Closing the payroll list and invoice exceptions makes it 88. Without the payroll list it stops at 79.",
            "1. Payroll list (D. Ruiz): $3,800.",
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
    said(&facts, limits::FULL, &["No date at this pace: it takes more than 52 weeks."]);
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
    facts.implementations[0].relook_by =
        Some(RelookFacts { by: day("2027-01-10"), areas: vec![Area::Close] });
    let whole = said(&facts, limits::FULL, &["Look at the close again by 10 January."]);
    without(&whole, &["looked at again in time"]);
}

#[test]
fn few_points_make_an_early_view() {
    let mut facts = northfield();
    facts.implementations[0].points_used = 5;
    said(&facts, limits::FULL, &["Early view: at this pace the ERP cutover is ready on 31 May"]);
    facts.implementations[0].verdict = Verdict::NoDate;
    facts.implementations[0].pace_milli_per_week = Some(-1);
    said(
        &facts,
        limits::FULL,
        &["Early view: no date at this pace, as the open load is not falling."],
    );
}

#[test]
fn without_a_path_the_inbox_line_compares_the_pace() {
    let mut facts = northfield();
    facts.implementations[0].path_to_target = None;
    said(&facts, limits::FULL, &["Closing has to go 2.6 times faster to make 1 February."]);
}

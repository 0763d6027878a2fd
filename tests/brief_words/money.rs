//! How the money block changes with what is known (MODEL 3, 4.6 and 6.4).

use back_office_brief::domain::brief::{compose_leader, compose_owner, limits};
use back_office_brief::domain::facts::{ByEffect, Facts};

use crate::fixture::{change, day, northfield, quiet};
use crate::read::{assert_style, said, text};

fn money_lines(facts: &Facts) -> String {
    let brief = compose_leader(facts);
    assert_style(&brief, limits::FULL);
    text(&brief)
}

#[track_caller]
fn has(whole: &str, parts: &[&str]) {
    for part in parts {
        assert!(whole.contains(part), "{part:?} is missing in:\n{whole}");
    }
}

#[test]
fn what_is_not_priced_is_said_and_never_a_zero() {
    let mut facts = northfield();
    facts.exposure.priced_gaps = 3;
    facts.gaps[1].likely_per_week = None;
    let whole = money_lines(&facts);
    has(&whole, &["2 of 5 gaps are not priced.", "2. Close pack (P. Osei): not priced."]);

    for gap in &mut facts.gaps {
        gap.likely_per_week = None;
    }
    facts.exposure.priced_gaps = 0;
    let whole = money_lines(&facts);
    has(
        &whole,
        &["PROFIT AT STAKE\nNone of the 5 open gaps is priced. First one to price: price lists."],
    );
    assert!(!whole.contains("$0"), "{whole}");
}

#[test]
fn a_measured_zero_is_printed_as_zero() {
    let mut facts = northfield();
    for gap in &mut facts.gaps {
        gap.likely_per_week = Some(0);
    }
    let e = &mut facts.exposure;
    (e.low, e.likely, e.high, e.cost_so_far) = (0, 0, 0, 0);
    e.by_effect = ByEffect::default();
    let whole = money_lines(&facts);
    has(&whole, &["PROFIT AT STAKE: $0 a week\n", "1. Price lists (D. Ruiz): $0."]);
    assert!(!whole.contains("not priced") && !whole.contains("have cost"), "{whole}");
}

#[test]
fn effects_are_told_only_where_there_are_several() {
    let mut facts = northfield();
    facts.exposure.by_effect = ByEffect { lost: 784_295, time: 0, cash: 0 };
    assert!(!money_lines(&facts).contains("Lost $"));
    facts.exposure.by_effect = ByEffect { lost: 0, time: 600_000, cash: 184_295 };
    has(&money_lines(&facts), &["Time and corrections $6,000, late cash $1,800."]);
}

#[test]
fn a_benchmark_and_a_share_of_billing_are_marked() {
    let mut facts = northfield();
    facts.exposure.benchmark_based = true;
    facts.organization.billed_per_week = Some(42_000_000);
    let whole = money_lines(&facts);
    has(
        &whole,
        &[
            "about $7,800 a week ($4,400 to $11,800, industry figure)",
            "Together that is 1.9% of billing.",
        ],
    );
    let notes = compose_leader(&facts).footer.notes;
    assert!(notes[0].ends_with("your team's own numbers and industry figures."), "{notes:?}");
}

#[test]
fn what_is_measured_is_told_without_a_qualifier() {
    let mut facts = northfield();
    (facts.exposure.measured, facts.exposure.always_measured) = (true, true);
    facts.gaps.iter_mut().for_each(|gap| gap.measured = true);
    let mut new = change("opened", "Refunds", "open", Some(90_000));
    new.measured = true;
    let mut again = change("exposure", "Close pack", "150800", Some(150_800));
    (again.measured, again.from) = (true, Some("90000".to_owned()));
    facts.changes = vec![new, again];
    let whole = money_lines(&facts);
    has(
        &whole,
        &[
            "PROFIT AT STAKE: $7,800 a week ($4,400 to $11,800)",
            "- New: refunds. Costs $900 a week.",
            "- Measured: close pack, $1,500 a week, was $900.",
        ],
    );
    assert!(!whole.contains("about $"), "{whole}");
    let notes = compose_leader(&facts).footer.notes;
    assert_eq!(notes, ["Figures of 20 November, from your team's own numbers."]);
    assert!(text(&compose_owner(&facts, "D. Ruiz")).contains("2 open, $4,900 a week."));
    // One estimate among an owner's figures is enough.
    facts.gaps[2].measured = false;
    assert!(text(&compose_owner(&facts, "D. Ruiz")).contains("2 open, about $4,900 a week."));
    // The total is measured by now, but not what was summed before.
    facts.exposure.always_measured = false;
    let notes = compose_leader(&facts).footer.notes;
    assert_eq!(notes, ["Figures of 20 November, estimated from your team's own numbers."]);
    has(&money_lines(&facts), &["PROFIT AT STAKE: $7,800 a week"]);
}

#[test]
fn the_openings_tell_a_measured_total_as_it_is() {
    let mut first = northfield();
    (first.week.first, first.exposure.measured) = (true, true);
    said(&first, limits::SHORT, &["First count: 5 gaps, all of them priced, $7,800 a week."]);
    let mut still = quiet(1);
    still.exposure.measured = true;
    said(&still, limits::QUIET, &["Nothing moved this week. That cost $7,800."]);
    still.week.quiet_weeks = 3;
    said(&still, limits::QUIET, &["Third week without movement: $23,500."]);
    still.sources.last_updated_on = Some(day("2026-11-03"));
    said(
        &still,
        limits::QUIET,
        &["Not updated since 3 November. The open gaps cost $7,800 a week."],
    );
}

#[test]
fn the_cost_of_delay_stands_alone() {
    let mut facts = northfield();
    facts.implementations[0].delay_cost = Some(3_750_000);
    facts.implementations[0].weeks_late = Some(3);
    let whole = money_lines(&facts);
    has(
        &whole,
        &[
            "\nGoing live 3 weeks late costs about $37,500 of planned benefit.\n",
            "about $7,800 a week",
        ],
    );
}

#[test]
fn money_stands_in_a_subject_only_where_it_is_switched_on() {
    let mut facts = northfield();
    let of = &mut facts.implementations[0];
    (of.change_points, of.verdict) = (Some(1), back_office_brief::domain::codes::Verdict::OnTime);
    (of.weeks_late, of.weeks_early) = (None, Some(1));
    assert_eq!(compose_leader(&facts).subject, "ERP cutover: 66 of 100, up 1, 10 weeks left");
    facts.organization.money_in_subject = true;
    assert_eq!(compose_leader(&facts).subject, "ERP cutover: 66 of 100, up 1, $7,800 a week");
}

#[test]
fn other_currencies_are_printed_in_their_own_units() {
    let mut facts = northfield();
    facts.organization.currency = "JPY".to_owned();
    has(&money_lines(&facts), &["about ¥784,000 a week (¥441,000 to ¥1.18m)"]);
    facts.organization.currency = "KWD".to_owned();
    has(&money_lines(&facts), &["about KWD 780 a week (KWD 440 to KWD 1,200)"]);
}

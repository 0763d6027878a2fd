//! The one action: each rule, and that the earlier one speaks.

use back_office_brief::domain::codes::{Area, Category, EventKind, ExposureKind};
use back_office_brief::domain::facts::ActionFacts;
use back_office_brief::domain::snapshot::{Gap, Snapshot};

use crate::model::{self, day, look, push, set_status};
use crate::{assessed, facts, priced_gap, unpriced_gap};

fn action(snapshot: &Snapshot) -> ActionFacts {
    facts(snapshot).action.unwrap()
}

fn named(mut gap: Gap, name: &str) -> Gap {
    gap.short_name = Some(name.to_owned());
    gap
}

/// One organization to which every rule applies.
fn in_need_of_everything() -> Snapshot {
    let opened = day("2026-09-07");
    let told = day("2026-11-18");
    let mut blocker = named(unpriced_gap("g1", opened), "Price lists");
    push(&mut blocker, EventKind::Severity, None, Some("4"), told);
    let mut unowned = named(priced_gap("g2", opened), "Invoice exceptions");
    push(&mut unowned, EventKind::Owner, None, None, opened);
    let stuck = named(priced_gap("g3", opened), "Close pack");
    let mut in_test = named(priced_gap("g4", opened), "Approvals");
    set_status(&mut in_test, "verifying", day("2026-11-03"));
    let areas = [(Area::Billing, 2), (Area::Payroll, 1)];
    let mut erp = model::implementation("erp", &areas, Some(day("2027-01-18")));
    erp.configuration_starts_on = Some(day("2026-12-21"));
    let mut snapshot = model::snapshot(vec![erp], vec![blocker, unowned, stuck, in_test]);
    let looked = day("2026-11-02");
    look(&mut snapshot, Area::Billing, Category::ALL, looked);
    snapshot
}

/// Takes away what the rule before speaks of.
type Step = fn(&mut Snapshot);

/// Each rule with what silences the one before it, and what it says.
const RULES: [(u8, Step, &str); 8] = [
    (0, |_| {}, "Look at payroll before configuration starts on 21 December."),
    (
        1,
        |s| s.implementations[0].configuration_starts_on = Some(day("2026-12-22")),
        "Decide on price lists this week, or move the go-live of 18 January.",
    ),
    (
        2,
        |s| s.implementations[0].go_live_on = Some(day("2027-01-19")),
        "Name one owner for invoice exceptions by Friday 27 November.",
    ),
    (
        3,
        |s| told(s, "g2", EventKind::Owner, Some("P. Osei")),
        "Ask R. Roe for a dated next step on the close pack by Friday 27 November.",
    ),
    (
        4,
        |s| told(s, "g3", EventKind::Evidence, None),
        "Have someone who did not build it test approvals by Friday 27 November.",
    ),
    (
        5,
        |s| told(s, "g4", EventKind::Status, Some("in_progress")),
        "Put a number on price lists by Friday 27 November: what a normal week costs.",
    ),
    (
        6,
        |s| {
            s.gaps.remove(0);
            told(s, "g3", EventKind::NextStep, Some("Draft the rule."));
            // Of three equal gaps g3 and g4 cost the same; g3 is made to cost most.
            let on = day("2026-11-18");
            let gap = s.gaps.iter_mut().find(|g| g.external_id == "g3").unwrap();
            model::price(gap, ExposureKind::Leakage, [900_000; 3], on);
        },
        "Close pack: draft the rule.",
    ),
    (
        7,
        |s| {
            let on = day("2026-11-20");
            s.gaps.iter_mut().for_each(|gap| set_status(gap, "closed", on));
        },
        "Look at payroll for the first time by Friday 27 November.",
    ),
];

/// Something told of one gap last Wednesday.
fn told(snapshot: &mut Snapshot, id: &str, kind: EventKind, to: Option<&str>) {
    let gap = snapshot.gaps.iter_mut().find(|g| g.external_id == id);
    push(gap.unwrap(), kind, None, to, day("2026-11-18"));
}

#[test]
fn the_first_rule_that_applies_speaks() {
    let mut snapshot = in_need_of_everything();
    for (rule, silence_the_one_before, text) in RULES {
        silence_the_one_before(&mut snapshot);
        let action = action(&snapshot);
        assert_eq!((action.rule, action.text.as_str()), (rule, text));
    }
}

#[test]
fn of_two_gaps_without_an_owner_the_one_with_most_points_is_named() {
    let mut rich = named(priced_gap("g1", day("2026-09-07")), "Rich");
    push(&mut rich, EventKind::Severity, None, Some("1"), day("2026-09-07"));
    let heavy = named(unpriced_gap("g2", day("2026-09-07")), "Heavy");
    let mut gaps = vec![rich, heavy];
    for gap in &mut gaps {
        push(gap, EventKind::Owner, None, None, day("2026-09-07"));
    }
    let facts = facts(&assessed(None, "2026-11-02", gaps));
    assert_eq!(facts.gaps[0].external_id, "g1", "money ranks first");
    assert_eq!(facts.action.unwrap().gap.as_deref(), Some("g2"), "points choose the action");
}

#[test]
fn accepted_and_withdrawn_gaps_are_nobodys_action() {
    let mut accepted = priced_gap("g1", day("2026-09-07"));
    set_status(&mut accepted, "accepted:2027-01-31", day("2026-10-05"));
    let mut withdrawn = priced_gap("g2", day("2026-09-07"));
    set_status(&mut withdrawn, "withdrawn", day("2026-10-05"));
    let action = action(&assessed(None, "2026-11-02", vec![accepted, withdrawn]));
    assert_eq!((action.rule, action.gap), (7, None));
}

#[test]
fn after_go_live_a_material_gap_no_longer_asks_to_move_the_date() {
    let mut gap = priced_gap("g1", day("2026-11-16"));
    push(&mut gap, EventKind::Severity, None, Some("4"), day("2026-11-16"));
    push(&mut gap, EventKind::NextStep, None, Some("Freeze the list"), day("2026-11-16"));
    let snapshot = assessed(Some(day("2026-11-23")), "2026-11-02", vec![gap]);
    assert_eq!(action(&snapshot).rule, 6);
}

#[test]
fn the_list_puts_a_material_gap_first_within_56_days_of_go_live() {
    let rich = priced_gap("rich", day("2026-11-16"));
    let mut material = unpriced_gap("material", day("2026-11-16"));
    push(&mut material, EventKind::Severity, None, Some("4"), day("2026-11-16"));
    let first = |go_live: &str| {
        let gaps = vec![rich.clone(), material.clone()];
        facts(&assessed(Some(day(go_live)), "2026-11-02", gaps)).gaps[0].external_id.clone()
    };
    assert_eq!(first("2027-01-18"), "material");
    assert_eq!(first("2027-01-19"), "rich");
}

//! The one action: each rule, and that the earlier one speaks.

use back_office_brief::domain::codes::{Area, Category, EventKind};
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

/// One organization to which every rule applies; taking away what a rule speaks of leaves the next.
#[test]
fn the_first_rule_that_applies_speaks() {
    let opened = day("2026-09-07");
    let mut blocker = named(unpriced_gap("g1", opened), "Price lists");
    push(
        &mut blocker,
        EventKind::Severity,
        None,
        Some("4"),
        day("2026-11-18"),
    );
    let mut unowned = named(priced_gap("g2", opened), "Invoice exceptions");
    push(&mut unowned, EventKind::Owner, None, None, opened);
    let stuck = named(priced_gap("g3", opened), "Close pack");
    let mut in_test = named(priced_gap("g4", opened), "Approvals");
    set_status(&mut in_test, "verifying", day("2026-11-03"));
    let mut gaps = vec![blocker, unowned, stuck, in_test];
    let erp = model::implementation(
        "erp",
        &[(Area::Billing, 2), (Area::Payroll, 1)],
        Some(day("2027-01-18")),
    );
    let mut snapshot = model::snapshot(vec![erp], Vec::new());
    look(
        &mut snapshot,
        Area::Billing,
        Category::ALL,
        day("2026-11-02"),
    );
    snapshot.implementations[0].configuration_starts_on = Some(day("2026-12-21"));
    let said = |snapshot: &mut Snapshot, gaps: &[Gap]| {
        snapshot.gaps = gaps.to_vec();
        let action = action(snapshot);
        (action.rule, action.text)
    };

    let expect = |rule: u8, text: &str| (rule, text.to_owned());
    assert_eq!(
        said(&mut snapshot, &gaps),
        expect(
            0,
            "Look at payroll before configuration starts on 21 December."
        )
    );
    snapshot.implementations[0].configuration_starts_on = Some(day("2026-12-22"));
    assert_eq!(
        said(&mut snapshot, &gaps),
        expect(
            1,
            "Decide price lists this week, or move the go-live of 18 January."
        )
    );
    snapshot.implementations[0].go_live_on = Some(day("2027-01-19"));
    assert_eq!(
        said(&mut snapshot, &gaps),
        expect(
            2,
            "Name one owner for invoice exceptions by Friday 27 November."
        )
    );
    push(
        &mut gaps[1],
        EventKind::Owner,
        None,
        Some("P. Osei"),
        day("2026-11-18"),
    );
    assert_eq!(
        said(&mut snapshot, &gaps),
        expect(
            3,
            "Ask R. Roe for a dated next step on close pack by Friday 27 November."
        )
    );
    push(
        &mut gaps[2],
        EventKind::Evidence,
        None,
        None,
        day("2026-11-18"),
    );
    assert_eq!(
        said(&mut snapshot, &gaps),
        expect(
            4,
            "Have someone who did not build it test approvals by Friday 27 November."
        )
    );
    set_status(&mut gaps[3], "in_progress", day("2026-11-18"));
    assert_eq!(
        said(&mut snapshot, &gaps),
        expect(
            5,
            "Put a number on price lists by Friday 27 November: what a normal week costs."
        )
    );
    gaps.remove(0);
    push(
        &mut gaps[0],
        EventKind::NextStep,
        None,
        Some("Draft the rule."),
        day("2026-11-18"),
    );
    push(
        &mut gaps[1],
        EventKind::NextStep,
        None,
        Some("Draft the rule."),
        day("2026-11-18"),
    );
    push(
        &mut gaps[2],
        EventKind::NextStep,
        None,
        Some("Draft the rule."),
        day("2026-11-18"),
    );
    let (rule, text) = said(&mut snapshot, &gaps);
    assert_eq!(rule, 6);
    assert!(text.ends_with(": draft the rule."), "{text}");
    gaps.iter_mut()
        .for_each(|gap| set_status(gap, "closed", day("2026-11-20")));
    assert_eq!(
        said(&mut snapshot, &gaps),
        expect(
            7,
            "Look at payroll for the first time by Friday 27 November."
        )
    );
}

#[test]
fn of_two_gaps_without_an_owner_the_one_with_most_points_is_named() {
    let mut rich = named(priced_gap("g1", day("2026-09-07")), "Rich");
    push(
        &mut rich,
        EventKind::Severity,
        None,
        Some("1"),
        day("2026-09-07"),
    );
    let heavy = named(unpriced_gap("g2", day("2026-09-07")), "Heavy");
    let mut gaps = vec![rich, heavy];
    for gap in &mut gaps {
        push(gap, EventKind::Owner, None, None, day("2026-09-07"));
    }
    let facts = facts(&assessed(None, "2026-11-02", gaps));
    assert_eq!(facts.gaps[0].external_id, "g1", "money ranks first");
    assert_eq!(
        facts.action.unwrap().gap.as_deref(),
        Some("g2"),
        "points choose the action"
    );
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
    push(
        &mut gap,
        EventKind::Severity,
        None,
        Some("4"),
        day("2026-11-16"),
    );
    push(
        &mut gap,
        EventKind::NextStep,
        None,
        Some("Freeze the list"),
        day("2026-11-16"),
    );
    let snapshot = assessed(Some(day("2026-11-23")), "2026-11-02", vec![gap]);
    assert_eq!(action(&snapshot).rule, 6);
}

#[test]
fn the_list_puts_a_material_gap_first_within_56_days_of_go_live() {
    let rich = priced_gap("rich", day("2026-11-16"));
    let mut material = unpriced_gap("material", day("2026-11-16"));
    push(
        &mut material,
        EventKind::Severity,
        None,
        Some("4"),
        day("2026-11-16"),
    );
    let first = |go_live: &str| {
        let gaps = vec![rich.clone(), material.clone()];
        facts(&assessed(Some(day(go_live)), "2026-11-02", gaps)).gaps[0]
            .external_id
            .clone()
    };
    assert_eq!(first("2027-01-18"), "material");
    assert_eq!(first("2027-01-19"), "rich");
}

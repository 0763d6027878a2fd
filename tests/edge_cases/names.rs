//! What gaps are called: two of one name are told apart, and a stop at the target is none.

use crate::model::day;
use crate::{assessed, facts, priced_gap};

#[test]
fn two_gaps_of_one_name_carry_their_ids_wherever_they_are_named() {
    let named = |id: &str, title: &str| {
        let mut gap = priced_gap(id, day("2026-11-18"));
        gap.title = title.to_owned();
        gap
    };
    let gaps = vec![
        named("H-17", "Ticket on product 2, service type 1"),
        named("H-18", "Ticket on product 2, service type 2"),
        named("H-19", "Price lists"),
    ];
    let facts = facts(&assessed(None, "2026-11-02", gaps));
    let names = |id: &str| {
        let listed = facts.gaps.iter().find(|g| g.external_id == id).unwrap();
        let change = facts.changes.iter().find(|c| c.gap == id).unwrap();
        assert_eq!(listed.short_name, change.name);
        listed.short_name.clone()
    };
    assert_eq!(names("H-17"), "Ticket on product 2 (H-17)");
    assert_eq!(names("H-18"), "Ticket on product 2 (H-18)");
    assert_eq!(names("H-19"), "Price lists");
    assert!(facts.action.unwrap().text.contains("(H-17)"));
}

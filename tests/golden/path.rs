//! PT1 to PT3 and RL1: what to close to reach the target, and when to look again.

use back_office_brief::domain::codes::{Area, Category, EventKind};
use back_office_brief::domain::facts::PathFacts;
use back_office_brief::domain::snapshot::Snapshot;
use serde_json::{Value, json};

use crate::full::{facts_of, northfield};
use crate::model::{self, day, look, push};
use crate::{case_like, date, int, text, texts};

/// One area whose five cells were looked at on one day, and open gaps of severity 3 that last moved
/// on 16 November.
fn one_area(given: &Value, gaps: &[String]) -> Snapshot {
    let areas = given["areas"].as_object().unwrap();
    let (name, row) = areas.iter().next().unwrap();
    assert_eq!(areas.len(), 1);
    let area: Area = name.parse().unwrap();
    let scope = [(area, int(&row["weight"]))];
    let mut snapshot =
        model::snapshot(vec![model::implementation("erp", &scope, None)], Vec::new());
    look(&mut snapshot, area, Category::ALL, date(&row["looked_on_all_five"]));
    for id in gaps {
        let opened_on = day("2026-11-16");
        let mut gap = model::gap(id, area, Category::NoSource, opened_on);
        push(&mut gap, EventKind::Severity, None, Some("3"), opened_on);
        snapshot.gaps.push(gap);
    }
    snapshot
}

fn assert_path(path: &PathFacts, expect: &Value) {
    let found = json!({
        "gaps": path.gaps,
        "score_after_milli": path.score_after_milli,
        "exact": path.exact,
    });
    assert_eq!(&found, expect);
}

pub fn two_gaps(case: &Value) {
    let same = case_like(&case["given"]["same_as"]);
    let facts = facts_of(&same);
    let told = &facts.implementations[0];
    assert_eq!(told.target_milli, int(&case["given"]["target"]));
    let path = told.path_to_target.as_ref().unwrap();
    assert_path(path, &case["expect"]);
    // "Without price lists it stops at 79": a material gap caps the score until it is closed.
    let without = path.without.as_ref().unwrap();
    assert_eq!((without.gap.as_str(), without.stops_at_milli), ("N-1", 79_000));
}

pub fn none(case: &Value) {
    assert!(case["expect"].is_null());
    assert_eq!(texts(&case["given"]["gaps"]), ["one open, severity 3".to_owned()]);
    let snapshot = one_area(&case["given"], &["g1".to_owned()]);
    let facts = model::facts(&snapshot, day("2026-11-23"));
    assert_eq!(facts.implementations[0].path_to_target, None);
    assert_eq!(facts.implementations[0].allowed_milli, None);
    assert_eq!(facts.implementations[0].verdict.as_str(), "assessment_limits");
}

pub fn one_at_a_time(case: &Value) {
    let given = &case["given"];
    assert_eq!(text(&given["gaps"]), "g1..g5, each severity 3, open, last movement 2026-11-16");
    let snapshot = one_area(given, &texts(&given["order"]));
    let facts = model::facts(&snapshot, day("2026-11-23"));
    let path = facts.implementations[0].path_to_target.as_ref().unwrap();
    assert_path(path, &case["expect"]);
}

pub fn relook_by(case: &Value) {
    let mut same = case_like(&case["given"]["same_as"]);
    same["given"]["implementation"]["go_live"] = case["given"]["go_live"].clone();
    let facts = model::facts(&northfield(&same["given"]), date(&same["given"]["as_of"]));
    let relook = facts.implementations[0].relook_by.as_ref().unwrap();
    assert_eq!(serde_json::to_value(relook).unwrap(), case["expect"]);
}

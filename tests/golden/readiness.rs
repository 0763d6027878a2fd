//! R1 to R13, L1 and L2: the score, what a gap is worth, and the allowed load.

use back_office_brief::domain::codes::{Area, Category, EventKind};
use back_office_brief::domain::constants::Constants;
use back_office_brief::domain::facts::Facts;
use back_office_brief::domain::history::add_days;
use back_office_brief::domain::readiness::{AreaPoint, allowed_load};
use back_office_brief::domain::snapshot::{Gap, Snapshot};
use serde_json::Value;

use crate::model::{self, look, push, set_status};
use crate::{case_like, code, date, date_or_none, int, list, text};

/// A gap that stands as the row says: the same status, last movement and reopenings.
fn gap(row: &Value) -> Gap {
    let moved = date(&row["last_movement"]);
    let opened_on = add_days(moved, -100);
    let area: Area = code(&row["area"]);
    let mut gap = model::gap(text(&row["id"]), area, Category::NoSource, opened_on);
    push(&mut gap, EventKind::Severity, None, Some(&row["severity"].to_string()), opened_on);
    for reopening in 0..int(&row["reopens"]) {
        let closed = add_days(opened_on, 7 * (reopening + 1));
        set_status(&mut gap, "closed", closed);
        let again = add_days(closed, 2);
        push(&mut gap, EventKind::Reopened, Some("closed"), Some("open"), again);
    }
    set_status(&mut gap, text(&row["status"]), moved);
    push(&mut gap, EventKind::Evidence, None, None, moved);
    if row["withdraw_confirmed"] == true {
        push(&mut gap, EventKind::WithdrawConfirmed, None, None, moved);
        gap.events.last_mut().unwrap().actor = Some("second person".to_owned());
    }
    gap
}

/// One implementation with the areas, looks and gaps of a case.
pub fn snapshot(given: &Value) -> Snapshot {
    let areas = given["areas"].as_object().unwrap();
    let scope: Vec<(Area, i64)> =
        areas.iter().map(|(area, row)| (area.parse().unwrap(), int(&row["weight"]))).collect();
    let gaps = given["gaps"].as_array().map_or(&[][..], Vec::as_slice);
    let mut snapshot = model::snapshot(
        vec![model::implementation("erp", &scope, None)],
        gaps.iter().map(gap).collect(),
    );
    for (area, row) in areas {
        let Some(cells) = row["looked"].as_object() else {
            continue;
        };
        assert_eq!(cells.len(), Category::ALL.len());
        for (category, looked) in cells {
            if let Some(looked) = date_or_none(looked) {
                let category = category.parse().unwrap();
                look(&mut snapshot, area.parse().unwrap(), &[category], looked);
            }
        }
    }
    snapshot
}

fn facts(given: &Value) -> Facts {
    model::facts(&snapshot(given), date(&given["as_of"]))
}

pub fn score(case: &Value) {
    let facts = facts(&case["given"]);
    let told = &facts.implementations[0];
    assert_eq!(told.score_milli, int(&case["expect"]["score_milli"]));
    assert_eq!(told.score_printed, int(&case["expect"]["printed"]));
}

pub fn worth(case: &Value) {
    let facts = facts(&case_like(&case["given"]["same_as"])["given"]);
    let expect = case["expect"]["milli"].as_object().unwrap();
    assert_eq!(facts.gaps.len(), expect.len());
    for gap in &facts.gaps {
        assert_eq!(gap.worth_milli, int(&expect[&gap.external_id]), "{}", gap.external_id);
    }
}

pub fn allowed_of_same_case(case: &Value) {
    let facts = facts(&case_like(&case["given"]["same_as"])["given"]);
    let told = &facts.implementations[0];
    let expect = &case["expect"];
    assert_eq!(told.allowed_milli, Some(int(&expect["allowed_milli"])));
    let points: Vec<AreaPoint> = told
        .areas
        .iter()
        .map(|a| AreaPoint {
            area: a.area,
            weight: a.weight,
            coverage_bp: a.coverage_bp,
            points_milli: a.points_milli,
        })
        .collect();
    let allowed = allowed_load(&points, told.target_milli, &Constants::default()).unwrap();
    assert_eq!(allowed.permille, int(&expect["permille"]));
}

pub fn allowed_of_old_look(case: &Value) {
    assert!(case["expect"]["allowed_milli"].is_null());
    let mut snapshot = model::snapshot(
        vec![model::implementation("erp", &[(Area::Billing, 1)], None)],
        Vec::new(),
    );
    let looked = date(&case["given"]["billing_looked_on"]);
    look(&mut snapshot, Area::Billing, Category::ALL, looked);
    let facts = model::facts(&snapshot, model::day("2026-11-23"));
    assert_eq!(facts.implementations[0].coverage_bp, 5_000);
    assert_eq!(facts.implementations[0].allowed_milli, None);
    assert!(!list(&serde_json::json!(facts.implementations[0].points)).is_empty());
}

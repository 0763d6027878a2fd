//! N and X1: one organization from its rows to every figure of its brief.

use back_office_brief::domain::codes::{Area, Category, EventKind, ExposureKind};
use back_office_brief::domain::constants::Constants;
use back_office_brief::domain::cost;
use back_office_brief::domain::facts::{Facts, ImplementationFacts};
use back_office_brief::domain::forecast::from_baseline;
use back_office_brief::domain::history::History;
use back_office_brief::domain::money;
use back_office_brief::domain::readiness::printed;
use back_office_brief::domain::snapshot::{Gap, Snapshot};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::model::{self, look, price, push};
use crate::{case, code, date, int, ints, list, text, texts};

/// What the brief calls the gaps; the case itself holds only titles.
const SHORT_NAMES: [(&str, &str); 5] = [
    ("N-1", "Price lists"),
    ("N-2", "Invoice exceptions"),
    ("N-3", "Close pack"),
    ("N-5", "Disputed invoices"),
    ("N-7", "Duplicate vendor payments"),
];

fn gap(row: &Value) -> Gap {
    let id = text(&row["id"]);
    let statuses = list(&row["status"]);
    let opened_on = date(&statuses[0][0]);
    let (area, category): (Area, Category) = (code(&row["area"]), code(&row["category"]));
    let mut gap = model::gap(id, area, category, opened_on);
    gap.title = text(&row["title"]).to_owned();
    let short = SHORT_NAMES.iter().find(|(gap, _)| *gap == id);
    gap.short_name = short.map(|(_, name)| (*name).to_owned());
    let severity = row["severity"].to_string();
    push(&mut gap, EventKind::Severity, None, Some(&severity), opened_on);
    if let Some(owner) = row["owner"].as_str() {
        push(&mut gap, EventKind::Owner, None, Some(owner), opened_on);
    }
    for pair in statuses.windows(2) {
        let (from, to) = (text(&pair[0][1]), text(&pair[1][1]));
        let on = date(&pair[1][0]);
        push(&mut gap, EventKind::Status, Some(from), Some(to), on);
    }
    // A movement without a status of that day is a piece of evidence.
    for moved in texts(&row["movements"]) {
        if statuses.iter().all(|s| text(&s[0]) != moved) {
            push(&mut gap, EventKind::Evidence, None, None, model::day(&moved));
        }
    }
    let kinds = case("X1_exposure_by_effect")["given"]["kinds"].take();
    let kind = kinds.get(id).map_or(ExposureKind::Direct, code);
    for estimate in list(&row["exposure"]) {
        let bounds: [i64; 3] = ints(&estimate[1]).try_into().unwrap();
        price(&mut gap, kind, bounds, date(&estimate[0]));
    }
    gap
}

/// The rows of the full case.
pub fn northfield(given: &Value) -> Snapshot {
    let areas = given["areas"].as_object().unwrap();
    let scope: Vec<(Area, i64)> =
        areas.iter().map(|(area, row)| (area.parse().unwrap(), int(&row["weight"]))).collect();
    let platform = &given["implementation"];
    let mut implementation = model::implementation("erp", &scope, Some(date(&platform["go_live"])));
    implementation.name = text(&platform["name"]).to_owned();
    implementation.target_milli = int(&platform["target"]);
    let gaps = list(&given["gaps"]).iter().map(gap).collect();
    let mut snapshot = model::snapshot(vec![implementation], gaps);
    snapshot.organization.currency = text(&given["organization"]["currency"]).to_owned();
    for (area, row) in areas {
        for held_on in list(&row["looked_on_all_five"]) {
            look(&mut snapshot, area.parse().unwrap(), Category::ALL, date(held_on));
        }
    }
    snapshot
}

/// The facts of the full case, from its rows.
pub fn facts_of(case: &Value) -> Facts {
    let given = &case["given"];
    model::facts(&northfield(given), date(&given["as_of"]))
}

pub fn every_figure(case: &Value) {
    let facts = facts_of(case);
    let expect = &case["expect"];
    readiness(&facts.implementations[0], expect);
    forecast(&facts.implementations[0], &expect["forecast"]);
    money_of_all(&facts, expect);
    gaps(&facts, expect);
    cost_of_each(case);
    words(&facts);
}

fn readiness(told: &ImplementationFacts, expect: &Value) {
    let scores: Vec<i64> = told.points.iter().map(|p| p.score_milli).collect();
    assert_eq!(scores, ints(&expect["weekly_scores_milli"]));
    let shown: Vec<i64> = scores.iter().map(|score| printed(*score)).collect();
    assert_eq!(shown, ints(&expect["printed"]));
    let coverage: Vec<i64> = told.points.iter().map(|p| p.coverage_bp).collect();
    assert_eq!(coverage, ints(&expect["weekly_coverage_bp"]));
    let loads: Vec<i64> = told.points.iter().map(|p| p.load_milli).collect();
    assert_eq!(loads, ints(&expect["weekly_open_load_milli"]));
    let points: Vec<(i64, i64)> = loads.into_iter().zip(coverage).collect();
    let used = from_baseline(&points, &Constants::default());
    assert_eq!(used, ints(&expect["loads_used"]));
    assert_eq!(told.allowed_milli, Some(int(&expect["allowed_milli"])));
    assert_eq!(told.score_milli, scores[7]);
    assert_eq!(told.change_points, Some(3));
}

fn forecast(told: &ImplementationFacts, expect: &Value) {
    let weeks_needed = told.ready_on.map(|on| (on - model::day("2026-11-23")).get_days() / 7);
    let said = json!({
        "points_used": told.points_used,
        "load": told.load_milli,
        "allowed": told.allowed_milli,
        "to_go": told.allowed_milli.map(|allowed| told.load_milli - allowed),
        "weeks_left": told.weeks_left,
        "required_per_week": told.required_milli_per_week,
        "pace_per_week": told.pace_milli_per_week,
        "required_over_pace_pct": told.ratio_pct,
        "weeks_needed": weeks_needed,
        "ready_on": told.ready_on,
        "earliest_on": told.earliest_on,
        "latest_on": told.latest_on,
        "verdict": told.verdict,
        "weeks_late": told.weeks_late,
    });
    assert_eq!(&said, expect);
}

fn money_of_all(facts: &Facts, expect: &Value) {
    let exposure = &facts.exposure;
    let bounds = [exposure.low, exposure.likely, exposure.high];
    let shown = |minor: i64| money::printed(minor, &facts.organization.currency);
    assert_eq!(bounds.to_vec(), ints(&expect["exposure_per_week"]));
    assert_eq!(bounds.map(shown).to_vec(), texts(&expect["exposure_printed"]));
    assert_eq!(exposure.open_gaps, int(&expect["open_gaps"]));
    assert_eq!(exposure.priced_gaps, exposure.open_gaps);
    assert_eq!(exposure.cost_so_far, int(&expect["cost_so_far"]));
    assert_eq!(shown(exposure.cost_so_far), text(&expect["cost_printed"]));
    assert_eq!(exposure.cost_since, Some(model::day("2026-09-14")));
    let protected = [exposure.protected_per_week, exposure.protected_to_date];
    assert_eq!(protected[0], int(&expect["protected_per_week"]));
    assert_eq!(protected[1], int(&expect["protected_to_date"]));
    assert_eq!(protected.map(shown).to_vec(), texts(&expect["protected_printed"]));
}

fn gaps(facts: &Facts, expect: &Value) {
    let order: Vec<&str> = facts.gaps.iter().map(|g| g.external_id.as_str()).collect();
    assert_eq!(order, texts(&expect["order"]));
    for (place, gap) in (1..).zip(&facts.gaps) {
        let id = &gap.external_id;
        assert_eq!(gap.rank, Some(place), "{id}");
        assert_eq!(gap.worth_milli, int(&expect["points_if_closed_milli"][id]), "{id}");
        let likely = money::printed(gap.likely_per_week.unwrap(), "USD");
        assert_eq!(likely, text(&expect["per_gap_per_week"][id]), "{id}");
        assert_eq!(gap.stall_reasons, texts(&expect["stalled"][id]), "{id}");
    }
    // A closed gap is worth nothing: it is not in the list.
    let worth = expect["points_if_closed_milli"].as_object().unwrap();
    let closed = worth.iter().filter(|(id, _)| !order.contains(&id.as_str()));
    assert_eq!(closed.map(|(_, milli)| int(milli)).max(), Some(0));
}

fn cost_of_each(case: &Value) {
    let expect = case["expect"]["per_gap_cost_so_far"].as_object().unwrap();
    let snapshot = northfield(&case["given"]);
    assert_eq!(snapshot.gaps.len(), expect.len());
    for gap in &snapshot.gaps {
        let history = [History::of(gap, &TimeZone::UTC, &Constants::default())];
        let cost = cost::so_far(&cost::pools(&history), None, date(&case["given"]["as_of"]));
        assert_eq!(cost.likely, int(&expect[&gap.external_id]));
    }
}

/// What the example brief says of the week: the changes, and the one action.
fn words(facts: &Facts) {
    let changes: Vec<_> =
        facts.changes.iter().map(|c| (c.gap.as_str(), c.kind.as_str(), c.to.as_deref())).collect();
    assert_eq!(changes, [("N-7", "status", Some("closed")), ("N-4", "status", Some("verifying")),]);
    assert_eq!(facts.changes[0].likely_per_week, Some(44_333));
    let action = facts.action.as_ref().unwrap();
    assert_eq!((action.rule, action.gap.as_deref()), (2, Some("N-2")));
    assert_eq!(action.text, "Name one owner for invoice exceptions by Friday 27 November.");
    assert_eq!(facts.implementations[0].open_material, ["N-1"]);
    assert!(!facts.week.first && !facts.week.quiet);
}

pub fn by_effect(case: &Value) {
    let facts = facts_of(&crate::case_like(&case["given"]["same_as"]));
    let effects = serde_json::to_value(&facts.exposure.by_effect).unwrap();
    let expect = &case["expect"];
    assert_eq!(effects, expect["likely_minor"]);
    let mut total = 0;
    for (effect, minor) in effects.as_object().unwrap() {
        total += int(minor);
        assert_eq!(money::printed(int(minor), "USD"), text(&expect["printed"][effect]));
    }
    assert_eq!(total, facts.exposure.likely);
}

//! C1 to C4, P1 to P3, O1 to O3: what gaps have cost, what closures protect, and exposure groups.

use back_office_brief::domain::codes::{Area, Category, ExposureKind};
use back_office_brief::domain::constants::Constants;
use back_office_brief::domain::cost::{self, Protection};
use back_office_brief::domain::history::History;
use back_office_brief::domain::money;
use back_office_brief::domain::snapshot::{Bounds, Gap};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::model::{self, price};
use crate::{case_like, date, int, ints, list, text};

/// A gap from `status`, and either `exposure` or one likely figure from the first day.
fn gap(id: &str, given: &Value, likely_key: &str) -> Gap {
    let statuses = list(&given["status"]);
    let opened_on = date(&statuses[0][0]);
    let mut gap = model::gap(id, Area::Billing, Category::NoSource, opened_on);
    gap.exposure_group = given["group"].as_str().map(str::to_owned);
    for status in &statuses[1..] {
        model::set_status(&mut gap, text(&status[1]), date(&status[0]));
    }
    if let Some(estimates) = given["exposure"].as_array() {
        for estimate in estimates {
            let bounds: [i64; 3] = ints(&estimate[1]).try_into().unwrap();
            price(&mut gap, ExposureKind::Leakage, bounds, date(&estimate[0]));
        }
    } else {
        let likely = int(&given[likely_key]);
        price(&mut gap, ExposureKind::Leakage, [likely; 3], opened_on);
    }
    gap
}

/// Runs a check on the histories of some gaps.
fn with_histories<T>(gaps: &[Gap], check: impl FnOnce(&[History<'_>]) -> T) -> T {
    let constants = Constants::default();
    let histories: Vec<_> =
        gaps.iter().map(|gap| History::of(gap, &TimeZone::UTC, &constants)).collect();
    check(&histories)
}

fn cost_between(gaps: &[Gap], from: Option<Date>, to: Date) -> Bounds {
    with_histories(gaps, |histories| cost::so_far(&cost::pools(histories), from, to))
}

fn protections(gaps: &[Gap], on: Date) -> Vec<Protection> {
    with_histories(gaps, |histories| {
        cost::protections(&cost::pools(histories), on, &Constants::default())
    })
}

pub fn so_far(case: &Value) {
    let (given, expect) = (&case["given"], &case["expect"]);
    let cost = cost_between(&[gap("g1", given, "exposure_likely")], None, date(&given["as_of"]));
    assert_eq!(cost.likely, int(&expect["cost_so_far_minor"]));
    for (key, bound) in [("low", cost.low), ("high", cost.high)] {
        if let Some(expected) = expect.get(key) {
            assert_eq!(bound, int(expected), "{key}");
        }
    }
}

pub fn since_go_live(case: &Value) {
    let given = &case["given"];
    let same = gap("g1", &case_like(&given["same_gap_as"])["given"], "exposure_likely");
    let cost = cost_between(&[same], Some(date(&given["go_live"])), date(&given["as_of"]));
    assert_eq!(cost.likely, int(&case["expect"]["cost_since_go_live_minor"]));
}

pub fn protected(case: &Value) {
    let (given, expect) = (&case["given"], &case["expect"]);
    let like = given.get("same_gap_as").map(case_like);
    let source = like.as_ref().map_or(given, |case| &case["given"]);
    let as_of = date(given.get("as_of").unwrap_or(&source["as_of"]));
    let claims = protections(&[gap("g1", source, "exposure_likely")], as_of);
    let sum = |field: fn(&Protection) -> i64| claims.iter().map(field).sum::<i64>();
    assert_eq!(sum(|p| p.per_week), int(&expect["per_week_minor"]));
    assert_eq!(sum(|p| p.to_date), int(&expect["to_date_minor"]));
}

pub fn overlap(case: &Value) {
    let opened_on = model::day("2026-11-09");
    let as_of = model::day("2026-11-23");
    let gaps: Vec<Gap> = list(&case["given"]["gaps"])
        .iter()
        .map(|row| {
            let mut gap = model::gap(text(&row[0]), Area::Billing, Category::NoSource, opened_on);
            gap.exposure_group = row[1].as_str().map(str::to_owned);
            let bounds: [i64; 3] = ints(&row[2]).try_into().unwrap();
            price(&mut gap, ExposureKind::Leakage, bounds, opened_on);
            gap
        })
        .collect();
    let total = with_histories(&gaps, |h| cost::per_week(&cost::pools(h), as_of));
    assert_eq!(
        vec![total.low, total.likely, total.high],
        ints(&case["expect"]["total_low_likely_high"])
    );
    // The members keep their own figures in the list.
    let facts = model::facts(&model::snapshot(Vec::new(), gaps), as_of);
    for row in list(&case["given"]["gaps"]) {
        let listed = facts.gaps.iter().find(|g| g.external_id == text(&row[0]));
        assert_eq!(listed.unwrap().likely_per_week, Some(int(&row[2][1])));
    }
    assert_eq!(facts.exposure.likely, total.likely);
}

pub fn overlap_over_time(case: &Value) {
    let (given, expect) = (&case["given"], &case["expect"]);
    let gaps: Vec<Gap> =
        list(&given["gaps"]).iter().map(|row| gap(text(&row["id"]), row, "likely")).collect();
    let as_of = date(&given["as_of"]);
    assert_eq!(cost_between(&gaps, None, as_of).likely, int(&expect["cost_so_far_minor"]));
    let claims = protections(&gaps, as_of);
    assert_eq!(claims.iter().map(|p| p.per_week).sum::<i64>(), int(&expect["protected_per_week"]));
}

pub fn of_delay(case: &Value) {
    let (given, expect) = (&case["given"], &case["expect"]);
    let cost = cost::of_delay(int(&given["weeks_late"]), int(&given["benefit_minor_per_week"]));
    assert_eq!(cost, int(&expect["delay_cost_minor"]));
    assert_eq!(money::printed(cost, "USD"), text(&expect["printed"]));
}

//! Seeded gaps: 8 to 15 an organization, with a life over the weeks and a price of any kind.

use serde_json::{Map, Value, json};

use super::Maker;
use super::words::{FAMILY, THINGS, fault};
use crate::domain::codes::{Area, Category, ExposureKind};
use crate::domain::exposure::per_week;
use crate::domain::snapshot::Bounds;
use crate::sample::rows::Rows;
use crate::store::records::{Exposure, Gap, GapEvent};

/// Severities, the frequent ones more than once.
const SEVERITIES: [i64; 8] = [1, 2, 2, 2, 2, 3, 3, 4];

/// Adds the gaps of an organization that bills `billed` a week.
pub fn make(
    maker: &mut Maker,
    organization_id: &str,
    key: &str,
    billed: i64,
    areas: &[Area],
    rows: &mut Rows,
) {
    for number in 0..maker.chance.between(8, 15) {
        let area = *maker.chance.pick(areas);
        let category = *maker.chance.pick(Category::ALL);
        // Two of three are named at the start, the rest as the weeks go by.
        let back = if maker.chance.chance(66) {
            maker.days() - maker.chance.between(0, 6)
        } else {
            maker.chance.between(1, maker.days())
        };
        let id = maker.ids.next_id();
        let thing = *maker.chance.pick(&THINGS);
        rows.gaps.push(Gap {
            id: id.clone(),
            external_id: format!("{key}-{number}"),
            organization_id: organization_id.to_owned(),
            area: area.as_str().to_owned(),
            category: category.as_str().to_owned(),
            leak_zone: area.leak_zone().as_str().to_owned(),
            title: format!("{thing} {}", fault(category)),
            short_name: Some(thing.to_owned()),
            opened_on: maker.date(back).to_string(),
            created_at: maker.recorded(back),
            ..Gap::default()
        });
        live(maker, &id, back, rows);
        price(maker, &id, back, billed, rows);
    }
}

/// A gap's life: opened, perhaps owned, worked on, tested, closed, perhaps reopened.
fn live(maker: &mut Maker, gap: &str, opened: i64, rows: &mut Rows) {
    let severity = maker.chance.pick(&SEVERITIES).to_string();
    event(maker, rows, gap, opened, "opened", None, "open");
    event(maker, rows, gap, opened, "severity", None, &severity);
    if maker.chance.chance(85) {
        let initial = char::from(b'A' + u8::try_from(maker.chance.below(26)).unwrap_or_default());
        let owner = format!("{initial}. {}", maker.chance.pick(&FAMILY));
        event(maker, rows, gap, opened, "owner", None, &owner);
    }
    let (mut back, mut status) = (opened, "open");
    for (next, percent) in [("in_progress", 75), ("verifying", 60), ("closed", 75), ("open", 8)] {
        back -= maker.chance.between(5, 30);
        if back < 0 || !maker.chance.chance(percent) {
            break;
        }
        let kind = if next == "open" { "reopened" } else { "status" };
        event(maker, rows, gap, back, kind, Some(status), next);
        status = next;
    }
    if status != "closed" {
        let looked = maker.chance.between(0, 9).min(back.max(0));
        event(maker, rows, gap, looked, "confirmed", None, "");
    }
}

fn event(
    maker: &mut Maker,
    rows: &mut Rows,
    gap: &str,
    back: i64,
    kind: &str,
    from: Option<&str>,
    to: &str,
) {
    rows.gap_events.push(GapEvent {
        id: maker.ids.next_id(),
        gap_id: gap.to_owned(),
        kind: kind.to_owned(),
        from_value: from.map(str::to_owned),
        to_value: (!to.is_empty()).then(|| to.to_owned()),
        effective_on: maker.date(back).to_string(),
        recorded_at: maker.recorded(back),
        ..GapEvent::default()
    });
}

/// The first estimate, and for one gap in four a second one half-way.
fn price(maker: &mut Maker, gap: &str, opened: i64, billed: i64, rows: &mut Rows) {
    let kind = *maker.chance.pick(ExposureKind::ALL);
    let mut days = vec![opened];
    if kind != ExposureKind::Unpriced && 14 <= opened && maker.chance.chance(25) {
        days.push(opened / 2);
    }
    for back in days {
        let inputs = inputs(maker, kind, billed);
        // The inputs are within what the formulas take, so that the bounds are never the default.
        let bounds = per_week(kind, &inputs).unwrap_or_else(|_| Bounds::default());
        rows.exposures.push(Exposure {
            id: maker.ids.next_id(),
            gap_id: gap.to_owned(),
            kind: kind.as_str().to_owned(),
            inputs: Value::Object(inputs).to_string(),
            low: bounds.low,
            likely: bounds.likely,
            high: bounds.high,
            basis: "estimated".to_owned(),
            source_note: None,
            effective_on: maker.date(back).to_string(),
            recorded_at: maker.recorded(back),
            batch_id: None,
        });
    }
}

/// Inputs of a formula in amounts that a company of some size has.
fn inputs(maker: &mut Maker, kind: ExposureKind, billed: i64) -> Map<String, Value> {
    let around = |maker: &mut Maker, low: i64, high: i64| {
        let likely = maker.chance.between(low, high);
        json!([likely * 6 / 10, likely, likely * 15 / 10])
    };
    let mut inputs = Map::new();
    let mut set = |name: &str, value: Value| inputs.insert(name.to_owned(), value);
    match kind {
        ExposureKind::Rework => {
            set("hours_centi_per_week", around(maker, 100, 3_000));
            set("rate_minor_per_hour", json!(maker.chance.between(2_500, 9_000)));
        }
        ExposureKind::Error => {
            set("volume_per_week", json!(maker.chance.between(20, 900)));
            set("error_rate_bp", around(maker, 50, 2_000));
            set("cost_minor_per_error", json!(maker.chance.between(400, 9_000)));
        }
        ExposureKind::Leakage => {
            set("billed_minor_per_week", json!(billed));
            set("leak_bp", around(maker, 5, 90));
        }
        ExposureKind::LateCash => {
            set("billed_minor_per_week", json!(billed));
            set("days_late_tenths", around(maker, 20, 160));
            set("annual_cost_of_capital_bp", json!(maker.chance.between(400, 1_200)));
        }
        ExposureKind::Event => {
            set("events_milli_per_year", around(maker, 500, 24_000));
            set("loss_minor_per_event", json!(maker.chance.between(10_000, 900_000)));
        }
        ExposureKind::Direct => {
            set("amount_minor", around(maker, 10_000, 900_000));
            set("period_days", json!(30));
        }
        ExposureKind::Unpriced => {}
    }
    inputs
}

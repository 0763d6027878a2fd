//! What a gap costs, as a form: the kind first, then its inputs in the units that people think in.

use serde_json::{Map, Value, json};

use crate::domain::codes::{Basis, ExposureKind};
use crate::domain::exposure::{input_names, per_week};
use crate::domain::money;
use crate::domain::register::ask::Estimate;
use crate::domain::snapshot::Bounds;
use crate::engine::register::PriceView;
use crate::store::records::Organization;

use crate::web::desk::amounts;
use crate::web::desk::form::Form;

/// The three figures of an input; the first and the last may be left empty.
pub(super) const CORNERS: [(&str, &str); 3] =
    [("low", "Low"), ("likely", "Likely"), ("high", "High")];

/// One input of a formula.
#[derive(Debug, Clone)]
pub(super) struct Input {
    /// With its unit.
    pub(super) label: String,
    /// Names of its three fields, with what each is.
    pub(super) fields: Vec<(String, &'static str)>,
}

/// The inputs of a kind, in the order of its formula.
pub(super) fn inputs(kind: ExposureKind, currency: &str) -> Vec<Input> {
    let input = |name: &'static str| Input {
        label: unit(name, currency).0,
        fields: CORNERS.iter().map(|(corner, label)| (field(name, corner), *label)).collect(),
    };
    input_names(kind).into_iter().map(input).collect()
}

/// The formula in words.
pub(super) const fn formula(kind: ExposureKind) -> &'static str {
    match kind {
        ExposureKind::Rework => "hours a week \u{d7} rate an hour",
        ExposureKind::Error => {
            "how many a week \u{d7} share that is wrong \u{d7} what one error costs"
        }
        ExposureKind::Leakage => "billed a week \u{d7} share that is lost",
        ExposureKind::LateCash => {
            "billed a week \u{d7} days late \u{d7} cost of capital a year \u{f7} 365"
        }
        ExposureKind::Event => "how often in a year \u{d7} what one costs \u{d7} 7 \u{f7} 365",
        ExposureKind::Direct => "amount \u{d7} 7 \u{f7} days in which it falls due",
        ExposureKind::Unpriced => "",
    }
}

fn field(name: &str, corner: &str) -> String {
    format!("{name}.{corner}")
}

/// What an input is called, and its decimals.
fn unit(name: &str, currency: &str) -> (String, u32) {
    let exponent = money::exponent(currency);
    let money = |label: &str| (format!("{label}, {currency}"), exponent);
    let plain = |label: &str, places: u32| (label.to_owned(), places);
    match name {
        "hours_centi_per_week" => plain("Hours a week", 2),
        "rate_minor_per_hour" => money("Rate an hour"),
        "volume_per_week" => plain("How many a week", 0),
        "error_rate_bp" => plain("Of these wrong, %", 2),
        "cost_minor_per_error" => money("What one error costs"),
        "billed_minor_per_week" => money("Billed a week"),
        "leak_bp" => plain("Of that lost, %", 2),
        "days_late_tenths" => plain("Days late", 1),
        "annual_cost_of_capital_bp" => plain("Cost of capital a year, %", 2),
        "events_milli_per_year" => plain("How often in a year", 3),
        "loss_minor_per_event" => money("What one costs"),
        "amount_minor" => money("Amount"),
        "period_days" => plain("In how many days", 0),
        other => plain(other, 0),
    }
}

/// The form as the price stands; of another kind empty, but for what is known of the organization.
pub(super) fn standing(
    kind: ExposureKind,
    price: Option<&PriceView>,
    organization: &Organization,
) -> Form {
    let word = kind.as_str().to_owned();
    let mut form = Form::holding("price", [("exposure_kind", word.clone()), ("kind", word)]);
    let currency = organization.currency.as_str();
    let price = price.filter(|price| price.kind == kind);
    for name in input_names(kind) {
        let places = unit(name, currency).1;
        let known = price.and_then(|price| price.inputs.get(name)).cloned();
        let values = match known.unwrap_or_else(|| usual(name, organization)) {
            Value::Array(three) => three,
            Value::Null => Vec::new(),
            one => vec![Value::Null, one, Value::Null],
        };
        for ((corner, _), value) in CORNERS.iter().zip(values) {
            let text = value.as_i64().map(|value| amounts::print(value, places));
            form.set(&field(name, corner), text.unwrap_or_default());
        }
    }
    let basis = price.map_or("estimated", |price| price.basis.as_str());
    form.set("exposure_basis", basis);
    form.set("exposure_source", price.and_then(|price| price.source.clone()).unwrap_or_default());
    form
}

/// What an input is at this organization, where that is known.
fn usual(name: &str, organization: &Organization) -> Value {
    let known = match name {
        "rate_minor_per_hour" => organization.loaded_rate_minor_per_hour,
        "billed_minor_per_week" => organization.billed_per_week,
        "annual_cost_of_capital_bp" => organization.cost_of_capital_bp,
        _ => None,
    };
    known.map_or(Value::Null, |known| json!(known))
}

/// What was typed; none where something cannot be read, which the form says then.
pub(super) fn read(form: &mut Form, currency: &str) -> Option<Estimate> {
    let kind: ExposureKind = form.needed("exposure_kind")?;
    let mut inputs = Map::new();
    for name in input_names(kind) {
        let places = unit(name, currency).1;
        let [low, likely, high] =
            CORNERS.map(|(corner, _)| form.amount(&field(name, corner), places));
        let Some(likely) = likely else {
            form.refuse(field(name, "likely"), "is missing; give the likely figure at least");
            continue;
        };
        let value = match (low, high) {
            (None, None) => json!(likely),
            (low, high) => {
                let (low, high) = (low.unwrap_or(likely), high.unwrap_or(likely));
                if low > likely || likely > high {
                    form.refuse(field(name, "likely"), "cannot lie outside of low and high");
                }
                json!([low, likely, high])
            }
        };
        inputs.insert(name.to_owned(), value);
    }
    let basis = match kind {
        ExposureKind::Unpriced => Basis::Estimated,
        _ => form.needed("exposure_basis")?,
    };
    let source = form.text("exposure_source");
    (!form.has_problems()).then_some(Estimate { kind, inputs, basis, source })
}

/// What an estimate comes to in a week: low, likely and high to the last minor unit.
pub(super) fn sum(bounds: Bounds, currency: &str) -> [String; 3] {
    [bounds.low, bounds.likely, bounds.high].map(|minor| money::exact(minor, currency))
}

/// The same before anything is saved; none where the inputs do not fit, which the form says then.
pub(super) fn tried(form: &mut Form, estimate: &Estimate, currency: &str) -> Option<[String; 3]> {
    match per_week(estimate.kind, &estimate.inputs) {
        Ok(bounds) => Some(sum(bounds, currency)),
        Err(error) => {
            form.refuse("exposure_inputs", &error.to_string());
            None
        }
    }
}

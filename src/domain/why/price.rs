//! What one gap costs a week: its formula with its numbers (MODEL 3).

use super::Step;
use super::units::{a_week, decimal, percent_bp};
use crate::domain::codes::ExposureKind;
use crate::domain::course::sums::Price;
use crate::domain::exposure::{inputs_at, per_week};
use crate::domain::money;

/// The three corners of an estimate.
const CORNERS: [&str; 3] = ["Low", "Likely", "High"];

/// Low, likely and high with their sums; one line where the three are the same.
///
/// Where an estimate came without inputs, or they do not give its figures any more, the figures stand
/// by themselves.
#[must_use]
pub fn price(price: &Price, currency: &str) -> Vec<Step> {
    let bounds = price.per_week;
    let results = [bounds.low, bounds.likely, bounds.high];
    let is_given = per_week(price.kind, &price.inputs) == Ok(bounds);
    let sum = |corner: usize| {
        let inputs = inputs_at(price.kind, &price.inputs, corner).ok().filter(|_| is_given)?;
        formula(price.kind, &inputs, currency)
    };
    let mut steps: Vec<Step> = Vec::new();
    for (corner, name) in CORNERS.iter().enumerate() {
        let sum = sum(corner).unwrap_or_else(|| "the figure as it was given".to_owned());
        steps.push(Step::of(*name, sum, a_week(results[corner], currency)));
    }
    let is_one = results.iter().all(|minor| *minor == results[1]);
    if is_one && steps.iter().all(|step| step.sum == steps[1].sum) {
        steps.truncate(2);
        steps.remove(0);
    }
    steps
}

/// "26 h × $58.00"; none where the inputs are not those of the kind.
fn formula(kind: ExposureKind, inputs: &[i64], currency: &str) -> Option<String> {
    let money = |minor: i64| money::exact(minor, currency);
    Some(match (kind, inputs) {
        (ExposureKind::Rework, [hours, rate]) => {
            format!("{} h × {}", decimal(*hours, 2), money(*rate))
        }
        (ExposureKind::Error, [volume, rate, cost]) => {
            format!(
                "{} a week × {} wrong × {}",
                decimal(*volume, 0),
                percent_bp(*rate),
                money(*cost)
            )
        }
        (ExposureKind::Leakage, [billed, leak]) => {
            format!("{} billed a week × {}", money(*billed), percent_bp(*leak))
        }
        (ExposureKind::LateCash, [billed, late, rate]) => format!(
            "{} billed a week × {} days late × {} a year ÷ 365",
            money(*billed),
            decimal(*late, 1),
            percent_bp(*rate)
        ),
        (ExposureKind::Event, [events, loss]) => {
            format!("{} a year × {} × 7 ÷ 365", decimal(*events, 3), money(*loss))
        }
        (ExposureKind::Direct, [amount, 1]) => format!("{} a day × 7", money(*amount)),
        (ExposureKind::Direct, [amount, days]) => {
            format!("{} in {} days × 7 ÷ {}", money(*amount), decimal(*days, 0), decimal(*days, 0))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::codes::Basis;
    use crate::domain::course::sums::ToldBy;
    use crate::domain::snapshot::Bounds;

    fn priced(kind: ExposureKind, inputs: Value) -> Price {
        let inputs = inputs.as_object().cloned().unwrap_or_default();
        let day = "2026-10-05".parse().unwrap();
        Price {
            kind,
            per_week: per_week(kind, &inputs).unwrap_or_default(),
            inputs,
            basis: Basis::Estimated,
            source_note: None,
            since: day,
            told: ToldBy {
                recorded_at: Default::default(),
                recorded_on: day,
                who: None,
                import: None,
            },
        }
    }

    fn line(kind: ExposureKind, inputs: Value) -> String {
        let steps = price(&priced(kind, inputs), "USD");
        assert_eq!(steps.len(), 1, "{steps:?}");
        format!("{} = {}", steps[0].sum, steps[0].result)
    }

    /// The worked cases E1 to E6 of the model.
    #[test]
    fn every_kind_is_told_with_its_numbers() {
        use ExposureKind::{Direct, Error, Event, LateCash, Leakage, Rework};
        for (kind, inputs, told) in [
            (
                Rework,
                json!({"hours_centi_per_week": 2600, "rate_minor_per_hour": 5800}),
                "26 h × $58.00 = $1,508.00 a week",
            ),
            (
                Error,
                json!({"volume_per_week": 310, "error_rate_bp": 1800, "cost_minor_per_error": 1450}),
                "310 a week × 18% wrong × $14.50 = $809.10 a week",
            ),
            (
                Leakage,
                json!({"billed_minor_per_week": 42_000_000, "leak_bp": 90}),
                "$420,000.00 billed a week × 0.9% = $3,780.00 a week",
            ),
            (
                LateCash,
                json!({"billed_minor_per_week": 42_000_000, "days_late_tenths": 110,
                       "annual_cost_of_capital_bp": 900}),
                "$420,000.00 billed a week × 11 days late × 9% a year ÷ 365 = $1,139.18 a week",
            ),
            (
                Event,
                json!({"events_milli_per_year": 24_000, "loss_minor_per_event": 29_100}),
                "24 a year × $291.00 × 7 ÷ 365 = $133.94 a week",
            ),
            (
                Direct,
                json!({"amount_minor": 260_000, "period_days": 30}),
                "$2,600.00 in 30 days × 7 ÷ 30 = $606.67 a week",
            ),
        ] {
            assert_eq!(line(kind, inputs), told);
        }
    }

    #[test]
    fn a_range_has_a_line_for_each_corner_and_divides_by_the_other_end() {
        let inputs = json!({"amount_minor": [100, 200, 300], "period_days": [7, 14, 28]});
        let steps = price(&priced(ExposureKind::Direct, inputs), "USD");
        let told: Vec<String> =
            steps.iter().map(|s| format!("{}: {} = {}", s.name, s.sum, s.result)).collect();
        assert_eq!(
            told,
            [
                "Low: $1.00 in 28 days × 7 ÷ 28 = $0.25 a week",
                "Likely: $2.00 in 14 days × 7 ÷ 14 = $1.00 a week",
                "High: $3.00 in 7 days × 7 ÷ 7 = $3.00 a week",
            ]
        );
    }

    #[test]
    fn figures_without_inputs_stand_by_themselves() {
        let mut own = priced(ExposureKind::Rework, json!({}));
        own.per_week = Bounds { low: 10_000, likely: 20_000, high: 30_000 };
        let steps = price(&own, "USD");
        assert_eq!(steps[1].sum, "the figure as it was given");
        assert_eq!(steps[1].result, "$200.00 a week");
        assert_eq!(steps.len(), 3);
    }
}

//! What one gap costs in a week: six formulas with named integer inputs (MODEL 3).
//!
//! Each formula is a product over one divisor. It is worked out at low, likely and high in 128-bit
//! integers with one division at the end, rounded half up.

use std::fmt;

use serde_json::{Map, Value};

use super::arithmetic::half_up;
use super::codes::ExposureKind;
use super::snapshot::Bounds;

/// A formula: the inputs that are multiplied and the number they are divided by.
struct Formula {
    /// Names of the inputs above the line.
    factors: &'static [&'static str],
    /// Name of an input below the line.
    per: Option<&'static str>,
    /// Constant above the line.
    times: i128,
    /// Constant below the line.
    over: i128,
}

/// The formulas of MODEL 3; none for an unpriced gap.
const fn formula(kind: ExposureKind) -> Option<Formula> {
    const YEAR_DAYS: i128 = 365;
    const WEEK_DAYS: i128 = 7;
    const BASIS_POINTS: i128 = 10_000;
    let (factors, per, times, over): (&'static [&'static str], _, _, _) = match kind {
        ExposureKind::Rework => (&["hours_centi_per_week", "rate_minor_per_hour"], None, 1, 100),
        ExposureKind::Error => {
            (&["volume_per_week", "error_rate_bp", "cost_minor_per_error"], None, 1, BASIS_POINTS)
        }
        ExposureKind::Leakage => (&["billed_minor_per_week", "leak_bp"], None, 1, BASIS_POINTS),
        ExposureKind::LateCash => (
            &["billed_minor_per_week", "days_late_tenths", "annual_cost_of_capital_bp"],
            None,
            1,
            10 * YEAR_DAYS * BASIS_POINTS,
        ),
        ExposureKind::Event => {
            (&["events_milli_per_year", "loss_minor_per_event"], None, WEEK_DAYS, 1_000 * YEAR_DAYS)
        }
        ExposureKind::Direct => (&["amount_minor"], Some("period_days"), WEEK_DAYS, 1),
        ExposureKind::Unpriced => return None,
    };
    Some(Formula { factors, per, times, over })
}

/// The names of the inputs that a kind needs, in the order of its formula.
#[must_use]
pub fn input_names(kind: ExposureKind) -> Vec<&'static str> {
    formula(kind).map_or_else(Vec::new, |f| f.factors.iter().copied().chain(f.per).collect())
}

/// Why inputs cannot be priced. Each names the input and what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExposureError {
    /// An input of the formula is not there.
    Missing(&'static str),
    /// An input that the formula does not know.
    Unknown(String),
    /// Not a whole number of zero or more, nor `[low, likely, high]` of such in rising order.
    NotBounds(String),
    /// The number below the line must be at least 1.
    NotPositive(&'static str),
    /// The result does not fit 64 bits.
    TooLarge,
}

impl fmt::Display for ExposureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "input {name} is missing"),
            Self::Unknown(name) => write!(f, "input {name:?} does not belong to this kind"),
            Self::NotBounds(name) => write!(
                f,
                "input {name} must be a whole number of 0 or more, or [low, likely, high] in rising order"
            ),
            Self::NotPositive(name) => write!(f, "input {name} must be at least 1"),
            Self::TooLarge => f.write_str("the inputs multiply to more than an amount can hold"),
        }
    }
}

impl std::error::Error for ExposureError {}

/// What a gap costs per week, minor units, from its kind and inputs.
///
/// Each input is an integer or `[low, likely, high]`. An unpriced gap gives zero bounds; callers say
/// "not priced", never "0" (MODEL 4.6).
///
/// # Errors
/// Names the input that is missing, unknown or out of range.
pub fn per_week(kind: ExposureKind, inputs: &Map<String, Value>) -> Result<Bounds, ExposureError> {
    let Some(formula) = formula(kind) else {
        return match inputs.keys().next() {
            Some(name) => Err(ExposureError::Unknown(name.clone())),
            None => Ok(Bounds::default()),
        };
    };
    if let Some(name) = inputs.keys().find(|name| !input_names(kind).contains(&name.as_str())) {
        return Err(ExposureError::Unknown(name.clone()));
    }
    let mut bounds = [0_i64; 3];
    for (corner, bound) in bounds.iter_mut().enumerate() {
        *bound = at_corner(&formula, inputs, corner)?;
    }
    let [low, likely, high] = bounds;
    Ok(Bounds { low: low.min(likely), likely, high: high.max(likely) })
}

/// The inputs as one corner of a formula uses them, in the order of [`input_names`]: 0 low, 1 likely,
/// 2 high. A number below the line is the other way round.
///
/// # Errors
/// As [`per_week`].
pub fn inputs_at(
    kind: ExposureKind,
    inputs: &Map<String, Value>,
    corner: usize,
) -> Result<Vec<i64>, ExposureError> {
    let Some(formula) = formula(kind) else { return Ok(Vec::new()) };
    let corner = corner.min(2);
    let above = formula.factors.iter().map(|name| input(inputs, name).map(|three| three[corner]));
    let below = formula.per.map(|name| input(inputs, name).map(|three| three[2 - corner]));
    above.chain(below).collect()
}

/// The formula at one corner: 0 low, 1 likely, 2 high. Below the line the corners are the other way
/// round, since a longer period makes a smaller amount a week.
fn at_corner(
    formula: &Formula,
    inputs: &Map<String, Value>,
    corner: usize,
) -> Result<i64, ExposureError> {
    let mut product = formula.times;
    for &name in formula.factors {
        let factor = input(inputs, name)?[corner];
        product = product.checked_mul(i128::from(factor)).ok_or(ExposureError::TooLarge)?;
    }
    let mut divisor = formula.over;
    if let Some(name) = formula.per {
        let per = input(inputs, name)?[2 - corner];
        if per < 1 {
            return Err(ExposureError::NotPositive(name));
        }
        divisor *= i128::from(per);
    }
    if product > i128::MAX / 4 {
        return Err(ExposureError::TooLarge);
    }
    i64::try_from(half_up(product, divisor)).map_err(|_| ExposureError::TooLarge)
}

/// One input as low, likely, high.
fn input(inputs: &Map<String, Value>, name: &'static str) -> Result<[i64; 3], ExposureError> {
    let value = inputs.get(name).ok_or(ExposureError::Missing(name))?;
    let not_bounds = || ExposureError::NotBounds(name.to_owned());
    let whole = |v: &Value| v.as_i64().filter(|n| *n >= 0).ok_or_else(not_bounds);
    match value {
        Value::Array(three) => match three.as_slice() {
            [low, likely, high] => {
                let bounds = [whole(low)?, whole(likely)?, whole(high)?];
                if bounds.is_sorted() { Ok(bounds) } else { Err(not_bounds()) }
            }
            _ => Err(not_bounds()),
        },
        single => whole(single).map(|n| [n; 3]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn priced(kind: ExposureKind, inputs: Value) -> Result<Bounds, ExposureError> {
        per_week(kind, inputs.as_object().unwrap())
    }

    #[test]
    fn every_wrong_input_is_named() {
        let rework = |inputs| priced(ExposureKind::Rework, inputs).unwrap_err().to_string();
        assert_eq!(
            rework(json!({"rate_minor_per_hour": 1})),
            "input hours_centi_per_week is missing"
        );
        assert!(rework(json!({"hours": 1})).starts_with("input \"hours\" does not belong"));
        for bad in [json!(-1), json!(1.5), json!("7"), json!([1, 2]), json!([3, 2, 1]), json!(null)]
        {
            let error = rework(json!({"hours_centi_per_week": bad, "rate_minor_per_hour": 1}));
            assert!(
                error.starts_with("input hours_centi_per_week must be a whole number"),
                "{error}"
            );
        }
        let direct = priced(ExposureKind::Direct, json!({"amount_minor": 1, "period_days": 0}));
        assert_eq!(direct, Err(ExposureError::NotPositive("period_days")));
    }

    #[test]
    fn amounts_of_a_federal_budget_fit_and_absurd_ones_are_refused() {
        let year = json!({"amount_minor": 3_100_000_000_000_i64, "period_days": 365});
        assert_eq!(priced(ExposureKind::Direct, year).unwrap().likely, 59_452_054_795);
        let absurd = json!({"volume_per_week": i64::MAX, "error_rate_bp": i64::MAX,
                            "cost_minor_per_error": i64::MAX});
        assert_eq!(priced(ExposureKind::Error, absurd), Err(ExposureError::TooLarge));
    }
}

//! What an estimate comes to, and whether it says something new (MODEL 3).

use serde_json::{Map, Value};

use crate::domain::codes::{Basis, ExposureKind};
use crate::domain::exposure::{ExposureError, input_names, per_week};
use crate::domain::snapshot::Bounds;

use super::ask::Estimate;
use super::known::Priced;
use super::refusal::Refusals;
use super::words::{LINE, short};

/// An estimate, worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Formula.
    pub kind: ExposureKind,
    /// Its inputs.
    pub inputs: Map<String, Value>,
    /// What they come to, minor units a week.
    pub per_week: Bounds,
    /// Where they come from.
    pub basis: Basis,
    /// The same in words.
    pub source: Option<String>,
}

impl Figures {
    /// Works an estimate out; none with a sentence for each field that cannot be taken.
    #[must_use]
    pub fn of(estimate: &Estimate, refused: &mut Refusals) -> Option<Self> {
        let source = estimate.source.as_deref().map_or(Ok(None), |text| short(text, LINE));
        let source = refused.keep("exposure_source", source);
        let worked = per_week(estimate.kind, &estimate.inputs);
        let worked = worked.map_err(|error| sentence(estimate.kind, &error));
        let per_week = refused.keep("exposure_inputs", worked);
        let Estimate { kind, inputs, basis, .. } = estimate.clone();
        Some(Self { kind, inputs, per_week: per_week?, basis, source: source? })
    }

    /// Whether the standing estimate says the same; nothing known is the same as unpriced.
    #[must_use]
    pub fn is(&self, standing: Option<&Priced>) -> bool {
        let Some(standing) = standing else {
            return self.kind == ExposureKind::Unpriced;
        };
        standing.exposure.kind == self.kind
            && (self.kind == ExposureKind::Unpriced
                || (standing.inputs == self.inputs
                    && standing.exposure.basis == self.basis
                    && standing.source == self.source))
    }

    /// The estimate in one word, for the event beside it.
    #[must_use]
    pub fn word(&self) -> String {
        word(self.kind, self.per_week)
    }
}

/// An estimate in one word: its likely figure in minor units a week, or `unpriced`.
#[must_use]
pub fn word(kind: ExposureKind, per_week: Bounds) -> String {
    match kind {
        ExposureKind::Unpriced => kind.as_str().to_owned(),
        _ => per_week.likely.to_string(),
    }
}

/// What is wrong with the inputs, and what the formula takes.
fn sentence(kind: ExposureKind, error: &ExposureError) -> String {
    let takes = match input_names(kind).as_slice() {
        [] => "an unpriced gap takes none".to_owned(),
        names => format!("{kind} takes {}", names.join(", ")),
    };
    match error {
        ExposureError::Missing(_) | ExposureError::Unknown(_) => format!("{error}; {takes}"),
        ExposureError::NotBounds(_) | ExposureError::NotPositive(_) | ExposureError::TooLarge => {
            error.to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn estimate(kind: ExposureKind, inputs: Value) -> Estimate {
        let inputs = inputs.as_object().unwrap().clone();
        Estimate {
            kind,
            inputs,
            basis: Basis::Estimated,
            source: Some(" the team's count ".to_owned()),
        }
    }

    #[test]
    fn figures_are_worked_out_at_three_corners() {
        let inputs =
            json!({"hours_centi_per_week": [1000, 2600, 3000], "rate_minor_per_hour": 5800});
        let mut refused = Refusals::default();
        let figures = Figures::of(&estimate(ExposureKind::Rework, inputs), &mut refused).unwrap();
        assert!(refused.is_empty());
        assert_eq!(figures.per_week, Bounds { low: 58_000, likely: 150_800, high: 174_000 });
        assert_eq!(
            (figures.word().as_str(), figures.source.as_deref()),
            ("150800", Some("the team's count"))
        );
    }

    #[test]
    fn a_wrong_input_is_answered_with_what_the_formula_takes() {
        let mut refused = Refusals::default();
        assert!(
            Figures::of(&estimate(ExposureKind::Direct, json!({"amount": 1})), &mut refused)
                .is_none()
        );
        let problem = &refused.0[0];
        assert_eq!(problem.field, "exposure_inputs");
        assert!(
            problem.problem.ends_with("direct takes amount_minor, period_days"),
            "{}",
            problem.problem
        );
        let mut refused = Refusals::default();
        assert!(
            Figures::of(&estimate(ExposureKind::Unpriced, json!({"amount": 1})), &mut refused)
                .is_none()
        );
        assert!(refused.0[0].problem.ends_with("an unpriced gap takes none"));
    }
}

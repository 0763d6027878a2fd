//! The score: what has been looked at, times what is still open, area by area (MODEL 4.1, 8).

use super::Step;
use super::units::{decimal, fixed, milli, percent_bp};
use crate::domain::arithmetic::{half_up, to_i64};
use crate::domain::constants::Constants;
use crate::domain::facts::ImplementationFacts;
use crate::domain::readiness::{AreaPoint, printed, score_milli, share};

/// One area's share of the score: weight over all weights, times coverage, times health.
#[must_use]
pub fn areas(of: &ImplementationFacts, constants: &Constants) -> Vec<Step> {
    let weights: i64 = of.areas.iter().map(|area| area.weight).sum();
    let step = |point: &AreaPoint| {
        let half = constants.half_point_milli;
        let health = match point.points_milli {
            0 => String::new(),
            points => format!(" × {} ÷ ({} + {})", milli(half), milli(half), milli(points)),
        };
        let sum = format!(
            "{} of {} × {} looked at{health}",
            point.weight,
            decimal(weights, 0),
            percent_bp(point.coverage_bp)
        );
        let own = i128::from(share(point, constants));
        let own = to_i64(half_up(own, 100_000 * i128::from(weights)));
        Step::of(crate::domain::brief::numbers::capitalized(point.area.words()), sum, fixed(own, 3))
    };
    points(of).iter().map(step).collect()
}

/// The sum of the areas, the cap where a gap blocks go-live, and what is printed.
#[must_use]
pub fn score(of: &ImplementationFacts, constants: &Constants) -> Vec<Step> {
    let points = points(of);
    let sum = score_milli(&points, false, constants);
    let mut steps = vec![Step::of("All areas together", "", fixed(sum, 3))];
    if of.score_milli < sum {
        let cap =
            format!("a gap that blocks go-live is not closed: at most {}", milli(of.score_milli));
        steps.push(Step::of("Held back", cap, fixed(of.score_milli, 3)));
    }
    steps.push(Step::of("Score", "in whole points", printed(of.score_milli).to_string()));
    steps
}

/// The two parts of the answer: what was looked at, and what is open (MODEL 8).
#[must_use]
pub fn in_short(of: &ImplementationFacts) -> Vec<Step> {
    let (looked, score) = (printed(of.score_if_all_closed_milli), printed(of.score_milli));
    vec![
        Step::of("Looked at", "what the looks alone allow", looked.to_string()),
        Step::of("Open gaps", "what they take from it", (score - looked).to_string()),
    ]
}

fn points(of: &ImplementationFacts) -> Vec<AreaPoint> {
    let point = |area: &crate::domain::facts::AreaFacts| AreaPoint {
        area: area.area,
        weight: area.weight,
        coverage_bp: area.coverage_bp,
        points_milli: area.points_milli,
    };
    of.areas.iter().map(point).collect()
}

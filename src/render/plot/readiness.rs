//! The score over time: as it is known now, and as it was mailed.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::axes::Axes;
use super::{Plot, Value, course, go_live_mark};
use crate::domain::brief::numbers;
use crate::domain::history::days_between;

/// A go-live further ahead than this many days is left to the words.
const AHEAD: i64 = 371;

/// Draws the score of some days, the oldest first.
///
/// `mailed` are the scores as they were mailed, `target_milli` is what is to be reached; none once the
/// go-live has passed.
#[must_use]
pub fn readiness(
    known: &[Value],
    mailed: &[Value],
    target_milli: Option<i64>,
    go_live: Option<Date>,
) -> Plot {
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return Plot::default();
    };
    let near = go_live.filter(|day| days_between(last.on, *day) <= AHEAD);
    let axes = Axes::of_score(first.on, near.map_or(last.on, |day| day.max(last.on)));
    let target = target_milli.map(|milli| (milli, format!("target {}", numbers::points(milli))));
    let mut plot = course(&axes, known, target, true);
    plot.last.words = numbers::points(last.milli).to_string();
    plot.go_live = go_live_mark(&axes, go_live);
    for own in mailed.iter().filter(|own| axes.holds(own.on)) {
        let (x, y) = (axes.x(own.on), axes.y(own.milli));
        // A line of no length with round ends is a dot. Writing to a string cannot fail.
        let _ = write!(plot.dots, "M{x} {y}h1");
    }
    plot
}

//! Weekly scores as bars.

use super::{drawn, names};
use crate::domain::brief::Trend;

/// Height of the whole scale, 0 to 100 points, in pixels: one pixel a point.
const SCALE: i64 = 100;
/// Weeks the picture has room for before its bars get narrower.
const WEEKS: usize = 8;
/// Height of the line of text that names the target.
const FIGURE_HEIGHT: i64 = 20;

/// Weekly scores as bars over a zero base, with the target as a line across.
#[derive(Debug, PartialEq, Eq)]
pub struct TrendBars {
    /// "Eight weeks".
    pub label: String,
    /// Whole points of the target, when there is one.
    pub target: Option<i64>,
    /// Pixels between the target line and the top of the scale.
    pub upper: i64,
    /// Pixels between the base and the target line.
    pub lower: i64,
    /// Pixels above the target's figure, which stands beside its line.
    pub above_figure: i64,
    /// Oldest first. At least eight, the last of them empty where there are fewer scores: few bars
    /// stay narrow.
    pub bars: Vec<Bar>,
}

/// One week.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// As printed under the bar; None for a week to come.
    pub score: Option<i64>,
    /// Pixels above the target line, where it reaches that far.
    pub above: Option<i64>,
    /// Pixels below it; None for no points.
    pub below: Option<i64>,
    /// Whether it is this week's.
    pub is_last: bool,
}

impl TrendBars {
    /// None for fewer than two scores: one bar shows nothing. The target is drawn only when `words`
    /// name it.
    pub fn of(trend: &Trend, words: &str) -> Option<Self> {
        let last = trend.scores.len().checked_sub(1).filter(|last| 0 < *last)?;
        let target = trend
            .target
            .filter(|points| names(words, &points.to_string()))
            .map(|points| points.clamp(0, SCALE));
        let lower = target.unwrap_or(SCALE);
        let bar = |(at, &score): (usize, &i64)| {
            let height = score.clamp(0, SCALE);
            Bar {
                score: Some(score),
                above: drawn(height - lower),
                below: drawn(height.min(lower)),
                is_last: at == last,
            }
        };
        let to_come = (trend.scores.len()..WEEKS).map(|_| Bar::default());
        Some(Self {
            label: trend.label.clone(),
            target,
            upper: SCALE - lower,
            lower,
            above_figure: (SCALE - lower - FIGURE_HEIGHT / 2).max(0),
            bars: trend.scores.iter().enumerate().map(bar).chain(to_come).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trend(scores: &[i64], target: Option<i64>) -> Option<TrendBars> {
        let trend = Trend { label: "Weeks".to_owned(), scores: scores.to_vec(), target };
        TrendBars::of(&trend, "Target: 85 by 1 February.")
    }

    #[test]
    fn a_bar_is_cut_at_the_target() {
        let bars = trend(&[34, 90], Some(85)).unwrap();
        assert_eq!((bars.upper, bars.lower), (15, 85));
        assert_eq!(
            (bars.bars[0].below, bars.bars[0].above, bars.bars[0].is_last),
            (Some(34), None, false)
        );
        assert_eq!(
            (bars.bars[1].below, bars.bars[1].above, bars.bars[1].is_last),
            (Some(85), Some(5), true)
        );
    }

    #[test]
    fn scores_off_the_scale_stay_inside_the_picture() {
        let bars = trend(&[-5, 1_000], None).unwrap();
        assert_eq!((bars.bars[0].below, bars.bars[1].below), (None, Some(100)));
        assert_eq!(bars.bars[1].score, Some(1_000));
        assert_eq!(trend(&[], Some(85)), None);
    }

    #[test]
    fn two_weeks_leave_room_for_six() {
        assert_eq!(trend(&[31], None), None);
        let bars = trend(&[31, 34], None).unwrap().bars;
        assert_eq!((bars.len(), bars[1].score, bars[2].score), (8, Some(34), None));
        assert!(bars[1].is_last && !bars[0].is_last && !bars[7].is_last);
    }

    #[test]
    fn a_target_that_the_words_do_not_give_is_not_drawn() {
        assert_eq!(trend(&[34, 35], Some(90)).unwrap().target, None);
    }
}

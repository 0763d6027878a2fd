//! Bars made of table cells: how high and how wide (STYLE 2.6). Integers only.

use crate::domain::brief::{Range, Trend};

/// Height of the whole scale, 0 to 100 points, in pixels: one pixel a point.
const SCALE: i64 = 100;
/// Weeks the picture has room for before its bars get narrower.
const WEEKS: usize = 8;
/// Percent of the width that a label needs on a narrow screen.
const LABEL_PERCENT: i64 = 20;
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
    /// None for fewer than two scores: one bar shows nothing. The target is drawn only when `words` name it: no figure stands in
    /// a picture alone.
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
            bars: trend
                .scores
                .iter()
                .enumerate()
                .map(bar)
                .chain(to_come)
                .collect(),
        })
    }
}

/// Whether `words` hold `figure` whole: 85 is not in 185.
fn names(words: &str, figure: &str) -> bool {
    let is_inside = |c: char| c.is_alphanumeric();
    words.match_indices(figure).any(|(at, _)| {
        let (before, after) = (&words[..at], &words[at + figure.len()..]);
        !before.ends_with(is_inside) && !after.starts_with(is_inside)
    })
}

/// Nothing is drawn for no pixels: an empty cell would still have a line's height.
fn drawn(pixels: i64) -> Option<i64> {
    Some(pixels).filter(|pixels| 0 < *pixels)
}

/// The exposure's range as three stretches of one bar that starts at zero.
#[derive(Debug, PartialEq, Eq)]
pub struct RangeBar {
    /// Percent of the width from 0 to low, to likely, to high; together 100.
    pub widths: [i64; 3],
    /// Percent of the width of the three labels: as the stretches where each has room for one.
    pub columns: [i64; 3],
    /// The three as printed.
    pub printed: [String; 3],
}

impl RangeBar {
    /// None where nothing is at stake, the three are out of order, or `words` do not give all three.
    pub fn of(range: &Range, words: &str) -> Option<Self> {
        if range.high <= 0 || range.low < 0 || range.likely < range.low || range.high < range.likely
        {
            return None;
        }
        if !range.printed.iter().all(|amount| names(words, amount)) {
            return None;
        }
        let percent = |amount: i64| {
            let share =
                (i128::from(amount) * 100 + i128::from(range.high) / 2) / i128::from(range.high);
            i64::try_from(share).unwrap_or(100)
        };
        let (low, likely) = (percent(range.low), percent(range.likely));
        let widths = [low, likely - low, 100 - likely];
        let have_room = widths.iter().all(|width| LABEL_PERCENT <= *width);
        Some(Self {
            widths,
            columns: if have_room { widths } else { [34, 33, 33] },
            printed: range.printed.clone(),
        })
    }

    /// Where the first label stands: under the end of its stretch, or at the left of its third.
    pub fn first_align(&self) -> &'static str {
        if self.columns == self.widths {
            "right"
        } else {
            "left"
        }
    }

    /// Where the second label stands.
    pub fn second_align(&self) -> &'static str {
        if self.columns == self.widths {
            "right"
        } else {
            "center"
        }
    }

    /// Width of a stretch, when it has one.
    pub fn stretch(&self, at: usize) -> Option<i64> {
        self.widths.get(at).copied().and_then(drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trend(scores: &[i64], target: Option<i64>) -> Option<TrendBars> {
        let trend = Trend {
            label: "Weeks".to_owned(),
            scores: scores.to_vec(),
            target,
        };
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

    fn range(low: i64, likely: i64, high: i64) -> Option<[i64; 3]> {
        let printed = ["a", "b", "c"].map(str::to_owned);
        let range = Range {
            low,
            likely,
            high,
            printed,
        };
        RangeBar::of(&range, "b (a to c)").map(|bar| bar.widths)
    }

    #[test]
    fn the_stretches_of_a_range_fill_it() {
        assert_eq!(range(440_833, 784_295, 1_177_779), Some([37, 30, 33]));
        assert_eq!(range(0, 0, i64::MAX), Some([0, 0, 100]));
        assert_eq!(range(5, 5, 5), Some([100, 0, 0]));
    }

    #[test]
    fn nothing_is_drawn_for_nothing_or_for_disorder() {
        assert_eq!(range(0, 0, 0), None);
        assert_eq!(range(3, 2, 4), None);
        assert_eq!(range(-1, 2, 4), None);
    }

    #[test]
    fn a_figure_that_the_words_do_not_give_is_not_drawn() {
        assert_eq!(trend(&[34, 35], Some(90)).unwrap().target, None);
        assert!(names("Target: 85 by", "85") && !names("185 hours, 85th, 850", "85"));
        let range = Range {
            low: 1,
            likely: 2,
            high: 3,
            printed: ["$1", "$2", "$3"].map(str::to_owned),
        };
        assert_eq!(RangeBar::of(&range, "about $2 a week"), None);
    }

    #[test]
    fn two_weeks_leave_room_for_six() {
        assert_eq!(trend(&[31], None), None);
        let bars = trend(&[31, 34], None).unwrap().bars;
        assert_eq!(
            (bars.len(), bars[1].score, bars[2].score),
            (8, Some(34), None)
        );
        assert!(bars[1].is_last && !bars[0].is_last && !bars[7].is_last);
    }
}

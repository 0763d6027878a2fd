//! The exposure's low, likely and high as one bar.

use super::{drawn, names};
use crate::domain::brief::Range;

/// Percent of the width that a label needs on a narrow screen.
const LABEL_PERCENT: i64 = 20;

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
        if self.columns == self.widths { "right" } else { "left" }
    }

    /// Where the second label stands.
    pub fn second_align(&self) -> &'static str {
        if self.columns == self.widths { "right" } else { "center" }
    }

    /// Width of a stretch, when it has one.
    pub fn stretch(&self, at: usize) -> Option<i64> {
        self.widths.get(at).copied().and_then(drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(low: i64, likely: i64, high: i64) -> Option<[i64; 3]> {
        let printed = ["a", "b", "c"].map(str::to_owned);
        let range = Range { low, likely, high, printed };
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
    fn a_range_that_the_words_do_not_give_is_not_drawn() {
        let range =
            Range { low: 1, likely: 2, high: 3, printed: ["$1", "$2", "$3"].map(str::to_owned) };
        assert_eq!(RangeBar::of(&range, "about $2 a week"), None);
        assert!(RangeBar::of(&range, "about $2 a week ($1 to $3)").is_some());
    }

    #[test]
    fn labels_stand_under_their_stretches_where_there_is_room() {
        let bar = |low, likely, high| {
            let printed = ["a", "b", "c"].map(str::to_owned);
            RangeBar::of(&Range { low, likely, high, printed }, "b (a to c)").unwrap()
        };
        assert_eq!(bar(4, 7, 10).columns, [40, 30, 30]);
        assert_eq!((bar(4, 7, 10).first_align(), bar(4, 7, 10).second_align()), ("right", "right"));
        assert_eq!(bar(0, 1, 10).columns, [34, 33, 33]);
        assert_eq!((bar(0, 1, 10).first_align(), bar(0, 1, 10).second_align()), ("left", "center"));
    }
}

//! Pictures made of table cells: how high and how wide (STYLE 2.6). Integers only.
//!
//! **Invariant:** no figure stands in a picture that the words beside it do not give: the plain text
//! has no pictures.

mod range;
mod trend;

pub use range::RangeBar;
pub use trend::TrendBars;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_named_only_whole() {
        assert!(names("Target: 85 by", "85") && names("($4,400 to", "$4,400"));
        assert!(!names("185 hours, 85th, 850", "85"));
    }
}

//! What a go-live date would take: the part of the list to clear in a week (MODEL 6.3).

use jiff::civil::Date;

use super::numbers::{date, number};
use crate::domain::facts::ImplementationFacts;

/// "To make 1 February, clear about a tenth of the list each week."
#[must_use]
pub fn sentence(of: &ImplementationFacts, today: Date) -> Option<String> {
    let (day, required) = (of.go_live_on?, of.required_milli_per_week?);
    if required <= 0 || of.load_milli <= 0 {
        return None;
    }
    let permille = i128::from(required) * 1_000 / i128::from(of.load_milli);
    let part = part_of_list(i64::try_from(permille).unwrap_or(1_000));
    let each = if of.weeks_left.unwrap_or(0) <= 1 { "this week" } else { "each week" };
    Some(format!("To make {}, clear {part} {each}.", date(day, today)))
}

/// How the pace compares with what the go-live date needs (MODEL 4.4): "ahead of the pace needed",
/// "closing has to go 2.6 times faster".
#[must_use]
pub fn pace_in_words(pace_milli: i64, ratio_pct: Option<i64>) -> Option<String> {
    if pace_milli <= 0 {
        return Some("the open load is not falling".to_owned());
    }
    let percent = ratio_pct.filter(|percent| *percent > 0)?;
    Some(match percent {
        ..80 => "closing is ahead of the pace needed".to_owned(),
        80..=110 => "closing is on the pace needed".to_owned(),
        111..=150 => format!("closing has to go {}% faster", percent - 100),
        _ => {
            let tenths = percent.saturating_add(5) / 10;
            let (whole, tenth) = (number(tenths / 10), tenths % 10);
            format!("closing has to go {whole}.{tenth} times faster")
        }
    })
}

/// The nearest plain fraction: "about a tenth of the list".
fn part_of_list(permille: i64) -> String {
    const PARTS: [(i64, &str); 10] = [
        (1_000, "all"),
        (750, "three quarters"),
        (667, "two thirds"),
        (500, "half"),
        (333, "a third"),
        (250, "a quarter"),
        (200, "a fifth"),
        (167, "a sixth"),
        (125, "an eighth"),
        (100, "a tenth"),
    ];
    if permille < 85 {
        let percent = (permille + 5) / 10;
        return format!("about {}% of the list", percent.max(1));
    }
    let nearest = PARTS.iter().min_by_key(|(of, _)| (of - permille.min(1_000)).abs());
    match nearest {
        Some((1_000, _)) | None => "nearly all of the list".to_owned(),
        Some((_, words)) => format!("about {words} of the list"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_list_is_a_plain_fraction() {
        assert_eq!(part_of_list(71), "about 7% of the list");
        assert_eq!(part_of_list(96), "about a tenth of the list");
        assert_eq!(part_of_list(340), "about a third of the list");
        assert_eq!(part_of_list(9_000), "nearly all of the list");
        assert_eq!(part_of_list(0), "about 1% of the list");
    }

    #[test]
    fn the_pace_is_compared_in_the_words_of_the_model() {
        let words = |ratio| pace_in_words(3_313, Some(ratio)).unwrap();
        assert_eq!(words(79), "closing is ahead of the pace needed");
        assert_eq!(words(80), "closing is on the pace needed");
        assert_eq!(words(118), "closing has to go 18% faster");
        assert_eq!(words(264), "closing has to go 2.6 times faster");
        let still = pace_in_words(-333, Some(264));
        assert_eq!(still.as_deref(), Some("the open load is not falling"));
    }
}

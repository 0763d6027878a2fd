//! What a go-live date would take: the part of the list to clear in a week (MODEL 6.3).

use jiff::civil::Date;

use super::numbers::date;
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
    let each = if of.weeks_left.unwrap_or(0) <= 1 {
        "this week"
    } else {
        "each week"
    };
    Some(format!(
        "To make {}, clear {part} {each}.",
        date(day, today)
    ))
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
    let nearest = PARTS
        .iter()
        .min_by_key(|(of, _)| (of - permille.min(1_000)).abs());
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
}

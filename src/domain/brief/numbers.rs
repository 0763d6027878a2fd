//! Numbers and dates as they stand in a sentence (MODEL 6.4, rule 7).

use jiff::civil::{Date, Weekday};

use crate::domain::history::days_between;
use crate::domain::money::grouped;

/// Words for 0 to 10; larger numbers stay digits.
const SPELLED: [&str; 11] =
    ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// Words for the 1st to the 10th.
const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

/// Whole points from milli-points, half up.
#[must_use]
pub const fn points(milli: i64) -> i64 {
    milli.saturating_add(500).div_euclid(1_000)
}

/// Where a score ends up short of the target: "at 79", or "just under 85" where it would round to it.
#[must_use]
pub fn short_of(score_milli: i64, target_milli: i64) -> String {
    let score = points(score_milli);
    if score_milli < target_milli && score == points(target_milli) {
        format!("just under {score}")
    } else {
        format!("at {score}")
    }
}

/// `31 May`, or `31 May 2029` where the year is neither that of `today` nor the next.
#[must_use]
pub fn date(day: Date, today: Date) -> String {
    if day.year() == today.year() || day.year() == today.year().saturating_add(1) {
        format!("{} {}", day.day(), month(day.month()))
    } else {
        full_date(day)
    }
}

/// `23 November 2026`.
#[must_use]
pub fn full_date(day: Date) -> String {
    format!("{} {} {}", day.day(), month(day.month()), day.year())
}

/// `7 Dec`, for a table.
#[must_use]
pub fn short_date(day: Date, today: Date) -> String {
    let short = &month(day.month())[..3];
    if day.year() == today.year() || day.year() == today.year().saturating_add(1) {
        format!("{} {short}", day.day())
    } else {
        format!("{} {short} {}", day.day(), day.year())
    }
}

/// `Friday 27 November`.
#[must_use]
pub fn weekday_date(day: Date, today: Date) -> String {
    format!("{} {}", weekday(day.weekday()), date(day, today))
}

/// English name of a weekday.
#[must_use]
pub const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// English name of a month; all of them have at least three letters.
const fn month(number: i8) -> &'static str {
    match number {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

/// `1 week`, `17 weeks`.
#[must_use]
pub fn weeks(count: i64) -> String {
    counted(count, "week", "weeks")
}

/// Days up to 13, then whole weeks: `9 days`, `2 weeks` (MODEL 6.4, rule 7).
#[must_use]
pub fn days_or_weeks(days: i64) -> String {
    if days < 14 { counted(days, "day", "days") } else { weeks(days / 7) }
}

/// How long ago `day` was: `20 weeks ago`, `9 days ago`, `today`; for a day ahead, its date.
#[must_use]
pub fn ago(day: Date, today: Date) -> String {
    match days_between(day, today) {
        0 => "today".to_owned(),
        days @ 1.. => format!("{} ago", days_or_weeks(days)),
        _ => date(day, today),
    }
}

/// `1 gap`, `1,240 gaps`.
#[must_use]
pub fn counted(count: i64, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{} {noun}", number(count))
}

/// Digits in groups of three.
#[must_use]
pub fn number(count: i64) -> String {
    grouped(i128::from(count))
}

/// `eight` up to ten, then digits; a negative number is always digits.
#[must_use]
pub fn spelled(count: i64) -> String {
    usize::try_from(count)
        .ok()
        .and_then(|n| SPELLED.get(n))
        .map_or_else(|| number(count), |word| (*word).to_owned())
}

/// `Eight` up to ten, then digits, for the first word of a sentence.
#[must_use]
pub fn spelled_first(count: i64) -> String {
    capitalized(&spelled(count))
}

/// `third` up to tenth, then `11th`, `22nd`.
#[must_use]
pub fn ordinal(count: i64) -> String {
    let word =
        usize::try_from(count).ok().and_then(|n| n.checked_sub(1)).and_then(|n| ORDINALS.get(n));
    if let Some(word) = word {
        return (*word).to_owned();
    }
    let suffix = match (count.rem_euclid(100), count.rem_euclid(10)) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{}{suffix}", number(count))
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn and_list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [rest @ .., last] => {
            let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", rest.join(", "), last.as_ref())
        }
    }
}

/// The first letter made large, the rest untouched.
#[must_use]
pub fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The first letter made small, where a small letter or a blank follows: "AP run" and "D. Ruiz" stay
/// as they are.
#[must_use]
pub fn uncapitalized(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}

/// `1.9%` from tenths of a percent.
#[must_use]
pub fn percent_tenths(tenths: i64) -> String {
    if tenths % 10 == 0 {
        format!("{}%", number(tenths / 10))
    } else {
        format!("{}.{}%", number(tenths / 10), (tenths % 10).abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_year_is_said_only_where_it_is_neither_this_nor_the_next() {
        let today = day("2026-11-23");
        assert_eq!(date(day("2027-05-31"), today), "31 May");
        assert_eq!(date(day("2028-01-01"), today), "1 January 2028");
        assert_eq!(date(day("2025-12-01"), today), "1 December 2025");
        assert_eq!(short_date(day("2026-12-07"), today), "7 Dec");
        assert_eq!(weekday_date(day("2026-11-27"), today), "Friday 27 November");
        assert_eq!(full_date(today), "23 November 2026");
    }

    #[test]
    fn counts_agree_with_their_nouns() {
        assert_eq!(weeks(1), "1 week");
        assert_eq!(weeks(17), "17 weeks");
        assert_eq!(days_or_weeks(13), "13 days");
        assert_eq!(days_or_weeks(14), "2 weeks");
        assert_eq!(spelled_first(8), "Eight");
        assert_eq!(spelled(11), "11");
        assert_eq!(ordinal(3), "third");
        assert_eq!(ordinal(11), "11th");
        assert_eq!(ordinal(22), "22nd");
    }

    #[test]
    fn lists_end_in_and() {
        assert_eq!(and_list::<&str>(&[]), "");
        assert_eq!(and_list(&["a"]), "a");
        assert_eq!(and_list(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn points_are_rounded_half_up() {
        assert_eq!(points(66_153), 66);
        assert_eq!(points(78_500), 79);
        assert_eq!(points(i64::MAX), i64::MAX / 1_000);
    }

    #[test]
    fn a_first_letter_is_changed_alone() {
        assert_eq!(capitalized("écart"), "Écart");
        assert_eq!(uncapitalized("Price lists"), "price lists");
        assert_eq!(uncapitalized("AP run"), "AP run");
        assert_eq!(uncapitalized("D. Ruiz"), "D. Ruiz");
        assert_eq!(uncapitalized("A bank file"), "a bank file");
        assert_eq!(percent_tenths(19), "1.9%");
        assert_eq!(percent_tenths(20), "2%");
    }
}

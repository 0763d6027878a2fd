//! Amounts with decimals as people type them, in whole units of their last place.

/// A typed number of at most `places` decimals, in units of its last place: "26.5" with two is 2650.
/// Groups of three may be set apart by commas or blanks.
///
/// # Errors
/// How to write it.
pub(super) fn parse(text: &str, places: u32) -> Result<i64, String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{2019}').collect();
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
    let whole = ungrouped(whole).ok_or_else(|| how(text, places))?;
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_digits(&whole) || !is_digits(decimals) {
        return Err(how(text, places));
    }
    let decimals = decimals.trim_end_matches('0');
    let width = places as usize;
    if decimals.len() > width {
        let most =
            if places == 0 { "no decimals".to_owned() } else { format!("{places} decimals") };
        return Err(format!("{text:?} is finer than it can be kept; {most} fit"));
    }
    let digits = format!("{whole}{decimals:0<width$}");
    digits.parse().map_err(|_| format!("{text:?} is more than can be kept"))
}

/// The digits of a whole number; none where a comma stands elsewhere than between groups of three.
fn ungrouped(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut digits = first.to_owned();
    let mut is_grouped = false;
    for group in groups {
        is_grouped = true;
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    (!is_grouped || (1..=3).contains(&first.len())).then_some(digits)
}

fn how(text: &str, places: u32) -> String {
    let text: String = text.chars().take(40).collect();
    let like = if places == 0 { "1500" } else { "1500.50" };
    format!(
        "{text:?} is not a number that can be read; write it like {like}, with a point before decimals"
    )
}

/// The number as a field holds it: without groups and without the zeros at its end.
pub(super) fn print(value: i64, places: u32) -> String {
    let unit = 10_i64.pow(places.min(18));
    let (whole, rest) = (value / unit, (value % unit).abs());
    let decimals = format!("{rest:0width$}", width = places as usize);
    let decimals = decimals.trim_end_matches('0');
    let sign = if value < 0 && whole == 0 { "-" } else { "" };
    if decimals.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_reads_back_as_it_is_shown() {
        for (text, places, value, shown) in [
            ("26", 2, 2_600, "26"),
            ("26.5", 2, 2_650, "26.5"),
            ("0.9", 2, 90, "0.9"),
            ("1,508.00", 2, 150_800, "1508"),
            ("1 234 567", 0, 1_234_567, "1234567"),
            ("1.250", 2, 125, "1.25"),
            ("0.125", 3, 125, "0.125"),
            ("0", 2, 0, "0"),
        ] {
            assert_eq!(parse(text, places), Ok(value), "{text}");
            assert_eq!(print(value, places), shown, "{text}");
        }
        assert_eq!(print(-5, 2), "-0.05");
    }

    #[test]
    fn what_could_mean_two_things_is_asked_about() {
        for text in ["", "26,5", "1,50", "1.2.3", "12,34,567", "1234,567", "-3", "x", ".5", "1e3"] {
            let problem = parse(text, 2).unwrap_err();
            assert!(problem.contains("write it like 1500.50"), "{text}: {problem}");
        }
        assert!(parse("1.234", 2).unwrap_err().contains("2 decimals fit"));
        assert!(parse("1.5", 0).unwrap_err().contains("no decimals fit"));
        assert!(parse(&"9".repeat(19), 2).unwrap_err().contains("more than can be kept"));
    }
}

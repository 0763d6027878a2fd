//! Money as it is printed (MODEL 3): from minor units to the printed step in one rounding.

use iso_currency::Currency;

/// Amounts in major units with the step that everything below them is rounded to.
const STEPS: [(i128, i128); 3] = [(100, 1), (1_000, 10), (10_000, 100)];

/// Prints `minor` units of `currency` (ISO 4217) as a brief does: `$3,800`, `€970`, `KWD 1,200`,
/// `$1.24m`.
///
/// Below 100 to 1, below 1,000 to 10, below 10,000 to 100, then three significant figures; `m` and
/// `bn` from a million up (MODEL 3). A code that is not in ISO 4217 counts two decimals.
#[must_use]
pub fn printed(minor: i64, currency: &str) -> String {
    let rounded = rounded_major(i128::from(minor).abs(), exponent(currency));
    let sign = if minor < 0 && rounded != 0 { "-" } else { "" };
    format!("{sign}{}{}", symbol(currency), scaled(rounded))
}

/// Prints an amount to the last minor unit: `$7,842.95`, `¥124,371`. For tables that show their sums.
#[must_use]
pub fn exact(minor: i64, currency: &str) -> String {
    let exponent = exponent(currency);
    let unit = 10_i128.pow(exponent);
    let amount = i128::from(minor).abs();
    let sign = if minor < 0 { "-" } else { "" };
    let major = grouped(amount / unit);
    let fraction = if exponent == 0 {
        String::new()
    } else {
        format!(".{:0width$}", amount % unit, width = exponent as usize)
    };
    format!("{sign}{}{major}{fraction}", symbol(currency))
}

/// What stands before the digits: a symbol for the four best-known currencies, else the code and a blank.
#[must_use]
pub fn symbol(currency: &str) -> String {
    match currency {
        "USD" => "$".to_owned(),
        "EUR" => "€".to_owned(),
        "GBP" => "£".to_owned(),
        "JPY" => "¥".to_owned(),
        code => {
            let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
            format!("{code} ")
        }
    }
}

/// Decimals of a currency's minor unit by ISO 4217: 0 for JPY, 3 for KWD, 2 for a code not listed.
#[must_use]
pub fn exponent(currency: &str) -> u32 {
    Currency::from_code(currency).map_or(2, |known| known.exponent().map_or(0, u32::from))
}

/// A share in tenths of a percent, half up: `part` of `whole`. None where `whole` is not positive.
#[must_use]
pub fn share_tenths(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 || part < 0 {
        return None;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    i64::try_from((part * 2_000 + whole) / (whole * 2)).ok()
}

/// Rounds minor units, half up, to the step that their size is printed with; the result is in major units.
fn rounded_major(minor: i128, exponent: u32) -> i128 {
    let unit = 10_i128.pow(exponent);
    let step = STEPS
        .iter()
        .find(|(below, _)| minor < below * unit)
        .map_or_else(|| three_figures(minor / unit), |(_, step)| *step);
    let step_minor = step * unit;
    (minor * 2 + step_minor) / (step_minor * 2) * step
}

/// The step that leaves three significant figures of a whole amount of at least 10,000.
fn three_figures(major: i128) -> i128 {
    let mut step = 1;
    while major / step >= 1_000 {
        step *= 10;
    }
    step
}

/// A rounded whole amount in words of size: `10,000`, `1.24m`, `31bn`.
fn scaled(major: i128) -> String {
    const MILLION: i128 = 1_000_000;
    const BILLION: i128 = 1_000_000_000;
    match major {
        BILLION.. => format!("{}bn", decimals(major, BILLION)),
        MILLION.. => format!("{}m", decimals(major, MILLION)),
        _ => grouped(major),
    }
}

/// `major / unit` with at most two decimals and no closing zeros. The rounding is done already.
fn decimals(major: i128, unit: i128) -> String {
    let whole = grouped(major / unit);
    let hundredths = major % unit * 100 / unit;
    match (hundredths / 10, hundredths % 10) {
        (0, 0) => whole,
        (tenth, 0) => format!("{whole}.{tenth}"),
        (tenth, hundredth) => format!("{whole}.{tenth}{hundredth}"),
    }
}

/// Digits in groups of three: `124,000`.
#[must_use]
pub fn grouped(number: i128) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        out.push('-');
    }
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_that_rounds_up_to_a_million_takes_the_larger_word() {
        assert_eq!(printed(99_949_999, "USD"), "$999,000");
        assert_eq!(printed(99_950_000, "USD"), "$1m");
        assert_eq!(printed(99_999_999_950, "USD"), "$1bn");
        assert_eq!(printed(3_100_000_000_000, "USD"), "$31bn");
    }

    #[test]
    fn negative_and_extreme_amounts_are_printed() {
        assert_eq!(printed(-378_000, "USD"), "-$3,800");
        assert_eq!(printed(-40, "USD"), "$0");
        assert!(printed(i64::MIN, "JPY").starts_with("-¥9,220,000,000"));
        assert_eq!(printed(i64::MIN, "x<y").chars().next(), Some('-'));
        assert!(!printed(1, "x<y\r\n").contains(['<', '\r', '\n']));
    }

    #[test]
    fn exact_amounts_carry_the_minor_unit_of_their_currency() {
        assert_eq!(exact(784_295, "USD"), "$7,842.95");
        assert_eq!(exact(124_371, "JPY"), "¥124,371");
        assert_eq!(exact(-1_234_567, "KWD"), "-KWD 1,234.567");
    }

    #[test]
    fn the_share_of_billing_is_rounded_half_up_to_a_tenth() {
        assert_eq!(share_tenths(784_295, 42_000_000), Some(19));
        assert_eq!(share_tenths(5, 10_000), Some(1));
        assert_eq!(share_tenths(1, 0), None);
    }
}

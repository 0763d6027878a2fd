//! Numbers with a unit, as they stand in a sum: every digit that the input has, and no more.

use jiff::civil::Date;

use crate::domain::brief::numbers;
use crate::domain::money::{self, grouped};

/// A number of `places` decimals without the zeros at its end: 2650 with two is `26.5`.
#[must_use]
pub fn decimal(value: i64, places: u32) -> String {
    let fixed = fixed(value, places);
    if !fixed.contains('.') {
        return fixed;
    }
    fixed.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The same with all its decimals: 66153 with three is `66.153`.
#[must_use]
pub fn fixed(value: i64, places: u32) -> String {
    let unit = 10_i128.pow(places.min(18));
    let (sign, amount) =
        if value < 0 { ("-", -i128::from(value)) } else { ("", i128::from(value)) };
    let whole = grouped(amount / unit);
    if places == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{:0width$}", amount % unit, width = places.min(18) as usize)
}

/// Milli-points to three decimals at most: `7.5`.
#[must_use]
pub fn milli(value: i64) -> String {
    decimal(value, 3)
}

/// Milli-points to one decimal, half up: `7.5`. For lists, where the third decimal is noise.
#[must_use]
pub fn tenths(milli: i64) -> String {
    fixed(milli.saturating_add(50).div_euclid(100), 1)
}

/// Basis points as percent: 90 is `0.9%`.
#[must_use]
pub fn percent_bp(basis_points: i64) -> String {
    format!("{}%", decimal(basis_points, 2))
}

/// An amount to its last minor unit, a week: `$1,508.00 a week`.
#[must_use]
pub fn a_week(minor: i64, currency: &str) -> String {
    format!("{} a week", money::exact(minor, currency))
}

/// `1 day`, `28 days`.
#[must_use]
pub fn days(count: i64) -> String {
    numbers::counted(count, "day", "days")
}

/// `14 September 2026`, always with its year: a page is read in any year.
#[must_use]
pub fn day(on: Date) -> String {
    numbers::full_date(on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_decimals_that_it_needs() {
        assert_eq!(decimal(2_600, 2), "26");
        assert_eq!(decimal(2_650, 2), "26.5");
        assert_eq!(decimal(-5, 2), "-0.05");
        assert_eq!(decimal(1_234_567, 0), "1,234,567");
        assert_eq!(fixed(66_153, 3), "66.153");
        assert_eq!(fixed(i64::MIN, 3), "-9,223,372,036,854,775.808");
        assert_eq!(tenths(4_950), "5.0");
        assert_eq!(tenths(-50), "0.0");
        assert_eq!(percent_bp(90), "0.9%");
        assert_eq!(percent_bp(1_800), "18%");
    }
}

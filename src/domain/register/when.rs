//! From which day something is so (MODEL 4.6).

use jiff::civil::{Date, date};

use crate::domain::history::add_days;

/// First day on which something may have happened. Earlier is a slip of the pen.
const FIRST_DAY: Date = date(1990, 1, 1);
/// First day since when a gap may have existed.
const FIRST_EXISTENCE: Date = date(1900, 1, 1);
/// Last day that anything may name.
const LAST_DAY: Date = date(2199, 12, 31);

/// The day from which a change is so: as given, else today; never later than tomorrow.
///
/// # Errors
/// The day is not a day that it can be.
pub fn effective(given: Option<Date>, today: Date) -> Result<Date, String> {
    let day = given.unwrap_or(today);
    let tomorrow = add_days(today, 1);
    if day > tomorrow {
        return Err(format!("{day} is still to come; give today ({today}) or an earlier day"));
    }
    if day < FIRST_DAY {
        return Err(format!("{day} is too long ago; give a day from {FIRST_DAY} on"));
    }
    Ok(day)
}

/// A day to come by which something is to happen; `from` is the day from which that is so.
///
/// # Errors
/// It is before that day.
pub fn ahead(day: Date, from: Date) -> Result<Date, String> {
    if day < from {
        return Err(format!("{day} is before {from}; give that day or a later one"));
    }
    any(day)
}

/// Any day that a calendar of ours holds.
///
/// # Errors
/// It is outside.
pub fn any(day: Date) -> Result<Date, String> {
    if (FIRST_DAY..=LAST_DAY).contains(&day) {
        return Ok(day);
    }
    Err(format!("{day} cannot be meant; give a day from {FIRST_DAY} to {LAST_DAY}"))
}

/// The day since when a gap existed: not after it was opened.
///
/// # Errors
/// It is after that, or too long ago.
pub fn existence(day: Date, opened_on: Date) -> Result<Date, String> {
    if day > opened_on {
        return Err(format!("a gap exists before it is opened, and it was opened on {opened_on}"));
    }
    if day < FIRST_EXISTENCE {
        return Err(format!("{day} is too long ago; give a day from {FIRST_EXISTENCE} on"));
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tomorrow_is_as_far_as_a_change_may_be_dated() {
        let today = date(2026, 11, 23);
        assert_eq!(effective(None, today), Ok(today));
        for day in [date(2026, 11, 24), today, date(2026, 1, 5)] {
            assert_eq!(effective(Some(day), today), Ok(day));
        }
        assert!(effective(Some(date(2026, 11, 25)), today).unwrap_err().contains("still to come"));
        assert!(effective(Some(date(26, 11, 23)), today).unwrap_err().contains("too long ago"));
    }

    #[test]
    fn days_keep_their_order() {
        let day = date(2026, 11, 23);
        assert_eq!(ahead(day, day), Ok(day));
        assert!(ahead(date(2026, 11, 22), day).unwrap_err().contains("is before 2026-11-23"));
        assert!(ahead(date(9999, 1, 1), day).is_err());
        assert!(existence(date(2026, 11, 24), day).unwrap_err().contains("opened on 2026-11-23"));
        assert!(existence(date(1899, 1, 1), day).is_err());
    }
}

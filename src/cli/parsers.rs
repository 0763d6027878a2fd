//! How arguments are read; what is wrong with one is said in a sentence.

use jiff::{SignedDuration, Timestamp};

use crate::domain::address::EmailAddress;
use crate::domain::bounce::{Meaning, SuppressionReason};
use crate::domain::codes::{DeliveryState, QuietChoice, Role, UnknownCode};
use crate::domain::line::DisplayName;
use crate::domain::nudge::NudgeState;

/// Reads an instant.
pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    text.trim().parse().map_err(|_| {
        "it must be an RFC 3339 instant with its offset, as in 2026-11-23T06:00:00Z or \
         2026-11-23T07:00:00+01:00"
            .to_owned()
    })
}

/// Reads a span of days or hours: `90d`, `12h`.
pub(super) fn span(text: &str) -> Result<SignedDuration, String> {
    let wrong = || "it must be a number of days or hours, as in 90d or 12h".to_owned();
    let text = text.trim();
    let hours = match (text.strip_suffix('d'), text.strip_suffix('h')) {
        (Some(days), _) => days.parse::<u32>().map(|days| i64::from(days) * 24),
        (_, Some(hours)) => hours.parse::<u32>().map(i64::from),
        _ => return Err(wrong()),
    };
    hours.map(SignedDuration::from_hours).map_err(|_| wrong())
}

/// Reads an e-mail address.
pub(super) fn address(text: &str) -> Result<EmailAddress, String> {
    EmailAddress::parse(text.trim()).map_err(|error| format!("it {error}"))
}

/// Reads a name that is greeted or printed.
pub(super) fn name(text: &str) -> Result<DisplayName, String> {
    DisplayName::new(text).ok_or_else(|| "it must not be empty".to_owned())
}

/// Reads a weekday: a number 1 (Monday) to 7, an English name or its first three letters.
pub(super) fn weekday(text: &str) -> Result<i64, String> {
    let wrong =
        || "it must be a weekday: monday to sunday, mon to sun, or 1 (monday) to 7".to_owned();
    let text = text.trim().to_lowercase();
    if let Ok(number) = text.parse::<i64>() {
        return Some(number).filter(|number| (1..=7).contains(number)).ok_or_else(wrong);
    }
    let matches = |number: &i64| {
        let name = crate::config::weekday_name(*number);
        text == name || text == name[..3]
    };
    (1..=7).find(matches).ok_or_else(wrong)
}

/// Reads a time zone by its IANA name.
pub(super) fn zone(text: &str) -> Result<String, String> {
    crate::config::zone(text)
}

/// Reads a language tag such as `en` or `de-CH`.
pub(super) fn locale(text: &str) -> Result<String, String> {
    let part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    if text.len() >= 2 && text.split('-').all(part) {
        Ok(text.to_owned())
    } else {
        Err("it must be a language tag such as en or de-CH".to_owned())
    }
}

/// Reads an ISO week, as in 2026-W48.
pub(super) fn week(text: &str) -> Result<String, String> {
    crate::domain::time::monday_of(text)
        .map(crate::domain::time::iso_week)
        .ok_or_else(|| "it must be an ISO week, as in 2026-W48".to_owned())
}

/// Reads a state of deliveries.
pub(super) fn state(text: &str) -> Result<DeliveryState, String> {
    text.parse().map_err(|error: UnknownCode| error.to_string())
}

/// Reads a state of nudges.
pub(super) fn nudge_state(text: &str) -> Result<NudgeState, String> {
    text.parse().map_err(|error: UnknownCode| error.to_string())
}

/// Reads what a message that came back means.
pub(super) fn meaning(text: &str) -> Result<Meaning, String> {
    text.parse().map_err(|error: UnknownCode| error.to_string())
}

/// Reads why an address gets no mail.
pub(super) fn reason(text: &str) -> Result<SuppressionReason, String> {
    text.parse().map_err(|error: UnknownCode| error.to_string())
}

/// Reads a role.
pub(super) fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|error: UnknownCode| error.to_string())
}

/// Reads a choice for quiet weeks.
pub(super) fn quiet(text: &str) -> Result<QuietChoice, String> {
    text.parse().map_err(|error: UnknownCode| error.to_string())
}

/// Reads a review rule.
pub(super) fn review(text: &str) -> Result<crate::store::organizations::Review, String> {
    text.trim()
        .parse()
        .map_err(|_| "it must be none, hold:N (N hours, 1 to 168) or required".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_are_read_in_three_writings() {
        for text in ["3", "wed", "Wednesday"] {
            assert_eq!(weekday(text), Ok(3), "{text}");
        }
        for text in ["0", "8", "we", "", "-1", "wednesdays"] {
            assert!(weekday(text).is_err(), "{text}");
        }
    }

    #[test]
    fn spans_are_days_or_hours() {
        assert_eq!(span("90d"), Ok(SignedDuration::from_hours(2_160)));
        assert_eq!(span(" 12h"), Ok(SignedDuration::from_hours(12)));
        for text in ["", "d", "90", "-1d", "1w", "1.5h", "99999999999d"] {
            assert!(span(text).is_err(), "{text}");
        }
    }

    #[test]
    fn language_tags_hold_no_path_or_line() {
        assert!(locale("de-CH").is_ok() && locale("en").is_ok());
        for text in ["", "e", "../x", "en\n", "en-", "abcdefghi"] {
            assert!(locale(text).is_err(), "{text:?}");
        }
    }
}

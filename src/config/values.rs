//! Small values that settings are written in: weekdays, time spans, mailboxes, zones.

use std::time::Duration;

use jiff::SignedDuration;

use crate::domain::address::EmailAddress;
use crate::domain::line::{DisplayName, is_unprintable};
use crate::mail::header::Party;

/// Reads `address`, `<address>` or `Name <address>`.
pub(super) fn mailbox(text: &str) -> Result<Party, String> {
    let wrong = || "it must be an address, or Name <address>".to_owned();
    if text.chars().any(is_unprintable) {
        return Err("it must not hold line breaks or control characters".to_owned());
    }
    let (name, address) = match text.trim().strip_suffix('>') {
        Some(rest) => rest.rsplit_once('<').ok_or_else(wrong)?,
        None => ("", text.trim()),
    };
    let address = EmailAddress::parse(address.trim())
        .map_err(|error| format!("{}; the address {error}", wrong()))?;
    Ok(Party { address, name: DisplayName::new(name.trim().trim_matches('"')) })
}

/// Reads addresses with commas between them, each once; none is a list of none.
pub(super) fn addresses(text: &str) -> Result<Vec<EmailAddress>, String> {
    let mut found: Vec<EmailAddress> = Vec::new();
    for own in text.split(',').map(str::trim).filter(|own| !own.is_empty()) {
        let address = EmailAddress::parse(own)
            .map_err(|error| format!("it must be addresses with commas between; one {error}"))?;
        if !found.contains(&address) {
            found.push(address);
        }
    }
    Ok(found)
}

/// The weekdays by name, Monday first.
const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Reads a weekday by its English name: 1 Monday to 7 Sunday.
///
/// # Errors
/// A sentence with what is allowed.
pub fn weekday(text: &str) -> Result<i64, String> {
    let name = text.trim().to_lowercase();
    (1..)
        .zip(WEEKDAYS)
        .find(|(_, known)| *known == name)
        .map(|(number, _)| number)
        .ok_or_else(|| "it must be a weekday, monday to sunday".to_owned())
}

/// The name of a weekday, 1 Monday to 7 Sunday; "?" outside them.
#[must_use]
pub fn weekday_name(number: i64) -> &'static str {
    usize::try_from(number - 1).ok().and_then(|index| WEEKDAYS.get(index)).copied().unwrap_or("?")
}

/// Reads a span such as `48h`, `30m`, `10s` or `1h 30m`, longer than nothing and up to 30 days.
pub(super) fn span(text: &str) -> Result<Duration, String> {
    let wrong = || "it must be a time span such as 30s, 5m or 48h".to_owned();
    let parsed: SignedDuration = text.trim().parse().map_err(|_| wrong())?;
    let most = SignedDuration::from_hours(30 * 24);
    if parsed <= SignedDuration::ZERO || parsed > most {
        return Err("it must be longer than 0s and no longer than 720h".to_owned());
    }
    Duration::try_from(parsed).map_err(|_| wrong())
}

/// Reads an IANA zone name, for example `Europe/Berlin`.
///
/// # Errors
/// A sentence with what is allowed.
pub fn zone(text: &str) -> Result<String, String> {
    jiff::tz::TimeZone::get(text.trim())
        .map(|_| text.trim().to_owned())
        .map_err(|_| "it must be an IANA time zone such as Europe/Berlin".to_owned())
}

/// What to do about a key that does not exist: the nearest one that does, or where to look.
pub(super) fn suggestion<'a>(key: &str, known: impl Iterator<Item = &'a str>) -> String {
    let last = |key: &str| key.rsplit('.').next().map(str::to_owned);
    let nearest = known
        .map(|candidate| {
            let same_name = last(candidate) == last(key);
            let apart = if same_name { 0 } else { distance(key, candidate) };
            (apart, candidate)
        })
        .min();
    match nearest {
        Some((apart, candidate)) if apart <= 3 => format!("did you mean {candidate}?"),
        _ => "`brief config` lists every setting".to_owned(),
    }
}

/// Levenshtein distance: how many letters must change to make `a` of `b`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let above = row[j + 1];
            let changed = diagonal + usize::from(left != *right);
            row[j + 1] = changed.min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}

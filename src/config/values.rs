//! Small values that settings are written in: weekdays, time spans, mailboxes, host names.

use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::Weekday;

/// A mailbox as it was configured: an optional display name, and an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Display name without control characters; empty where none was given.
    pub name: String,
    /// The address, `local@domain`.
    pub address: String,
}

impl Mailbox {
    /// The part after the last at sign.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.address
            .rsplit_once('@')
            .map_or("", |(_, domain)| domain)
    }
}

/// Reads `address`, `<address>` or `Name <address>`.
pub(super) fn mailbox(text: &str) -> Result<Mailbox, String> {
    let wrong = || "it must be an address, or Name <address>".to_owned();
    if text.chars().any(char::is_control) {
        return Err("it must not hold line breaks or control characters".to_owned());
    }
    let (name, address) = match text.trim().strip_suffix('>') {
        Some(rest) => rest.rsplit_once('<').ok_or_else(wrong)?,
        None => ("", text.trim()),
    };
    let name = name.trim().trim_matches('"').trim();
    let parsed: lettre::Address = address.trim().parse().map_err(|_| wrong())?;
    Ok(Mailbox {
        name: name.to_owned(),
        address: parsed.to_string(),
    })
}

/// Reads a weekday by its English name.
pub(super) fn weekday(text: &str) -> Result<Weekday, String> {
    match text.trim().to_lowercase().as_str() {
        "monday" => Ok(Weekday::Monday),
        "tuesday" => Ok(Weekday::Tuesday),
        "wednesday" => Ok(Weekday::Wednesday),
        "thursday" => Ok(Weekday::Thursday),
        "friday" => Ok(Weekday::Friday),
        "saturday" => Ok(Weekday::Saturday),
        "sunday" => Ok(Weekday::Sunday),
        _ => Err("it must be a weekday, monday to sunday".to_owned()),
    }
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

/// Reads a host or domain name of letters, digits, hyphens and dots (RFC 1123 section 2.1).
pub(super) fn host_name(text: &str) -> Result<String, String> {
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let name = text.trim();
    if name.len() <= 253 && name.split('.').all(label) {
        Ok(name.to_ascii_lowercase())
    } else {
        Err("it must be a host name such as mail.example.org".to_owned())
    }
}

/// Reads an IANA zone name, for example `Europe/Berlin`.
pub(super) fn zone(text: &str) -> Result<String, String> {
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
            let apart = if same_name {
                0
            } else {
                distance(key, candidate)
            };
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

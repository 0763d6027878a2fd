//! How stored values are shown: instants as RFC 3339, absent values as a dash.

use jiff::Timestamp;

/// An instant from milliseconds since 1970 UTC, to the second, as RFC 3339 in UTC.
#[must_use]
pub fn instant(milliseconds: i64) -> String {
    Timestamp::from_second(milliseconds.div_euclid(1000))
        .map_or_else(|_| milliseconds.to_string(), |at| at.to_string())
}

/// The same for a value that may be absent; for JSON.
#[must_use]
pub fn instant_if(milliseconds: Option<i64>) -> Option<String> {
    milliseconds.map(instant)
}

/// What a table shows for a value that may be absent.
#[must_use]
pub fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

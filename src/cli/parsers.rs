//! How arguments are read; what is wrong with one is said in a sentence.

use jiff::Timestamp;

/// Reads an instant.
pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    text.trim().parse().map_err(|_| {
        "it must be an RFC 3339 instant with its offset, as in 2026-11-23T06:00:00Z or \
         2026-11-23T07:00:00+01:00"
            .to_owned()
    })
}

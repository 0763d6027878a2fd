//! Percent-encoding: text that stands in an address (RFC 3986 section 2.1).

use std::fmt::Write as _;

/// `text` with everything but letters, digits and what is in `kept` written as octets.
#[must_use]
pub fn encoded(text: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || kept.contains(c) {
            out.push(c);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

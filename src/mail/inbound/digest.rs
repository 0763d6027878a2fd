//! By what one message is known again.
//!
//! A report may come by more than one way, or twice by the same: through a pipe after a crash, from a
//! mailbox that is polled by two workers. What the way adds does not count: the fields of the trace,
//! the kind of line end, blank lines at the end.

use sha2::{Digest, Sha256};

use super::fields::Fields;

/// The fields that are the message's own.
const OWN: [&str; 6] = ["message-id", "date", "from", "to", "subject", "content-type"];

/// 64 hexadecimal digits.
pub(super) fn of(octets: &[u8], top: &Fields) -> String {
    let mut hash = Sha256::new();
    for name in OWN {
        for value in top.all(name) {
            hash.update(name);
            hash.update(value.as_bytes());
            hash.update([0]);
        }
    }
    let mut blanks = 0_u64;
    for line in body(octets).split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            blanks += 1;
            continue;
        }
        hash.update(blanks.to_be_bytes());
        hash.update(line);
        blanks = 1;
    }
    hex(&hash.finalize())
}

/// What stands behind the first blank line.
fn body(octets: &[u8]) -> &[u8] {
    let mut at = 0;
    for line in octets.split_inclusive(|b| *b == b'\n') {
        at += line.len();
        if matches!(line, b"\n" | b"\r\n") {
            return &octets[at..];
        }
    }
    &[]
}

/// Octets as hexadecimal digits.
pub(super) fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::with_capacity(octets.len() * 2), |mut text, octet| {
        for half in [octet >> 4, octet & 15] {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(text: &str) -> String {
        of(text.as_bytes(), &Fields::read(text))
    }

    #[test]
    fn the_way_a_message_came_does_not_count() {
        let one = digest("From: a\r\nMessage-ID: <1@x>\r\n\r\nfailed\r\n\r\nfor good\r\n");
        let other =
            "Return-Path: <>\nReceived: by x\nFrom: a\nMessage-ID: <1@x>\n\nfailed\n\nfor good\n\n";
        assert_eq!(digest(other), one);
        assert_eq!(one.len(), 64);
        for changed in [
            "From: a\nMessage-ID: <2@x>\n\nfailed\n\nfor good\n",
            "From: a\nMessage-ID: <1@x>\n\nfailed\n\nfor now\n",
            "From: a\nMessage-ID: <1@x>\n\nfailed\nfor good\n",
            "From: a\nMessage-ID: <1@x>\n",
        ] {
            assert_ne!(digest(changed), one, "{changed}");
        }
    }
}

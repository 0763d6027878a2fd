//! What an operator publishes for a key: one TXT record (RFC 6376 3.6).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::key::Key;

/// Longest string of a TXT record, in octets (RFC 1035 3.3.14).
const STRING_MAX: usize = 255;

/// One TXT record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its full name, without a dot at the end.
    pub name: String,
    /// Its whole value, as a form of a DNS provider wants it.
    pub value: String,
}

impl Record {
    /// The record of a key.
    #[must_use]
    pub fn of(key: &Key) -> Self {
        Self {
            // The length was looked at where selector and domain were put together.
            name: format!("{}._domainkey.{}", key.selector, key.domain.as_str()),
            value: format!(
                "v=DKIM1; k={}; p={}",
                key.algorithm().kind(),
                STANDARD.encode(key.public())
            ),
        }
    }

    /// The value cut into strings of at most 255 octets, which a reader puts together without blanks
    /// (RFC 6376 3.6.2.2).
    #[must_use]
    pub fn strings(&self) -> Vec<&str> {
        let cuts = (0..self.value.len()).step_by(STRING_MAX);
        // The value is ASCII: every octet is a character.
        cuts.map(|at| &self.value[at..self.value.len().min(at + STRING_MAX)]).collect()
    }

    /// The record as a line of a zone file (RFC 1035 5.1).
    #[must_use]
    pub fn zone_line(&self) -> String {
        let strings: Vec<String> =
            self.strings().iter().map(|string| format!("\"{string}\"")).collect();
        format!("{}. IN TXT ( {} )", self.name, strings.join(" "))
    }
}

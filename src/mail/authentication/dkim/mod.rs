//! DKIM: the key that receivers check our signatures with (RFC 6376 3.6.1, RFC 8301, RFC 8463).
//!
//! [`record`] reads a key record, [`key`] the key in it, and [`findings`] says what is wrong.

pub mod findings;
pub mod key;
pub mod record;

/// A key that should be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The `s=` of the signatures.
    pub selector: String,
    /// The `d=` of the signatures.
    pub domain: String,
    /// The public key as base64, where we sign and so know it.
    pub public_key: Option<String>,
}

impl Expected {
    /// Where the key is published (RFC 6376 3.6.2.1).
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }
}

//! One key record (RFC 6376 3.6.1).

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{GeneralPurposeConfig, STANDARD};

use super::super::tags::Tags;
use super::key::{Key, KeyError};

/// Keys are published with and without the padding; receivers read both.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A record, as far as a receiver makes use of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The key; none where it was revoked (an empty `p`).
    pub key: Option<Key>,
    /// `t=y`: receivers treat mail as if it were not signed.
    pub is_test: bool,
    /// `h=`: hashes that may be used; empty means all.
    pub hashes: Vec<String>,
    /// `s=`: services the key is for; empty means all.
    pub services: Vec<String>,
}

/// Why a record is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// `v` is there and is not `DKIM1`, or does not come first.
    #[error("v=DKIM1 must come first or be left out")]
    Version,
    /// There is no `p`.
    #[error("it has no p=")]
    NoKey,
    /// `k` names a kind of key that nobody knows.
    #[error("k={0} is no kind of key that receivers know")]
    Kind(String),
    /// The list cannot be read.
    #[error("{0}")]
    Tags(String),
    /// `p` is not base64.
    #[error("p= is no base64")]
    Base64,
    /// What `p` holds is not a key.
    #[error("{0}")]
    Key(#[from] KeyError),
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// What keeps receivers from using it.
    pub fn parse(text: &str) -> Result<Self, RecordError> {
        let tags = Tags::parse(text);
        if let Some(problem) = tags.problems.first() {
            return Err(RecordError::Tags(problem.clone()));
        }
        if tags.get("v").is_some_and(|version| version != "DKIM1" || tags.first() != Some("v")) {
            return Err(RecordError::Version);
        }
        let published = tags.get("p").ok_or(RecordError::NoKey)?;
        let kind = tags.get("k").unwrap_or("rsa");
        let list = |name| -> Vec<String> {
            let value: &str = tags.get(name).unwrap_or_default();
            let parts = value.split(':').map(|part| part.trim().to_ascii_lowercase());
            parts.filter(|part| !part.is_empty()).collect()
        };
        let octets = decode(published).ok_or(RecordError::Base64)?;
        let key = match kind {
            _ if octets.is_empty() => None,
            "rsa" => Some(Key::rsa(octets)?),
            "ed25519" => Some(Key::ed25519(octets)?),
            other => return Err(RecordError::Kind(other.to_owned())),
        };
        let is_test = list("t").iter().any(|flag| flag == "y");
        Ok(Self { key, is_test, hashes: list("h"), services: list("s") })
    }
}

/// Base64 with blanks wherever (RFC 6376 2.10, 3.2).
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    BASE64.decode(text).ok()
}

/// Octets as they are published.
pub(super) fn encode(octets: &[u8]) -> String {
    STANDARD.encode(octets)
}

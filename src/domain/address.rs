//! E-mail addresses, held in the one form that may be mailed.
//!
//! **Invariant:** an [`EmailAddress`] holds no control character, no space, no quote and no angle
//! bracket, so it can stand in a header or in an SMTP command as it is (RFC 5321 4.1.2).

use std::fmt;
use std::str::FromStr;

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use serde::{Deserialize, Serialize};

use super::line;

/// Longest local part, in octets (RFC 5321 4.5.3.1.1).
const LOCAL_MAX: usize = 64;
/// Longest address, in octets: a path of 256 less its angle brackets (RFC 5321 4.5.3.1.3).
const ADDRESS_MAX: usize = 254;

/// Why a text is not an address we can mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressError {
    /// There is no `@`, or nothing before it, or nothing behind it.
    Shape,
    /// It holds a character that no address may hold.
    Character(char),
    /// The part before the `@` begins or ends with a dot, or has two in a row.
    Dots,
    /// It is longer than RFC 5321 4.5.3.1 allows.
    TooLong,
    /// The part behind the `@` is not a full domain name.
    Domain,
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape => f.write_str("is not an e-mail address; write it as name@example.com"),
            Self::Character(c) => write!(
                f,
                "holds {c:?}, which an e-mail address may not; write it as name@example.com"
            ),
            Self::Dots => f.write_str("has a dot out of place before the @; remove the stray dot"),
            Self::TooLong => write!(
                f,
                "is too long for an e-mail address; at most {LOCAL_MAX} bytes before the @ and \
                 {ADDRESS_MAX} in all"
            ),
            Self::Domain => f.write_str(
                "has no valid domain behind the @; write the full name, such as example.com",
            ),
        }
    }
}

impl std::error::Error for AddressError {}

/// A full domain name in its A-label form: lower case ASCII, at least two labels (RFC 5890 2.3.2.1).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Domain(String);

impl Domain {
    /// Reads a domain name in any script and case.
    ///
    /// # Errors
    /// [`AddressError::Domain`] for a single label, an IP address, a label over 63 octets, or a
    /// character no host name may hold.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let ascii = Uts46::new()
            .to_ascii(
                text.as_bytes(),
                AsciiDenyList::STD3,
                Hyphens::CheckFirstLast,
                DnsLength::Verify,
            )
            .map_err(|_| AddressError::Domain)?;
        let last = ascii.rsplit('.').next().unwrap_or_default();
        if !ascii.contains('.') || last.bytes().all(|b| b.is_ascii_digit()) {
            return Err(AddressError::Domain);
        }
        Ok(Self(ascii.into_owned()))
    }

    /// The name, lower case ASCII.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A mailbox that can be written to: `local@domain`.
///
/// The local part keeps its case and may be non-ASCII (RFC 6531); the domain is an A-label in lower
/// case. Quoted local parts and address literals are refused: nobody receives a brief there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress {
    text: String,
    at: usize,
}

impl EmailAddress {
    /// Reads an address exactly as written; surrounding blanks are the caller's to trim.
    ///
    /// # Errors
    /// Names the first rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if let Some(bad) = text.chars().find(|&c| is_forbidden(c)) {
            return Err(AddressError::Character(bad));
        }
        let (local, domain) = text.split_once('@').ok_or(AddressError::Shape)?;
        if local.is_empty() || domain.is_empty() {
            return Err(AddressError::Shape);
        }
        if domain.contains('@') {
            return Err(AddressError::Character('@'));
        }
        if local.split('.').any(str::is_empty) {
            return Err(AddressError::Dots);
        }
        if local.len() > LOCAL_MAX {
            return Err(AddressError::TooLong);
        }
        Self::new(local, &Domain::parse(domain)?)
    }

    fn new(local: &str, domain: &Domain) -> Result<Self, AddressError> {
        let text = format!("{local}@{}", domain.as_str());
        if text.len() > ADDRESS_MAX {
            return Err(AddressError::TooLong);
        }
        Ok(Self { text, at: local.len() })
    }

    /// The whole address, as it goes to the relay.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The part before the `@`, case kept.
    #[must_use]
    pub fn local_part(&self) -> &str {
        &self.text[..self.at]
    }

    /// The domain, lower case A-labels: what per-domain limits count by.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }

    /// Whether the local part needs the relay to offer SMTPUTF8 (RFC 6531 3.2).
    #[must_use]
    pub fn needs_smtputf8(&self) -> bool {
        !self.text.is_ascii()
    }

    /// For logs: the first character and the domain, `j***@example.com`. Never the whole.
    #[must_use]
    pub fn masked(&self) -> String {
        let first = self.text.chars().next().unwrap_or('*');
        format!("{first}***@{}", self.domain())
    }

    /// The address in lower case: for finding one person twice, never for sending.
    #[must_use]
    pub fn lookup_key(&self) -> String {
        self.text.to_lowercase()
    }
}

/// Characters outside a dot-atom (RFC 5322 3.2.3), and whatever could hide or reorder text.
fn is_forbidden(c: char) -> bool {
    matches!(c, '(' | ')' | '<' | '>' | '[' | ']' | ':' | ';' | ',' | '\\' | '"')
        || c.is_whitespace()
        || line::is_unprintable(c)
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Masked, so that a debug line in a log shows no address.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for EmailAddress {
    type Err = AddressError;
    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::parse(text)
    }
}

impl FromStr for Domain {
    type Err = AddressError;
    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl TryFrom<String> for Domain {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.text
    }
}

impl From<Domain> for String {
    fn from(domain: Domain) -> Self {
        domain.0
    }
}

#[cfg(test)]
mod tests;

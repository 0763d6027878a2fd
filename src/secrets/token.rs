//! What a token says, and how it is laid out before it is written as text.
//!
//! ```text
//! key number (2) | purpose, and whether it expires (1) | id (16) | [expiry, seconds since 1970 (4)] | HMAC-SHA256, cut (16)
//! ```
//! 128 bits of the code remain (RFC 2104 section 5); it covers all that stands before it.

use std::fmt;

use jiff::Timestamp;

use super::codec::Codec;

/// Octets of the code that are kept.
pub(super) const CODE: usize = 16;
/// Octets before the code without an expiry, and of an expiry.
const HEAD: usize = 19;
const EXPIRY: usize = 4;
/// Set in the purpose's octet when an expiry follows.
const EXPIRES: u8 = 0x80;
/// No token is longer, in either writing.
const TEXT_MAX: usize = 64;

/// What a token is good for. One for another purpose is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Ends a subscription (RFC 8058 3.1). About a subscription.
    Unsubscribe,
    /// Shows and changes what a reader gets. About a subscription.
    Preferences,
    /// Shows what was sent; always expires. About a delivery.
    WebCopy,
    /// Stands in the local part of an envelope sender (VERP). About a delivery.
    Bounce,
    /// Answers for a gap; always expires. About a delivery.
    Answer,
    /// Ends the notices to those who work here. About an address, by the beginning of its hash.
    Notices,
    /// Shows an organization's way to readiness; always expires. About a delivery.
    Trend,
    /// Shows and erases what is known of somebody; always expires. About a subscription.
    OwnData,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Unsubscribe,
        Self::Preferences,
        Self::WebCopy,
        Self::Bounce,
        Self::Answer,
        Self::Notices,
        Self::Trend,
        Self::OwnData,
    ];

    /// Its number in a token; numbers are never given again.
    const fn number(self) -> u8 {
        match self {
            Self::Unsubscribe => 1,
            Self::Preferences => 2,
            Self::WebCopy => 3,
            Self::Bounce => 4,
            Self::Answer => 5,
            Self::Notices => 6,
            Self::Trend => 7,
            Self::OwnData => 8,
        }
    }

    /// A local part is not safe from a change of case; everything else stands in a URL.
    const fn codec(self) -> Codec {
        match self {
            Self::Bounce => Codec::Base32,
            _ => Codec::Base64Url,
        }
    }
}

/// Which row a token is about: a UUID, as all ids of deliveries and subscriptions are; or the first
/// 16 octets of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subject([u8; 16]);

impl Subject {
    /// Reads the id of a row, `01a205b3-d000-8547-befa-c20c5563d36b`; none for anything else.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        let is_dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
        if id.len() != 36 || id.bytes().enumerate().any(|(at, b)| is_dash(at) != (b == b'-')) {
            return None;
        }
        Self::of_digits(id.bytes().filter(|b| *b != b'-'))
    }

    /// Takes the beginning of a digest of 16 octets or more, in hexadecimal digits.
    #[must_use]
    pub fn of_digest(digest: &str) -> Option<Self> {
        Self::of_digits(digest.bytes())
    }

    fn of_digits(digits: impl Iterator<Item = u8>) -> Option<Self> {
        let mut octets = [0; 16];
        let mut digits = digits.map(digit);
        for octet in &mut octets {
            *octet = (digits.next()?? << 4) | digits.next()??;
        }
        Some(Self(octets))
    }
}

/// The value of a hexadecimal digit in lower case, the only form that ids are stored in.
const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

/// As the id of a row is written.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, octet) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{octet:02x}")?;
        }
        Ok(())
    }
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It was not made here, for another purpose, or changed on the way.
    #[error("the link is not one of ours, or not whole")]
    Invalid,
    /// It was ours and its time is over.
    #[error("the link is too old")]
    Expired,
}

/// What a token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is good for.
    pub purpose: Purpose,
    /// What it is about.
    pub subject: Subject,
    /// From when on it is refused, to the second.
    pub expires: Option<Timestamp>,
}

/// A token as it was read, before its code is looked at.
pub(super) struct Unverified {
    pub(super) key: u16,
    pub(super) purpose: Purpose,
    pub(super) subject: Subject,
    pub(super) expires_s: Option<u32>,
    pub(super) code: [u8; CODE],
    /// What the code covers.
    pub(super) covered: Vec<u8>,
}

impl Token {
    /// What the code covers. An expiry beyond the year 2106 is that year.
    pub(super) fn covered(&self, key: u16) -> Vec<u8> {
        let mut octets = Vec::with_capacity(HEAD + EXPIRY + CODE);
        octets.extend_from_slice(&key.to_be_bytes());
        let flag = if self.expires.is_some() { EXPIRES } else { 0 };
        octets.push(self.purpose.number() | flag);
        octets.extend_from_slice(&self.subject.0);
        if let Some(expires) = self.expires {
            let seconds = expires.as_second().max(0);
            octets.extend_from_slice(&u32::try_from(seconds).unwrap_or(u32::MAX).to_be_bytes());
        }
        octets
    }

    pub(super) fn write(&self, mut covered: Vec<u8>, code: &[u8]) -> String {
        covered.extend_from_slice(code);
        self.purpose.codec().encode(&covered)
    }
}

impl Unverified {
    /// Takes a text apart; none where no token of this purpose looks like that.
    pub(super) fn read(purpose: Purpose, text: &str) -> Option<Self> {
        if text.len() > TEXT_MAX {
            return None;
        }
        let mut covered = purpose.codec().decode(text)?;
        let code_at = covered.len().checked_sub(CODE)?;
        let code = covered.split_off(code_at).try_into().ok()?;
        let (head, rest) = covered.split_at_checked(HEAD)?;
        let flags = *head.get(2)?;
        let expires_s = match rest {
            [] if flags == purpose.number() => None,
            [_, _, _, _] if flags == purpose.number() | EXPIRES => {
                Some(u32::from_be_bytes(rest.try_into().ok()?))
            }
            _ => return None,
        };
        let key = u16::from_be_bytes([*head.first()?, *head.get(1)?]);
        let subject = Subject(head.get(3..)?.try_into().ok()?);
        Some(Self { key, purpose, subject, expires_s, code, covered })
    }
}

//! The keys: the newest signs, all verify.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

use super::token::{CODE, Purpose, Subject, Token, TokenError, Unverified};

/// Octets of a key: as many as the hash has (RFC 2104 section 3).
pub const KEY: usize = 32;

/// Told apart by what stands first in the code: a form's mark can never pass for a link's token.
const TOKENS: &[u8] = b"back-office-brief token 1\0";
const FORMS: &[u8] = b"back-office-brief form 1\0";

/// One key.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) number: u16,
    /// Keyed once: a week's mail signs a hundred thousand times.
    mac: Hmac<Sha256>,
}

impl Key {
    pub(super) fn new(number: u16, secret: [u8; KEY]) -> Self {
        // A key is filled up to a block with zeros (RFC 2104 section 2).
        let mut block = [0; 64];
        block[..KEY].copy_from_slice(&secret);
        Self { number, mac: <Hmac<Sha256> as KeyInit>::new(&block.into()) }
    }
}

/// The keys of this installation, at least one. Cheap enough to clone, meant to be shared.
#[derive(Clone)]
pub struct Keyring {
    /// By number; the last is the newest.
    keys: Vec<Key>,
}

/// Its numbers only.
impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<u16> = self.numbers().collect();
        f.debug_struct("Keyring").field("keys", &numbers).finish_non_exhaustive()
    }
}

impl Keyring {
    /// None without a key, or with two of one number.
    pub(super) fn of(mut keys: Vec<Key>) -> Option<Self> {
        keys.sort_by_key(|key| key.number);
        let is_fine = !keys.is_empty() && keys.windows(2).all(|w| w[0].number != w[1].number);
        is_fine.then_some(Self { keys })
    }

    /// A ring of one key, for tests and benches.
    #[must_use]
    pub fn with_key(secret: [u8; KEY]) -> Self {
        Self { keys: vec![Key::new(1, secret)] }
    }

    /// The numbers of its keys, oldest first.
    pub fn numbers(&self) -> impl Iterator<Item = u16> + '_ {
        self.keys.iter().map(|key| key.number)
    }

    /// A token's text, signed with the newest key: base64url for a URL, lower-case base32 of at most
    /// 64 octets for [`Purpose::Bounce`].
    #[must_use]
    pub fn sign(&self, purpose: Purpose, subject: Subject, expires: Option<Timestamp>) -> String {
        let token = Token { purpose, subject, expires };
        let newest = &self.keys[self.keys.len() - 1];
        let covered = token.covered(newest.number);
        let code = code_of(newest, TOKENS, &covered).finalize().into_bytes();
        token.write(covered, &code[..CODE])
    }

    /// Reads a token that must be for `purpose`. The code is compared in constant time.
    ///
    /// # Errors
    /// [`TokenError::Invalid`] for anything that was not signed here for this purpose,
    /// [`TokenError::Expired`] for what was and is over at `now`.
    pub fn verify(
        &self,
        purpose: Purpose,
        text: &str,
        now: Timestamp,
    ) -> Result<Subject, TokenError> {
        let token = self.read(purpose, text).ok_or(TokenError::Invalid)?;
        let is_over = token.expires.is_some_and(|expires| expires <= now);
        if is_over { Err(TokenError::Expired) } else { Ok(token.subject) }
    }

    fn read(&self, purpose: Purpose, text: &str) -> Option<Token> {
        let found = Unverified::read(purpose, text)?;
        let key = self.keys.iter().find(|key| key.number == found.key)?;
        code_of(key, TOKENS, &found.covered).verify_truncated_left(&found.code).ok()?;
        let expires = match found.expires_s {
            Some(seconds) => Some(Timestamp::from_second(i64::from(seconds)).ok()?),
            None => None,
        };
        Some(Token { purpose: found.purpose, subject: found.subject, expires })
    }

    /// The mark of a form that belongs to the link with this token: what a page elsewhere would have
    /// to know to send the form in a reader's name.
    #[must_use]
    pub fn form_mark(&self, link: &str) -> String {
        let newest = &self.keys[self.keys.len() - 1];
        let code = code_of(newest, FORMS, link.as_bytes()).finalize().into_bytes();
        hex(&code[..CODE])
    }

    /// Whether `mark` is that of the link, in constant time. Any key's will do: a page may be open
    /// while the keys are rotated.
    #[must_use]
    pub fn is_form_mark(&self, link: &str, mark: &str) -> bool {
        let Some(mark) = unhex::<CODE>(mark) else {
            return false;
        };
        self.keys
            .iter()
            .any(|key| code_of(key, FORMS, link.as_bytes()).verify_truncated_left(&mark).is_ok())
    }
}

fn code_of(key: &Key, what: &[u8], text: &[u8]) -> Hmac<Sha256> {
    let mut mac = key.mac.clone();
    mac.update(what);
    mac.update(text);
    mac
}

/// Octets as hexadecimal digits.
pub(super) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Exactly so many octets from hexadecimal digits.
pub(super) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
        .collect::<Option<_>>()?;
    if digits.len() != 2 * N {
        return None;
    }
    let mut octets = [0; N];
    for (octet, pair) in octets.iter_mut().zip(digits.chunks(2)) {
        *octet = (pair[0] << 4) | pair[1];
    }
    Some(octets)
}

//! What this installation signs with: a ring of keys in a file, and the tokens of links and bounce
//! addresses.
//!
//! A [`Keyring`] is opened once. [`Keyring::sign`] makes a [`Token`]'s text, [`Keyring::verify`] reads
//! one back and says whose it is. The newest key signs; every key of the ring verifies, so that a
//! link in a mail of last year works after the keys were rotated.
//!
//! **Invariants:** a token that was not signed here is never accepted, whatever was done to it, and
//! reading one never panics; a key file that others can read is refused; no key is ever printed.
//!
//! Reading order: [`token`] (what a token holds and how it is written), [`keyring`], `file`.

mod codec;
mod file;
pub mod keyring;
pub mod token;

pub use file::{FILE, SecretsError, rotate};
pub use keyring::Keyring;
pub use token::{Purpose, Subject, Token, TokenError};

/// Octets as text that may stand in a URL as it is (RFC 4648 section 5).
#[must_use]
pub fn url_safe(octets: &[u8]) -> String {
    codec::Codec::Base64Url.encode(octets)
}

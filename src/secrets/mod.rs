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

//! How somebody comes to be on a list: asked for or invited, and confirmed by a mail of their own
//! (double opt-in, MAIL 43).
//!
//! The request is a row, and so is the mail that is due: a relay that is away or a process that dies
//! delays it and loses nothing. A link's token is made when its mail is, and only its hash is kept.

mod asking;
mod mailing;
mod words;

use sha2::{Digest, Sha256};

pub use asking::Admitted;
pub(in crate::engine) use asking::client_name;

/// How the token of a confirmation is known to the database: SHA-256, hexadecimal.
#[must_use]
pub fn token_hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|octet| format!("{octet:02x}")).collect()
}

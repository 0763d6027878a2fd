//! Consent: who agreed to what and took it back, as a history and as what holds now.
//!
//! **Invariant:** a subscription begins, ends or comes back only together with the row of the history
//! that says how.

mod leave;
mod log;

use sha2::{Digest, Sha256};

pub(crate) use leave::STATEMENTS as LEAVE;
pub use leave::{Back, come_back, come_back_within, withdraw, withdraw_within};
pub(crate) use log::STATEMENTS as LOG;
pub use log::{Act, Kind, of_person};

/// How an address is known where the address itself must not stand: SHA-256, hexadecimal, of its
/// [`lookup_key`](crate::domain::address::EmailAddress::lookup_key).
#[must_use]
pub fn address_hash(lookup_key: &str) -> String {
    Sha256::digest(lookup_key.as_bytes()).iter().map(|octet| format!("{octet:02x}")).collect()
}

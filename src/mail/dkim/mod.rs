//! Signatures by which a receiver knows that a mail is ours and unchanged (DKIM, RFC 6376; Ed25519 by
//! RFC 8463).
//!
//! A [`key::Key`] is one private key with the selector and the domain that it is published under. A
//! [`sign::Signer`] signs with all keys that are in use. [`record`] is what the operator publishes, and
//! [`generate`] makes new keys.
//!
//! **Invariant:** nothing here shows a private key: not in an error, not in a debug line.

pub mod generate;
pub mod key;
mod pem;
pub mod record;
mod relaxed;
pub mod selector;
pub mod sign;
mod split;

pub use key::{Algorithm, Key, KeyError, Usage};
pub use record::Record;
pub use selector::{Selector, is_aligned};
pub use sign::{SignError, Signer};

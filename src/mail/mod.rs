//! From a written edition to a relay's answer.
//!
//! A [`message::Letter`] becomes a finished message, or a [`mould::Mould`] from which one message
//! for each recipient is cast. A [`dkim::Signer`] signs it. A [`courier::Courier`] hands it over and
//! returns an [`outcome::Outcome`], which is a value and not an error: whoever sent it decides what is
//! next.
//!
//! **Invariant:** a courier never says that a message was not sent when it may have been, and never
//! keeps a connection whose next reply might belong to an earlier command.

mod answer;
pub mod authentication;
pub mod check;
pub mod courier;
pub mod delivery_id;
mod dial;
pub mod dkim;
mod dots;
pub mod endpoint;
pub mod envelope;
mod greeting;
pub mod header;
pub mod inbound;
pub mod message;
pub mod message_id;
pub mod mould;
mod offers;
pub mod outbox;
pub mod outcome;
mod parameters;
pub mod quoted_printable;
pub mod relay;
mod relay_url;
pub mod session;
pub mod tls;
mod transaction;
mod wire;

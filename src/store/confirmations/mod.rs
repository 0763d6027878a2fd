//! Requests and invitations: asked for, mailed, answered (double opt-in).
//!
//! **Invariants:** nobody is on a list before the link in their own mail was followed and its button
//! pressed; a link works once and for a while; what was asked for looks the same from outside whether
//! the address was known or not.

mod answer;
mod ask;
mod mail;
mod over;

pub(crate) use answer::STATEMENTS as ANSWER;
pub use answer::{Answer, Found};
pub(crate) use ask::STATEMENTS as ASK;
pub use ask::{Asked, Request, Wanted, ask, ask_within};
pub use mail::Due;
pub(crate) use mail::STATEMENTS as MAIL;
pub(crate) use over::STATEMENTS as OVER;

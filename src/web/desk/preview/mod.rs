//! `/desk/c/{slug}/preview` and `/desk/preview`: any edition of a client, or one's own portfolio, as it is
//! at any day; and one real mail of it to oneself.
//!
//! **Invariant:** nothing is stored by looking, and what is looked at holds nobody's links or tokens.
//!
//! Reading order: `client`, `portfolio`, `shown` (what both show), `send`.

mod client;
mod portfolio;
mod send;
mod shown;

pub(super) use client::{act, show, show_mail};
pub(super) use portfolio::{act as act_own, show as show_own, show_mail as show_own_mail};

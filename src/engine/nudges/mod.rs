//! Nudges, from the portfolio that drafts them to what became of them (MODEL 6.6).
//!
//! **Invariants:** planning twice drafts once; nothing goes that nobody approved; every limit is looked
//! at again at the moment of sending, against what was really sent; the intent is durable before the data
//! leaves, and what is in doubt is never sent again; whoever left, bounces or wants no nudges gets none;
//! a decision and its row in the audit log are one transaction.
//!
//! Reading order: `people` (who can be nudged), `draft` (rows from a portfolio), `decide` (the consultant),
//! `send`, `case` (the limits) and `mail` (the words), `settle` (what time does), `board` (what the desk
//! shows).

mod board;
mod case;
mod decide;
pub(in crate::engine) mod draft;
mod mail;
mod people;
mod send;
mod settle;

pub use board::{Board, Measured};
pub use decide::{Decision, NudgeError, version};
pub(in crate::engine) use people::Reach;

use crate::domain::nudge::hours::Hours;

use super::Engine;

impl Engine {
    /// The hours in which nudges go.
    #[must_use]
    pub fn nudge_hours(&self) -> Hours {
        self.settings.nudge.hours
    }
}

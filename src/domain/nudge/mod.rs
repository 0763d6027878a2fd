//! Nudges: one sentence to one person about one gap, between two briefs (MODEL 6.6).
//!
//! **Invariant:** pure, as everything in the domain. What a portfolio drafts is in
//! [`portfolio`](super::portfolio); here is what holds for a draft that somebody decided about: its words
//! ([`text`]), when it may go ([`limits`], [`hours`]), and whether it helped ([`measure`]).

pub mod hours;
pub mod limits;
pub mod measure;
pub mod text;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::codes::{UnknownCode, vocabulary};

vocabulary!(
    /// Where a nudge stands.
    NudgeState, "state of a nudge", {
        Drafted = "drafted", HeldBack = "held_back", Approved = "approved", HandingOver = "handing_over",
        Sent = "sent", Answered = "answered", Uncertain = "uncertain", Refused = "refused",
        Expired = "expired", Skipped = "skipped",
    }
);

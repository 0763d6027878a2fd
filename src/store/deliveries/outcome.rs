//! What became of a hand-over, and its attempt for the ledger (DESIGN 2.5).

use std::sync::Arc;

/// What became of one hand-over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Delivery.
    pub delivery_id: String,
    /// The state it goes to.
    pub state: &'static str,
    /// Why, where the state wants a reason.
    pub reason: Option<String>,
    /// When it is due again, for a queued one.
    pub next_attempt_at: Option<i64>,
    /// Whether this hand-over counts as an attempt.
    pub attempt: Option<Attempt>,
    /// When it ended.
    pub at: i64,
}

/// One attempt, for the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// From 1.
    pub number: i64,
    /// When the hand-over began.
    pub started_at: i64,
    /// `accepted`, `refused`, `deferred` or `unknown`.
    pub outcome: &'static str,
    /// How far the conversation came.
    pub stage: Option<&'static str>,
    /// SMTP code.
    pub code: Option<i64>,
    /// Enhanced code.
    pub enhanced: Option<String>,
    /// The relay's words.
    pub reply: Option<String>,
    /// The place of the relay.
    pub relay: Arc<str>,
}

//! What changed in a window, for THIS WEEK (MODEL 4.5).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One counted change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeFacts {
    /// `go_live_on`, `reopened`, `opened`, `status`, `configuration_starts_on`, `severity`, `due_on`,
    /// `owner`, `exposure` or `assessment`.
    pub kind: String,
    /// External id of the gap, or slug of the implementation.
    pub gap: String,
    /// What the brief calls it.
    pub name: String,
    /// Value at the start of the window.
    pub from: Option<String>,
    /// Value at its end.
    pub to: Option<String>,
    /// When it was true.
    pub effective_on: Date,
    /// When we were told.
    pub recorded_at: Timestamp,
    /// True before the window, told inside it.
    pub backdated: bool,
    /// The gap's likely figure a week, minor units; for a closure, what it protects.
    pub likely_per_week: Option<i64>,
    /// Whether that figure is measured.
    #[serde(default)]
    pub measured: bool,
}

impl ChangeFacts {
    /// Whether a closed gap is at work again at the end of the window: one that was reopened in it may
    /// have been closed or withdrawn since (MODEL 4.5: a reopening never vanishes).
    #[must_use]
    pub fn is_open_again(&self) -> bool {
        self.kind == "reopened" && !matches!(self.to.as_deref(), Some("closed" | "withdrawn"))
    }
}

//! Which form a leader's or owner's brief takes (MODEL 6.3).

use super::limits::{self, Limits};
use crate::domain::codes::Verdict;
use crate::domain::facts::{Facts, ImplementationFacts};

/// The forms, by what the week was like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A week with something to tell.
    Full,
    /// No history before this week.
    First,
    /// Nothing is open.
    AllClosed,
    /// No counted change.
    Quiet,
    /// The same for a subscriber who wants one line in such a week.
    Line,
}

impl Form {
    /// The form of these facts.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        let line = facts.edition.variant.starts_with("line");
        if facts.week.first {
            Self::First
        } else if facts.week.quiet && line {
            Self::Line
        } else if is_all_closed(facts) {
            Self::AllClosed
        } else if facts.week.quiet {
            Self::Quiet
        } else {
            Self::Full
        }
    }

    /// Most words of this form (MODEL 6.4, rule 2).
    #[must_use]
    pub const fn budget(self) -> usize {
        match self {
            Self::Full => limits::FULL,
            Self::First | Self::AllClosed => limits::SHORT,
            Self::Quiet | Self::Line => limits::QUIET,
        }
    }

    /// `limits` without what this form never says: one line carries no insight, and so no source.
    #[must_use]
    pub const fn allowed(self, limits: &Limits) -> Limits {
        Limits { insight: limits.insight && !matches!(self, Self::Line), ..*limits }
    }
}

/// Nothing leaks, nothing waits for a signature, and somebody has looked.
fn is_all_closed(facts: &Facts) -> bool {
    let assessed = facts.implementations.first().is_some_and(is_assessed);
    facts.exposure.open_gaps == 0 && facts.gaps.is_empty() && assessed
}

/// Whether any of an implementation's areas was ever looked at.
#[must_use]
pub fn is_assessed(of: &ImplementationFacts) -> bool {
    of.areas.iter().any(|area| area.looked_at)
}

/// Whether an implementation has gone live.
#[must_use]
pub const fn is_live(of: &ImplementationFacts) -> bool {
    matches!(of.verdict, Verdict::Live)
}

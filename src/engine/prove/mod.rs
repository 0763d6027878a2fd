//! The proof of a run: what was expected equals what became of it (DESIGN 2.6).
//!
//! `expected` is counted from the subscriptions that were active and confirmed at their cut-offs and
//! never from the outbox. A brief that was lost between the two shows as a difference.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::store::runs::Count;

use super::{Engine, EngineError};

mod expected;

/// What a proof found for one ISO week.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Proof {
    /// The run.
    pub iso_week: String,
    /// Briefs expected by the subscriptions.
    pub expected: i64,
    /// Briefs accounted for by the outbox.
    pub accounted: i64,
    /// Briefs by state and reason.
    pub counts: Vec<Count>,
    /// Corrections by state and reason.
    pub corrections: Vec<Count>,
    /// Briefs and corrections due at the instant and neither sent nor given up.
    pub due: i64,
    /// Of those due, the ones that have been for longer than `alerts.late_after`.
    pub overdue: i64,
    /// Deferred to later although their slot was longer ago than that.
    pub late: i64,
    /// The oldest slot of the overdue and the late, milliseconds.
    pub late_since: Option<i64>,
    /// Queued for later, milliseconds of the first.
    pub next_at: Option<i64>,
    /// Copies that may have gone out beyond the first.
    pub resends: i64,
    /// Whether the run closes.
    pub closes: bool,
}

impl Engine {
    /// Proves some weeks at `now` and writes the result into the ledger of runs.
    ///
    /// # Errors
    /// As any read or write.
    pub async fn prove(
        &self,
        weeks: &BTreeSet<String>,
        now: Timestamp,
    ) -> Result<Vec<Proof>, EngineError> {
        let mut proofs = Vec::with_capacity(weeks.len());
        for week in weeks {
            let expected = self.expected(week, now).await?;
            let counts = self.db.counts(week, now.as_millisecond(), self.late_before(now)).await?;
            let proof = Proof::of(week, expected, counts);
            if !proof.closes {
                let Proof { accounted, due, .. } = proof;
                tracing::debug!(week, expected, accounted, due, "the run does not close");
            }
            let stored = serde_json::to_string(&proof).unwrap_or_default();
            self.db.run_proved(week, now.as_millisecond(), expected, &stored, proof.closes).await?;
            proofs.push(proof);
        }
        Ok(proofs)
    }
}

impl Engine {
    /// What should have been settled before this instant is late at `now`, milliseconds.
    #[must_use]
    pub fn late_before(&self, now: Timestamp) -> i64 {
        self.settings.alerts.late_before(now)
    }
}

impl Proof {
    /// Compares what was expected with the counts of the outbox.
    pub(crate) fn of(week: &str, expected: i64, counts: Vec<Count>) -> Self {
        let (counts, corrections): (Vec<_>, Vec<_>) =
            counts.into_iter().partition(|c| c.kind == "brief");
        let accounted = counts.iter().map(|c| c.deliveries).sum();
        let both = || counts.iter().chain(&corrections);
        let due: i64 = both().map(|c| c.due).sum();
        let next_at = both().filter_map(|c| c.next_at).min();
        let resends = both().map(|c| c.resends).sum();
        let overdue = both().map(|c| c.overdue).sum();
        let late = both().map(|c| c.late).sum();
        let late_since = both().filter_map(|c| c.late_since).min();
        Self {
            iso_week: week.to_owned(),
            expected,
            accounted,
            due,
            overdue,
            late,
            late_since,
            next_at,
            resends,
            closes: expected == accounted && due == 0,
            counts,
            corrections,
        }
    }

    /// Briefs in one state.
    #[must_use]
    pub fn in_state(&self, state: &str) -> i64 {
        self.counts.iter().filter(|c| c.state == state).map(|c| c.deliveries).sum()
    }
}

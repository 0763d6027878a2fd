//! Readings of other people's databases.

use prometheus::IntCounterVec;

use super::make::Maker;

/// How a reading can end, the values of the label `outcome`.
const OUTCOMES: [&str; 4] = ["written", "unchanged", "failed", "given_up"];

/// What reading sources counts.
pub struct SourceMetrics {
    pulls: IntCounterVec,
}

impl SourceMetrics {
    pub(super) fn new(make: &Maker) -> Self {
        let metrics = Self {
            pulls: make.counters(
                "brief_source_pulls_total",
                "Readings of sources by this process, by what came of them.",
                "outcome",
            ),
        };
        for outcome in OUTCOMES {
            metrics.pulls.with_label_values(&[outcome]);
        }
        metrics
    }

    /// Counts a reading that ended.
    pub fn pulled(&self, outcome: &'static str) {
        if OUTCOMES.contains(&outcome) {
            self.pulls.with_label_values(&[outcome]).inc();
        }
    }
}

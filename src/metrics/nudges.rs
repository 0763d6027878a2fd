//! Nudges: what became of those that were handed over.

use prometheus::IntCounterVec;

use super::make::Maker;

/// The values of the label `outcome`; `deferred` was refused for now and is tried again.
const OUTCOMES: [&str; 4] = ["sent", "deferred", "refused", "uncertain"];

/// What nudging counts.
pub struct NudgeMetrics {
    handed_over: IntCounterVec,
}

impl NudgeMetrics {
    pub(super) fn new(make: &Maker) -> Self {
        let handed_over = make.counters(
            "brief_nudges_total",
            "Nudges that this process handed to a relay, by what the relay made of them.",
            "outcome",
        );
        for outcome in OUTCOMES {
            handed_over.with_label_values(&[outcome]);
        }
        Self { handed_over }
    }

    /// Counts one whose outcome is recorded.
    pub fn handed_over(&self, outcome: &str) {
        if OUTCOMES.contains(&outcome) {
            self.handed_over.with_label_values(&[outcome]).inc();
        }
    }
}

//! What came back.

use prometheus::{IntCounter, IntCounterVec};

use super::make::Maker;

/// What a message that came back can mean, the values of the label `meaning`.
const MEANINGS: [&str; 8] =
    ["delivered", "delayed", "sender", "soft", "hard", "complaint", "auto_reply", "unclear"];

/// What taking in counts.
pub struct InboundMetrics {
    taken: IntCounterVec,
    unmatched: IntCounter,
}

impl InboundMetrics {
    pub(super) fn new(make: &Maker) -> Self {
        let metrics = Self {
            taken: make.counters(
                "brief_inbound_total",
                "Messages that came back (reports, complaints, answers), by what they mean.",
                "meaning",
            ),
            unmatched: make.counter(
                "brief_inbound_unmatched_total",
                "Reports and complaints in which no mark of ours led to a delivery.",
            ),
        };
        for meaning in MEANINGS {
            metrics.taken.with_label_values(&[meaning]);
        }
        metrics
    }

    /// Counts a message by what it means, and whether it led to a delivery.
    pub fn taken(&self, meaning: &str, is_matched: bool) {
        if MEANINGS.contains(&meaning) {
            self.taken.with_label_values(&[meaning]).inc();
        }
        let is_about_a_mail = !matches!(meaning, "auto_reply" | "unclear");
        self.unmatched.inc_by(u64::from(is_about_a_mail && !is_matched));
    }
}

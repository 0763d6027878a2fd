//! Breakers: how many are open, and how often they change.

use prometheus::{IntCounterVec, IntGaugeVec};

use super::make::Maker;

/// What is counted about breakers, by kind: `relay` or `domain`.
pub struct BreakerMetrics {
    open: IntGaugeVec,
    opened: IntCounterVec,
    closed: IntCounterVec,
}

impl BreakerMetrics {
    pub(super) fn new(make: &Maker) -> Self {
        let made = Self {
            open: make.gauges(
                "brief_breakers_open",
                "Relays, and recipient domains, that are left alone for a while: the relay is away \
                 or refuses us, the domain turns mail away.",
                "kind",
            ),
            opened: make.counters(
                "brief_breakers_opened_total",
                "How often this process found a relay or a domain to be left alone, or still so when \
                 it was tried again.",
                "kind",
            ),
            closed: make.counters(
                "brief_breakers_closed_total",
                "How often this process found that a relay or a domain takes mail again.",
                "kind",
            ),
        };
        for kind in ["relay", "domain"] {
            made.open.with_label_values(&[kind]);
            made.opened.with_label_values(&[kind]);
            made.closed.with_label_values(&[kind]);
        }
        made
    }

    /// Sets how many are open.
    pub fn are_open(&self, kind: &str, n: usize) {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        self.open.with_label_values(&[kind]).set(n);
    }

    /// Counts one that opened, or stayed open when it was tried.
    pub fn opened(&self, kind: &str) {
        self.opened.with_label_values(&[kind]).inc();
    }

    /// Counts one that closed.
    pub fn closed(&self, kind: &str) {
        self.closed.with_label_values(&[kind]).inc();
    }
}

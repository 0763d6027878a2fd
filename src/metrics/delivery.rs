//! Delivery: outcomes, how long a hand-over and a commit take, leases that were lost.

use std::sync::atomic::{AtomicI64, Ordering};

use prometheus::{Histogram, IntCounter, IntGauge};

use super::breakers::BreakerMetrics;
use super::make::Maker;

/// What became of a delivery in a round, in the words of the label `outcome`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The relay took it.
    Sent,
    /// Refused for good.
    Failed,
    /// Refused for now, due again later.
    Deferred,
    /// Nobody knows whether it arrived.
    Uncertain,
    /// Not handed over: the subscriber had left or paused meanwhile.
    Skipped,
    /// Given up: the next brief is due.
    Expired,
    /// Back in the queue without an attempt: the relay was away, or the service stopped.
    GivenBack,
}

impl Settled {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Sent,
        Self::Failed,
        Self::Deferred,
        Self::Uncertain,
        Self::Skipped,
        Self::Expired,
        Self::GivenBack,
    ];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Deferred => "deferred",
            Self::Uncertain => "uncertain",
            Self::Skipped => "skipped",
            Self::Expired => "expired",
            Self::GivenBack => "given_back",
        }
    }
}

/// What delivery counts.
pub struct DeliveryMetrics {
    /// One for each of [`Settled::ALL`], so that counting is an addition and no look-up.
    settled: [IntCounter; Settled::ALL.len()],
    hand_over: Histogram,
    commit: Histogram,
    committed: IntCounter,
    resends: IntCounter,
    leases_lost: IntCounter,
    /// What is left alone for a while.
    pub breakers: BreakerMetrics,
    relay_away: IntGauge,
    relay_refused: IntGauge,
    /// When something last became durable, milliseconds.
    progress: AtomicI64,
}

impl DeliveryMetrics {
    pub(super) fn new(make: &Maker) -> Self {
        let settled = make.counters(
            "brief_deliveries_total",
            "Deliveries whose outcome this process made durable, by outcome.",
            "outcome",
        );
        let relay = make.gauges(
            "brief_relay_stopped",
            "Whether delivery stands still because of the relay: away (no connection, or it says \
             421), or refused (it does not accept our settings).",
            "cause",
        );
        Self {
            settled: Settled::ALL.map(|s| settled.with_label_values(&[s.as_str()])),
            hand_over: make.durations(
                "brief_hand_over_seconds",
                "Time from the first octet of a message to the relay's answer.",
                0.000_25,
                22,
            ),
            commit: make.durations(
                "brief_commit_seconds",
                "Time to make one group of intents and outcomes durable.",
                0.000_25,
                18,
            ),
            committed: make.counter(
                "brief_committed_entries_total",
                "Intents and outcomes made durable, all groups together.",
            ),
            resends: make.counter(
                "brief_resends_total",
                "Uncertain deliveries queued again under the same Message-ID.",
            ),
            leases_lost: make.counter(
                "brief_leases_lost_total",
                "Intents that were not granted: another worker had the delivery, or its reader left.",
            ),
            breakers: BreakerMetrics::new(make),
            relay_away: relay.with_label_values(&["away"]),
            relay_refused: relay.with_label_values(&["refused"]),
            progress: AtomicI64::new(i64::MIN),
        }
    }

    /// Counts one outcome that is durable.
    pub fn settled(&self, outcome: Settled) {
        self.settled_many(outcome, 1);
    }

    /// Counts outcomes that are durable.
    pub fn settled_many(&self, outcome: Settled, n: u64) {
        self.settled[outcome as usize].inc_by(n);
    }

    /// Notes how long a hand-over took, in seconds.
    pub fn handed_over(&self, seconds: f64) {
        self.hand_over.observe(seconds);
    }

    /// Notes a commit of `entries` that took `seconds` and ended at `at` (milliseconds).
    pub fn committed(&self, entries: usize, seconds: f64, at: i64) {
        self.commit.observe(seconds);
        self.committed.inc_by(entries as u64);
        self.progress.fetch_max(at, Ordering::Relaxed);
    }

    /// Counts uncertain deliveries that were queued again.
    pub fn resent(&self, n: u64) {
        self.resends.inc_by(n);
    }

    /// Counts intents that were not granted.
    pub fn leases_lost(&self, n: u64) {
        self.leases_lost.inc_by(n);
    }

    /// Sets whether the relay holds delivery up, and by which of the two.
    pub fn relay_stopped(&self, away: bool, refused: bool) {
        self.relay_away.set(i64::from(away));
        self.relay_refused.set(i64::from(refused));
    }

    /// When something was last made durable, milliseconds; none when nothing was.
    #[must_use]
    pub fn progress_at(&self) -> Option<i64> {
        let at = self.progress.load(Ordering::Relaxed);
        (at != i64::MIN).then_some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_has_the_place_of_its_number() {
        for (at, outcome) in Settled::ALL.into_iter().enumerate() {
            assert_eq!(outcome as usize, at, "{}", outcome.as_str());
        }
    }
}

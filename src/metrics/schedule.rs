//! Planning, and the rounds of the service's loops.

use prometheus::{Gauge, GaugeVec, Histogram, IntCounter, IntCounterVec};

use super::make::Maker;

/// What planning counts.
pub struct ScheduleMetrics {
    planning: Histogram,
    editions: IntCounterVec,
    failures: IntCounter,
    rounds: IntCounterVec,
    pruned: IntCounterVec,
    age: GaugeVec,
    up: Gauge,
}

impl ScheduleMetrics {
    pub(super) fn new(make: &Maker) -> Self {
        let metrics = Self {
            planning: make.durations(
                "brief_planning_seconds",
                "Time of one look at the calendar: reviews, drafts, planning, reminders.",
                0.001,
                20,
            ),
            editions: make.counters(
                "brief_editions_total",
                "Editions that this process made, by the state they were made in.",
                "state",
            ),
            failures: make.counter(
                "brief_planning_failures_total",
                "Scopes (organizations, portfolios, the public edition) that could not be planned, \
                 counted at each try.",
            ),
            rounds: make.counters(
                "brief_rounds_total",
                "Rounds of the service's loops, by how they ended.",
                "result",
            ),
            pruned: make.counters(
                "brief_pruned_total",
                "Messages, web copies and relay's words that this process took away because they were \
                 older than they are kept for.",
                "what",
            ),
            age: make.ages(
                "brief_tick_age_seconds",
                "Time since a loop of the service last ended a round well; since the start of the \
                 service before the first.",
                "part",
            ),
            up: make.seconds(
                "brief_database_up",
                "Whether the database answered the last scrape; where it did not, what is read from \
                 it is as of the last time it did.",
            ),
        };
        for state in ["frozen", "draft", "held", "expired"] {
            metrics.editions.with_label_values(&[state]);
        }
        for what in ["message", "body", "reply"] {
            metrics.pruned.with_label_values(&[what]);
        }
        for result in ["ok", "failed"] {
            metrics.rounds.with_label_values(&[result]);
        }
        metrics
    }

    /// Notes one look at the calendar.
    pub fn planned(&self, seconds: f64, failures: usize) {
        self.planning.observe(seconds);
        self.failures.inc_by(failures as u64);
    }

    /// Counts editions that were made in a state: `frozen`, `draft`, `held` or `expired`.
    pub fn editions(&self, state: &'static str, n: usize) {
        self.editions.with_label_values(&[state]).inc_by(n as u64);
    }

    /// Counts a round of a loop.
    pub fn round(&self, went_well: bool) {
        self.rounds.with_label_values(&[if went_well { "ok" } else { "failed" }]).inc();
    }

    /// Counts what was taken away: `message`, `body` or `reply`.
    pub fn pruned(&self, what: &'static str, n: u64) {
        self.pruned.with_label_values(&[what]).inc_by(n);
    }

    /// Sets how long ago a loop (`schedule` or `delivery`) last ended a round well.
    pub fn tick_age(&self, part: &'static str, seconds: f64) {
        self.age.with_label_values(&[part]).set(seconds);
    }

    /// Sets whether the database answers.
    pub fn database_up(&self, up: bool) {
        self.up.set(f64::from(u8::from(up)));
    }
}

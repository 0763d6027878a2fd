//! What the database says, as of the last scrape.

use prometheus::{Gauge, IntGauge, IntGaugeVec};

use super::make::Maker;

/// The states of a delivery (DESIGN 2.5), the values of the label `state`.
pub const STATES: [&str; 9] = [
    "held",
    "queued",
    "handing_over",
    "sent",
    "failed",
    "uncertain",
    "skipped",
    "expired",
    "cancelled",
];

/// What is read for one scrape.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// Deliveries of the open runs and of the latest one, by state, as of their last proofs.
    pub states: Vec<(String, i64)>,
    /// Runs that are not closed.
    pub runs_open: i64,
    /// Whether the latest run is closed.
    pub last_closed: bool,
    /// Briefs that the latest run expected.
    pub expected: i64,
    /// Briefs of the latest run that are accounted for.
    pub accounted: i64,
    /// Copies beyond the first in those runs.
    pub copies: i64,
    /// Due and not settled, as of the last proofs.
    pub due: i64,
    /// How long the one that waits longest has been due, seconds.
    pub oldest_due_seconds: f64,
    /// How long ago the latest run was proved, seconds.
    pub proof_age_seconds: f64,
    /// Whether an operator paused delivery.
    pub paused: bool,
    /// Conditions the operator is told of, by kind.
    pub alerts: Vec<(&'static str, i64)>,
    /// Statements executed so far.
    pub statements: u64,
}

/// The gauges.
pub struct LedgerMetrics {
    states: IntGaugeVec,
    runs_open: IntGauge,
    last_closed: IntGauge,
    expected: IntGauge,
    accounted: IntGauge,
    copies: IntGauge,
    due: IntGauge,
    oldest_due: Gauge,
    proof_age: Gauge,
    paused: IntGauge,
    alerts: IntGaugeVec,
    statements: prometheus::IntCounter,
}

impl LedgerMetrics {
    pub(super) fn new(make: &Maker) -> Self {
        let gauge = |name, help| make.gauge(name, help);
        let metrics = Self {
            states: make.gauges(
                "brief_run_deliveries",
                "Deliveries of the open runs and of the latest one, by state, as of their last proof.",
                "state",
            ),
            runs_open: gauge("brief_runs_open", "Runs (ISO weeks) that are not closed."),
            last_closed: gauge("brief_run_closed", "Whether the latest run is closed."),
            expected: gauge(
                "brief_run_expected",
                "Briefs that the latest run expects, counted from the subscriptions.",
            ),
            accounted: gauge(
                "brief_run_accounted",
                "Briefs of the latest run that have a row which says what became of them.",
            ),
            copies: gauge(
                "brief_run_copies",
                "Copies beyond the first that may have gone out in the open runs and the latest one.",
            ),
            due: gauge(
                "brief_due_deliveries",
                "Deliveries that are due and neither sent nor given up, as of the last proof.",
            ),
            oldest_due: make.seconds(
                "brief_oldest_due_age_seconds",
                "How long the delivery that waits longest has been due; 0 when none is.",
            ),
            proof_age: make.seconds(
                "brief_proof_age_seconds",
                "Time since the latest run was last proved.",
            ),
            paused: gauge("brief_delivery_paused", "Whether an operator paused delivery."),
            alerts: make.gauges(
                "brief_alerts_active",
                "Conditions that the operator is told of by mail, by kind, while they last.",
                "kind",
            ),
            statements: make.counter(
                "brief_statements_total",
                "Statements that this process executed on the database.",
            ),
        };
        for state in STATES {
            metrics.states.with_label_values(&[state]);
        }
        metrics
    }

    /// Sets them all.
    pub fn set(&self, ledger: &Ledger) {
        for state in STATES {
            let of = ledger.states.iter().filter(|(name, _)| name == state);
            self.states.with_label_values(&[state]).set(of.map(|(_, n)| n).sum());
        }
        self.runs_open.set(ledger.runs_open);
        self.last_closed.set(i64::from(ledger.last_closed));
        self.expected.set(ledger.expected);
        self.accounted.set(ledger.accounted);
        self.copies.set(ledger.copies);
        self.due.set(ledger.due);
        self.oldest_due.set(ledger.oldest_due_seconds);
        self.proof_age.set(ledger.proof_age_seconds);
        self.paused.set(i64::from(ledger.paused));
        for (kind, n) in &ledger.alerts {
            self.alerts.with_label_values(&[kind]).set(*n);
        }
        let counted = self.statements.get();
        self.statements.inc_by(ledger.statements.saturating_sub(counted));
    }
}

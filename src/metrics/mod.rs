//! What is counted and timed while the engine works, and how Prometheus reads it.
//!
//! One [`Metrics`] belongs to one engine. Whoever works adds to it as it goes: a counter is one
//! atomic addition, a duration a few. What is read from the database is set at each scrape.
//!
//! **Invariants:** no label holds an address, a name, a recipient's domain or anything else whose
//! number of values is not known when this is compiled; every name begins with `brief_` (with
//! `process_` where a convention has the name already), ends in its unit, and has a sentence.
//!
//! Reading order: `delivery`, `nudges`, `inbound`, `schedule`, `ledger`, `process`.

mod breakers;
mod delivery;
mod inbound;
mod ledger;
mod make;
mod nudges;
mod process;
mod schedule;
mod sources;

use std::fmt;

use prometheus::TextEncoder;

pub use delivery::{DeliveryMetrics, Settled};
pub use inbound::InboundMetrics;
pub use ledger::{Ledger, LedgerMetrics, STATES};
pub use nudges::NudgeMetrics;
pub use process::Process;
pub use schedule::ScheduleMetrics;
pub use sources::SourceMetrics;

use make::Maker;

/// The media type of [`Metrics::render`].
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Everything that one engine counts.
pub struct Metrics {
    registry: prometheus::Registry,
    /// Hand-overs, outcomes, commits, leases.
    pub delivery: DeliveryMetrics,
    /// Hand-overs of nudges.
    pub nudges: NudgeMetrics,
    /// What came back.
    pub inbound: InboundMetrics,
    /// Planning and rounds.
    pub schedule: ScheduleMetrics,
    /// Readings of other people's databases.
    pub sources: SourceMetrics,
    /// What the database says, as of the last scrape.
    pub ledger: LedgerMetrics,
    /// This process.
    pub process: Process,
}

impl Metrics {
    /// Nothing counted yet.
    #[must_use]
    pub fn new() -> Self {
        let make = Maker::default();
        Self {
            delivery: DeliveryMetrics::new(&make),
            nudges: NudgeMetrics::new(&make),
            inbound: InboundMetrics::new(&make),
            schedule: ScheduleMetrics::new(&make),
            sources: SourceMetrics::new(&make),
            ledger: LedgerMetrics::new(&make),
            process: Process::new(&make),
            registry: make.registry,
        }
    }

    /// All of it in the text format of Prometheus, by name.
    #[must_use]
    pub fn render(&self) -> String {
        self.process.refresh();
        let families = self.registry.gather();
        // Only a family without a sample cannot be written, and the registry leaves those out.
        TextEncoder::new().encode_to_string(&families).unwrap_or_default()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_there_from_the_start_with_its_unit_and_a_sentence() {
        let text = Metrics::new().render();
        let mut names = Vec::new();
        for line in text.lines().filter_map(|line| line.strip_prefix("# HELP ")) {
            let (name, help) = line.split_once(' ').expect("a name and a sentence");
            assert!(name.starts_with("brief_") || name.starts_with("process_"), "{name}");
            assert!(help.len() > 20 && help.ends_with('.'), "{name}: {help}");
            names.push(name.to_owned());
        }
        assert!(names.len() > 25, "{names:?}");
        for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
            let (name, kind) = line.split_once(' ').expect("a name and a type");
            let units = ["_seconds", "_bytes", "_total", "_ratio", "_info"];
            let has_unit = units.iter().any(|unit| name.ends_with(unit));
            match kind {
                "counter" => assert!(name.ends_with("_total"), "{name}"),
                "histogram" => assert!(name.ends_with("_seconds"), "{name}"),
                _ => assert!(has_unit || !name.contains("_age"), "{name}"),
            }
        }
    }

    #[test]
    fn two_engines_in_one_process_count_apart() {
        let (one, other) = (Metrics::new(), Metrics::new());
        one.delivery.settled(Settled::Sent);
        assert!(one.render().contains("brief_deliveries_total{outcome=\"sent\"} 1"));
        assert!(other.render().contains("brief_deliveries_total{outcome=\"sent\"} 0"));
    }
}

//! Makes instruments and puts them into a registry.

use prometheus::core::Collector;
use prometheus::{
    Counter, Gauge, GaugeVec, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry,
};

/// A registry under construction. Names and labels are constants of this room.
#[derive(Default)]
pub(super) struct Maker {
    pub(super) registry: Registry,
}

impl Maker {
    pub(super) fn counter(&self, name: &str, help: &str) -> IntCounter {
        self.add(IntCounter::new(name, help))
    }

    pub(super) fn seconds_counter(&self, name: &str, help: &str) -> Counter {
        self.add(Counter::new(name, help))
    }

    pub(super) fn counters(&self, name: &str, help: &str, label: &str) -> IntCounterVec {
        self.add(IntCounterVec::new(Opts::new(name, help), &[label]))
    }

    pub(super) fn gauge(&self, name: &str, help: &str) -> IntGauge {
        self.add(IntGauge::new(name, help))
    }

    pub(super) fn seconds(&self, name: &str, help: &str) -> Gauge {
        self.add(Gauge::new(name, help))
    }

    pub(super) fn gauges(&self, name: &str, help: &str, label: &str) -> IntGaugeVec {
        self.add(IntGaugeVec::new(Opts::new(name, help), &[label]))
    }

    pub(super) fn ages(&self, name: &str, help: &str, label: &str) -> GaugeVec {
        self.add(GaugeVec::new(Opts::new(name, help), &[label]))
    }

    pub(super) fn constant(&self, name: &str, help: &str, labels: &[(&str, &str)]) {
        let mut opts = Opts::new(name, help);
        for (label, value) in labels {
            opts = opts.const_label(*label, *value);
        }
        self.add(IntGauge::with_opts(opts)).set(1);
    }

    /// A histogram whose buckets begin at `first` seconds, each twice the one before it.
    pub(super) fn durations(&self, name: &str, help: &str, first: f64, n: i32) -> Histogram {
        let buckets = (0..n).map(|step| first * 2_f64.powi(step)).collect();
        self.add(Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets)))
    }

    fn add<T: Collector + Clone + 'static>(&self, made: prometheus::Result<T>) -> T {
        // Names are constants, each used once; the test of this room makes them all.
        let made = made.expect("names and labels are well formed");
        // The same.
        self.registry.register(Box::new(made.clone())).expect("names are unique");
        made
    }
}

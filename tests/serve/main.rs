//! The real service: started, looked at, asked to end, and watched over by a supervisor.

#[path = "../support/cluster.rs"]
mod cluster;
#[path = "../support/house.rs"]
mod house;
#[path = "../support/sink/mod.rs"]
mod sink;

mod ending;
mod misuse;
mod serving;
mod supervised;

use std::time::{Duration, Instant};

use house::House;
use sink::Sink;

/// Connections of the service to its relay.
const CONNECTIONS: u64 = 4;

/// A house of so many readers, all due, and its relay.
pub fn furnished(readers: u64) -> (House, Sink) {
    let sink = Sink::start();
    let house = House::new(None, readers, &sink.url(), CONNECTIONS);
    (house, sink)
}

/// Waits until something is so.
///
/// # Panics
/// When it never is.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

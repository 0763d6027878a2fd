//! How long one piece of work takes when it is done over and over on one core.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Rounds that the median is taken of.
const ROUNDS: usize = 15;
/// How long a round lasts at least, so that the reading of the clock costs nothing beside it.
const ROUND: Duration = Duration::from_millis(100);

/// Median time of one call, and how far the rounds lie apart.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// Median of the rounds.
    pub each: Duration,
    /// Fastest and slowest round.
    pub range: (Duration, Duration),
}

impl Rate {
    /// Calls in a second at the median.
    pub fn per_second(&self) -> f64 {
        1.0 / self.each.as_secs_f64()
    }

    /// A row of a Markdown table: what, microseconds (fastest to slowest round), calls a second,
    /// and whatever else is to be said of it.
    pub fn row(&self, what: &str, note: &str) -> String {
        let micros = |time: Duration| time.as_secs_f64() * 1e6;
        format!(
            "| {what} | {:.1} ({:.1} to {:.1}) | {:.0} | {note} |",
            micros(self.each),
            micros(self.range.0),
            micros(self.range.1),
            self.per_second(),
        )
    }
}

/// The head of a table of [`Rate::row`]s.
pub const HEAD: &str = "| what | microseconds each, one core | a second | |\n|---|---|---|---|";

/// Measures `work`: warms up until the length of a round is known, then takes the rounds.
pub fn measure<T>(mut work: impl FnMut() -> T) -> Rate {
    let mut calls = 1_u32;
    while time(calls, &mut work) * calls < ROUND {
        calls *= 2;
    }
    let mut rounds: Vec<Duration> = (0..ROUNDS).map(|_| time(calls, &mut work)).collect();
    rounds.sort_unstable();
    Rate { each: rounds[ROUNDS / 2], range: (rounds[0], rounds[ROUNDS - 1]) }
}

/// Time of one call, averaged over `calls`.
fn time<T>(calls: u32, work: &mut impl FnMut() -> T) -> Duration {
    let begun = Instant::now();
    for _ in 0..calls {
        black_box(work());
    }
    begun.elapsed() / calls
}

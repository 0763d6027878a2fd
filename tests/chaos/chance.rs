//! Random moments from one number, which is printed, so that a failure can be looked at again.

use std::time::Duration;

/// The SplitMix64 generator.
#[derive(Debug)]
pub struct Chance(u64);

impl Chance {
    /// From `BRIEF_CHAOS_SEED`, or from the time of day. Says which on standard error.
    pub fn new(what: &str) -> Self {
        let of_now = || {
            let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            since.map_or(1, |since| u64::from(since.subsec_nanos()))
        };
        let seed = super::options::number("SEED").unwrap_or_else(of_now);
        eprintln!("{what}: BRIEF_CHAOS_SEED={seed}");
        Self(seed)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    /// A time shorter than `end`.
    pub fn time(&mut self, end: Duration) -> Duration {
        let micros = u64::try_from(end.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(self.below(micros.max(1)))
    }
}

//! How often a program may ask: so many times a minute, evenly refilled (GCRA). Each process counts for
//! itself, so that a read writes nothing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

const MINUTE_MS: i64 = 60_000;

/// What is left to a program after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web::api) struct Left {
    /// How often it may ask in a minute.
    pub(in crate::web::api) per_minute: u32,
    /// How often it may ask at once now.
    pub(in crate::web::api) remaining: u32,
    /// Seconds until all of it is there again.
    pub(in crate::web::api) reset_s: u64,
}

/// When each program has used up what it was given: milliseconds, by the row id of its token.
#[derive(Debug)]
pub(in crate::web::api) struct Throttle {
    per_minute: u32,
    used_until: Mutex<HashMap<String, i64>>,
}

impl Throttle {
    pub(in crate::web::api) fn new(per_minute: u32) -> Self {
        Self { per_minute: per_minute.max(1), used_until: Mutex::default() }
    }

    /// Counts one request.
    ///
    /// # Errors
    /// How long to wait where it is one too many, with what is left.
    pub(in crate::web::api) fn count(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Left, (Duration, Left)> {
        let (now, each) = (now.as_millisecond(), MINUTE_MS / i64::from(self.per_minute));
        // A map is whole after every call, whoever panicked.
        let mut all = self.used_until.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever has everything again needs no entry; a clock that went back begins anew.
        all.retain(|_, until| *until > now && *until <= now + MINUTE_MS);
        let until = all.get(token).copied().unwrap_or(now);
        let next = until + each;
        if next > now + MINUTE_MS {
            let wait = u64::try_from(next - now - MINUTE_MS).unwrap_or_default();
            return Err((
                Duration::from_millis(wait.next_multiple_of(1_000)),
                self.left(until - now, each),
            ));
        }
        all.insert(token.to_owned(), next);
        Ok(self.left(next - now, each))
    }

    fn left(&self, used_ms: i64, each: i64) -> Left {
        Left {
            per_minute: self.per_minute,
            remaining: u32::try_from((MINUTE_MS - used_ms) / each).unwrap_or_default(),
            reset_s: u64::try_from(used_ms).unwrap_or_default().div_ceil(1_000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(1_795_000_000_000 + ms).unwrap()
    }

    #[test]
    fn a_program_asks_so_often_and_then_waits_its_turn() {
        let throttle = Throttle::new(60);
        for n in 0..60 {
            let left = throttle.count("a", at(0)).unwrap();
            assert_eq!(left.remaining, 59 - n);
        }
        let (wait, left) = throttle.count("a", at(0)).unwrap_err();
        assert_eq!((wait, left.remaining, left.reset_s), (Duration::from_secs(1), 0, 60));
        // Another one is not held up.
        assert_eq!(throttle.count("b", at(0)).unwrap().remaining, 59);
        assert!(throttle.count("a", at(999)).is_err());
        assert_eq!(throttle.count("a", at(1_000)).unwrap().remaining, 0);
        assert_eq!(throttle.count("a", at(120_000)).unwrap().remaining, 59);
    }

    #[test]
    fn a_clock_that_went_back_locks_nobody_out() {
        let throttle = Throttle::new(1);
        throttle.count("a", at(3_600_000)).unwrap();
        assert!(throttle.count("a", at(0)).is_ok());
    }
}

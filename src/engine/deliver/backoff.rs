//! When a deferred delivery is tried again (DESIGN 2.5; RFC 5321 4.5.4.1).

use jiff::{SignedDuration, Timestamp};

use crate::domain::insight::fnv1a64;

/// Minutes after the first and second attempt, and the least after every later one.
const MINUTES: [i64; 3] = [5, 15, 30];
/// Jitter on top, percent of the wait at most.
const JITTER_PCT: u64 = 20;

/// The instant of the next attempt after `attempts` that failed for now.
///
/// The jitter spreads deliveries that failed together. It comes from the delivery's id, so that a
/// repeated run gives the same plan.
#[must_use]
pub fn next_attempt(delivery: &str, attempts: i64, now: Timestamp) -> Timestamp {
    let step = usize::try_from(attempts.max(1) - 1).unwrap_or(usize::MAX);
    let minutes = match MINUTES.get(step) {
        Some(minutes) => *minutes,
        // 30 minutes, then an hour, then two, and so on up to four hours.
        None => 30 << (step - 2).min(3),
    };
    let wait = minutes * 60_000;
    let spread = fnv1a64(format!("{delivery}|{attempts}").as_bytes()) % (JITTER_PCT + 1);
    let jitter = wait / 100 * i64::try_from(spread).unwrap_or(0);
    now + SignedDuration::from_millis(wait + jitter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_keep_their_floor_and_repeat_exactly() {
        let now: Timestamp = "2026-11-23T07:00:00Z".parse().unwrap();
        let minutes = |attempts| {
            let at = next_attempt("d1", attempts, now);
            assert_eq!(at, next_attempt("d1", attempts, now));
            now.duration_until(at).as_mins()
        };
        for (attempt, floor, ceiling) in
            [(1, 5, 6), (2, 15, 18), (3, 30, 36), (4, 60, 72), (5, 120, 144), (40, 240, 288)]
        {
            let wait = minutes(attempt);
            assert!((floor..=ceiling).contains(&wait), "attempt {attempt}: {wait} minutes");
        }
        assert_ne!(next_attempt("d1", 1, now), next_attempt("d2", 1, now));
    }
}

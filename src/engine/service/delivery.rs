//! The delivery loop: what is due leaves, and the next due instant is waited for.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::Part;
use super::shared::{MINUTE, Shared};
use super::trouble::{Growing, Trouble};
use crate::engine::EngineError;
use crate::engine::deliver::DeliverReport;

/// What a wait for the next due instant is rounded up by at most, so that it is over when it ends.
const SLACK: Duration = Duration::from_millis(20);

/// Runs until the service is asked to end.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut trouble = Trouble::new(Part::Delivery);
    let mut idle = Growing::default();
    while !shared.is_stopping() {
        let round = shared.work(Part::Delivery, round(&shared)).await;
        let wait = match round {
            Ok(next) => {
                trouble.end();
                next.wait(&mut idle)
            }
            Err(error) => trouble.note(&error),
        };
        if !wait.is_zero() {
            shared.rest(Part::Delivery, wait).await;
        }
    }
}

/// What comes after a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// More was due when it ended: go on at once.
    More,
    /// The next delivery is due after this time; nothing is due now.
    After(Duration),
    /// What is due cannot leave before this time is over: every relay is left alone.
    Shut(Duration),
    /// What is due cannot leave: delivery is paused, or others hold it.
    Stuck,
}

impl Next {
    fn wait(self, idle: &mut Growing) -> Duration {
        match self {
            Self::Stuck => return idle.longer(),
            Self::More => idle.reset(),
            Self::Shut(wait) | Self::After(wait) => {
                idle.reset();
                return wait;
            }
        }
        Duration::ZERO
    }
}

/// One delivery of everything due now.
async fn round(shared: &Shared) -> Result<Next, EngineError> {
    let engine = &shared.engine;
    let report = engine.deliver(engine.clock.now()).await?;
    shared.status.delivered(&report);
    let did_something = has_settled(&report);
    let is_stuck = report.stopped.is_some();
    let shut = report.tried_at.map(Timestamp::as_millisecond);
    if !report.weeks.is_empty() {
        shared.touch(report.weeks);
        // The run may close now: prove it without waiting for the minute.
        shared.ring(Part::Schedule);
    }
    let now = engine.clock.now();
    if let Some(tried_at) = shut {
        // At once would be at once again and again where the clock stands still.
        return Ok(Next::Shut(until(now, tried_at).max(SLACK)));
    }
    if is_stuck || shared.is_stopping() {
        return Ok(Next::Stuck);
    }
    let next = engine.db.next_delivery_at(now.as_millisecond()).await?;
    Ok(match next.map(|at| until(now, at)) {
        None => Next::After(MINUTE),
        Some(Duration::ZERO) if did_something => Next::More,
        Some(Duration::ZERO) => Next::Stuck,
        Some(wait) => Next::After(wait),
    })
}

/// Whether a delivery changed a row for good or for later: then another one is not in vain.
fn has_settled(report: &DeliverReport) -> bool {
    let DeliverReport { sent, failed, deferred, uncertain, skipped, expired, resent, .. } = report;
    sent + failed + deferred + uncertain + skipped + expired + resent > 0
}

/// How long it is until an instant in milliseconds; nothing when it has come.
fn until(now: Timestamp, at: i64) -> Duration {
    let left = u64::try_from(at.saturating_sub(now.as_millisecond())).unwrap_or(0);
    if left == 0 { Duration::ZERO } else { Duration::from_millis(left) + SLACK }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stuck_is_tried_ever_less_often_and_at_least_once_a_minute() {
        let mut idle = Growing::default();
        let waits: Vec<u64> = (0..8).map(|_| Next::Stuck.wait(&mut idle).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(Next::More.wait(&mut idle), Duration::ZERO);
        assert_eq!(Next::Stuck.wait(&mut idle).as_secs(), 1);
    }

    #[test]
    fn a_relay_that_is_left_alone_is_waited_for_as_long_as_it_is() {
        let mut idle = Growing::default();
        let wait = Duration::from_secs(36);
        assert_eq!(Next::Shut(wait).wait(&mut idle), wait);
        assert_eq!(Next::Shut(wait).wait(&mut idle), wait, "and not ever longer");
    }

    #[test]
    fn the_next_instant_is_met_within_a_second_and_never_missed_by_rounding() {
        let now: Timestamp = "2026-11-23T07:00:00Z".parse().unwrap();
        let at = |ms: i64| until(now, now.as_millisecond() + ms);
        assert_eq!((at(0), at(-5_000)), (Duration::ZERO, Duration::ZERO));
        for ms in [1, 999, 30_000] {
            let wait = at(ms);
            assert!(wait > Duration::from_millis(ms.unsigned_abs()), "{ms}");
            assert!(wait < Duration::from_millis(ms.unsigned_abs() + 1_000), "{ms}");
        }
    }
}

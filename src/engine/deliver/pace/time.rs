//! The present of a round: the engine's clock, moved on by what was waited for.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::clock::Clock;

use super::super::round::Round;

/// What is too short to be waited for: a timer of the runtime is a millisecond wide.
const TICK: i64 = 1_000;

/// Instants come from the clock, waits from the runtime. A clock that stands still (`--now`) or is
/// set back while a round is under way would make every wait longer than the last: who waited for a
/// slot knows that it has come.
#[derive(Debug)]
pub struct Time {
    clock: Arc<dyn Clock>,
    reached: i64,
}

impl Time {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, reached: i64::MIN }
    }

    /// Now, microseconds.
    pub fn now(&self) -> i64 {
        self.clock.now().as_microsecond().max(self.reached)
    }

    /// Whether an instant has come, to the millisecond.
    pub fn is_past(&self, at: i64) -> bool {
        at - self.now() < TICK
    }

    /// How long it is until an instant.
    pub fn left(&self, at: i64) -> Duration {
        Duration::from_micros(u64::try_from(at - self.now()).unwrap_or(0))
    }

    /// Notes that an instant has been waited for.
    pub fn reach(&mut self, at: i64) {
        self.reached = self.reached.max(at);
    }

    /// Waits for an instant; false when the round ended before.
    pub async fn wait(&mut self, at: i64, round: &Round) -> bool {
        if !self.is_past(at) {
            tokio::select! {
                () = round.stopped() => return false,
                () = sleep(self.left(at)) => self.reach(at),
            }
        }
        !round.is_stopped()
    }
}

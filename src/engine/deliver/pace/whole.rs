//! The rate of everything together: slots are taken from the database some at a time, so that all
//! processes share one rate and a restart forgets nothing.

use crate::engine::EngineError;
use crate::store::Db;

use super::bucket::{BURST, Rate, SECOND, Spacing};

/// Most slots taken at once, and most of them in time: what a process that dies loses.
const CHUNK: usize = 512;
/// How long the claimed may wait for their slots, so that their leases do not run out.
const CLAIM_AHEAD: i64 = 5 * SECOND;
/// How far ahead the shared bucket is believed: what many processes have taken for the seconds to
/// come, and not what a clock that ran ahead left behind.
const MOST_AHEAD: i64 = 30 * SECOND;

/// `relay.rate_per_second`.
#[derive(Debug)]
pub struct Whole {
    rate: Rate,
    next: i64,
    left: usize,
    spacing: Spacing,
}

impl Whole {
    pub fn new(messages: u32) -> Self {
        let rate = Rate::per_second(messages);
        Self { rate, next: 0, left: 0, spacing: Spacing::default() }
    }

    /// How many deliveries may be claimed at once.
    pub fn claim(&self) -> usize {
        self.rate.within(CLAIM_AHEAD)
    }

    /// When the next message may leave, of `waiting` that could leave about now.
    pub async fn slot(&mut self, db: &Db, now: i64, waiting: usize) -> Result<i64, EngineError> {
        if self.left == 0 {
            let slots = waiting.clamp(1, CHUNK.min(self.rate.within(SECOND)));
            let taken = slots as i64 * self.rate.interval;
            let after = db.take_slots(taken, now, now - BURST, now + MOST_AHEAD).await?;
            (self.next, self.left) = (after - taken, slots);
        }
        let slot = self.next;
        self.next += self.rate.interval;
        self.left -= 1;
        Ok(self.spacing.leave(self.rate, slot, now))
    }
}

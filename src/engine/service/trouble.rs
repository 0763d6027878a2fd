//! Episodes of trouble: said once when one begins and once when it is over, tried again ever less
//! often meanwhile.

use std::time::Duration;

use super::Part;
use super::shared::MINUTE;
use crate::engine::EngineError;

/// The first wait after something failed; each further one is twice as long, up to a minute.
const FIRST: Duration = Duration::from_secs(1);
/// The longest wait for another deliverer: a waiting one takes over soon after.
const LOCKED: Duration = Duration::from_secs(5);

/// A wait that doubles from a second to a minute.
#[derive(Debug, Default)]
pub(super) struct Growing(u32);

impl Growing {
    /// The next wait.
    pub(super) fn longer(&mut self) -> Duration {
        let wait = FIRST.saturating_mul(2_u32.saturating_pow(self.0)).min(MINUTE);
        self.0 = self.0.saturating_add(1);
        wait
    }

    /// Starts again with the shortest wait.
    pub(super) fn reset(&mut self) {
        self.0 = 0;
    }
}

/// What goes wrong in one loop.
#[derive(Debug)]
pub(super) struct Trouble {
    part: Part,
    tries: u32,
    wait: Growing,
}

impl Trouble {
    pub(super) fn new(part: Part) -> Self {
        Self { part, tries: 0, wait: Growing::default() }
    }

    /// Notes a failure and returns how long to wait before the next try. Only the first of an
    /// episode is logged above debug level.
    pub(super) fn note(&mut self, error: &EngineError) -> Duration {
        let part = self.part.as_str();
        let is_lock = matches!(error, EngineError::Locked);
        match self.tries {
            0 if is_lock => tracing::info!(part, "another process delivers; waiting for it"),
            0 if error.is_away() => {
                tracing::warn!(part, %error, "the database does not answer; trying until it does");
            }
            0 => tracing::error!(part, %error, "a round failed; trying again"),
            tries => tracing::debug!(part, %error, tries, "still failing"),
        }
        self.tries = self.tries.saturating_add(1);
        let wait = self.wait.longer();
        if is_lock { wait.min(LOCKED) } else { wait }
    }

    /// Notes that a round went well.
    pub(super) fn end(&mut self) {
        if self.tries > 0 {
            let (part, tries) = (self.part.as_str(), self.tries);
            tracing::warn!(part, tries, "works again");
        }
        self.tries = 0;
        self.wait.reset();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    #[test]
    fn waits_grow_during_an_episode_and_begin_anew_after_it() {
        let mut trouble = Trouble::new(Part::Schedule);
        let away = EngineError::Store(StoreError::Unavailable("gone".to_owned()));
        let waits: Vec<u64> = (0..7).map(|_| trouble.note(&away).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60]);
        trouble.end();
        assert_eq!(trouble.note(&away).as_secs(), 1);
    }

    #[test]
    fn a_lock_is_asked_for_every_few_seconds() {
        let mut trouble = Trouble::new(Part::Delivery);
        let longest = (0..9).map(|_| trouble.note(&EngineError::Locked)).max();
        assert_eq!(longest, Some(LOCKED));
    }
}

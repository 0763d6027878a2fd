//! Why a delivery stood still, by cause.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::engine::Engine;
use crate::engine::deliver::STOPPING;
use crate::engine::deliver::verdict::{AWAY, REFUSES, without_addresses};
use crate::engine::journal::{BROKEN, OLDER};

/// The cause of a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    /// No connection to the relay, or it says that it is closing.
    RelayAway,
    /// The relay does not accept our settings.
    RelayRefused,
    /// The database is older than the journal of hand-overs, or the journal cannot be written.
    Journal,
    /// Anything else: an operator's pause, another deliverer, the database, the service's own end.
    Other,
}

impl Halt {
    /// The cause that a reason tells of.
    #[must_use]
    pub fn of(why: &str) -> Self {
        if why.starts_with(AWAY) {
            Self::RelayAway
        } else if why.starts_with(REFUSES) {
            Self::RelayRefused
        } else if why.starts_with(OLDER) || why.starts_with(BROKEN) {
            Self::Journal
        } else {
            Self::Other
        }
    }

    /// Whether the relay is what is broken.
    #[must_use]
    pub const fn is_relay(self) -> bool {
        matches!(self, Self::RelayAway | Self::RelayRefused)
    }
}

/// Why the last delivery of this process stood still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halted {
    /// The cause.
    pub cause: Halt,
    /// In words for the operator, without addresses.
    pub why: String,
    /// Since when, without a delivery that went through between.
    pub since: Timestamp,
}

/// The last of them; none when the last delivery went through.
#[derive(Debug, Default)]
pub struct HaltNote(Mutex<Option<Halted>>);

impl HaltNote {
    fn inner(&self) -> MutexGuard<'_, Option<Halted>> {
        // A value that is replaced as a whole is whole, whoever panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// Notes how a delivery ended.
    pub(in crate::engine) fn note_halt(&self, stopped: Option<&str>, now: Timestamp) {
        let stopped = stopped.map(without_addresses);
        let stopped = stopped.as_deref();
        let mut note = self.halt.inner();
        say(note.as_ref(), stopped);
        *note = stopped.map(|why| {
            let cause = Halt::of(why);
            let before = note.as_ref().filter(|before| before.cause == cause);
            let since = before.map_or(now, |before| before.since);
            Halted { cause, why: why.to_owned(), since }
        });
        let is = |cause| note.as_ref().is_some_and(|halted| halted.cause == cause);
        self.metrics.delivery.relay_stopped(is(Halt::RelayAway), is(Halt::RelayRefused));
    }

    /// Why the last delivery of this process stood still; none when it went through.
    #[must_use]
    pub fn halted(&self) -> Option<Halted> {
        self.halt.inner().clone()
    }
}

/// Says a stop once when it begins, when its cause changes, and when it is over.
fn say(before: Option<&Halted>, stopped: Option<&str>) {
    match (before.map(|halted| halted.cause), stopped.map(|why| (Halt::of(why), why))) {
        (None, None) => {}
        (Some(_), None) => tracing::info!("delivery goes on"),
        (Some(old), Some((new, why))) if old == new => {
            tracing::debug!(why, "delivery stands still")
        }
        (_, Some((Halt::RelayRefused | Halt::Journal, why))) => {
            tracing::error!(why, "delivery stands still");
        }
        (_, Some((Halt::Other, why))) if is_wanted(why) => {
            tracing::info!(why, "delivery stands still");
        }
        (_, Some((_, why))) => tracing::warn!(why, "delivery stands still"),
    }
}

/// Whether somebody asked for the stop.
fn is_wanted(why: &str) -> bool {
    why.starts_with("delivery is paused") || why == STOPPING
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_read_from_how_the_reason_begins() {
        assert_eq!(Halt::of("the relay is away: connection refused (at connect)"), Halt::RelayAway);
        let refused =
            "the relay does not accept our settings: 535 5.7.8 no (at auth); tried again at x";
        assert_eq!(Halt::of(refused), Halt::RelayRefused);
        assert_eq!(Halt::of(&format!("{OLDER}: 1 of the last 2 mails")), Halt::Journal);
        assert_eq!(Halt::of(&format!("{BROKEN}: no space")), Halt::Journal);
        assert_eq!(Halt::of("delivery is paused: because; `brief resume` ends it"), Halt::Other);
    }
}

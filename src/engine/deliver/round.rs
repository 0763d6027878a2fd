//! What the parts of one round share: its token, its relays, when it stops, and what it gives back.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::lanes::Lanes;
use super::tally::Tally;

/// The reason of a round after which the database is compared with the journal once more.
pub const IN_DOUBT: &str = "the database was away, or does not hold what it took: it is compared \
    with the journal before anything else leaves";

/// Why a round ended early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// In words for the operator.
    pub why: String,
    /// When a relay may be tried again, where every one is open.
    pub tried_at: Option<Timestamp>,
}

/// One round of delivery.
#[derive(Debug)]
pub struct Round {
    /// The fence: what this round leased.
    pub token: String,
    /// What was not accepted, for the log.
    pub tally: Tally,
    /// Where it goes.
    pub lanes: Lanes,
    stop: CancellationToken,
    end: Mutex<Option<End>>,
    gave_back: AtomicBool,
    held_back: AtomicBool,
    /// Deliveries that were claimed and not begun.
    left: Mutex<Vec<String>>,
}

impl End {
    /// Whether it ended for the database to be compared with the journal.
    pub fn is_doubt(&self) -> bool {
        self.why == IN_DOUBT
    }
}

impl Round {
    /// A round that has not begun.
    pub fn new(token: String, lanes: Lanes) -> Self {
        Self {
            token,
            tally: Tally::default(),
            lanes,
            stop: CancellationToken::new(),
            end: Mutex::new(None),
            gave_back: AtomicBool::new(false),
            held_back: AtomicBool::new(false),
            left: Mutex::default(),
        }
    }

    /// Ends the round; the first reason is kept.
    pub fn stop(&self, why: String) {
        self.end_with(End { why, tried_at: None });
    }

    /// Ends the round where no relay can be used at `now`; whether that is so.
    pub fn stop_shut(&self, now: Timestamp) -> bool {
        let shut = self.lanes.shut(now);
        let is_shut = shut.is_some();
        if let Some((why, tried_at)) = shut {
            self.end_with(End { why, tried_at: Some(tried_at) });
        }
        is_shut
    }

    fn end_with(&self, end: End) {
        guard(&self.end).get_or_insert(end);
        self.stop.cancel();
        self.lanes.wake();
    }

    /// Whether the round ended.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Waits until the round ends early.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    /// Why it ended early, if it did.
    pub fn end(&self) -> Option<End> {
        guard(&self.end).take()
    }

    /// Notes that a delivery went back to the queue.
    pub fn note_given_back(&self) {
        self.gave_back.store(true, Ordering::SeqCst);
    }

    /// Notes that a limit gave something back that is still due.
    pub fn note_held_back(&self) {
        self.held_back.store(true, Ordering::SeqCst);
    }

    /// Whether a limit did: that will go on as long as others get through.
    pub fn held_back(&self) -> bool {
        self.held_back.load(Ordering::SeqCst) && !self.is_stopped()
    }

    /// Notes a delivery that was claimed and will not be begun.
    pub fn leave(&self, id: String) {
        guard(&self.left).push(id);
    }

    /// What was claimed and not begun.
    pub fn left(&self) -> Vec<String> {
        std::mem::take(&mut *guard(&self.left))
    }

    /// Whether another round is worth it.
    pub fn gave_back(&self) -> bool {
        self.gave_back.load(Ordering::SeqCst) && !self.is_stopped()
    }
}

/// A poisoned value is still a value: no part of a round leaves one half written.
fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! What the parts of one round share: its token, when it stops, and which domains turn mail away.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::tally::Tally;
use super::verdict::Effect;

/// Refusals by policy in a row, with no success between, that open a domain's breaker (DESIGN 2.5).
const IN_A_ROW: u32 = 5;

/// One round of delivery.
#[derive(Debug)]
pub struct Round {
    /// The fence: what this round leased.
    pub token: String,
    /// What was not accepted, for the log.
    pub tally: Tally,
    stop: AtomicBool,
    /// Why the round ended, and whether the relay refused our settings.
    why: Mutex<Option<(String, bool)>>,
    /// Workers that still send.
    working: AtomicUsize,
    gave_back: AtomicBool,
    /// Deliveries that were claimed and not begun.
    left: Mutex<Vec<String>>,
    /// Whether the relay is known to work: until then one worker tries alone.
    open: watch::Sender<bool>,
    domains: Mutex<HashMap<String, u32>>,
}

impl Round {
    /// A round of `workers` that has not begun.
    pub fn new(token: String, workers: usize) -> Self {
        Self {
            token,
            tally: Tally::default(),
            stop: AtomicBool::new(false),
            why: Mutex::new(None),
            working: AtomicUsize::new(workers),
            gave_back: AtomicBool::new(false),
            left: Mutex::default(),
            open: watch::Sender::new(false),
            domains: Mutex::default(),
        }
    }

    /// Ends the round; the first reason is kept.
    pub fn stop(&self, why: String, refused: bool) {
        guard(&self.why).get_or_insert((why, refused));
        self.stop.store(true, Ordering::SeqCst);
        self.open();
    }

    /// Whether the round ended.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Why it ended early, if it did.
    pub fn end(&self) -> Option<(String, bool)> {
        guard(&self.why).take()
    }

    /// Lets all workers begin.
    pub fn open(&self) {
        self.open.send_replace(true);
    }

    /// Waits until the relay is known to work, or nobody is left to find out.
    pub async fn opened(&self) {
        // The sender lives as long as the round, so there is nothing to be told of but a change.
        let _ = self.open.subscribe().wait_for(|open| *open).await;
    }

    /// Notes that a delivery went back to the queue.
    pub fn note_given_back(&self) {
        self.gave_back.store(true, Ordering::SeqCst);
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

    /// What an outcome at a domain means for the round. Returns whether this worker goes on.
    ///
    /// A relay may limit connections: one that was turned away retires, and the round ends with the
    /// last of them, or at once where none ever got through.
    pub fn take_note(&self, domain: &str, effect: Effect) -> bool {
        match effect {
            Effect::Works => {
                guard(&self.domains).remove(domain);
                self.open();
                true
            }
            Effect::TurnsAway => {
                *guard(&self.domains).entry(domain.to_owned()).or_insert(0) += 1;
                self.open();
                true
            }
            Effect::Unclear => {
                self.open();
                true
            }
            Effect::Refuses(why) => {
                self.stop(why, true);
                false
            }
            Effect::Away(why) => {
                let last = self.working.fetch_sub(1, Ordering::SeqCst) == 1;
                if last || !*self.open.borrow() {
                    self.stop(why, false);
                }
                false
            }
        }
    }

    /// How many domains turn mail away at present.
    pub fn n_turned_away(&self) -> usize {
        guard(&self.domains).values().filter(|n| **n >= IN_A_ROW).count()
    }

    /// Whether mail to a domain waits: it was turned away several times in a row.
    pub fn turns_away(&self, domain: &str) -> bool {
        guard(&self.domains).get(domain).is_some_and(|n| *n >= IN_A_ROW)
    }
}

/// A poisoned value is still a value: no part of a round leaves one half written.
fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

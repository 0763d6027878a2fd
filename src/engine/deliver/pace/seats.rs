//! How many hand-overs to one domain there may be at once, and who waits for one.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::Waiting;

/// Deliveries kept in memory because their domains have all the connections they may have.
const HELD: usize = 1_024;

/// `relay.per_domain_connections`.
#[derive(Debug)]
pub struct Seats {
    most: usize,
    taken: Arc<Taken>,
    behind: HashMap<Arc<str>, VecDeque<Waiting>>,
    n_behind: usize,
}

/// Which seats are taken, and which domains had one freed since anybody looked.
#[derive(Debug, Default)]
struct Taken {
    ledger: Mutex<Ledger>,
    bell: Notify,
}

/// Seats taken at each domain, and domains in the order in which one was freed.
type Ledger = (HashMap<Arc<str>, usize>, Vec<Arc<str>>);

impl Taken {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // Counts are whole after every line that changes them.
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One hand-over's right to be queued or on the wire; given back when it is dropped.
#[derive(Debug)]
pub struct Seat {
    domain: Arc<str>,
    taken: Arc<Taken>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut ledger = self.taken.ledger();
        let (counts, freed) = &mut *ledger;
        if let Some(count) = counts.get_mut(&self.domain) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.domain);
            }
        }
        freed.push(Arc::clone(&self.domain));
        drop(ledger);
        self.taken.bell.notify_one();
    }
}

/// What becomes of a delivery that asks for a seat.
pub enum Seating {
    /// It has one.
    Seated(Waiting),
    /// It waits for one.
    Behind,
    /// Too many wait already.
    Full(Waiting),
}

impl Seats {
    pub fn new(most: u32) -> Self {
        Self { most: most as usize, taken: Arc::default(), behind: HashMap::new(), n_behind: 0 }
    }

    /// Gives a seat to a delivery, or keeps it until one is free, as far as there is room.
    pub fn seat(&mut self, mut waiting: Waiting) -> Seating {
        if !self.behind.contains_key(&waiting.job.domain)
            && let Some(seat) = self.take(&waiting.job.domain)
        {
            waiting.job.seat = Some(seat);
            return Seating::Seated(waiting);
        }
        if self.n_behind >= HELD {
            return Seating::Full(waiting);
        }
        self.n_behind += 1;
        self.behind.entry(Arc::clone(&waiting.job.domain)).or_default().push_back(waiting);
        Seating::Behind
    }

    /// Those whose turn came because others are done.
    pub fn freed(&mut self) -> Vec<Waiting> {
        let freed = std::mem::take(&mut self.taken.ledger().1);
        let mut seated = Vec::new();
        for domain in freed {
            let Some(queue) = self.behind.get(&domain) else { continue };
            debug_assert!(!queue.is_empty(), "an empty line is removed");
            let Some(seat) = self.take(&domain) else { continue };
            let Some(queue) = self.behind.get_mut(&domain) else { continue };
            if let Some(mut waiting) = queue.pop_front() {
                self.n_behind -= 1;
                waiting.job.seat = Some(seat);
                seated.push(waiting);
            }
            if queue.is_empty() {
                self.behind.remove(&domain);
            }
        }
        seated
    }

    /// Waits until somebody is done.
    pub async fn changed(&self) {
        self.taken.bell.notified().await;
    }

    /// How many wait for a seat.
    pub const fn n_behind(&self) -> usize {
        self.n_behind
    }

    /// Whether more may come, after a batch of which nothing found a place.
    pub const fn has_cleared(&self) -> bool {
        self.n_behind <= HELD / 2
    }

    /// All that wait.
    pub fn drain(&mut self) -> impl Iterator<Item = Waiting> + '_ {
        self.n_behind = 0;
        self.behind.drain().flat_map(|(_, queue)| queue)
    }

    fn take(&self, domain: &Arc<str>) -> Option<Seat> {
        let mut ledger = self.taken.ledger();
        let count = ledger.0.entry(Arc::clone(domain)).or_insert(0);
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Seat { domain: Arc::clone(domain), taken: Arc::clone(&self.taken) })
    }
}

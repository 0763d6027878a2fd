//! How fast mail may leave, and how much of it at once to one domain: between the feeder, which
//! claims, and the workers, which never wait for a limit.
//!
//! ```text
//! claimed ─► per_domain: slots ─► per_domain_connections: seats ─► rate_per_second: slots ─► workers
//!               └─► put back, due when its slot is expected
//! ```
//! Slots are rows of the table `bucket`, so that a restart and the other processes keep to them.
//! What is lost with a process are slots, never messages: the rate is kept on the safe side. A
//! relay that was slow gets what it held up at the rate, not at once. Nothing is kept in memory for
//! long: it goes back to the queue before its lease runs out.

mod bucket;
mod domains;
mod seats;
mod time;
mod whole;

use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;

use async_channel::Sender;
use tokio::time::sleep;

use crate::config::Relay;
use crate::engine::{Engine, EngineError};

use super::feeder::Job;
use super::round::Round;
use bucket::{Rate, SECOND, Spacing};
use domains::{Timed, Turn};
pub use seats::Seat;
use seats::{Seating, Seats};
use time::Time;
use whole::Whole;

/// Deliveries that wait for their slots; with so many, no more are claimed.
const TIMED: usize = 1_024;
/// How long a claimed delivery may wait in memory: half of its lease.
const KEPT: i64 = 60 * SECOND;
/// Jobs between the feeder and the workers where a rate is kept: what is there leaves at once when
/// a relay that was slow is fast again.
const QUEUE: usize = 1;

/// The limits of one round, and what waits for them.
#[derive(Debug)]
pub struct Pace<'a> {
    engine: &'a Engine,
    round: &'a Round,
    jobs: &'a Sender<Job>,
    time: Time,
    per_domain: Option<Rate>,
    seats: Option<Seats>,
    whole: Option<Whole>,
    timed: BinaryHeap<Timed>,
    /// What spaces the late ones of each domain.
    spacing: HashMap<Arc<str>, Spacing>,
    /// What may leave as soon as the rate of the whole allows.
    ready: VecDeque<Waiting>,
    /// What finds no place in memory, or has been there for too long.
    over: Vec<String>,
    /// Whether the last batch brought nothing that may leave.
    is_fruitless: bool,
}

/// A claimed delivery that waits.
#[derive(Debug)]
pub struct Waiting {
    job: Job,
    /// When it was claimed, microseconds.
    since: i64,
}

/// How many jobs may lie between the feeder and the workers.
pub fn queue(relay: &Relay, usual: usize) -> usize {
    let is_even = relay.rate_per_second.is_some() || relay.per_domain.is_some();
    if is_even { QUEUE } else { usual }
}

impl<'a> Pace<'a> {
    /// The limits of the relay; none where nothing is limited.
    pub fn of(engine: &'a Engine, round: &'a Round, jobs: &'a Sender<Job>) -> Option<Self> {
        let relay = &engine.settings.relay;
        let per_domain = relay.per_domain.map(Rate::per_second);
        let seats = relay.per_domain_connections.map(Seats::new);
        let whole = relay.rate_per_second.map(Whole::new);
        if per_domain.is_none() && seats.is_none() && whole.is_none() {
            return None;
        }
        Some(Self {
            engine,
            round,
            jobs,
            time: Time::new(Arc::clone(&engine.clock)),
            per_domain,
            seats,
            whole,
            timed: BinaryHeap::new(),
            spacing: HashMap::new(),
            ready: VecDeque::new(),
            over: Vec::new(),
            is_fruitless: false,
        })
    }

    /// How many deliveries may be claimed at once, of as many as are `usual`.
    pub fn claim(&self, usual: usize) -> usize {
        self.whole.as_ref().map_or(usual, |whole| whole.claim().min(usual))
    }

    /// Takes a claimed batch in. What is settled without a hand-over is not limited.
    pub async fn admit(&mut self, batch: Vec<Job>) -> Result<(), EngineError> {
        let since = self.time.now();
        let mut waiting = Vec::with_capacity(batch.len());
        for job in batch {
            if job.barred.is_none() {
                waiting.push(Waiting { job, since });
            } else {
                self.send(job).await;
            }
        }
        match self.per_domain {
            Some(rate) => self.share_out(rate, waiting).await?,
            None => waiting.into_iter().for_each(|waiting| self.seat(waiting)),
        }
        self.take_due();
        self.is_fruitless = !self.over.is_empty() && self.ready.is_empty();
        self.flow(Self::has_room).await
    }

    /// Hands over all that waits.
    pub async fn finish(&mut self) -> Result<(), EngineError> {
        self.flow(Self::is_empty).await
    }

    /// Notes what waits as not begun.
    pub fn leave(mut self) {
        let behind = self.seats.iter_mut().flat_map(Seats::drain);
        let timed = self.timed.drain().map(|timed| timed.waiting);
        for waiting in self.ready.drain(..).chain(timed).chain(behind) {
            self.round.leave(waiting.job.claimed.id);
        }
        for id in self.over {
            self.round.leave(id);
        }
    }

    /// Hands over what may leave, and waits until enough has left.
    async fn flow(&mut self, is_enough: fn(&Self) -> bool) -> Result<(), EngineError> {
        while !self.round.is_stopped() {
            self.take_due();
            if let Some(seats) = &mut self.seats {
                self.ready.extend(seats.freed());
            }
            if let Some(waiting) = self.ready.pop_front() {
                self.hand_on(waiting).await?;
                continue;
            }
            self.give_over().await?;
            if is_enough(self) {
                break;
            }
            self.wait().await;
        }
        Ok(())
    }

    /// Moves those on whose slots have come.
    fn take_due(&mut self) {
        while self.timed.peek().is_some_and(|timed| self.time.is_past(timed.slot)) {
            let (Some(timed), Some(rate)) = (self.timed.pop(), self.per_domain) else { break };
            let now = self.time.now();
            let spacing = self.spacing.entry(Arc::clone(&timed.waiting.job.domain)).or_default();
            match timed.turn(spacing, rate, now) {
                Turn::Leaves(waiting) => self.seat(waiting),
                Turn::Later(timed) => self.timed.push(timed),
            }
        }
    }

    /// Lets one leave as soon as a connection to its domain may be used.
    fn seat(&mut self, waiting: Waiting) {
        let seated = match &mut self.seats {
            Some(seats) => seats.seat(waiting),
            None => Seating::Seated(waiting),
        };
        match seated {
            Seating::Seated(waiting) => self.ready.push_back(waiting),
            Seating::Behind => {}
            Seating::Full(waiting) => self.over.push(waiting.job.claimed.id),
        }
    }

    /// Passes one on when the rate of the whole allows.
    async fn hand_on(&mut self, waiting: Waiting) -> Result<(), EngineError> {
        let now = self.time.now();
        if now - waiting.since > KEPT {
            self.over.push(waiting.job.claimed.id);
            return Ok(());
        }
        if let Some(whole) = &mut self.whole {
            let soon = now + SECOND;
            let timed = self.timed.iter().filter(|timed| timed.slot <= soon).count();
            let about = 1 + self.ready.len() + timed;
            let slot = whole.slot(&self.engine.db, now, about).await?;
            if !self.time.wait(slot, self.round).await {
                self.round.leave(waiting.job.claimed.id);
                return Ok(());
            }
        }
        self.send(waiting.job).await;
        Ok(())
    }

    async fn send(&self, job: Job) {
        if let Err(back) = self.jobs.send(job).await {
            self.round.leave(back.0.claimed.id);
        }
    }

    /// Gives back what cannot wait here, for another round or another process.
    async fn give_over(&mut self) -> Result<(), EngineError> {
        if !self.over.is_empty() {
            self.engine.db.release_deliveries(&self.over, &self.round.token).await?;
            self.round.note_held_back();
            self.over.clear();
        }
        Ok(())
    }

    /// Whether another batch may be claimed.
    fn has_room(&self) -> bool {
        let may_come = self.seats.as_ref().is_none_or(Seats::has_cleared);
        self.timed.len() < TIMED && (!self.is_fruitless || may_come)
    }

    fn is_empty(&self) -> bool {
        self.timed.is_empty() && self.seats.as_ref().is_none_or(|seats| seats.n_behind() == 0)
    }

    /// Waits for the next slot, the next free connection, or the end of the round.
    async fn wait(&mut self) {
        let next = self.timed.peek().map(|timed| timed.slot);
        let slot = async {
            match next {
                Some(slot) => sleep(self.time.left(slot)).await,
                None => std::future::pending().await,
            }
        };
        let seat = async {
            match &self.seats {
                Some(seats) => seats.changed().await,
                None => std::future::pending().await,
            }
        };
        let is_slot = tokio::select! {
            () = self.round.stopped() => false,
            () = seat => false,
            () = slot => true,
        };
        if let (true, Some(slot)) = (is_slot, next) {
            self.time.reach(slot);
        }
    }
}

//! One worker, one connection: sends a mail while the intent for the next is being made durable.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, oneshot};

use crate::clock::Clock;
use crate::domain::address::Domain;
use crate::engine::Engine;
use crate::mail::courier::{Courier, Mailer};

use super::cast::Sender;
use super::feeder::Job;
use super::hand_over::{give_back, hand_over, settled};
use super::pace::Pace;
use super::recorder::Entry;
use super::round::Round;

/// What a worker needs.
#[derive(Debug)]
pub struct Parts {
    pub(super) courier: Courier,
    jobs: Arc<Mutex<mpsc::Receiver<Job>>>,
    pub(super) entries: mpsc::Sender<Entry>,
    pub(super) round: Arc<Round>,
    pub(super) pace: Arc<Pace>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) sender: Sender,
    pub(super) domain: Domain,
}

impl Engine {
    pub(super) fn worker_parts(
        &self,
        round: &Arc<Round>,
        jobs: &Arc<Mutex<mpsc::Receiver<Job>>>,
        entries: &mpsc::Sender<Entry>,
        pace: &Arc<Pace>,
    ) -> Parts {
        Parts {
            courier: self.settings.relay.way.courier(),
            jobs: Arc::clone(jobs),
            entries: entries.clone(),
            round: Arc::clone(round),
            pace: Arc::clone(pace),
            clock: Arc::clone(&self.clock),
            sender: self.sender(),
            domain: self.settings.mail.domain.clone(),
        }
    }

    /// Where mail is from, and where one writes to in order to leave.
    #[must_use]
    pub fn sender(&self) -> Sender {
        Sender {
            envelope_from: self.settings.mail.from.address.clone(),
            stop_to: self.settings.mail.reply_to.address.clone(),
        }
    }
}

/// Sends until the feeder is done, the round stops or the relay turns this connection away. The
/// first worker finds out whether the relay works; the others wait for that.
pub async fn run(mut parts: Parts, first: bool) {
    if !first {
        parts.round.opened().await;
    }
    let mut message = Vec::new();
    let mut working = true;
    let mut next = take(&parts.jobs, &parts.entries, &parts.round, &*parts.clock).await;
    while let Some(job) = next {
        if !working || parts.round.is_stopped() {
            give_back(&parts, &job).await;
            break;
        }
        let (jobs, entries) = (Arc::clone(&parts.jobs), parts.entries.clone());
        let (round, clock) = (Arc::clone(&parts.round), Arc::clone(&parts.clock));
        let upcoming = take(&jobs, &entries, &round, &*clock);
        (working, next) = tokio::join!(hand_over(&mut parts, &job, &mut message), upcoming);
    }
    if first {
        parts.round.open();
    }
    if parts.round.is_stopped() {
        drain(&parts).await;
    }
    parts.courier.close().await;
}

/// The next delivery whose intent is durable; deliveries that are not ours to send are settled on
/// the way.
async fn take(
    jobs: &Mutex<mpsc::Receiver<Job>>,
    entries: &mpsc::Sender<Entry>,
    round: &Round,
    clock: &dyn Clock,
) -> Option<Job> {
    loop {
        let job = jobs.lock().await.recv().await?;
        if round.is_stopped() {
            return None;
        }
        if let Some(record) = settled(&job, round, clock.now()) {
            let iso_week = job.claimed.iso_week;
            entries.send(Entry::Outcome { record, iso_week }).await.ok()?;
            continue;
        }
        let (answer, granted) = oneshot::channel();
        let id = job.claimed.id.clone();
        entries.send(Entry::Intent { id, answer }).await.ok()?;
        if granted.await.unwrap_or(false) {
            return Some(job);
        }
    }
}

/// After a stop: takes what is left of the queue, without an intent, so that the feeder can end.
async fn drain(parts: &Parts) {
    while parts.jobs.lock().await.recv().await.is_some() {}
}

//! One worker, one connection: sends a mail while the intent for the next is being made durable.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, oneshot};

use crate::clock::Clock;
use crate::domain::address::Domain;
use crate::engine::Engine;
use crate::mail::courier::{Courier, Mailer};
use crate::mail::message_id::MessageId;
use crate::mail::outcome::{Fault, Outcome};
use crate::store::deliveries::Record;

use super::Round;
use super::cast::{Recipient, Sender};
use super::feeder::Job;
use super::pace::Pace;
use super::recorder::Entry;
use super::verdict::judge;

/// What a worker needs.
#[derive(Debug)]
pub struct Parts {
    courier: Courier,
    jobs: Arc<Mutex<mpsc::Receiver<Job>>>,
    entries: mpsc::Sender<Entry>,
    round: Arc<Round>,
    pace: Arc<Pace>,
    clock: Arc<dyn Clock>,
    sender: Sender,
    domain: Domain,
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

/// Sends until the feeder is done or the round stops.
pub async fn run(mut parts: Parts) {
    let mut message = Vec::new();
    let mut next = take(&parts.jobs, &parts.entries, &parts.round, &*parts.clock).await;
    while let Some(job) = next {
        if parts.round.is_stopped() {
            give_back(&parts, &job).await;
            next = drain(&parts).await;
            continue;
        }
        let (jobs, entries) = (Arc::clone(&parts.jobs), parts.entries.clone());
        let (round, clock) = (Arc::clone(&parts.round), Arc::clone(&parts.clock));
        let upcoming = take(&jobs, &entries, &round, &*clock);
        let (_, upcoming) = tokio::join!(hand_over(&mut parts, &job, &mut message), upcoming);
        next = upcoming;
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
            continue;
        }
        if !job.claimed.consents || job.claimed.email.is_none() {
            let record = Record {
                delivery_id: job.claimed.id.clone(),
                state: "cancelled",
                reason: Some("the subscriber has left".to_owned()),
                next_attempt_at: None,
                attempt: None,
                at: clock.now().as_millisecond(),
            };
            let iso_week = job.claimed.iso_week;
            entries
                .send(Entry::Outcome { record, iso_week })
                .await
                .ok()?;
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
async fn drain(parts: &Parts) -> Option<Job> {
    while parts.jobs.lock().await.recv().await.is_some() {}
    None
}

/// Queues a delivery again whose intent was written but whose data never left.
async fn give_back(parts: &Parts, job: &Job) {
    let now = parts.clock.now().as_millisecond();
    let record = Record {
        delivery_id: job.claimed.id.clone(),
        state: "queued",
        reason: None,
        next_attempt_at: Some(now),
        attempt: None,
        at: now,
    };
    report(parts, job, record).await;
}

async fn report(parts: &Parts, job: &Job, record: Record) {
    let entry = Entry::Outcome {
        record,
        iso_week: job.claimed.iso_week.clone(),
    };
    if parts.entries.send(entry).await.is_err() {
        parts
            .round
            .stop("outcomes can no longer be recorded".to_owned());
    }
}

/// Hands one message over and reports what became of it. A relay that went away between two mails
/// is tried once more on a new connection.
async fn hand_over(parts: &mut Parts, job: &Job, message: &mut Vec<u8>) {
    let started = parts.clock.now();
    let recipient = Recipient {
        email: job.claimed.email.as_deref().unwrap_or_default(),
        name: &job.claimed.name,
        organization: job.claimed.organization.as_deref(),
    };
    let envelope = MessageId::of_delivery(&job.claimed.id, &parts.domain)
        .map_err(|e| e.to_string())
        .and_then(|id| {
            parts
                .sender
                .cast(&job.mould, recipient, id, message)
                .map_err(|e| e.to_string())
        });
    let envelope = match envelope {
        Ok(envelope) => envelope,
        Err(problem) => {
            let now = started.as_millisecond();
            let record = Record {
                delivery_id: job.claimed.id.clone(),
                state: "failed",
                reason: Some(format!("the address cannot be mailed: {problem}")),
                next_attempt_at: None,
                attempt: None,
                at: now,
            };
            return report(parts, job, record).await;
        }
    };
    parts.pace.wait(envelope.to.domain()).await;
    let mut outcome = parts.courier.send(&envelope, message).await;
    if outcome.fault() == Fault::Relay {
        outcome = parts.courier.send(&envelope, message).await;
    }
    let verdict = judge(
        &job.claimed.id,
        job.claimed.attempts,
        started,
        parts.clock.now(),
        &outcome,
    );
    log(job, &outcome);
    if let Some(why) = verdict.stops {
        parts.round.stop(why);
    }
    report(parts, job, verdict.record).await;
}

/// One line for what did not go well; acceptance is counted, not logged.
fn log(job: &Job, outcome: &Outcome) {
    if !matches!(outcome, Outcome::Accepted { .. }) {
        tracing::warn!(delivery = job.claimed.id, fault = ?outcome.fault(), "not accepted");
    }
}

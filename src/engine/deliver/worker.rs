//! One worker, one connection: sends a mail while the intent for the next is being made durable.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::clock::Clock;
use crate::domain::address::Domain;
use crate::engine::Engine;
use crate::mail::courier::{Courier, Mailer};
use crate::mail::envelope::Envelope;
use crate::mail::message_id::MessageId;
use crate::mail::outcome::{Fault, Outcome};
use crate::store::deliveries::Record;

use super::backoff::next_attempt;
use super::cast::{Recipient, Sender};
use super::feeder::Job;
use super::pace::Pace;
use super::recorder::Entry;
use super::round::Round;
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

/// What is settled without a hand-over: a reader who may not be mailed, a domain that turns mail away.
fn settled(job: &Job, round: &Round, now: Timestamp) -> Option<Record> {
    let record = |state, reason: &str, next: Option<Timestamp>| Record {
        delivery_id: job.claimed.id.clone(),
        state,
        reason: Some(reason.to_owned()),
        next_attempt_at: next.map(Timestamp::as_millisecond),
        attempt: None,
        at: now.as_millisecond(),
    };
    if let Some(why) = &job.barred {
        return Some(record("skipped", why, None));
    }
    let domain = domain_of(job.claimed.email.as_deref().unwrap_or_default());
    round.turns_away(&domain).then(|| {
        let next = next_attempt(&job.claimed.id, job.claimed.attempts + 2, now);
        record("queued", "its domain turns mail away for now", Some(next))
    })
}

fn domain_of(email: &str) -> String {
    let domain = email.rsplit_once('@').map_or(email, |(_, domain)| domain);
    domain.to_ascii_lowercase()
}

/// After a stop: takes what is left of the queue, without an intent, so that the feeder can end.
async fn drain(parts: &Parts) {
    while parts.jobs.lock().await.recv().await.is_some() {}
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
    parts.round.note_given_back();
    report(parts, job, record).await;
}

async fn report(parts: &Parts, job: &Job, record: Record) {
    let entry = Entry::Outcome {
        record,
        iso_week: job.claimed.iso_week.clone(),
    };
    if parts.entries.send(entry).await.is_err() {
        let why = "outcomes can no longer be recorded".to_owned();
        parts.round.stop(why, false);
    }
}

/// Hands one message over and reports what became of it; whether this connection is of further
/// use. A relay that went away between two mails is tried once more on a new connection.
async fn hand_over(parts: &mut Parts, job: &Job, message: &mut Vec<u8>) -> bool {
    let started = parts.clock.now();
    let envelope = match cast(parts, job, message) {
        Ok(envelope) => envelope,
        Err(problem) => {
            let record = Record {
                delivery_id: job.claimed.id.clone(),
                state: "failed",
                reason: Some(format!("the address cannot be mailed: {problem}")),
                next_attempt_at: None,
                attempt: None,
                at: started.as_millisecond(),
            };
            report(parts, job, record).await;
            return true;
        }
    };
    parts.pace.wait(envelope.to.domain()).await;
    let mut outcome = parts.courier.send(&envelope, message).await;
    if outcome.fault() == Fault::Relay {
        outcome = parts.courier.send(&envelope, message).await;
    }
    let (id, attempts) = (&job.claimed.id, job.claimed.attempts);
    let verdict = judge(id, attempts, started, parts.clock.now(), &outcome);
    log(job, &outcome);
    if verdict.record.state == "queued" && verdict.record.attempt.is_none() {
        parts.round.note_given_back();
    }
    let domain = domain_of(job.claimed.email.as_deref().unwrap_or_default());
    let goes_on = parts.round.take_note(&domain, verdict.effect);
    report(parts, job, verdict.record).await;
    goes_on
}

/// Casts the recipient's message and returns its envelope.
fn cast(parts: &Parts, job: &Job, message: &mut Vec<u8>) -> Result<Envelope, String> {
    let recipient = Recipient {
        email: job.claimed.email.as_deref().unwrap_or_default(),
        name: &job.claimed.name,
        organization: job.claimed.organization.as_deref(),
    };
    let id = MessageId::of_delivery(&job.claimed.id, &parts.domain).map_err(|e| e.to_string())?;
    parts
        .sender
        .cast(&job.mould, recipient, id, message)
        .map_err(|e| e.to_string())
}

/// One line for what did not go well; acceptance is counted, not logged.
fn log(job: &Job, outcome: &Outcome) {
    if !matches!(outcome, Outcome::Accepted { .. }) {
        tracing::warn!(delivery = job.claimed.id, fault = ?outcome.fault(), "not accepted");
    }
}

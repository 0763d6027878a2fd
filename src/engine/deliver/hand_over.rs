//! One delivery: settled without a hand-over, handed over, or given back (DESIGN 2.5).

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::mail::courier::Mailer;
use crate::mail::envelope::Envelope;
use crate::mail::message_id::MessageId;
use crate::mail::outcome::{Fault, Outcome};
use crate::store::deliveries::Record;

use super::backoff::next_attempt;
use super::cast::Recipient;
use super::count::seconds;
use super::feeder::Job;
use super::recorder::Entry;
use super::round::Round;
use super::verdict::judge;
use super::worker::Parts;

/// What is settled without a hand-over: a reader who may not be mailed, a brief that is
/// no longer news, a domain that turns mail away.
pub(super) fn settled(job: &Job, round: &Round, now: Timestamp) -> Option<Record> {
    let record = |state, reason: &str, next: Option<Timestamp>| Record {
        delivery_id: job.claimed.id.clone(),
        state,
        reason: Some(reason.to_owned()),
        next_attempt_at: next.map(Timestamp::as_millisecond),
        attempt: None,
        at: now.as_millisecond(),
    };
    if let Some((state, why)) = &job.barred {
        return Some(record(state, why, None));
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

/// Queues a delivery again whose intent was written but whose data never left.
pub(super) async fn give_back(parts: &Parts, job: &Job) {
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
    report(parts, job, record, None).await;
}

async fn report(parts: &Parts, job: &Job, record: Record, durable: Option<oneshot::Sender<()>>) {
    let record = Box::new(record);
    let entry = Entry::Outcome { record, iso_week: job.claimed.iso_week.clone(), durable };
    if parts.entries.send(entry).await.is_err() {
        let why = "outcomes can no longer be recorded".to_owned();
        parts.round.stop(why, false);
    }
}

/// Hands one message over and reports what became of it; whether this connection is of further
/// use. A relay that went away between two mails is tried once more on a new connection.
pub(super) async fn hand_over(parts: &mut Parts, job: &Job, message: &mut Vec<u8>) -> bool {
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
            report(parts, job, record, None).await;
            return true;
        }
    };
    parts.pace.wait(envelope.to.domain()).await;
    let began = parts.clock.now();
    let mut outcome = send(parts, &envelope, message).await;
    if outcome.fault() == Fault::Relay {
        outcome = send(parts, &envelope, message).await;
    }
    let (id, attempts) = (&job.claimed.id, job.claimed.attempts);
    let ended = parts.clock.now();
    parts.metrics.delivery.handed_over(seconds(began, ended));
    let verdict = judge(id, attempts, started, ended, &outcome);
    parts.round.tally.add(&job.claimed.id, &outcome, ended);
    if verdict.record.state == "queued" && verdict.record.attempt.is_none() {
        parts.round.note_given_back();
    }
    let domain = domain_of(job.claimed.email.as_deref().unwrap_or_default());
    let goes_on = parts.round.take_note(&domain, verdict.effect);
    let (durable, recorded) = oneshot::channel();
    parts.unrecorded.push_back(recorded);
    report(parts, job, verdict.record, Some(durable)).await;
    goes_on
}

/// Sends, unless the engine is asked to end at once: then nobody knows whether the relay has it.
async fn send(parts: &mut Parts, envelope: &Envelope, message: &[u8]) -> Outcome {
    tokio::select! {
        outcome = parts.courier.send(envelope, message) => outcome,
        () = parts.cut.cancelled() => Outcome::given_up("the service ended before the relay answered"),
    }
}

/// Casts the recipient's message and returns its envelope.
fn cast(parts: &Parts, job: &Job, message: &mut Vec<u8>) -> Result<Envelope, String> {
    let recipient = Recipient {
        email: job.claimed.email.as_deref().unwrap_or_default(),
        name: &job.claimed.name,
        organization: job.claimed.organization.as_deref(),
    };
    let id = MessageId::of_delivery(&job.claimed.id, &parts.domain).map_err(|e| e.to_string())?;
    parts.sender.cast(&job.mould, recipient, id, message).map_err(|e| e.to_string())
}

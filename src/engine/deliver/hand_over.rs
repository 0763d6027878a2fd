//! One delivery: settled without a hand-over, handed over, or given back (DESIGN 2.5).

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::engine::links::WayOut;
use crate::mail::courier::Mailer;
use crate::mail::dkim::SignError;
use crate::mail::envelope::Envelope;
use crate::mail::message_id::MessageId;
use crate::mail::outcome::{Fault, Outcome};
use crate::store::StoreError;
use crate::store::deliveries::Record;

use super::BEGIN_WITHIN;
use super::cast::Recipient;
use super::count::seconds;
use super::domains::Gate;
use super::feeder::Job;
use super::lanes::{Pass, Then};
use super::recorder::Entry;
use super::route::{board, enter, take_note};
use super::verdict::{HandOver, judge};
use super::worker::Parts;

/// What becomes of a delivery before anything is handed over.
pub(super) enum Fate {
    /// It is handed over.
    Goes,
    /// It is settled as it is: a reader who may not be mailed, a brief that is no longer news, a
    /// domain that turns mail away.
    Settled(Box<Record>),
    /// It stays where it is: another mail finds out whether its domain takes any.
    Stays,
}

/// Decides that.
///
/// # Errors
/// As any write: the trial of a domain is claimed in the table.
pub(super) async fn fate(parts: &Parts, job: &Job, now: Timestamp) -> Result<Fate, StoreError> {
    if let Some((state, why)) = &job.barred {
        return Ok(Fate::Settled(Box::new(untried(job, state, Some(why), None, now))));
    }
    Ok(match parts.domains.gate(&parts.keeper, &job.domain, &job.claimed.id, now).await? {
        Gate::Open => Fate::Goes,
        Gate::Tried => Fate::Stays,
        Gate::Shut(until) => Fate::Settled(Box::new(turned_away(job, until, now))),
    })
}

/// The record of a delivery that was not handed over.
fn untried(
    job: &Job,
    state: &'static str,
    reason: Option<&str>,
    next_attempt_at: Option<i64>,
    now: Timestamp,
) -> Record {
    Record {
        delivery_id: job.claimed.id.clone(),
        state,
        reason: reason.map(str::to_owned),
        next_attempt_at,
        attempt: None,
        at: now.as_millisecond(),
    }
}

/// The record of one whose domain's breaker is open until then.
fn turned_away(job: &Job, until: Timestamp, now: Timestamp) -> Record {
    let why = "its domain turns mail away for now";
    untried(job, "queued", Some(why), Some(until.as_millisecond()), now)
}

/// Queues a delivery for later whose domain began to turn mail away while its intent was made
/// durable; whether it did.
pub(super) async fn is_turned_away(parts: &Parts, job: &Job) -> bool {
    let Some(until) = parts.domains.shut_since(&job.domain, &job.claimed.id) else {
        return false;
    };
    report(parts, job, turned_away(job, until, parts.clock.now()), None).await;
    true
}

/// Notes that a delivery finds out nothing about its domain.
pub(super) fn find_nothing(parts: &Parts, job: &Job) {
    parts.domains.give_up(&job.domain, &job.claimed.id);
}

/// Queues a delivery again whose intent was written but whose data never left: it is as due as it
/// was.
pub(super) async fn give_back(parts: &Parts, job: &Job) {
    find_nothing(parts, job);
    let due = Some(job.claimed.next_attempt_at);
    let record = untried(job, "queued", None, due, parts.clock.now());
    parts.round.note_given_back();
    report(parts, job, record, None).await;
}

async fn report(parts: &Parts, job: &Job, record: Record, durable: Option<oneshot::Sender<()>>) {
    let record = Box::new(record);
    let entry = Entry::Outcome { record, iso_week: job.claimed.iso_week.clone(), durable };
    if parts.entries.send(entry).await.is_err() {
        parts.round.stop("outcomes can no longer be recorded".to_owned());
    }
}

/// Whether an intent is too old for a mail to be begun under it.
fn is_old(parts: &Parts, since: Timestamp) -> bool {
    parts.clock.now().duration_since(since) > BEGIN_WITHIN
}

/// Hands one message over and reports what became of it; a relay that fails meanwhile is left for
/// the next one, at no cost. One whose intent, durable since then, has grown old is given back.
/// Returns whether this connection is of further use.
pub(super) async fn hand_over(
    parts: &mut Parts,
    (job, since): (&Job, Timestamp),
    message: &mut Vec<u8>,
    pass: Pass,
) -> bool {
    let envelope = match cast(parts, job, message) {
        Ok(envelope) => envelope,
        Err(problem) => {
            parts.round.lanes.release(pass);
            refuse(parts, job, &problem).await;
            return true;
        }
    };
    if let Err(error) = sign(parts, message).await {
        // Nothing would be signed, whoever it is for: unsigned mail would harm them all.
        parts.round.lanes.release(pass);
        parts.round.stop(error.to_string());
        give_back(parts, job).await;
        return false;
    }
    let mut pass = Some(pass);
    while let Some(own) = pass {
        if is_old(parts, since) {
            parts.round.lanes.release(own);
            give_back(parts, job).await;
            return true;
        }
        if board(parts, own).await {
            match attempt(parts, (job, since), (&envelope, message), own).await {
                None => return true,
                Some(Then::Again) => {}
                Some(Then::Park(away)) => {
                    parts.turned_away = Some(away);
                    give_back(parts, job).await;
                    return false;
                }
            }
        }
        pass = enter(parts).await;
    }
    give_back(parts, job).await;
    false
}

/// One hand-over to the relay on board. Returns what becomes of a mail that certainly did not leave
/// by no fault of its recipient; any other is recorded.
async fn attempt(
    parts: &mut Parts,
    (job, since): (&Job, Timestamp),
    (envelope, message): (&Envelope, &[u8]),
    pass: Pass,
) -> Option<Then> {
    let began = parts.clock.now();
    let outcome = send(parts, since, (envelope, message), pass).await;
    let ended = parts.clock.now();
    let id = job.claimed.id.as_str();
    parts.metrics.delivery.handed_over(seconds(began, ended));
    parts.round.tally.add(id, &outcome, ended);
    let (attempts, relay) = (job.claimed.attempts, parts.round.lanes.place(pass));
    let of = HandOver { delivery_id: id, attempts, started_at: began, relay };
    let verdict = judge(of, ended, &outcome);
    let then = take_note(parts, pass, (&job.domain, id), verdict.effect).await;
    if let Some(record) = verdict.record {
        let (durable, recorded) = oneshot::channel();
        parts.unrecorded.push_back(recorded);
        report(parts, job, record, Some(durable)).await;
    }
    then
}

/// A relay that went away between two mails is tried once more on a new connection; one that is not
/// known to work is tried once, since others wait for what comes of it.
async fn send(
    parts: &mut Parts,
    since: Timestamp,
    (envelope, message): (&Envelope, &[u8]),
    pass: Pass,
) -> Outcome {
    let outcome = send_once(parts, envelope, message).await;
    if outcome.fault() == Fault::Relay && !pass.is_trial() && !is_old(parts, since) {
        return send_once(parts, envelope, message).await;
    }
    outcome
}

/// Sends, unless the engine is asked to end at once: then nobody knows whether the relay has it.
async fn send_once(parts: &mut Parts, envelope: &Envelope, message: &[u8]) -> Outcome {
    tokio::select! {
        outcome = parts.courier.send(envelope, message) => outcome,
        () = parts.cut.cancelled() => Outcome::given_up("the service ended before the relay answered"),
    }
}

/// Records that an address cannot be mailed.
async fn refuse(parts: &Parts, job: &Job, problem: &str) {
    find_nothing(parts, job);
    let why = format!("the address cannot be mailed: {problem}");
    let record = untried(job, "failed", Some(&why), None, parts.clock.now());
    report(parts, job, record, None).await;
}

/// Casts the recipient's message and returns its envelope.
fn cast(parts: &Parts, job: &Job, message: &mut Vec<u8>) -> Result<Envelope, String> {
    let recipient = Recipient {
        email: job.claimed.email.as_deref().unwrap_or_default(),
        name: &job.claimed.name,
        organization: job.claimed.organization.as_deref(),
        way_out: WayOut::Subscription(&job.claimed.subscription_id),
        iso_week: &job.claimed.iso_week,
    };
    let id = MessageId::of_delivery(&job.claimed.id, &parts.domain).map_err(|e| e.to_string())?;
    parts.sender.cast(&job.mould, recipient, id, message).map_err(|e| e.to_string())
}

/// Signs the message, if mail is signed at all.
async fn sign(parts: &Parts, message: &mut Vec<u8>) -> Result<(), SignError> {
    let own = std::mem::take(message);
    *message = parts.sender.signer.sign_apart(own, parts.clock.now()).await?;
    Ok(())
}

//! One worker, one connection: sends a mail while the intents for the next are being made durable.
//!
//! **Invariant:** of the mails that this connection handed over, at most [`UNRECORDED`] lack a
//! durable outcome. That is what a process that dies may send again.

use std::collections::VecDeque;
use std::sync::Arc;

use async_channel::{Receiver, TryRecvError};
use jiff::Timestamp;
use tokio::sync::oneshot::error::TryRecvError as TryRecv;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config::EnvelopeSender;
use crate::domain::address::Domain;
use crate::engine::{Engine, EngineError};
use crate::mail::courier::{Courier, Mailer};
use crate::mail::dkim::Signer;
use crate::mail::relay::Relay;
use crate::metrics::Metrics;

use super::ahead::{self, Ahead};
use super::cast::Sender;
use super::domains::Domains;
use super::feeder::Job;
use super::hand_over::{Fate, fate, find_nothing, give_back, hand_over, is_turned_away};
use super::keeper::Keeper;
use super::lanes::TurnedAway;
use super::recorder::Entry;
use super::round::Round;
use super::route::enter;

/// Mails handed over whose outcome is not durable yet, the one on the wire included.
const UNRECORDED: usize = 2;

/// What a worker needs.
#[derive(Debug)]
pub struct Parts {
    /// The way to the relay that was used last, and its place in the order.
    pub(super) courier: Courier,
    pub(super) lane: usize,
    pub(super) ways: Vec<Relay>,
    /// Where this worker's connection was turned away while others were served.
    pub(super) turned_away: Option<TurnedAway>,
    pub(super) domains: Arc<Domains>,
    pub(super) keeper: Keeper,
    jobs: Receiver<Job>,
    pub(super) entries: mpsc::Sender<Entry>,
    pub(super) round: Arc<Round>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) sender: Sender,
    pub(super) domain: Domain,
    pub(super) metrics: Arc<Metrics>,
    /// Cancelled when the engine shall end at once.
    pub(super) cut: CancellationToken,
    /// How many intents it asks for while a mail is on the wire.
    ahead: Ahead,
    /// Outcomes that are on their way into the database, oldest first.
    pub(super) unrecorded: VecDeque<oneshot::Receiver<()>>,
}

/// A delivery whose intent was asked for, and the answer to come: since when it holds.
type Asked = (Job, oneshot::Receiver<Option<Timestamp>>);

impl Engine {
    pub(super) fn worker_parts(
        &self,
        round: &Arc<Round>,
        jobs: &Receiver<Job>,
        entries: &mpsc::Sender<Entry>,
        sender: &Sender,
    ) -> Parts {
        Parts {
            courier: self.settings.relay.way.courier(),
            lane: 0,
            ways: self.settings.relay.ways().cloned().collect(),
            turned_away: None,
            domains: Arc::clone(&self.domains),
            keeper: self.keeper(),
            jobs: jobs.clone(),
            entries: entries.clone(),
            round: Arc::clone(round),
            clock: Arc::clone(&self.clock),
            sender: sender.clone(),
            domain: self.settings.mail.domain.clone(),
            metrics: Arc::clone(&self.metrics),
            cut: self.cut.clone(),
            ahead: Ahead::new(),
            unrecorded: VecDeque::with_capacity(UNRECORDED),
        }
    }

    /// Where mail is from, where its links lead, where one writes to in order to leave, and who
    /// answers for it.
    ///
    /// # Errors
    /// When the keys of links cannot be read or made.
    pub fn sender(&self) -> Result<Sender, EngineError> {
        let mail = &self.settings.mail;
        Ok(Sender {
            envelope_from: mail.from.address.clone(),
            bounces_at: (mail.envelope == EnvelopeSender::Verp).then(|| mail.domain.clone()),
            stop_to: mail.reply_to.address.clone(),
            pages: self.pages()?,
            signer: Signer::of(&self.settings.mail.dkim),
        })
    }
}

/// Ends the round when a worker panics: others may wait for what it was about to find out.
struct OrEnd(Arc<Round>);

impl Drop for OrEnd {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop("a delivery task ended early".to_owned());
        }
    }
}

/// Sends until the feeder is done or the round stops. One worker finds out whether a relay works,
/// and the others wait for that.
pub async fn run(mut parts: Parts) {
    let _guard = OrEnd(Arc::clone(&parts.round));
    let mut asked = VecDeque::with_capacity(ahead::MOST + 1);
    let mut message = Vec::new();
    while let Some(pass) = enter(&parts).await {
        let Some((job, since)) = next(&mut parts, &mut asked).await else {
            parts.round.lanes.drained(pass);
            break;
        };
        ask_ahead(&parts, &mut asked).await;
        while parts.unrecorded.len() >= UNRECORDED {
            if let Some(durable) = parts.unrecorded.pop_front() {
                // A recorder that failed has stopped the round.
                let _ = durable.await;
            }
        }
        if parts.round.is_stopped() {
            parts.round.lanes.release(pass);
            give_back(&parts, &job).await;
            break;
        }
        if is_turned_away(&parts, &job).await {
            parts.round.lanes.release(pass);
            continue;
        }
        if !hand_over(&mut parts, (&job, since), &mut message, pass).await {
            give_back_asked(&parts, &mut asked).await;
        }
    }
    give_back_asked(&parts, &mut asked).await;
    parts.round.lanes.leave(parts.turned_away);
    if parts.round.is_stopped() {
        leave_rest(&parts).await;
    }
    tokio::select! {
        () = parts.courier.close() => {}
        () = parts.cut.cancelled() => {}
    }
}

/// Queues again what was asked for ahead: this worker may wait for long.
async fn give_back_asked(parts: &Parts, asked: &mut VecDeque<Asked>) {
    while let Some((job, granted)) = asked.pop_front() {
        if granted.await.is_ok_and(|since| since.is_some()) {
            give_back(parts, &job).await;
        } else {
            find_nothing(parts, &job);
        }
    }
}

/// The next delivery whose intent is durable, and since when.
async fn next(parts: &mut Parts, asked: &mut VecDeque<Asked>) -> Option<(Job, Timestamp)> {
    loop {
        let was_ahead = !asked.is_empty();
        if !was_ahead {
            let job = parts.jobs.recv().await.ok()?;
            ask(parts, job, asked).await;
        }
        ask_ahead(parts, asked).await;
        let Some((job, mut granted)) = asked.pop_front() else { continue };
        let answer = granted.try_recv();
        if was_ahead {
            parts.ahead.note(answer != Err(TryRecv::Empty));
        }
        let granted = match answer {
            Ok(granted) => granted,
            Err(TryRecv::Empty) => granted.await.unwrap_or(None),
            Err(TryRecv::Closed) => None,
        };
        if let Some(since) = granted {
            return Some((job, since));
        }
        find_nothing(parts, &job);
    }
}

/// Asks for the intents of as many deliveries as wait, up to the connection's depth.
async fn ask_ahead(parts: &Parts, asked: &mut VecDeque<Asked>) {
    while asked.len() < parts.ahead.depth() && !parts.round.is_stopped() {
        match parts.jobs.try_recv() {
            Ok(job) => ask(parts, job, asked).await,
            Err(TryRecvError::Empty | TryRecvError::Closed) => break,
        }
    }
}

/// Asks for one intent; a delivery that is not ours to send is settled instead.
async fn ask(parts: &Parts, job: Job, asked: &mut VecDeque<Asked>) {
    if parts.round.is_stopped() {
        parts.round.leave(job.claimed.id);
        return;
    }
    let entry = match fate(parts, &job, parts.clock.now()).await {
        Ok(Fate::Settled(record)) => {
            Entry::Outcome { record, iso_week: job.claimed.iso_week.clone(), durable: None }
        }
        Ok(Fate::Goes) => {
            let (answer, granted) = oneshot::channel();
            let id = job.claimed.id.clone();
            asked.push_back((job, granted));
            Entry::Intent { id, answer }
        }
        Ok(Fate::Stays) => {
            parts.round.note_given_back();
            parts.round.leave(job.claimed.id);
            return;
        }
        Err(error) => {
            parts.round.stop(format!("the database does not take a trial: {error}"));
            find_nothing(parts, &job);
            parts.round.leave(job.claimed.id);
            return;
        }
    };
    if parts.entries.send(entry).await.is_err() {
        parts.round.stop("outcomes can no longer be recorded".to_owned());
    }
}

/// After a stop: notes what is left of the queue, so that the feeder can end and it is given back.
async fn leave_rest(parts: &Parts) {
    while let Ok(job) = parts.jobs.recv().await {
        parts.round.leave(job.claimed.id);
    }
}

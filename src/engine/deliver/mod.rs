//! Delivery: what is due is claimed under a lease, intended durably, handed over, recorded (DESIGN 2.5).
//!
//! ```text
//! feeder ──► workers (one connection each) ──► recorder (group commit)
//!    claims      intent? ◄───── durable ─────────┘
//! ```
//! A worker asks for its next intents while the present mail is on the wire, so that no commit is
//! waited for one by one (`ahead`), and holds the next mail back until all but one of those before
//! it are recorded: at most two mails of a connection go out again when the process dies.

mod ahead;
mod backoff;
pub(in crate::engine) mod breaker;
pub mod cast;
pub(in crate::engine) mod count;
mod domains;
mod feeder;
mod hand_over;
mod journaled;
mod keeper;
mod lanes;
mod lock;
mod pace;
mod recorder;
mod round;
mod route;
mod sweep;
mod tally;
pub(in crate::engine) mod verdict;
mod worker;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::clock::new_id;
use crate::store::Db;

use super::journal::Writer;
use super::{Engine, EngineError};
use keeper::Keeper;
use lanes::Lanes;
use round::{End, IN_DOUBT, Round};

pub(in crate::engine) use domains::Domains;

/// Claimed deliveries waiting between the feeder and the workers.
const QUEUE: usize = 512;
/// Intents and outcomes waiting for a commit.
const ENTRIES: usize = 1_024;
/// How long a claim holds. What was claimed and not begun is free again soon after its worker died;
/// nothing is lost when it runs out earlier, since the intent asks for the token.
const CLAIM_LEASE: SignedDuration = SignedDuration::from_mins(2);
/// How long an intent holds: longer than any hand-over takes (RFC 5321 4.5.3.2 waits 10 minutes).
const INTENT_LEASE: SignedDuration = SignedDuration::from_mins(30);
/// How long after its intent a mail may be begun: what waits behind a slow relay for longer is given back,
/// so that it has most of its lease for the way, and nobody else begins it meanwhile.
const BEGIN_WITHIN: SignedDuration = SignedDuration::from_secs(INTENT_LEASE.as_secs() / 3);
/// Rounds in one delivery: what a retired connection gave back is tried on the others.
const ROUNDS: usize = 3;

/// The reason of a stop that the service's own end makes.
pub(in crate::engine) const STOPPING: &str = "the service is stopping";

/// What one round of delivery did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct DeliverReport {
    /// Accepted by the relay.
    pub sent: u64,
    /// Refused for good.
    pub failed: u64,
    /// Refused for now, due again later.
    pub deferred: u64,
    /// Nobody knows whether they arrived.
    pub uncertain: u64,
    /// Not handed over: the subscriber had left or paused meanwhile.
    pub skipped: u64,
    /// Given up: the next brief is due.
    pub expired: u64,
    /// Uncertain ones queued again under the same Message-ID.
    pub resent: u64,
    /// Why delivery stopped before everything due was tried, in words for the operator.
    pub stopped: Option<String>,
    /// When a relay may be tried again, where it stopped because every one is left alone.
    #[serde(skip)]
    pub tried_at: Option<Timestamp>,
    /// ISO weeks that something happened to.
    pub weeks: BTreeSet<String>,
}

/// Whether a round shall be followed by another one.
enum Again {
    /// Nothing is left that it could do.
    No,
    /// Something went back to the queue that another connection may send.
    GivenBack,
    /// A limit gave back more than could wait for it.
    HeldBack,
    /// The database may have lost what it had acknowledged.
    InDoubt,
}

impl Engine {
    /// Delivers everything that is due at `now`; retries that are due later stay where they are.
    ///
    /// # Errors
    /// [`EngineError::Locked`] when another process delivers from the same file; else what the
    /// database says. A relay that is away is not an error: the report says so.
    pub async fn deliver(&self, now: Timestamp) -> Result<DeliverReport, EngineError> {
        let report = self.deliver_due(now).await?;
        self.note_halt(report.stopped.as_deref(), now);
        self.mail_confirmations(now).await;
        // What stops briefs stops nudges: a pause, a restored database, a relay that is away.
        if report.stopped.is_none() {
            self.mail_nudges().await;
        }
        Ok(report)
    }

    async fn deliver_due(&self, now: Timestamp) -> Result<DeliverReport, EngineError> {
        let mut report = DeliverReport::default();
        if let Some(why) = self.paused().await? {
            report.stopped = Some(why);
            return Ok(report);
        }
        let _lock = lock::take(&self.settings)?;
        let journal = match self.journal(now).await? {
            Ok(journal) => journal,
            Err(why) => {
                report.stopped = Some(why);
                return Ok(report);
            }
        };
        self.journal_withdrawals(&journal, now).await?;
        self.sweep(now, &mut report).await?;
        let db = self.db.for_delivery();
        let (mut rounds, mut is_compared) = (0, true);
        while report.stopped.is_none() && rounds < ROUNDS {
            // A server that took another's place may know less than it did a round ago.
            if !std::mem::take(&mut is_compared)
                && let Some(why) = self.unknown().await?
            {
                report.stopped = Some(why);
                break;
            }
            let before = report.sent;
            match self.round(now, (&db, &journal), &mut report).await? {
                Again::No => break,
                Again::HeldBack if report.sent > before => {}
                Again::InDoubt if rounds + 1 == ROUNDS => {
                    report.stopped = Some(IN_DOUBT.to_owned());
                }
                Again::HeldBack | Again::GivenBack | Again::InDoubt => rounds += 1,
            }
        }
        db.close().await;
        if let Err(error) = journal.sync_apart().await {
            report.stopped.get_or_insert(error.to_string());
        }
        Ok(report)
    }

    /// Why nobody is mailed by an operator's wish, if so. It is looked at before each batch, and each
    /// intent is refused meanwhile: a stop stops what is going on.
    async fn paused(&self) -> Result<Option<String>, EngineError> {
        let why = self.db.paused().await?;
        Ok(why.map(|why| format!("delivery is paused: {why}; `brief resume` ends it")))
    }

    /// One round over what is due; whether another may still send something.
    async fn round(
        &self,
        now: Timestamp,
        (db, journal): (&Db, &Arc<Writer>),
        report: &mut DeliverReport,
    ) -> Result<Again, EngineError> {
        let round = Arc::new(Round::new(new_id(), self.lanes().await?));
        if round.stop_shut(self.clock.now()) {
            report.end(round.end());
            return Ok(Again::No);
        }
        let sender = self.sender()?;
        let (jobs_in, jobs) = async_channel::bounded(pace::queue(&self.settings.relay, QUEUE));
        let (record_in, records) = mpsc::channel(ENTRIES);
        let parts = self.recorder_parts(db, journal);
        let recorder = tokio::spawn(recorder::run(parts, Arc::clone(&round), records));
        let workers: Vec<_> = (0..self.settings.relay.connections)
            .map(|_| self.worker_parts(&round, &jobs, &record_in, &sender))
            .map(|parts| tokio::spawn(worker::run(parts)))
            .collect();
        drop((record_in, jobs));
        let stopping = tokio::spawn(stop_with(self.stop.clone(), Arc::clone(&round)));
        let fed = self.feed(now, &round, jobs_in).await;
        // Whoever returns before the last of them lets go of the lock while mail still leaves.
        let worked = all_joined(workers).await;
        stopping.abort();
        let recorded = joined(recorder.await);
        round.tally.end();
        let released = self.db.release_deliveries(&round.left(), &round.token).await;
        worked?;
        let recorded = recorded?;
        released?;
        fed?;
        report.add(&recorded?);
        let end = round.end();
        let is_in_doubt = end.as_ref().is_some_and(End::is_doubt);
        report.end(end.filter(|_| !is_in_doubt));
        Ok(if is_in_doubt {
            Again::InDoubt
        } else if round.held_back() {
            Again::HeldBack
        } else if round.gave_back() {
            Again::GivenBack
        } else {
            Again::No
        })
    }

    /// The relays, and the domains that turn mail away, as the rows have them: whatever happened
    /// since the last round, and to other workers, is known.
    async fn lanes(&self) -> Result<Lanes, EngineError> {
        let rows = self.db.breakers().await?;
        let keeper = self.keeper();
        self.domains.load(&rows, &keeper);
        let relay = &self.settings.relay;
        Ok(Lanes::new(relay.ways(), &rows, keeper, relay.connections, self.began))
    }

    fn keeper(&self) -> Keeper {
        Keeper::new(self.db.clone(), Arc::clone(&self.metrics))
    }
}

/// Ends the round when the engine is asked to end.
async fn stop_with(stop: CancellationToken, round: Arc<Round>) {
    stop.cancelled().await;
    round.stop(STOPPING.to_owned());
}

/// What a task returned; a task that was torn down with the runtime counts as a stop.
fn joined<T>(result: Result<T, tokio::task::JoinError>) -> Result<T, EngineError> {
    result.map_err(|error| EngineError::Refused(format!("a delivery task ended early: {error}")))
}

/// Waits for every task; then the first of them that was torn down counts.
async fn all_joined(tasks: Vec<JoinHandle<()>>) -> Result<(), EngineError> {
    let mut all = Ok(());
    for task in tasks {
        all = all.and(joined(task.await));
    }
    all
}

impl DeliverReport {
    /// Takes over why a round ended early.
    fn end(&mut self, end: Option<End>) {
        if let Some(end) = end {
            (self.stopped, self.tried_at) = (Some(end.why), end.tried_at);
        }
    }

    fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.failed += other.failed;
        self.deferred += other.deferred;
        self.uncertain += other.uncertain;
        self.skipped += other.skipped;
        self.expired += other.expired;
        self.weeks.extend(other.weeks.iter().cloned());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn one_worker_that_panics_does_not_keep_the_others_from_being_waited_for() {
        let done = Arc::new(AtomicBool::new(false));
        let slow = Arc::clone(&done);
        let first = tokio::spawn(async { panic!("the first worker") });
        let second = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            slow.store(true, Ordering::SeqCst);
        });
        let error = all_joined(vec![first, second]).await.expect_err("one ended early");
        assert!(error.to_string().contains("the first worker"), "{error}");
        assert!(done.load(Ordering::SeqCst), "the second was waited for");
    }
}

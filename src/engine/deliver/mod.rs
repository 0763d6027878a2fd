//! Delivery: what is due is claimed under a lease, intended durably, handed over, recorded (DESIGN 2.5).
//!
//! ```text
//! feeder ──► workers (one connection each) ──► recorder (group commit)
//!    claims      intent? ◄───── durable ─────────┘
//! ```
//! A worker asks for its next intent while the present mail is on the wire, so that no commit is
//! waited for one by one and at most two mails of a connection are in doubt when the process dies.

mod backoff;
pub(in crate::engine) mod cast;
mod feeder;
mod lock;
mod pace;
mod recorder;
mod verdict;
mod worker;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex, mpsc};

use crate::clock::new_id;
use crate::config::OnUncertain;

use super::{Engine, EngineError};

/// Claimed deliveries waiting between the feeder and the workers.
const QUEUE: usize = 128;
/// How long a claim holds without being renewed.
const LEASE: SignedDuration = SignedDuration::from_mins(30);

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
    /// Not handed over: the subscriber had left meanwhile.
    pub cancelled: u64,
    /// Given up: the next brief is due.
    pub expired: u64,
    /// Uncertain ones queued again under the same Message-ID.
    pub resent: u64,
    /// Why delivery stopped before everything due was tried, in words for the operator.
    pub stopped: Option<String>,
    /// ISO weeks that something happened to.
    pub weeks: BTreeSet<String>,
}

/// What the parts of one round share.
#[derive(Debug)]
struct Round {
    token: String,
    stop: AtomicBool,
    why: std::sync::Mutex<Option<String>>,
}

impl Round {
    /// Ends the round; the first reason is kept.
    fn stop(&self, why: String) {
        let mut reason = self
            .why
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        reason.get_or_insert(why);
        self.stop.store(true, std::sync::atomic::Ordering::SeqCst);
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(std::sync::atomic::Ordering::SeqCst)
    }
}

impl Engine {
    /// Delivers everything that is due at `now`; retries that are due later stay where they are.
    ///
    /// # Errors
    /// [`EngineError::Locked`] when another process delivers from the same file; else what the
    /// database says. A relay that is away is not an error: the report says so.
    pub async fn deliver(&self, now: Timestamp) -> Result<DeliverReport, EngineError> {
        let mut report = DeliverReport::default();
        if let Some(why) = self.db.paused().await? {
            report.stopped = Some(format!("delivery is paused: {why}; `brief resume` ends it"));
            return Ok(report);
        }
        let _lock = lock::take(&self.settings)?;
        self.sweep(now, &mut report).await?;
        let round = Arc::new(Round {
            token: new_id(),
            stop: AtomicBool::new(false),
            why: std::sync::Mutex::new(None),
        });
        let (jobs_in, jobs) = mpsc::channel(QUEUE);
        let (record_in, records) = mpsc::channel(4 * QUEUE);
        let recorder = tokio::spawn(recorder::run(
            self.recorder_parts(),
            Arc::clone(&round),
            records,
        ));
        let jobs = Arc::new(Mutex::new(jobs));
        let pace = Arc::new(pace::Pace::new(&self.settings.relay));
        let workers: Vec<_> = (0..self.settings.relay.connections)
            .map(|_| {
                let parts = self.worker_parts(&round, &jobs, &record_in, &pace);
                tokio::spawn(worker::run(parts))
            })
            .collect();
        drop(record_in);
        let fed = self.feed(now, &round, jobs_in).await;
        for worker in workers {
            joined(worker.await)?;
        }
        let counts = joined(recorder.await)?;
        self.db.release_deliveries(&round.token).await?;
        fed?;
        report.add(&counts?);
        let reason = round
            .why
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
        report.stopped = reason;
        Ok(report)
    }

    /// Settles what earlier rounds left behind (DESIGN 2.4, 2.5).
    async fn sweep(&self, now: Timestamp, report: &mut DeliverReport) -> Result<(), EngineError> {
        let at = now.as_millisecond();
        self.db.assume_planned(now).await?;
        // Whoever holds the lock of a database file is its only deliverer: all others are dead.
        let alone = !self.db.is_postgres();
        let lost = self.db.lose_track(at, alone).await?;
        if lost > 0 {
            tracing::warn!(
                deliveries = lost,
                "handed over by a process that died before the answer"
            );
        }
        if self.settings.relay.on_uncertain == OnUncertain::Resend {
            let wait = SignedDuration::try_from(self.settings.relay.resend_after);
            let before = now - wait.unwrap_or(SignedDuration::from_mins(30));
            report.resent = self
                .db
                .resend_uncertain(at, before.as_millisecond(), alone)
                .await?;
        }
        report.expired = self.db.expire_deliveries(at).await?;
        Ok(())
    }
}

/// What a task returned; a task that was torn down with the runtime counts as a stop.
fn joined<T>(result: Result<T, tokio::task::JoinError>) -> Result<T, EngineError> {
    result.map_err(|error| EngineError::Refused(format!("a delivery task ended early: {error}")))
}

impl DeliverReport {
    fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.failed += other.failed;
        self.deferred += other.deferred;
        self.uncertain += other.uncertain;
        self.cancelled += other.cancelled;
        self.weeks.extend(other.weeks.iter().cloned());
    }
}

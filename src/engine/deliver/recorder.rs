//! Writes intents and outcomes, many in one commit (DESIGN 2.5).
//!
//! **Invariants:** an intent is answered only after its commit, and a worker that gets no answer sends
//! nothing; a hand-over stands in the journal before its outcome stands in the database; a refusal for
//! good and what follows from it for the address are one commit; where a connection was lost or a row
//! did not take its outcome, nothing more leaves before the database is compared with the journal.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::clock::Clock;
use crate::engine::inbound::{Limits, refusals};
use crate::engine::journal::{HandOver, Writer};
use crate::engine::{Engine, EngineError};
use crate::metrics::Metrics;
use crate::store::deliveries::{self, Record, Written};
use crate::store::{Db, StoreError};

use super::round::{IN_DOUBT, Round};
use super::{DeliverReport, INTENT_LEASE, count};

/// Most intents and outcomes in one commit.
const GROUP: usize = 256;
/// How often a commit is tried again when the database is busy or away.
const TRIES: u32 = 6;

/// What workers tell the recorder.
#[derive(Debug)]
pub enum Entry {
    /// May this delivery be handed over? Answered once that is durable.
    Intent {
        /// Delivery.
        id: String,
        /// Since when it is ours to send, if it is.
        answer: oneshot::Sender<Option<Timestamp>>,
    },
    /// What became of one.
    Outcome {
        /// The row's new state; boxed, since most entries are the much smaller intents.
        record: Box<Record>,
        /// The run it belongs to.
        iso_week: String,
        /// Answered once that is durable.
        durable: Option<oneshot::Sender<()>>,
    },
}

/// What the recorder needs of the engine.
#[derive(Debug)]
pub struct Parts {
    db: Db,
    clock: Arc<dyn Clock>,
    metrics: Arc<Metrics>,
    journal: Arc<Writer>,
    limits: Limits,
}

impl Engine {
    pub(super) fn recorder_parts(&self, db: &Db, journal: &Arc<Writer>) -> Parts {
        Parts {
            db: db.clone(),
            clock: Arc::clone(&self.clock),
            metrics: Arc::clone(&self.metrics),
            journal: Arc::clone(journal),
            limits: Limits::of(&self.settings.bounce),
        }
    }
}

/// Runs until every worker is done; returns what was written.
///
/// # Errors
/// When the database stays away; then the round is stopped.
pub async fn run(
    parts: Parts,
    round: Arc<Round>,
    mut entries: mpsc::Receiver<Entry>,
) -> Result<DeliverReport, EngineError> {
    let mut report = DeliverReport::default();
    let mut group = Vec::with_capacity(GROUP);
    let mut connections = parts.db.connections();
    while entries.recv_many(&mut group, GROUP).await > 0 {
        let mut some = Group::default();
        for entry in group.drain(..) {
            some.take_in(entry, &mut report);
        }
        // What left has left: its outcome is recorded all the same, and nothing more leaves.
        if let Err(error) = parts.journal.append(some.records.iter().filter_map(HandOver::of)) {
            round.stop(error.to_string());
        }
        let began = parts.clock.now();
        match write_patiently(&parts, &round, &some).await {
            Ok((Written { granted, .. }, is_whole)) => {
                // The first connection of all is none that took another's place.
                let before = std::mem::replace(&mut connections, parts.db.connections()).max(1);
                if !is_whole || connections > before {
                    tracing::warn!("{IN_DOUBT}");
                    round.stop(IN_DOUBT.to_owned());
                }
                let asked = (some.intents.len(), granted.len());
                let times = (began, parts.clock.now());
                count::group(&parts.metrics.delivery, &some.records, asked, times);
                some.answer(&granted, began);
            }
            Err(error) => {
                round.stop(format!("the database does not take outcomes: {error}"));
                return Err(error.into());
            }
        }
    }
    Ok(report)
}

/// What is written in one commit.
#[derive(Debug, Default)]
struct Group {
    intents: Vec<String>,
    answers: Vec<oneshot::Sender<Option<Timestamp>>>,
    records: Vec<Record>,
    durable: Vec<oneshot::Sender<()>>,
}

impl Group {
    fn take_in(&mut self, entry: Entry, report: &mut DeliverReport) {
        match entry {
            Entry::Intent { id, answer } => {
                self.intents.push(id);
                self.answers.push(answer);
            }
            Entry::Outcome { record, iso_week, durable } => {
                report.count(&record);
                report.weeks.insert(iso_week);
                self.records.push(*record);
                self.durable.extend(durable);
            }
        }
    }

    /// Tells the workers, once everything is durable, since when at the latest the intents hold. One
    /// that went away does not send.
    fn answer(self, granted: &[String], since: Timestamp) {
        let granted: HashSet<&str> = granted.iter().map(String::as_str).collect();
        for durable in self.durable {
            let _ = durable.send(());
        }
        for (id, answer) in self.intents.iter().zip(self.answers) {
            let _ = answer.send(granted.contains(id.as_str()).then_some(since));
        }
    }
}

/// Writes one group; waits out a database that is busy or away for about half a minute. Says with it
/// whether the database was there all the time and every row took its outcome.
async fn write_patiently(
    parts: &Parts,
    round: &Round,
    group: &Group,
) -> Result<(Written, bool), StoreError> {
    let (mut tries, mut was_away) = (0, false);
    loop {
        match write(parts, round, group, tries > 0).await {
            Err(error) if error.is_transient() && tries < TRIES => {
                was_away |= matches!(error, StoreError::Unavailable(_));
                tracing::warn!(%error, "outcomes are not durable yet; trying again");
                tokio::time::sleep(Duration::from_millis(500) * 2_u32.pow(tries)).await;
                tries += 1;
            }
            result => {
                let (written, is_taken) = result?;
                return Ok((written, is_taken && !was_away));
            }
        }
    }
}

async fn write(
    parts: &Parts,
    round: &Round,
    group: &Group,
    is_again: bool,
) -> Result<(Written, bool), StoreError> {
    let now = parts.clock.now();
    let group = deliveries::Group {
        records: &group.records,
        intents: &group.intents,
        token: &round.token,
        now: now.as_millisecond(),
        lease_until: (now + INTENT_LEASE).as_millisecond(),
        is_again,
    };
    let written = if group.is_plain() {
        parts.db.write_group(&group).await?
    } else {
        let mut tx = parts.db.begin().await?;
        let written = tx.write_group(&group).await?;
        refusals::feed(&mut tx, parts.limits, group.records).await?;
        tx.commit().await?;
        written
    };
    let is_taken = group.is_taken(&written);
    Ok((written, is_taken))
}

impl DeliverReport {
    fn count(&mut self, record: &Record) {
        match record.state {
            "sent" => self.sent += 1,
            "failed" => self.failed += 1,
            "uncertain" => self.uncertain += 1,
            "skipped" => self.skipped += 1,
            "expired" => self.expired += 1,
            "queued" if record.next_attempt_at.is_some_and(|next| next > record.at) => {
                self.deferred += 1;
            }
            _ => {}
        }
    }
}

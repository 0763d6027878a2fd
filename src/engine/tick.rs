//! One tick: read sources, sweep, review, plan, deliver, prove (DESIGN 2).

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::deliver::DeliverReport;
use super::plan::PlanReport;
use super::prove::Proof;
use super::watch::Watcher;
use super::{Engine, EngineError};

/// What one tick did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TickReport {
    /// The instant it was for.
    pub at: Timestamp,
    /// What was planned.
    pub plan: PlanReport,
    /// Consultants reminded of a brief that waits for them.
    pub reminded: usize,
    /// What was delivered.
    pub deliver: DeliverReport,
    /// The proof of each week that is not closed or was touched, and of the latest; oldest first.
    pub proofs: Vec<Proof>,
}

impl TickReport {
    /// Whether every run closes at this instant, and everything due could be planned.
    #[must_use]
    pub fn closes(&self) -> bool {
        self.plan.failed == 0 && self.proofs.iter().all(|p| p.closes)
    }
}

/// What a look at the calendar did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// The instant it was for.
    pub at: Timestamp,
    /// What was planned, and reviews that were settled.
    pub plan: PlanReport,
    /// Consultants reminded of a brief that waits for them.
    pub reminded: usize,
}

impl Engine {
    /// Does everything that is due at the clock's instant, and proves it. Sources that are due are read
    /// first, all at once and within their limits.
    ///
    /// # Errors
    /// What kept it from planning or from reading its own ledger. Refused mails are not errors.
    pub async fn tick(&self) -> Result<TickReport, EngineError> {
        let at = self.clock.now();
        self.pull_due(at).await;
        let Scheduled { plan, reminded, .. } = match self.schedule(at).await {
            Ok(done) => done,
            Err(error) => {
                self.watch_failure(Watcher::Tick, &error, at).await;
                return Err(error);
            }
        };
        let mut weeks = self.open_weeks(at).await?;
        let deliver = match self.deliver(at).await {
            // Whoever delivers will settle it; what is still due keeps the run open here.
            Err(error @ EngineError::Locked) => {
                DeliverReport { stopped: Some(error.to_string()), ..DeliverReport::default() }
            }
            other => other?,
        };
        weeks.extend(plan.weeks.iter().cloned());
        weeks.extend(deliver.weeks.iter().cloned());
        // The latest run is proved again even when it closed: a row that vanished shows.
        weeks.extend(self.latest_week().await?);
        weeks.extend(self.alerted_weeks().await?);
        let proofs = self.prove(&weeks, at).await?;
        if let Err(error) = self.watch(Watcher::Tick, &plan, &proofs, at).await {
            tracing::error!(%error, "the operator cannot be told of what is wrong");
        }
        self.keep_house(at, usize::MAX).await;
        Ok(TickReport { at, plan, reminded, deliver, proofs })
    }

    /// Settles reviews, makes drafts, plans and reminds: all that is due at `at` before delivery.
    ///
    /// # Errors
    /// The first failure of the database; what was done before it stays done.
    pub async fn schedule(&self, at: Timestamp) -> Result<Scheduled, EngineError> {
        let began = self.clock.now();
        let mut plan = PlanReport::default();
        self.settle_reviews(at, &mut plan).await?;
        self.make_drafts(at, &mut plan).await?;
        plan.take_in(self.plan(at).await?);
        let reminded = self.remind(at).await?;
        self.settle_nudges(at).await;
        self.count_planned(&plan, began);
        self.say_failures(&plan);
        Ok(Scheduled { at, plan, reminded })
    }

    /// The weeks that are not closed at `at`, or of which something is due or unclear.
    pub(super) async fn open_weeks(&self, at: Timestamp) -> Result<BTreeSet<String>, EngineError> {
        Ok(self.db.open_weeks(at.as_millisecond()).await?.into_iter().collect())
    }

    /// The latest week that has a run.
    pub(super) async fn latest_week(&self) -> Result<Option<String>, EngineError> {
        Ok(self.db.runs("", 1).await?.into_iter().next().map(|run| run.iso_week))
    }
}

//! One tick: sweep, review, plan, deliver, prove (DESIGN 2).

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::deliver::DeliverReport;
use super::plan::PlanReport;
use super::prove::Proof;
use super::{Engine, EngineError};

/// What one tick did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TickReport {
    /// The instant it was for.
    pub at: Timestamp,
    /// What was planned.
    pub plan: PlanReport,
    /// What was delivered.
    pub deliver: DeliverReport,
    /// The proof of each week that is not closed or was touched, oldest first.
    pub proofs: Vec<Proof>,
}

impl TickReport {
    /// Whether every run closes at this instant.
    #[must_use]
    pub fn closes(&self) -> bool {
        self.proofs.iter().all(|p| p.closes)
    }
}

impl Engine {
    /// Does everything that is due at the clock's instant, and proves it.
    ///
    /// # Errors
    /// What kept it from planning or from reading its own ledger. Refused mails are not errors.
    pub async fn tick(&self) -> Result<TickReport, EngineError> {
        let at = self.clock.now();
        let open: BTreeSet<String> = self.db.open_weeks().await?.into_iter().collect();
        let mut plan = PlanReport::default();
        self.settle_reviews(at, &mut plan).await?;
        self.make_drafts(at, &mut plan).await?;
        let planned = self.plan(at).await?;
        plan.take_in(planned);
        let deliver = self.deliver(at).await?;
        let weeks: BTreeSet<String> = open
            .into_iter()
            .chain(plan.weeks.iter().cloned())
            .chain(deliver.weeks.clone())
            .collect();
        let proofs = self.prove(&weeks, self.clock.now()).await?;
        Ok(TickReport {
            at,
            plan,
            deliver,
            proofs,
        })
    }
}

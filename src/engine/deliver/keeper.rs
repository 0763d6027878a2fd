//! Writes what happens to breakers: into the table, the metrics and the log, once a transition.

use std::sync::Arc;

use jiff::Timestamp;

use super::CLAIM_LEASE;
use super::breaker::{Breaker, Cause, Kind};
use crate::metrics::Metrics;
use crate::store::{Db, StoreError};

/// The one who writes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Keeper {
    db: Db,
    metrics: Arc<Metrics>,
}

impl Keeper {
    pub(super) fn new(db: Db, metrics: Arc<Metrics>) -> Self {
        Self { db, metrics }
    }

    /// Keeps that a breaker opened, or opened again. A database that does not take it is no reason to
    /// go on with what failed: this process knows.
    pub async fn opened(&self, kind: Kind, name: &str, now: &Breaker, before: Option<&Breaker>) {
        let seen = before.map(|before| before.open_until.as_millisecond());
        if let Err(error) = self.db.open_breaker(&now.row(kind, name), seen).await {
            tracing::warn!(%error, name, "a breaker could not be kept");
        }
        self.metrics.delivery.breakers.opened(kind.as_str());
        let (why, until) = (&now.why, now.open_until);
        if before.is_some_and(|before| before.cause == now.cause) {
            tracing::debug!(name, why, %until, "tried again in vain");
            return;
        }
        match now.cause {
            Cause::Away => tracing::warn!(relay = name, why, %until, "a relay is left alone"),
            Cause::Refused => tracing::error!(relay = name, why, %until, "a relay refuses us"),
            Cause::Policy => tracing::warn!(domain = name, why, %until, "a domain turns mail away"),
        }
    }

    /// Keeps that a breaker closed.
    pub async fn closed(&self, kind: Kind, name: &str, now: Timestamp) {
        if let Err(error) = self.db.close_breaker(kind.as_str(), name, now.as_millisecond()).await {
            tracing::warn!(%error, name, "that a breaker closed could not be kept");
        }
        self.metrics.delivery.breakers.closed(kind.as_str());
        match kind {
            Kind::Relay => tracing::warn!(relay = name, "a relay takes mail again"),
            Kind::Domain => tracing::warn!(domain = name, "a domain takes mail again"),
        }
    }

    /// Claims the trial of a breaker whose time is over, so that of all workers one tries it. Returns
    /// the breaker as it is meanwhile; none when another worker was first.
    ///
    /// # Errors
    /// As any write.
    pub async fn claim(
        &self,
        kind: Kind,
        name: &str,
        breaker: &Breaker,
        now: Timestamp,
    ) -> Result<Option<Breaker>, StoreError> {
        let until = now + CLAIM_LEASE;
        let (seen, until_ms) = (breaker.open_until.as_millisecond(), until.as_millisecond());
        let at = now.as_millisecond();
        let is_ours = self.db.try_breaker(kind.as_str(), name, seen, until_ms, at).await?;
        Ok(is_ours.then(|| Breaker { open_until: until, changed_at: now, ..breaker.clone() }))
    }

    /// A breaker as its row is; none when it is closed.
    ///
    /// # Errors
    /// As any read.
    pub async fn look(&self, kind: Kind, name: &str) -> Result<Option<Breaker>, StoreError> {
        let rows = self.db.breakers().await?;
        let row = rows.iter().find(|row| row.kind == kind.as_str() && row.name == name);
        Ok(row.and_then(Breaker::of))
    }

    /// Shows how many are open.
    pub fn show(&self, kind: Kind, n: usize) {
        self.metrics.delivery.breakers.are_open(kind.as_str(), n);
    }
}

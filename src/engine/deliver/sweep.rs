//! Settles what earlier rounds left behind (DESIGN 2.4, 2.5).

use jiff::{SignedDuration, Timestamp};

use crate::config::OnUncertain;
use crate::engine::{Engine, EngineError};
use crate::metrics::Settled;
use crate::store::StoreError;
use crate::store::deliveries::Swept;

use super::DeliverReport;

/// Deliveries settled in one transaction.
const BATCH: i64 = 1_000;

impl Engine {
    /// Finds what dead workers left, sends the uncertain again unless its edition was cancelled, ends
    /// what is no longer news.
    pub(super) async fn sweep(
        &self,
        now: Timestamp,
        report: &mut DeliverReport,
    ) -> Result<(), EngineError> {
        let at = now.as_millisecond();
        // Whoever holds the lock of a database file is its only deliverer: all others are dead.
        let alone = !self.db.is_postgres();
        if alone {
            self.db.release_dead(at).await?;
        }
        let lost = self.in_batches(|| self.db.lose_track(at, alone, BATCH)).await?;
        self.metrics.delivery.settled_many(Settled::Uncertain, lost.deliveries);
        if lost.deliveries > 0 {
            tracing::warn!(
                deliveries = lost.deliveries,
                "handed over by a process that died before the answer"
            );
        }
        report.weeks.extend(lost.weeks);
        // After a restore: what was delivered before the loss is not sent again.
        self.db.assume_planned(now).await?;
        report.weeks.extend(self.db.settle_hand_overs(at).await?.weeks);
        let cancelled = self.in_batches(|| self.db.cancel_uncertain(at, BATCH)).await?;
        report.weeks.extend(cancelled.weeks);
        if self.settings.relay.on_uncertain == OnUncertain::Resend {
            let wait = SignedDuration::try_from(self.settings.relay.resend_after);
            let before = now - wait.unwrap_or(SignedDuration::from_mins(30));
            let before = before.as_millisecond();
            let again = || self.db.resend_uncertain(at, before, alone, BATCH);
            let resent = self.in_batches(again).await?;
            report.resent = resent.deliveries;
            self.metrics.delivery.resent(report.resent);
            report.weeks.extend(resent.weeks);
        }
        if self.settings.relay.per_domain.is_some() {
            self.db.forget_buckets(now.as_microsecond()).await?;
        }
        let expired = self.in_batches(|| self.db.expire_deliveries(at, BATCH)).await?;
        report.expired = expired.deliveries;
        self.metrics.delivery.settled_many(Settled::Expired, report.expired);
        report.weeks.extend(expired.weeks);
        Ok(())
    }

    /// Settles batch after batch until one is not full or the engine is asked to end: what is left
    /// then, the next sweep finds.
    async fn in_batches<F>(&self, settle: impl Fn() -> F) -> Result<Swept, EngineError>
    where
        F: Future<Output = Result<Swept, StoreError>>,
    {
        let mut all = Swept::default();
        let mut more = true;
        while more && !self.stop.is_cancelled() {
            let some = settle().await?;
            more = some.deliveries >= BATCH.unsigned_abs();
            all.take_in(some);
        }
        Ok(all)
    }
}

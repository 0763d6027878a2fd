//! Settles what earlier rounds left behind (DESIGN 2.4, 2.5).

use jiff::{SignedDuration, Timestamp};

use crate::config::OnUncertain;
use crate::engine::{Engine, EngineError};
use crate::metrics::Settled;

use super::DeliverReport;

impl Engine {
    /// Finds what dead workers left, sends the uncertain again, ends what is no longer news.
    pub(super) async fn sweep(
        &self,
        now: Timestamp,
        report: &mut DeliverReport,
    ) -> Result<(), EngineError> {
        let at = now.as_millisecond();
        // Whoever holds the lock of a database file is its only deliverer: all others are dead.
        let alone = !self.db.is_postgres();
        if alone {
            self.db.release_dead().await?;
        }
        let lost = self.db.lose_track(at, alone).await?;
        self.metrics.delivery.settled_many(Settled::Uncertain, lost.len() as u64);
        if !lost.is_empty() {
            tracing::warn!(
                deliveries = lost.len(),
                "handed over by a process that died before the answer"
            );
        }
        report.weeks.extend(lost);
        // After a restore: what was delivered before the loss is not sent again.
        self.db.assume_planned(now).await?;
        report.weeks.extend(self.db.settle_hand_overs(at).await?);
        if self.settings.relay.on_uncertain == OnUncertain::Resend {
            let wait = SignedDuration::try_from(self.settings.relay.resend_after);
            let before = now - wait.unwrap_or(SignedDuration::from_mins(30));
            let before = before.as_millisecond();
            let resent = self.db.resend_uncertain(at, before, alone).await?;
            report.resent = resent.len() as u64;
            self.metrics.delivery.resent(report.resent);
            report.weeks.extend(resent);
        }
        if self.settings.relay.per_domain.is_some() {
            self.db.forget_buckets(now.as_microsecond()).await?;
        }
        let expired = self.db.expire_deliveries(at).await?;
        report.expired = expired.len() as u64;
        self.metrics.delivery.settled_many(Settled::Expired, report.expired);
        report.weeks.extend(expired);
        Ok(())
    }
}

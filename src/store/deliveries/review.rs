//! Deliveries under review: held, approved, skipped, cancelled; and who got an edition (DESIGN 2.3).

use crate::store::row::{list, millis};
use crate::store::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements};

statements! {
    /// Held deliveries of an approved edition, now due. What counts as sent up to an instant is not sent
    /// again: it may have been approved before the restore as well.
    APPROVE = "UPDATE delivery SET edition_id = $1, state = CASE WHEN send_at <= $5 THEN 'sent' ELSE 'queued' END, \
        reason = CASE WHEN send_at <= $5 THEN 'assumed sent' END, \
        handed_over_at = CASE WHEN send_at <= $5 THEN send_at END, \
        finished_at = CASE WHEN send_at <= $5 THEN CAST($4 AS BIGINT) END, \
        next_attempt_at = CASE WHEN send_at <= $5 THEN NULL WHEN send_at > $4 THEN send_at ELSE $4 END \
        WHERE state = 'held' AND kind = 'brief' AND iso_week = $2 AND subscription_id IN (SELECT value FROM json_each($3))";

    /// Held deliveries of some subscriptions that get nothing after all.
    SKIP_SOME = "UPDATE delivery SET state = 'skipped', reason = $1, finished_at = $4, next_attempt_at = NULL \
        WHERE state = 'held' AND kind = 'brief' AND iso_week = $2 AND subscription_id IN (SELECT value FROM json_each($3))";

    /// Ends what of a scope is held.
    END_HELD = "UPDATE delivery SET state = $5, reason = $3, finished_at = $4, next_attempt_at = NULL \
        WHERE state = 'held' AND kind = 'brief' AND iso_week = $2 AND subscription_id IN \
        (SELECT id FROM subscription WHERE organization_id = $1)";

    /// Ends what of an edition has not left yet.
    CANCEL_OF_EDITION = "UPDATE delivery SET state = 'cancelled', reason = $2, finished_at = $3, next_attempt_at = NULL, \
        lease_until = NULL, lease_token = NULL WHERE edition_id = $1 AND state IN ('queued', 'held', 'uncertain')";

    /// Whether anybody got an edition, or may have.
    WAS_SENT = "SELECT EXISTS (SELECT 1 FROM delivery WHERE edition_id = $1 AND kind = 'brief' \
        AND state IN ('sent', 'handing_over', 'uncertain'))";

    /// The same, and whether anything of it is leaving.
    HAS_LEFT = "SELECT EXISTS (SELECT 1 FROM delivery WHERE edition_id = $1 AND kind = 'brief' \
        AND state IN ('sent', 'handing_over', 'uncertain')), \
        EXISTS (SELECT 1 FROM delivery WHERE edition_id = $1 AND state = 'handing_over')";

    /// Who got an edition, or may have.
    SENT_OF_EDITION = "SELECT subscription_id FROM delivery WHERE edition_id = $1 AND kind = 'brief' \
        AND state IN ('sent', 'handing_over', 'uncertain') AND subscription_id > $2 ORDER BY subscription_id LIMIT $3";
}

impl Db {
    /// Whether an edition was sent to anybody, or may have been.
    ///
    /// # Errors
    /// As any read.
    pub async fn was_sent(&self, edition_id: &str) -> Result<bool, StoreError> {
        let sql = WAS_SENT.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(edition_id).fetch_one(pool).await
        })?)
    }
}

impl Tx {
    /// Whether an edition was sent to anybody, or may have been, and whether it is leaving now.
    ///
    /// # Errors
    /// As any read.
    pub async fn has_left(&mut self, edition_id: &str) -> Result<(bool, bool), StoreError> {
        let sql = HAS_LEFT.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql).bind(edition_id).fetch_one(conn).await
        })?)
    }

    /// Up to `limit` subscriptions that an edition was sent to, or may have been, with ids after
    /// `after`.
    ///
    /// # Errors
    /// As any read.
    pub async fn sent_of_edition(
        &mut self,
        edition_id: &str,
        after: &str,
        limit: i64,
    ) -> Result<Vec<String>, StoreError> {
        let sql = SENT_OF_EDITION.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_scalar(sql).bind(edition_id).bind(after).bind(limit).fetch_all(conn).await
        })?)
    }

    /// Queues the held deliveries of some subscriptions for an edition, but for those that count as
    /// sent since a restore.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when that setting is not an instant; else as any write.
    pub async fn approve_deliveries(
        &mut self,
        edition_id: &str,
        iso_week: &str,
        subscriptions: &[String],
        now: i64,
    ) -> Result<(), StoreError> {
        let until = self.assumed_until().await?.map_or(i64::MIN, millis);
        let (sql, ids) = (APPROVE.within(self), list(subscriptions));
        in_tx!(self, conn => {
            sqlx::query(sql).bind(edition_id).bind(iso_week).bind(&ids).bind(now).bind(until)
                .execute(conn).await.map(drop)
        })?;
        Ok(())
    }

    /// Ends the held deliveries of some subscriptions, with a reason.
    ///
    /// # Errors
    /// As any write.
    pub async fn skip_deliveries(
        &mut self,
        why: &str,
        iso_week: &str,
        subscriptions: &[String],
        now: i64,
    ) -> Result<(), StoreError> {
        let (sql, ids) = (SKIP_SOME.within(self), list(subscriptions));
        in_tx!(self, conn => {
            sqlx::query(sql).bind(why).bind(iso_week).bind(&ids).bind(now)
                .execute(conn).await.map(drop)
        })?;
        Ok(())
    }

    /// Ends what of an edition has not left; returns how many.
    ///
    /// # Errors
    /// As any write.
    pub async fn cancel_deliveries_of(
        &mut self,
        edition_id: &str,
        why: &str,
        now: i64,
    ) -> Result<u64, StoreError> {
        let sql = CANCEL_OF_EDITION.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query(sql).bind(edition_id).bind(why).bind(now).execute(conn).await
                .map(|done| done.rows_affected())
        })?)
    }

    /// Ends what of an organization's week is held, as `skipped`, `cancelled` or `expired`, with a
    /// reason; returns how many.
    ///
    /// # Errors
    /// As any write.
    pub async fn end_held(
        &mut self,
        organization: &str,
        iso_week: &str,
        state: &str,
        why: &str,
        now: i64,
    ) -> Result<u64, StoreError> {
        let sql = END_HELD.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query(sql).bind(organization).bind(iso_week).bind(why).bind(now).bind(state)
                .execute(conn).await.map(|done| done.rows_affected())
        })?)
    }
}

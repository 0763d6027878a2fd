//! What the operator is told of, kept so that a restart forgets nothing and of several workers one
//! sends the mail.

use sqlx::FromRow;

use super::{Db, StoreError};
use crate::{each_engine, statements};

/// A condition that lasts. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct AlertRow {
    /// Kind and subject.
    pub key: String,
    /// Kind.
    pub kind: String,
    /// How it shows, in words without addresses.
    pub why: String,
    /// When it began.
    pub since: i64,
    /// When a worker first found it.
    pub noticed_at: i64,
    /// When a worker last found it.
    pub seen_at: i64,
    /// When the last mail about it was claimed.
    pub mailed_at: Option<i64>,
    /// Mails about it.
    pub mails: i64,
}

statements! {
    /// What lasts.
    ACTIVE = "SELECT key, kind, why, since, noticed_at, seen_at, mailed_at, mails FROM alert \
        WHERE resolved_at IS NULL ORDER BY key";

    /// What lasts, by kind.
    BY_KIND = "SELECT kind, COUNT(*) FROM alert WHERE resolved_at IS NULL GROUP BY kind ORDER BY kind";

    /// Notes that a condition holds; one that was over begins anew.
    RAISE = "INSERT INTO alert (key, kind, why, since, noticed_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5) \
        ON CONFLICT (key) DO UPDATE SET why = excluded.why, seen_at = excluded.seen_at, \
        since = CASE WHEN alert.resolved_at IS NULL THEN alert.since ELSE excluded.since END, \
        noticed_at = CASE WHEN alert.resolved_at IS NULL THEN alert.noticed_at ELSE excluded.noticed_at END, \
        mailed_at = CASE WHEN alert.resolved_at IS NULL THEN alert.mailed_at END, \
        mails = CASE WHEN alert.resolved_at IS NULL THEN alert.mails ELSE 0 END, resolved_at = NULL";

    /// Claims the next mail about it: of several that saw the same state, one succeeds.
    CLAIM = "UPDATE alert SET mailed_at = $3, mails = mails + 1 \
        WHERE key = $1 AND resolved_at IS NULL AND COALESCE(mailed_at, -1) = $2";

    /// Gives a claim back: the mail certainly did not leave.
    UNCLAIM = "UPDATE alert SET mailed_at = CASE WHEN CAST($3 AS BIGINT) >= 0 THEN CAST($3 AS BIGINT) END, mails = mails - 1 \
        WHERE key = $1 AND mailed_at = $2 AND mails > 0";

    /// Notes that it is over, unless a worker saw it since; of several, one succeeds.
    RESOLVE = "UPDATE alert SET resolved_at = $2 WHERE key = $1 AND resolved_at IS NULL AND seen_at <= $3";

    /// Takes that back, so that the mail about its end is tried again.
    UNRESOLVE = "UPDATE alert SET resolved_at = NULL WHERE key = $1 AND resolved_at = $2";
}

impl Db {
    /// Every condition that lasts.
    ///
    /// # Errors
    /// As any read.
    pub async fn alerts(&self) -> Result<Vec<AlertRow>, StoreError> {
        let sql = ACTIVE.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).fetch_all(pool).await)?)
    }

    /// How many conditions last, by kind.
    ///
    /// # Errors
    /// As any read.
    pub async fn alerts_by_kind(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = BY_KIND.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).fetch_all(pool).await)?)
    }

    /// Notes that a condition holds at `now`. `since` counts when it is new or was over.
    ///
    /// # Errors
    /// As any write.
    pub async fn raise_alert(
        &self,
        key: &str,
        kind: &str,
        why: &str,
        since: i64,
        now: i64,
    ) -> Result<(), StoreError> {
        let sql = RAISE.on(self);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(key).bind(kind).bind(why).bind(since).bind(now)
                .execute(pool).await.map(drop)
        })?;
        Ok(())
    }

    /// Claims the next mail about a condition whose last one was claimed at `before`; whether it is
    /// ours to send.
    ///
    /// # Errors
    /// As any write.
    pub async fn claim_alert(
        &self,
        key: &str,
        before: Option<i64>,
        now: i64,
    ) -> Result<bool, StoreError> {
        let (sql, before) = (CLAIM.on(self), before.unwrap_or(-1));
        self.changed(sql, key, before, now).await
    }

    /// Gives the claim of `now` back.
    ///
    /// # Errors
    /// As any write.
    pub async fn unclaim_alert(
        &self,
        key: &str,
        before: Option<i64>,
        now: i64,
    ) -> Result<(), StoreError> {
        let (sql, before) = (UNCLAIM.on(self), before.unwrap_or(-1));
        self.changed(sql, key, now, before).await.map(drop)
    }

    /// Notes that a condition is over which no worker saw after `seen_before`; whether it was ours
    /// to note.
    ///
    /// # Errors
    /// As any write.
    pub async fn resolve_alert(
        &self,
        key: &str,
        now: i64,
        seen_before: i64,
    ) -> Result<bool, StoreError> {
        self.changed(RESOLVE.on(self), key, now, seen_before).await
    }

    /// Takes the end that was noted at `now` back.
    ///
    /// # Errors
    /// As any write.
    pub async fn unresolve_alert(&self, key: &str, now: i64) -> Result<(), StoreError> {
        let sql = UNRESOLVE.on(self);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(key).bind(now).execute(pool).await.map(drop)
        })?;
        Ok(())
    }

    async fn changed(
        &self,
        sql: &'static str,
        key: &str,
        second: i64,
        third: i64,
    ) -> Result<bool, StoreError> {
        let rows: u64 = each_engine!(self, pool => {
            sqlx::query(sql).bind(key).bind(second).bind(third).execute(pool).await
                .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }
}

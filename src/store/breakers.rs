//! Breakers: what delivery leaves alone for a while, kept so that a restart or another worker knows
//! (DESIGN 2.5).
//!
//! Rows change at transitions only: when a breaker opens, when somebody tries whether it may close,
//! when it opens again and when it closes.

use jiff::Timestamp;
use sqlx::FromRow;

use super::row::millis;
use super::{Db, StoreError};
use crate::{each_engine, statements};

/// An open breaker. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct BreakerRow {
    /// `relay` or `domain`.
    pub kind: String,
    /// The relay's place without its login, or the domain in lower case.
    pub name: String,
    /// `away`, `refused` or `policy`.
    pub cause: String,
    /// Failures in a row.
    pub failures: i64,
    /// When it opened first.
    pub opened_at: i64,
    /// Until when it is left alone.
    pub open_until: i64,
    /// When it last failed or was last tried.
    pub changed_at: i64,
    /// Why, without addresses.
    pub why: String,
}

statements! {
    /// Those that are open, relays first.
    OPEN_ONES = "SELECT kind, name, cause, failures, opened_at, open_until, changed_at, why FROM breaker \
        WHERE open_until IS NOT NULL ORDER BY kind DESC, name";

    /// Opens one, or opens it again. What another worker has set to a later time since it was seen
    /// to be open until $9 stays.
    OPEN = "INSERT INTO breaker (kind, name, cause, failures, opened_at, open_until, changed_at, why) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (kind, name) DO UPDATE SET cause = excluded.cause, \
        failures = excluded.failures, opened_at = COALESCE(breaker.opened_at, excluded.opened_at), \
        open_until = excluded.open_until, changed_at = excluded.changed_at, why = excluded.why \
        WHERE breaker.open_until IS NULL OR breaker.open_until = $9 OR breaker.open_until < excluded.open_until";

    /// Claims the trial of one that was seen to be open until $3: of several workers one succeeds.
    TRY = "UPDATE breaker SET open_until = $4, changed_at = $5 WHERE kind = $1 AND name = $2 AND open_until = $3";

    /// Closes one.
    CLOSE = "UPDATE breaker SET open_until = NULL, opened_at = NULL, failures = 0, changed_at = $3 \
        WHERE kind = $1 AND name = $2 AND open_until IS NOT NULL";

    /// Closes all of them.
    CLOSE_ALL = "UPDATE breaker SET open_until = NULL, opened_at = NULL, failures = 0, changed_at = $1 \
        WHERE open_until IS NOT NULL";
}

impl Db {
    /// Every open breaker, relays first.
    ///
    /// # Errors
    /// As any read.
    pub async fn breakers(&self) -> Result<Vec<BreakerRow>, StoreError> {
        let sql = OPEN_ONES.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).fetch_all(pool).await)?)
    }

    /// Opens a breaker that was seen to be open until `seen`, or closed (none).
    ///
    /// # Errors
    /// As any write.
    pub async fn open_breaker(
        &self,
        breaker: &BreakerRow,
        seen: Option<i64>,
    ) -> Result<(), StoreError> {
        let (sql, b) = (OPEN.on(self), breaker);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(&b.kind).bind(&b.name).bind(&b.cause).bind(b.failures)
                .bind(b.opened_at).bind(b.open_until).bind(b.changed_at).bind(&b.why)
                .bind(seen.unwrap_or(-1)).execute(pool).await.map(drop)
        })?;
        Ok(())
    }

    /// Claims the trial of a breaker that was seen to be open until `seen`; until `until` all others
    /// leave it alone. Whether it is ours to try.
    ///
    /// # Errors
    /// As any write.
    pub async fn try_breaker(
        &self,
        kind: &str,
        name: &str,
        seen: i64,
        until: i64,
        now: i64,
    ) -> Result<bool, StoreError> {
        let sql = TRY.on(self);
        let rows = each_engine!(self, pool => {
            sqlx::query(sql).bind(kind).bind(name).bind(seen).bind(until).bind(now)
                .execute(pool).await.map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// Closes a breaker; one that is closed stays so.
    ///
    /// # Errors
    /// As any write.
    pub async fn close_breaker(&self, kind: &str, name: &str, now: i64) -> Result<(), StoreError> {
        let sql = CLOSE.on(self);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(kind).bind(name).bind(now).execute(pool).await.map(drop)
        })?;
        Ok(())
    }

    /// Closes every breaker, so that the next tick tries everything again. Returns how many there
    /// were.
    ///
    /// # Errors
    /// As any write.
    pub async fn close_breakers(&self, now: Timestamp) -> Result<u64, StoreError> {
        let sql = CLOSE_ALL.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query(sql).bind(millis(now)).execute(pool).await
                .map(|done| done.rows_affected())
        })?)
    }
}

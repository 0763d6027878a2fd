//! Rates: when the next message to a domain, or of everything together, may leave. Kept here so
//! that a restart forgets nothing and all processes on one server share them. Instants and spans
//! are microseconds.

use sqlx::FromRow;

use super::row::{json, list};
use super::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements};

/// The bucket of everything together; no domain has this name.
const WHOLE: &str = "*";
/// How long a bucket that nobody used is kept.
const DAY: i64 = 86_400_000_000;
/// Most buckets removed at once.
const FORGOTTEN: i64 = 1_000;

/// What is known about the mail to one domain.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct BucketRow {
    /// The domain: its A-labels in lower case.
    pub name: String,
    /// When the next message may leave.
    pub next_at: i64,
    /// When those that were put back are through.
    pub line_until: i64,
}

statements! {
    /// Takes a span of slots and returns its end; what a clock that ran ahead left behind is cut.
    TAKE = "INSERT INTO bucket (name, next_at, line_until, changed_at) VALUES ($1, CAST($4 AS BIGINT) + CAST($2 AS BIGINT), 0, $3) \
        ON CONFLICT (name) DO UPDATE SET changed_at = excluded.changed_at, next_at = $2 + \
        CASE WHEN bucket.next_at < $4 THEN $4 WHEN bucket.next_at > $5 THEN $5 ELSE bucket.next_at END \
        RETURNING next_at";

    /// Makes the buckets of some domains that are not there, and locks all, in the order of their
    /// names: two that share out never wait for each other.
    LOCK = "INSERT INTO bucket (name, next_at, line_until, changed_at) SELECT value, 0, 0, CAST($2 AS BIGINT) \
        FROM json_each($1) WHERE true ORDER BY value \
        ON CONFLICT (name) DO UPDATE SET changed_at = excluded.changed_at RETURNING name, next_at, line_until";

    /// Keeps what became of locked buckets, given as a JSON array of name, next and line.
    KEEP = "UPDATE bucket SET next_at = kept.value ->> 1, line_until = kept.value ->> 2 \
        FROM json_each($1) AS kept WHERE bucket.name = kept.value ->> 0",
        "UPDATE bucket SET next_at = (k ->> 1)::bigint, line_until = (k ->> 2)::bigint \
        FROM json_array_elements($1::json) AS kept (k) WHERE bucket.name = k ->> 0";

    /// Removes some that nobody used since an instant; what others hold is left.
    FORGET = "DELETE FROM bucket WHERE name IN (SELECT name FROM bucket \
        WHERE changed_at < $1 AND next_at < $2 AND line_until < $2 LIMIT $3)",
        "DELETE FROM bucket WHERE name IN (SELECT name FROM bucket \
        WHERE changed_at < $1 AND next_at < $2 AND line_until < $2 LIMIT $3 FOR UPDATE SKIP LOCKED)";
}

impl Db {
    /// Takes slots of everything together that last for `span`, and returns when they end. They
    /// begin where those taken before end, but not before `earliest` and not after `latest`.
    ///
    /// # Errors
    /// As any write.
    pub async fn take_slots(
        &self,
        span: i64,
        now: i64,
        earliest: i64,
        latest: i64,
    ) -> Result<i64, StoreError> {
        let sql = TAKE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(WHOLE).bind(span).bind(now).bind(earliest).bind(latest)
                .fetch_one(pool).await
        })?)
    }

    /// Removes buckets that nobody used for a day, a bounded number at once.
    ///
    /// # Errors
    /// As any write.
    pub async fn forget_buckets(&self, now: i64) -> Result<(), StoreError> {
        let sql = FORGET.on(self);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(now - DAY).bind(now).bind(FORGOTTEN).execute(pool).await.map(drop)
        })?;
        Ok(())
    }
}

impl Tx {
    /// The buckets of some domains, made where there are none and locked until the end.
    ///
    /// # Errors
    /// As any write.
    pub async fn lock_buckets(
        &mut self,
        domains: &[&str],
        now: i64,
    ) -> Result<Vec<BucketRow>, StoreError> {
        let (sql, domains) = (LOCK.within(self), list(domains));
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql).bind(&domains).bind(now).fetch_all(conn).await
        })?)
    }

    /// Keeps what became of buckets that this transaction locked.
    ///
    /// # Errors
    /// As any write.
    pub async fn keep_buckets(&mut self, rows: &[BucketRow]) -> Result<(), StoreError> {
        let rows: Vec<_> = rows.iter().map(|r| (&r.name, r.next_at, r.line_until)).collect();
        let (sql, rows) = (KEEP.within(self), json(&rows));
        in_tx!(self, conn => sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
        Ok(())
    }
}

//! Readings of sources. A row is begun before anything is asked, so that of several processes one
//! asks, and finished by whoever holds it.

use sqlx::FromRow;

use crate::store::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements};

/// What came of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Something was new.
    Written,
    /// It says what it said before.
    Unchanged,
    /// It could not be read, or what it says cannot be taken.
    Failed,
    /// We were asked to end meanwhile; it says nothing about the source.
    GivenUp,
}

impl Outcome {
    /// Its word in rows and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
            Self::GivenUp => "given_up",
        }
    }
}

/// How a reading ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended<'a> {
    /// When, milliseconds.
    pub at: i64,
    /// What came of it.
    pub outcome: Outcome,
    /// Rows that it answered.
    pub read: u64,
    /// Rows that were new or changed something.
    pub written: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
    /// Of everything that it answered.
    pub digest: Option<&'a str>,
    /// Why it failed, without a password.
    pub error: Option<&'a str>,
}

/// A reading. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PullRow {
    /// Id.
    pub id: String,
    /// Of which source.
    pub source: String,
    /// When it began.
    pub started_at: i64,
    /// When it ended; none while it is under way.
    pub finished_at: Option<i64>,
    /// `written`, `unchanged`, `failed` or `given_up`.
    pub outcome: Option<String>,
    /// Rows that it answered.
    pub rows_read: i64,
    /// Rows that were new or changed something.
    pub rows_written: i64,
    /// Rows that could not be taken.
    pub rows_rejected: i64,
    /// Of everything that it answered.
    pub digest: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
}

/// Every column that is read.
macro_rules! columns {
    () => {
        "p.id, p.source, p.started_at, p.finished_at, p.outcome, p.rows_read, p.rows_written, p.rows_rejected, \
         p.digest, p.error"
    };
}

statements! {
    /// Ends a reading of a process that is not there any more.
    ABANDON = "UPDATE source_pull SET finished_at = $2, outcome = 'given_up' \
        WHERE source = $1 AND finished_at IS NULL AND lease_until <= $2";

    /// Begins one, unless one is under way.
    BEGIN = "INSERT INTO source_pull (id, source, started_at, lease_until) VALUES ($1, $2, $3, $4) \
        ON CONFLICT DO NOTHING";

    /// Holds one that is ours and not finished a while longer.
    HOLD = "UPDATE source_pull SET lease_until = $2 WHERE id = $1 AND finished_at IS NULL";

    /// Ends one that is ours.
    FINISH = "UPDATE source_pull SET finished_at = $2, outcome = $3, rows_read = $4, rows_written = $5, \
        rows_rejected = $6, digest = $7, error = $8 WHERE id = $1 AND finished_at IS NULL";

    /// The latest of each source, and the latest of each that went well.
    LATEST = concat!("SELECT ", columns!(), " FROM source_pull p WHERE p.id IN (",
        "SELECT MAX(l.id) FROM source_pull l JOIN (SELECT source, MAX(started_at) AS at FROM source_pull",
        " WHERE outcome IN ('written', 'unchanged') GROUP BY source) g ON g.source = l.source AND g.at = l.started_at",
        " WHERE l.outcome IN ('written', 'unchanged') GROUP BY l.source",
        " UNION SELECT MAX(l.id) FROM source_pull l JOIN (SELECT source, MAX(started_at) AS at FROM source_pull",
        " WHERE finished_at IS NULL OR outcome <> 'given_up' GROUP BY source) a",
        " ON a.source = l.source AND a.at = l.started_at",
        " WHERE l.finished_at IS NULL OR l.outcome <> 'given_up' GROUP BY l.source",
        ") ORDER BY p.source, p.started_at, p.id");

    /// When each source began to fail: its first failure after it last went well.
    FAILING = "SELECT p.source, MIN(p.started_at) AS since FROM source_pull p \
        WHERE p.outcome = 'failed' AND NOT EXISTS (SELECT 1 FROM source_pull w WHERE w.source = p.source \
        AND w.outcome IN ('written', 'unchanged') AND w.started_at >= p.started_at) \
        GROUP BY p.source ORDER BY p.source";
}

impl Db {
    /// Begins to read a source at `now`; whether it is ours to read. One that a process began and
    /// did not end in its time is given up first.
    ///
    /// # Errors
    /// As any write.
    pub async fn begin_pull(
        &self,
        id: &str,
        source: &str,
        now: i64,
        lease_until: i64,
    ) -> Result<bool, StoreError> {
        let sql = ABANDON.on(self);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(source).bind(now).execute(pool).await.map(drop)
        })?;
        let sql = BEGIN.on(self);
        let rows: u64 = each_engine!(self, pool => {
            sqlx::query(sql).bind(id).bind(source).bind(now).bind(lease_until)
                .execute(pool).await.map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// Holds a reading until `lease_until`; whether it is still ours.
    ///
    /// # Errors
    /// As any write.
    pub async fn hold_pull(&self, id: &str, lease_until: i64) -> Result<bool, StoreError> {
        let sql = HOLD.on(self);
        let rows: u64 = each_engine!(self, pool => {
            sqlx::query(sql).bind(id).bind(lease_until).execute(pool).await
                .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// Ends a reading; whether it was still ours.
    ///
    /// # Errors
    /// As any write.
    pub async fn finish_pull(&self, id: &str, ended: &Ended<'_>) -> Result<bool, StoreError> {
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let sql = FINISH.on(self);
        let rows: u64 = each_engine!(self, pool => {
            sqlx::query(sql).bind(id).bind(ended.at).bind(ended.outcome.as_str())
                .bind(count(ended.read)).bind(count(ended.written)).bind(count(ended.rejected))
                .bind(ended.digest).bind(ended.error)
                .execute(pool).await.map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// The latest reading of each source, and the latest that went well where that is another one:
    /// by source, the older first. Readings that were given up say nothing and are left out.
    ///
    /// # Errors
    /// As any read.
    pub async fn latest_pulls(&self) -> Result<Vec<PullRow>, StoreError> {
        let sql = LATEST.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).fetch_all(pool).await)?)
    }

    /// The sources whose last reading failed, each with the instant since when, milliseconds.
    ///
    /// # Errors
    /// As any read.
    pub async fn failing_sources(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = FAILING.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).fetch_all(pool).await)?)
    }
}

impl Tx {
    /// Holds a reading that is ours, and notes whom the import `batch` of it tells about: in the
    /// transaction of the import, so that a process that came too late writes nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where another process has taken the reading over.
    pub async fn keep_pull(
        &mut self,
        id: &str,
        batch: &str,
        now: jiff::Timestamp,
        lease_until: i64,
    ) -> Result<(), StoreError> {
        let sql = HOLD.within(self);
        let rows: u64 = in_tx!(self, conn => {
            sqlx::query(sql).bind(id).bind(lease_until).execute(conn).await
                .map(|done| done.rows_affected())
        })?;
        if rows != 1 {
            return Err(StoreError::Conflict(
                "another process reads this source now; nothing was written here".to_owned(),
            ));
        }
        self.tie_batch(id, batch, now.as_millisecond()).await
    }
}

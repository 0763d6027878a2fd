//! The ledger of runs, and the counts that the proof compares (DESIGN 2.6).

use sqlx::FromRow;

use super::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements};

mod expected;

pub use expected::Consultant;
pub(crate) use expected::STATEMENTS as EXPECTED;

/// How many deliveries of a week are in a state for a reason.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, serde::Serialize)]
pub struct Count {
    /// `brief` or `correction`.
    pub kind: String,
    /// State.
    pub state: String,
    /// Reason, empty where there is none.
    pub reason: String,
    /// Deliveries.
    pub deliveries: i64,
    /// Of these, due at the instant asked about.
    pub due: i64,
    /// Copies that may have gone out beyond the first.
    pub resends: i64,
    /// Of these, due and unsettled, or handed over without an answer, for longer than asked about.
    pub overdue: i64,
    /// Of these, deferred to later although their slot was longer ago than asked about.
    pub late: i64,
    /// The oldest slot of those not settled, where it was longer ago than that, milliseconds.
    pub late_since: Option<i64>,
    /// When the first of them is due, milliseconds.
    pub next_at: Option<i64>,
}

/// A run as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, serde::Serialize)]
pub struct RunRow {
    /// ISO week.
    pub iso_week: String,
    /// First planned, milliseconds.
    pub opened_at: i64,
    /// Closed, milliseconds.
    pub closed_at: Option<i64>,
    /// Last proved, milliseconds.
    pub last_checked_at: Option<i64>,
    /// Briefs expected.
    pub expected: i64,
    /// Counts by state and reason, JSON.
    pub counts: String,
}

statements! {
    /// Deliveries of a week by state and reason. A relay's words count under their code, and a
    /// reason to wait is none: what is counted stays short however many words there are.
    COUNTS = "SELECT kind, state, reason, COUNT(*) AS deliveries, CAST(SUM(due) AS BIGINT) AS due, \
        CAST(SUM(resends) AS BIGINT) AS resends, CAST(SUM(overdue) AS BIGINT) AS overdue, CAST(SUM(late) AS BIGINT) AS late, \
        MIN(late_since) AS late_since, MIN(next_attempt_at) AS next_at FROM \
        (SELECT kind, state, CASE WHEN state = 'queued' OR reason IS NULL THEN '' \
        WHEN state = 'failed' AND SUBSTR(reason, 1, 1) IN ('4', '5') THEN SUBSTR(reason, 1, 3) ELSE reason END AS reason, \
        CASE WHEN state IN ('handing_over', 'uncertain') OR (state = 'queued' AND next_attempt_at <= $2) THEN 1 ELSE 0 END \
        AS due, CASE WHEN (state = 'queued' AND (next_attempt_at <= $3 OR (attempts = 0 AND next_attempt_at <= $2 AND send_at <= $3))) \
        OR (state IN ('handing_over', 'uncertain') AND COALESCE(handed_over_at, send_at) <= $3) THEN 1 ELSE 0 END AS overdue, \
        CASE WHEN state = 'queued' AND next_attempt_at > $2 AND send_at <= $3 THEN 1 ELSE 0 END AS late, \
        CASE WHEN state IN ('queued', 'handing_over', 'uncertain') AND send_at <= $3 THEN send_at END AS late_since, resends, next_attempt_at FROM delivery WHERE iso_week = $1) AS counted \
        GROUP BY kind, state, reason ORDER BY kind, state, reason";

    /// Weeks whose run is not closed, or of which something is due or unclear.
    OPEN_WEEKS = "SELECT iso_week FROM run WHERE closed_at IS NULL \
        UNION SELECT iso_week FROM delivery WHERE state = 'queued' AND next_attempt_at <= $1 \
        UNION SELECT iso_week FROM delivery WHERE state IN ('handing_over', 'uncertain') ORDER BY iso_week";

    /// Opens a run, or leaves it as it is.
    OPEN = "INSERT INTO run (iso_week, opened_at) VALUES ($1, $2) ON CONFLICT (iso_week) DO NOTHING";

    /// Opens a run again: something of it changed. One that is open is not locked: planners share it.
    REOPEN = "UPDATE run SET closed_at = NULL WHERE iso_week = $1 AND closed_at IS NOT NULL";

    /// Writes what a proof found.
    PROVED = "UPDATE run SET last_checked_at = $2, expected = $3, counts = $4, \
        closed_at = CASE WHEN $5 THEN COALESCE(closed_at, $2) ELSE NULL END WHERE iso_week = $1";

    /// Runs, newest first. Empty text stands for any week.
    LIST = "SELECT iso_week, opened_at, closed_at, last_checked_at, expected, counts FROM run \
        WHERE ($1 = '' OR iso_week = $1) ORDER BY iso_week DESC LIMIT $2";

}

impl Db {
    /// Deliveries of a week by kind, state and reason, with what is due at `now` and what has been
    /// since `late_before`.
    ///
    /// # Errors
    /// As any read.
    pub async fn counts(
        &self,
        iso_week: &str,
        now: i64,
        late_before: i64,
    ) -> Result<Vec<Count>, StoreError> {
        let sql = COUNTS.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(iso_week).bind(now).bind(late_before).fetch_all(pool).await
        })?)
    }

    /// Weeks whose run is open, or of which something is due or unclear at `now`.
    ///
    /// # Errors
    /// As any read.
    pub async fn open_weeks(&self, now: i64) -> Result<Vec<String>, StoreError> {
        let sql = OPEN_WEEKS.on(self);
        let rows: Vec<(String,)> =
            each_engine!(self, pool => sqlx::query_as(sql).bind(now).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(week,)| week).collect())
    }

    /// Writes what a proof found.
    ///
    /// # Errors
    /// As any write.
    pub async fn run_proved(
        &self,
        iso_week: &str,
        now: i64,
        expected: i64,
        counts: &str,
        closes: bool,
    ) -> Result<(), StoreError> {
        let sql = PROVED.on(self);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(iso_week).bind(now).bind(expected).bind(counts).bind(closes)
                .execute(pool).await.map(drop)
        })?;
        Ok(())
    }

    /// Runs, newest first; empty text for any week.
    ///
    /// # Errors
    /// As any read.
    pub async fn runs(&self, iso_week: &str, limit: i64) -> Result<Vec<RunRow>, StoreError> {
        let sql = LIST.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(iso_week).bind(limit).fetch_all(pool).await
        })?)
    }
}

impl Tx {
    /// Opens a run, if it is not there, and opens it again when it was closed.
    ///
    /// # Errors
    /// As any write.
    pub async fn open_run(&mut self, iso_week: &str, now: i64) -> Result<(), StoreError> {
        let (open, reopen) = (OPEN.within(self), REOPEN.within(self));
        in_tx!(self, conn => sqlx::query(open).bind(iso_week).bind(now).execute(conn).await.map(drop))?;
        in_tx!(self, conn => sqlx::query(reopen).bind(iso_week).execute(conn).await.map(drop))?;
        Ok(())
    }
}

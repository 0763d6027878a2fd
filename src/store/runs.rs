//! The ledger of runs, and the counts that the proof compares (DESIGN 2.6).

use sqlx::FromRow;

use super::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, not_voided, statements};

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

/// A subscription as the proof counts it: independent of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Expected {
    /// Organization; none for a portfolio or the public edition.
    pub organization_id: Option<String>,
    /// Person.
    pub person_id: String,
    /// Role.
    pub role: String,
    /// Own slot of a portfolio.
    pub weekday: Option<i64>,
    /// Own slot of a portfolio.
    pub hour: Option<i64>,
    /// The person's zone.
    pub time_zone: Option<String>,
    /// Confirmed, milliseconds.
    pub confirmed_at: i64,
    /// Left or ended, whichever came first, milliseconds.
    pub gone_at: Option<i64>,
}

statements! {
    /// Deliveries of a week by state and reason.
    COUNTS = "SELECT kind, state, COALESCE(reason, '') AS reason, COUNT(*) AS deliveries, \
        CAST(SUM(CASE WHEN state IN ('handing_over', 'uncertain') OR (state = 'queued' AND next_attempt_at <= $2) \
        THEN 1 ELSE 0 END) AS BIGINT) AS due, CAST(SUM(resends) AS BIGINT) AS resends, \
        MIN(next_attempt_at) AS next_at FROM delivery WHERE iso_week = $1 \
        GROUP BY kind, state, COALESCE(reason, '') ORDER BY kind, state, reason";

    /// Subscriptions ever confirmed up to an instant.
    CONFIRMED = concat!(
        "SELECT s.organization_id, s.person_id, s.role, s.weekday, s.hour, p.time_zone, s.confirmed_at, ",
        "CASE WHEN s.unsubscribed_at IS NULL THEN s.ended_at WHEN s.ended_at IS NULL THEN s.unsubscribed_at ",
        "WHEN s.ended_at < s.unsubscribed_at THEN s.ended_at ELSE s.unsubscribed_at END AS gone_at ",
        "FROM subscription s JOIN person p ON p.id = s.person_id ",
        "WHERE s.confirmed_at <= $1 AND s.voided_at IS NULL AND ", not_voided!("s.batch_id"));

    /// Weeks whose run is not closed, or that have something due.
    OPEN_WEEKS = "SELECT iso_week FROM run WHERE closed_at IS NULL ORDER BY iso_week";

    /// Opens a run, or leaves it as it is.
    OPEN = "INSERT INTO run (iso_week, opened_at) VALUES ($1, $2) ON CONFLICT (iso_week) DO NOTHING";

    /// Opens a run again: something of it changed.
    REOPEN = "UPDATE run SET closed_at = NULL WHERE iso_week = $1";

    /// Writes what a proof found.
    PROVED = "UPDATE run SET last_checked_at = $2, expected = $3, counts = $4, \
        closed_at = CASE WHEN $5 THEN COALESCE(closed_at, $2) ELSE NULL END WHERE iso_week = $1";

    /// Runs, newest first. Empty text stands for any week.
    LIST = "SELECT iso_week, opened_at, closed_at, last_checked_at, expected, counts FROM run \
        WHERE ($1 = '' OR iso_week = $1) ORDER BY iso_week DESC LIMIT $2";

    /// Whether a public edition stands for a week.
    PUBLIC_PLANNED = "SELECT COUNT(*) FROM edition WHERE scope_kind = 'public' AND iso_week = $1";
}

impl Db {
    /// Deliveries of a week by kind, state and reason, with what is due at `now`.
    ///
    /// # Errors
    /// As any read.
    pub async fn counts(&self, iso_week: &str, now: i64) -> Result<Vec<Count>, StoreError> {
        let sql = COUNTS.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(iso_week).bind(now).fetch_all(pool).await
        })?)
    }

    /// Every subscription that was ever confirmed up to `now`, for the proof.
    ///
    /// # Errors
    /// As any read.
    pub async fn confirmed(&self, now: i64) -> Result<Vec<Expected>, StoreError> {
        let sql = CONFIRMED.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(now).fetch_all(pool).await)?)
    }

    /// Weeks whose run is open.
    ///
    /// # Errors
    /// As any read.
    pub async fn open_weeks(&self) -> Result<Vec<String>, StoreError> {
        let sql = OPEN_WEEKS.on(self);
        let rows: Vec<(String,)> =
            each_engine!(self, pool => sqlx::query_as(sql).fetch_all(pool).await)?;
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

    /// Whether the public edition of a week was planned.
    ///
    /// # Errors
    /// As any read.
    pub async fn public_is_planned(&self, iso_week: &str) -> Result<bool, StoreError> {
        let sql = PUBLIC_PLANNED.on(self);
        let rows: i64 = each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(iso_week).fetch_one(pool).await
        })?;
        Ok(rows > 0)
    }

    /// Opens a run again, because something of it changed by hand.
    ///
    /// # Errors
    /// As any write.
    pub async fn reopen_run(&self, iso_week: &str) -> Result<(), StoreError> {
        let sql = REOPEN.on(self);
        each_engine!(self, pool => sqlx::query(sql).bind(iso_week).execute(pool).await.map(drop))?;
        Ok(())
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

//! The ledger of runs, and the counts that the proof compares (DESIGN 2.6).

use sqlx::FromRow;

use super::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements};

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

/// A consultant's subscription as the proof counts it: independent of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Consultant {
    /// Person.
    pub person_id: String,
    /// Own slot.
    pub weekday: Option<i64>,
    /// Own slot.
    pub hour: Option<i64>,
    /// The person's zone.
    pub time_zone: Option<String>,
    /// The next cut-off that nobody has planned.
    pub next_due_at: Option<i64>,
    /// Confirmed, milliseconds.
    pub confirmed_at: i64,
    /// Left, milliseconds.
    pub unsubscribed_at: Option<i64>,
    /// Ended or taken back with its import, milliseconds.
    pub ended_at: Option<i64>,
}

/// The cut-off that an edition of a week stands for.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PlannedCut {
    /// `organization`, `consultant` or `public`.
    pub scope_kind: String,
    /// Organization or person id, or `public`.
    pub scope_id: String,
    /// The cut-off, milliseconds.
    pub cut_off_at: i64,
}

statements! {
    /// Deliveries of a week by state and reason. A relay's words count under their code, and a
    /// reason to wait is none: what is counted stays short however many words there are.
    COUNTS = "SELECT kind, state, reason, COUNT(*) AS deliveries, CAST(SUM(due) AS BIGINT) AS due, \
        CAST(SUM(resends) AS BIGINT) AS resends, MIN(next_attempt_at) AS next_at FROM \
        (SELECT kind, state, CASE WHEN state = 'queued' OR reason IS NULL THEN '' \
        WHEN state = 'failed' AND SUBSTR(reason, 1, 1) IN ('4', '5') THEN SUBSTR(reason, 1, 3) ELSE reason END AS reason, \
        CASE WHEN state IN ('handing_over', 'uncertain') OR (state = 'queued' AND next_attempt_at <= $2) THEN 1 ELSE 0 END \
        AS due, resends, next_attempt_at FROM delivery WHERE iso_week = $1) AS counted \
        GROUP BY kind, state, reason ORDER BY kind, state, reason";

    /// The cut-offs that were planned in a week.
    PLANNED_CUTS = "SELECT scope_kind, scope_id, MAX(cut_off_at) AS cut_off_at FROM edition \
        WHERE iso_week = $1 AND kind IN ('leader', 'portfolio', 'public') AND state <> 'draft' \
        GROUP BY scope_kind, scope_id ORDER BY scope_kind, scope_id";

    /// Subscriptions of one role without an organization that were in force at an instant.
    COUNT_APART = "SELECT COUNT(*) FROM subscription s LEFT JOIN import_batch b ON b.id = s.batch_id \
        WHERE s.organization_id IS NULL AND s.role = $1 AND s.confirmed_at <= $2 \
        AND (s.unsubscribed_at IS NULL OR s.unsubscribed_at > $2) AND (s.ended_at IS NULL OR s.ended_at > $2) \
        AND (s.voided_at IS NULL OR s.voided_at > $2) AND (b.voided_at IS NULL OR b.voided_at > $2)";

    /// Every portfolio ever confirmed up to an instant.
    CONSULTANTS = "SELECT s.person_id, s.weekday, s.hour, p.time_zone, s.next_due_at, s.confirmed_at, s.unsubscribed_at, \
        COALESCE(s.ended_at, s.voided_at, b.voided_at) AS ended_at \
        FROM subscription s JOIN person p ON p.id = s.person_id LEFT JOIN import_batch b ON b.id = s.batch_id \
        WHERE s.organization_id IS NULL AND s.role = 'consultant' AND s.confirmed_at <= $1 ORDER BY s.id";

    /// Weeks whose run is not closed, or of which something is due or unclear.
    OPEN_WEEKS = "SELECT iso_week FROM run WHERE closed_at IS NULL \
        UNION SELECT iso_week FROM delivery WHERE state = 'queued' AND next_attempt_at <= $1 \
        UNION SELECT iso_week FROM delivery WHERE state IN ('handing_over', 'uncertain') ORDER BY iso_week";

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

    /// The cut-offs that were planned in a week.
    ///
    /// # Errors
    /// As any read.
    pub async fn planned_cuts(&self, iso_week: &str) -> Result<Vec<PlannedCut>, StoreError> {
        let sql = PLANNED_CUTS.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(iso_week).fetch_all(pool).await)?)
    }

    /// How many subscriptions were in force at their organization's cut-off, given as organization
    /// and milliseconds.
    ///
    /// # Errors
    /// As any read.
    pub async fn count_subscribed(&self, cuts: &[(String, i64)]) -> Result<i64, StoreError> {
        let mut total = 0;
        for some in cuts.chunks(1_000) {
            let counted: i64 = each_engine!(self, pool => {
                let mut sql = sqlx::QueryBuilder::new("SELECT COUNT(*) FROM (");
                sql.push_values(some, |mut row, (id, cut)| {
                    row.push_bind(id).push_bind(cut);
                });
                sql.push(
                    ") AS v JOIN subscription s ON s.organization_id = v.column1 \
                     LEFT JOIN import_batch b ON b.id = s.batch_id WHERE s.confirmed_at <= v.column2 \
                     AND (s.unsubscribed_at IS NULL OR s.unsubscribed_at > v.column2) \
                     AND (s.ended_at IS NULL OR s.ended_at > v.column2) \
                     AND (s.voided_at IS NULL OR s.voided_at > v.column2) \
                     AND (b.voided_at IS NULL OR b.voided_at > v.column2)",
                );
                sql.build_query_scalar().fetch_one(pool).await
            })?;
            total += counted;
        }
        Ok(total)
    }

    /// How many subscriptions of one role without an organization were in force at an instant.
    ///
    /// # Errors
    /// As any read.
    pub async fn count_apart(&self, role: &str, at: i64) -> Result<i64, StoreError> {
        let sql = COUNT_APART.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(role).bind(at).fetch_one(pool).await
        })?)
    }

    /// Every portfolio subscription that was ever confirmed up to `now`.
    ///
    /// # Errors
    /// As any read.
    pub async fn consultants(&self, now: i64) -> Result<Vec<Consultant>, StoreError> {
        let sql = CONSULTANTS.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(now).fetch_all(pool).await)?)
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

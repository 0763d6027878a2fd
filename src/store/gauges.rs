//! What a monitor asks every few seconds: a handful of rows, however many deliveries there are.

use super::runs::RunRow;
use super::{Db, StoreError};
use crate::{each_engine, statements};

statements! {
    /// Since when the first of what is due is due; one look into the index of what is due.
    OLDEST_DUE = "SELECT MIN(next_attempt_at) FROM delivery WHERE state = 'queued' AND next_attempt_at <= $1";

    /// Runs that are open, and the latest whether it is or not; newest first.
    OPEN_RUNS = "SELECT iso_week, opened_at, closed_at, last_checked_at, expected, counts FROM run \
        WHERE closed_at IS NULL OR iso_week = (SELECT MAX(iso_week) FROM run) ORDER BY iso_week DESC LIMIT 100";
}

impl Db {
    /// Since when the first of what is due at `now` is due; none when nothing is. Milliseconds.
    ///
    /// # Errors
    /// As any read.
    pub async fn oldest_due_at(&self, now: i64) -> Result<Option<i64>, StoreError> {
        let sql = OLDEST_DUE.on(self);
        Ok(each_engine!(self, pool => sqlx::query_scalar(sql).bind(now).fetch_one(pool).await)?)
    }

    /// The runs that are open and the latest one, newest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn open_runs(&self) -> Result<Vec<RunRow>, StoreError> {
        let sql = OPEN_RUNS.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).fetch_all(pool).await)?)
    }
}

//! When the next delivery is due: what a service that has nothing to do waits for.

use crate::store::{Db, StoreError};
use crate::{each_engine, statements};

statements! {
    /// The instant asked about when something is due and free, else the next one; two looks into
    /// the index of what is due.
    NEXT = "SELECT CASE WHEN EXISTS (SELECT 1 FROM delivery WHERE state = 'queued' AND next_attempt_at <= $1 \
        AND (lease_until IS NULL OR lease_until <= $1)) THEN CAST($1 AS BIGINT) \
        ELSE (SELECT MIN(next_attempt_at) FROM delivery WHERE state = 'queued' AND next_attempt_at > $1) END";
}

impl Db {
    /// `now` when a delivery is due that nobody holds, else the instant at which the next one is;
    /// none when nothing is queued for later. Milliseconds.
    ///
    /// # Errors
    /// As any read.
    pub async fn next_delivery_at(&self, now: i64) -> Result<Option<i64>, StoreError> {
        let sql = NEXT.on(self);
        Ok(each_engine!(self, pool => sqlx::query_scalar(sql).bind(now).fetch_one(pool).await)?)
    }
}

//! How often something was asked for in the present stretch of time. Rows, so that a restart begins
//! nothing anew and several processes count together.

use jiff::{SignedDuration, Timestamp};

use crate::{each_engine, statements};

use super::{Db, StoreError};

statements! {
    /// Counts one more in a stretch of time; another stretch begins at one.
    COUNT = "INSERT INTO rate_count (name, window_from, count) VALUES ($1, $2, 1)
        ON CONFLICT (name) DO UPDATE SET window_from = excluded.window_from,
          count = CASE WHEN rate_count.window_from = excluded.window_from THEN rate_count.count + 1 ELSE 1 END
        RETURNING count";
    /// Forgets what is over.
    FORGET = "DELETE FROM rate_count WHERE name IN (SELECT name FROM rate_count WHERE window_from < $1 LIMIT $2)";
}

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// How many there were in this stretch, this one included.
    pub count: u32,
    /// When the next stretch begins.
    pub ends: Timestamp,
}

impl Db {
    /// Counts one under `name` in the stretch of `length` that `now` is in. Stretches follow each
    /// other from 1970 on, the same for everybody.
    ///
    /// # Errors
    /// As any write.
    pub async fn count_one(
        &self,
        name: &str,
        length: SignedDuration,
        now: Timestamp,
    ) -> Result<Counted, StoreError> {
        let length = i64::try_from(length.as_millis()).unwrap_or(i64::MAX).max(1);
        let from = now.as_millisecond() - now.as_millisecond().rem_euclid(length);
        let sql = COUNT.on(self);
        let count: i64 = each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(name).bind(from).fetch_one(pool).await?
        });
        let ends = Timestamp::from_millisecond(from.saturating_add(length)).unwrap_or(now);
        Ok(Counted { count: u32::try_from(count).unwrap_or(u32::MAX), ends })
    }

    /// Forgets up to `limit` counts of stretches that began before an instant; how many.
    ///
    /// # Errors
    /// As any write.
    pub async fn forget_counts(&self, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
        let sql = FORGET.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query(sql).bind(before.as_millisecond()).bind(limit).execute(pool).await?
                .rows_affected()
        }))
    }
}

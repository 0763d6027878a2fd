//! The emergency stop, and what a restore needs: rows that every worker looks at before it delivers.

use jiff::Timestamp;

use super::row::millis;
use super::{Db, StoreError, settings};
use crate::{each_engine, statements};

/// The setting that stops all delivery; its value says why.
pub const PAUSED: &str = "delivery.paused";
/// The setting up to which everything due counts as sent, RFC 3339: what was delivered after the
/// backup was made that this database comes from.
pub const ASSUMED_SENT_UNTIL: &str = "delivery.assumed_sent_until";

statements! {
    /// What was due up to an instant and is in nobody's hands.
    ASSUME = "UPDATE delivery SET state = 'sent', reason = 'assumed sent', finished_at = $2, \
        handed_over_at = COALESCE(handed_over_at, send_at), next_attempt_at = NULL, \
        lease_until = NULL, lease_token = NULL \
        WHERE state IN ('queued', 'handing_over', 'uncertain') AND send_at <= $1 \
        AND (lease_until IS NULL OR lease_until <= $2)";
    /// The weeks whose proof that changes.
    REOPEN = "UPDATE run SET closed_at = NULL WHERE iso_week IN (SELECT iso_week FROM delivery \
        WHERE state IN ('queued', 'handing_over', 'uncertain') AND send_at <= $1)";
}

impl Db {
    /// Stops all delivery; a second stop replaces the first one's reason.
    ///
    /// # Errors
    /// As any write.
    pub async fn pause(&self, why: &str, now: Timestamp) -> Result<(), StoreError> {
        settings::set(self, PAUSED, why, now).await
    }

    /// Ends the stop. Returns whether there was one.
    ///
    /// # Errors
    /// As any write.
    pub async fn resume(&self) -> Result<bool, StoreError> {
        settings::remove(self, PAUSED).await
    }

    /// Why delivery is stopped, if it is.
    ///
    /// # Errors
    /// As any read.
    pub async fn paused(&self) -> Result<Option<String>, StoreError> {
        settings::get(self, PAUSED).await
    }

    /// Records that everything due up to `until` was sent before the database was restored: what is
    /// planned already now, and what is planned later by [`Db::assume_planned`]. Returns how many.
    ///
    /// # Errors
    /// As any write.
    pub async fn assume_sent(&self, until: Timestamp, now: Timestamp) -> Result<u64, StoreError> {
        settings::set(self, ASSUMED_SENT_UNTIL, &until.to_string(), now).await?;
        self.assume_planned(now).await
    }

    /// Settles by what [`Db::assume_sent`] said; to be called between planning and delivering.
    /// Returns how many deliveries were recorded as sent.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the setting is not an instant; else as any write.
    pub async fn assume_planned(&self, now: Timestamp) -> Result<u64, StoreError> {
        let Some(until) = settings::get(self, ASSUMED_SENT_UNTIL).await? else {
            return Ok(0);
        };
        let until: Timestamp = until.parse().map_err(|_| StoreError::Corrupt {
            table: "setting",
            column: "value",
            row: ASSUMED_SENT_UNTIL.to_owned(),
            problem: "is not an instant; give it again with `brief assume-sent`".to_owned(),
        })?;
        let (until, now) = (millis(until), millis(now));
        each_engine!(self, pool => {
            sqlx::query(REOPEN.on(self)).bind(until).execute(pool).await.map(drop)
        })?;
        Ok(each_engine!(self, pool => {
            sqlx::query(ASSUME.on(self)).bind(until).bind(now).execute(pool).await
                .map(|done| done.rows_affected())
        })?)
    }
}

//! What earlier rounds left behind: lost answers, resends, and what is no longer news (DESIGN 2.4, 2.5).
//!
//! Each statement repeats the condition of a partial index word for word: SQLite uses it only then.

use crate::store::{Db, StoreError};
use crate::{each_engine, in_tx, statements};

/// Most copies beyond the first that are sent without anybody asking for them.
pub const MAX_RESENDS: i64 = 3;

statements! {
    /// The attempt of a worker that died before the answer, for the ledger.
    LOST_ATTEMPTS = "INSERT INTO delivery_attempt (delivery_id, number, started_at, finished_at, outcome, reply) \
        SELECT id, attempts + 1, COALESCE(handed_over_at, $1), $1, 'lost', 'the process ended before the answer' \
        FROM delivery WHERE state IN ('handing_over', 'uncertain') AND state = 'handing_over' AND (lease_until <= $1 OR $2) \
        ON CONFLICT (delivery_id, number) DO NOTHING";

    /// What a dead worker was handing over: nobody knows whether it arrived.
    LOSE_TRACK = "UPDATE delivery SET state = 'uncertain', reason = 'handed over without an answer', \
        attempts = attempts + 1, next_attempt_at = NULL, lease_until = NULL, lease_token = NULL \
        WHERE state IN ('handing_over', 'uncertain') AND state = 'handing_over' AND (lease_until <= $1 OR $2) RETURNING iso_week";

    /// Sends the uncertain again after a while, under the same Message-ID, and counts it.
    RESEND = "UPDATE delivery SET state = 'queued', reason = NULL, next_attempt_at = $1, resends = resends + 1 \
        WHERE state IN ('handing_over', 'uncertain') AND state = 'uncertain' AND resends < $4 AND (expires_at IS NULL OR expires_at > $1) \
        AND (handed_over_at <= $2 OR ($3 AND reason = 'handed over without an answer')) RETURNING iso_week";

    /// What is no longer news: its next brief is due.
    EXPIRE = "UPDATE delivery SET state = 'expired', reason = CASE state \
        WHEN 'held' THEN 'not approved before the next brief' \
        WHEN 'uncertain' THEN 'no answer, and the next brief is due' ELSE 'the next brief is due' END, \
        finished_at = $1, next_attempt_at = NULL, lease_until = NULL, lease_token = NULL \
        WHERE state IN ('queued', 'held', 'uncertain') AND expires_at <= $1 \
        AND (lease_until IS NULL OR lease_until <= $1) RETURNING iso_week";
}

impl Db {
    /// Marks as uncertain what was being handed over by a worker whose lease ran out, or by anyone
    /// when all others are known to be dead. Returns the week of each.
    ///
    /// # Errors
    /// As any write.
    pub async fn lose_track(&self, now: i64, all_dead: bool) -> Result<Vec<String>, StoreError> {
        let mut tx = self.begin().await?;
        let (attempts, lose) = (LOST_ATTEMPTS.within(&tx), LOSE_TRACK.within(&tx));
        in_tx!(&mut tx, conn => {
            sqlx::query(attempts).bind(now).bind(all_dead).execute(conn).await.map(drop)
        })?;
        let rows: Vec<(String,)> = in_tx!(&mut tx, conn => {
            sqlx::query_as(lose).bind(now).bind(all_dead).fetch_all(conn).await
        })?;
        tx.commit().await?;
        Ok(weeks(rows))
    }

    /// Queues the uncertain again when they were handed over at or before `before`, or when their
    /// worker is known to be dead; at most [`MAX_RESENDS`] times. Returns the week of each.
    ///
    /// # Errors
    /// As any write.
    pub async fn resend_uncertain(
        &self,
        now: i64,
        before: i64,
        all_dead: bool,
    ) -> Result<Vec<String>, StoreError> {
        let sql = RESEND.on(self);
        let rows: Vec<(String,)> = each_engine!(self, pool => {
            sqlx::query_as(sql).bind(now).bind(before).bind(all_dead).bind(MAX_RESENDS)
                .fetch_all(pool).await
        })?;
        Ok(weeks(rows))
    }

    /// Ends deliveries whose next brief is due. Returns the week of each.
    ///
    /// # Errors
    /// As any write.
    pub async fn expire_deliveries(&self, now: i64) -> Result<Vec<String>, StoreError> {
        let sql = EXPIRE.on(self);
        let rows: Vec<(String,)> = each_engine!(self, pool => {
            sqlx::query_as(sql).bind(now).fetch_all(pool).await
        })?;
        Ok(weeks(rows))
    }
}

fn weeks(rows: Vec<(String,)>) -> Vec<String> {
    rows.into_iter().map(|(week,)| week).collect()
}

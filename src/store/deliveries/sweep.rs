//! What earlier rounds left behind: lost answers, resends, and what is no longer news (DESIGN 2.4, 2.5).
//!
//! Each statement repeats the condition of a partial index word for word: SQLite uses it only then.
//! Each call settles one batch, so that a sweep of a million holds neither memory nor the lock of a
//! file for long; on a server what another worker has in hand is left to it.

use std::collections::BTreeSet;

use crate::store::row::list;
use crate::store::{Db, StoreError};
use crate::{each_engine, in_tx, statements, stopped_edition};

/// Most copies beyond the first that are sent without anybody asking for them.
pub const MAX_RESENDS: i64 = 3;

/// What one batch settled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Swept {
    /// Deliveries.
    pub deliveries: u64,
    /// Their weeks.
    pub weeks: BTreeSet<String>,
}

impl Swept {
    /// Adds another batch.
    pub fn take_in(&mut self, other: Self) {
        self.deliveries += other.deliveries;
        self.weeks.extend(other.weeks);
    }

    fn of(rows: Vec<(String,)>) -> Self {
        Self {
            deliveries: rows.len() as u64,
            weeks: rows.into_iter().map(|(week,)| week).collect(),
        }
    }
}

/// What is sent again.
macro_rules! resend {
    (which) => {
        "state IN ('handing_over', 'uncertain') AND state = 'uncertain' AND resends < $4 \
         AND (expires_at IS NULL OR expires_at > $1) \
         AND (handed_over_at <= $2 OR ($3 AND reason = 'handed over without an answer')) ORDER BY id LIMIT $5"
    };
    (set) => {
        "state = 'queued', reason = NULL, next_attempt_at = $1, resends = resends + 1"
    };
}

/// What of a cancelled edition is in doubt: it is not sent again.
macro_rules! cancel {
    (which) => {
        concat!(
            "state IN ('handing_over', 'uncertain') AND state = 'uncertain' AND EXISTS \
             (SELECT 1 FROM setting WHERE key = '",
            stopped_edition!(),
            "' || delivery.edition_id) ORDER BY id LIMIT $2"
        )
    };
    (set) => {
        concat!(
            "state = 'cancelled', finished_at = $1, reason = (SELECT value FROM setting WHERE key = '",
            stopped_edition!(),
            "' || delivery.edition_id), next_attempt_at = NULL, lease_until = NULL, lease_token = NULL"
        )
    };
}

/// What is given up.
macro_rules! expire {
    (which) => {
        "state IN ('queued', 'held', 'uncertain') AND expires_at <= $1 \
         AND (lease_until IS NULL OR lease_until <= $1) ORDER BY expires_at LIMIT $2"
    };
    (set) => {
        "state = 'expired', reason = CASE state WHEN 'held' THEN 'not approved before the next brief' \
         WHEN 'uncertain' THEN 'no answer, and the next brief is due' ELSE 'the next brief is due' END, \
         finished_at = $1, next_attempt_at = NULL, lease_until = NULL, lease_token = NULL"
    };
}

/// One batch of such a change; on a server its rows are locked as they are chosen.
macro_rules! some {
    ($change:ident, $lock:literal) => {
        concat!(
            "WITH batch AS (SELECT id AS one FROM delivery WHERE ",
            $change!(which),
            $lock,
            ") ",
            "UPDATE delivery SET ",
            $change!(set),
            " FROM batch WHERE delivery.id = batch.one RETURNING iso_week"
        )
    };
}

statements! {
    /// What a dead worker was handing over.
    LOST = "SELECT id FROM delivery WHERE state IN ('handing_over', 'uncertain') AND state = 'handing_over' \
        AND (lease_until <= $1 OR $2) ORDER BY id LIMIT $3",
        "SELECT id FROM delivery WHERE state IN ('handing_over', 'uncertain') AND state = 'handing_over' \
        AND (lease_until <= $1 OR $2) ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED";

    /// The attempt of a worker that died before the answer, for the ledger.
    LOST_ATTEMPTS = "INSERT INTO delivery_attempt (delivery_id, number, started_at, finished_at, outcome, reply) \
        SELECT id, attempts + 1, COALESCE(handed_over_at, $1), $1, 'lost', 'the process ended before the answer' \
        FROM delivery WHERE id IN (SELECT value FROM json_each($2)) ON CONFLICT (delivery_id, number) DO NOTHING";

    /// Nobody knows whether it arrived.
    LOSE_TRACK = "UPDATE delivery SET state = 'uncertain', reason = 'handed over without an answer', \
        attempts = attempts + 1, next_attempt_at = NULL, lease_until = NULL, lease_token = NULL \
        WHERE id IN (SELECT value FROM json_each($1)) RETURNING iso_week";

    /// Sends the uncertain again after a while, under the same Message-ID, and counts it.
    RESEND = some!(resend, ""), some!(resend, " FOR UPDATE SKIP LOCKED");

    /// What came back without an answer after its edition was cancelled.
    CANCEL = some!(cancel, ""), some!(cancel, " FOR UPDATE SKIP LOCKED");

    /// What is no longer news: its next brief is due.
    EXPIRE = some!(expire, ""), some!(expire, " FOR UPDATE SKIP LOCKED");
}

impl Db {
    /// Marks as uncertain up to `limit` of what was being handed over by a worker whose lease ran
    /// out, or by anyone when all others are known to be dead.
    ///
    /// # Errors
    /// As any write.
    pub async fn lose_track(
        &self,
        now: i64,
        all_dead: bool,
        limit: i64,
    ) -> Result<Swept, StoreError> {
        let mut tx = self.begin().await?;
        let lost = LOST.within(&tx);
        let ids: Vec<String> = in_tx!(&mut tx, conn => {
            sqlx::query_scalar(lost).bind(now).bind(all_dead).bind(limit).fetch_all(conn).await
        })?;
        if ids.is_empty() {
            tx.rollback().await?;
            return Ok(Swept::default());
        }
        let (attempts, lose, ids) = (LOST_ATTEMPTS.within(&tx), LOSE_TRACK.within(&tx), list(&ids));
        in_tx!(&mut tx, conn => {
            sqlx::query(attempts).bind(now).bind(&ids).execute(conn).await.map(drop)
        })?;
        let rows = in_tx!(&mut tx, conn => sqlx::query_as(lose).bind(&ids).fetch_all(conn).await)?;
        tx.commit().await?;
        Ok(Swept::of(rows))
    }

    /// Queues up to `limit` of the uncertain again that were handed over at or before `before`, or
    /// whose worker is known to be dead; at most [`MAX_RESENDS`] times each.
    ///
    /// # Errors
    /// As any write.
    pub async fn resend_uncertain(
        &self,
        now: i64,
        before: i64,
        all_dead: bool,
        limit: i64,
    ) -> Result<Swept, StoreError> {
        let sql = RESEND.on(self);
        let rows = each_engine!(self, pool => {
            sqlx::query_as(sql).bind(now).bind(before).bind(all_dead).bind(MAX_RESENDS).bind(limit)
                .fetch_all(pool).await
        })?;
        Ok(Swept::of(rows))
    }

    /// Ends up to `limit` of the uncertain whose edition was cancelled.
    ///
    /// # Errors
    /// As any write.
    pub async fn cancel_uncertain(&self, now: i64, limit: i64) -> Result<Swept, StoreError> {
        let sql = CANCEL.on(self);
        let rows = each_engine!(self, pool => {
            sqlx::query_as(sql).bind(now).bind(limit).fetch_all(pool).await
        })?;
        Ok(Swept::of(rows))
    }

    /// Ends up to `limit` deliveries whose next brief is due.
    ///
    /// # Errors
    /// As any write.
    pub async fn expire_deliveries(&self, now: i64, limit: i64) -> Result<Swept, StoreError> {
        let sql = EXPIRE.on(self);
        let rows = each_engine!(self, pool => {
            sqlx::query_as(sql).bind(now).bind(limit).fetch_all(pool).await
        })?;
        Ok(Swept::of(rows))
    }
}

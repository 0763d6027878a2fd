//! After a restore: what was due before the loss counts as sent, and nudges that could go are in doubt.
//!
//! The queue is walked along its index in batches, each row once, so that a million of them hold
//! neither memory nor the lock of a file for long.

use jiff::Timestamp;
use sqlx::FromRow;

use super::row::{list, millis};
use super::{Db, StoreError, Tx, settings};
use crate::{each_engine, in_tx, statements};

/// The setting up to which everything due counts as sent, RFC 3339: what was delivered after the
/// backup was made that this database comes from.
pub const ASSUMED_SENT_UNTIL: &str = "delivery.assumed_sent_until";

/// Rows looked at, and settled at most, in one transaction.
const BATCH: i64 = 1_000;

/// A row of the queue, or one that is under way.
#[derive(Debug, FromRow)]
struct Place {
    id: String,
    /// Its place in the queue; nothing for one that is under way.
    next_attempt_at: i64,
    /// Whether it was due up to the instant and is in nobody's hands.
    is_free: bool,
}

/// What an operator's word settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assumed {
    /// Deliveries that are recorded as sent.
    pub deliveries: u64,
    /// Nudges that are in doubt now.
    pub nudges: u64,
}

statements! {
    /// The next of the queue.
    QUEUED = "SELECT id, next_attempt_at, send_at <= $1 AND (lease_until IS NULL OR lease_until <= $2) AS is_free \
        FROM delivery WHERE state = 'queued' AND next_attempt_at <= $3 AND (next_attempt_at, id) > ($4, $5) \
        ORDER BY next_attempt_at, id LIMIT $6";
    /// The next of what is under way or uncertain.
    UNDER_WAY = "SELECT id, CAST(0 AS BIGINT) AS next_attempt_at, \
        send_at <= $1 AND (lease_until IS NULL OR lease_until <= $2) AS is_free \
        FROM delivery WHERE state IN ('handing_over', 'uncertain') AND id > $3 ORDER BY id LIMIT $4";
    /// Settles some of them, unless somebody has them in hand by now.
    ASSUME = "UPDATE delivery SET state = 'sent', reason = 'assumed sent', finished_at = $2, \
        handed_over_at = COALESCE(handed_over_at, send_at), next_attempt_at = NULL, \
        lease_until = NULL, lease_token = NULL WHERE id IN (SELECT value FROM json_each($1)) \
        AND state IN ('queued', 'handing_over', 'uncertain') \
        AND (lease_until IS NULL OR lease_until <= $2) RETURNING iso_week";
    /// Nudges that could go by then, drafts included, since one may have been approved after the backup:
    /// nobody can tell whether they left, and what is in doubt is never sent again.
    DOUBT = "UPDATE nudge SET state = 'uncertain', sent_at = $1, \
        why = 'the database was restored: it may have left before' \
        WHERE state IN ('drafted', 'approved') AND send_from <= $1";
    /// The weeks whose proof that changes.
    REOPEN = "UPDATE run SET closed_at = NULL \
        WHERE iso_week IN (SELECT value FROM json_each($1)) AND closed_at IS NOT NULL";
}

impl Db {
    /// Records that everything due up to `until` was sent before the database was restored: what is
    /// planned already now, and what is planned later by [`Db::assume_planned`]. What is held has no
    /// edition yet that could have been sent: it is settled by an approval
    /// ([`Tx::approve_deliveries`]). Nudges that could go by then are in doubt from the same moment on.
    ///
    /// # Errors
    /// As any write; what was settled before it stays settled, and a second call goes on.
    pub async fn assume_sent(
        &self,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Assumed, StoreError> {
        let mut tx = self.begin().await?;
        settings::set_within(&mut tx, ASSUMED_SENT_UNTIL, &until.to_string(), now).await?;
        tx.settle_until(until, now).await?;
        let nudges = tx.doubt_nudges(until).await?;
        tx.commit().await?;
        // What waits for a retry stands later in the queue than it was due.
        let deliveries = self.assume(millis(until), i64::MAX, millis(now)).await?;
        Ok(Assumed { deliveries, nudges })
    }

    /// Settles by what [`Db::assume_sent`] said; to be called between planning and delivering. Returns
    /// how many deliveries were recorded as sent; nudges drafted since for that time are in doubt like
    /// those before. What was queued again by hand is not settled.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the setting is not an instant; else as any write.
    pub async fn assume_planned(&self, now: Timestamp) -> Result<u64, StoreError> {
        let Some(until) = settings::get(self, ASSUMED_SENT_UNTIL).await? else {
            return Ok(0);
        };
        let until = instant(&until)?;
        let mut tx = self.begin().await?;
        tx.doubt_nudges(until).await?;
        tx.commit().await?;
        let until = millis(until);
        self.assume(until, until, millis(now)).await
    }

    /// Walks the queue up to a place in it, then what is under way.
    async fn assume(&self, until: i64, queued_until: i64, now: i64) -> Result<u64, StoreError> {
        let (queued, under_way) = (QUEUED.on(self), UNDER_WAY.on(self));
        let mut settled = 0;
        let mut after = (i64::MIN, String::new());
        loop {
            let page: Vec<Place> = each_engine!(self, pool => {
                sqlx::query_as(queued).bind(until).bind(now).bind(queued_until)
                    .bind(after.0).bind(&after.1).bind(BATCH).fetch_all(pool).await
            })?;
            let Some(last) = page.last() else { break };
            after = (last.next_attempt_at, last.id.clone());
            settled += self.assume_some(&page, now).await?;
        }
        let mut after = String::new();
        loop {
            let page: Vec<Place> = each_engine!(self, pool => {
                sqlx::query_as(under_way).bind(until).bind(now).bind(&after).bind(BATCH)
                    .fetch_all(pool).await
            })?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.id);
            settled += self.assume_some(&page, now).await?;
        }
        Ok(settled)
    }

    /// Settles what of a page is free, and opens the runs of it again.
    async fn assume_some(&self, page: &[Place], now: i64) -> Result<u64, StoreError> {
        let free: Vec<&str> = page.iter().filter(|p| p.is_free).map(|p| p.id.as_str()).collect();
        if free.is_empty() {
            return Ok(0);
        }
        let mut tx = self.begin().await?;
        let (assume, reopen) = (ASSUME.within(&tx), REOPEN.within(&tx));
        let mut weeks: Vec<String> = in_tx!(&mut tx, conn => {
            sqlx::query_scalar(assume).bind(list(&free)).bind(now).fetch_all(conn).await
        })?;
        let settled = weeks.len() as u64;
        weeks.sort_unstable();
        weeks.dedup();
        in_tx!(&mut tx, conn => {
            sqlx::query(reopen).bind(list(&weeks)).execute(conn).await.map(drop)
        })?;
        tx.commit().await?;
        Ok(settled)
    }
}

/// The instant that the setting holds.
fn instant(until: &str) -> Result<Timestamp, StoreError> {
    until.parse().map_err(|_| StoreError::Corrupt {
        table: "setting",
        column: "value",
        row: ASSUMED_SENT_UNTIL.to_owned(),
        problem: "is not an instant; give it again with `brief assume-sent`".to_owned(),
    })
}

impl Tx {
    /// Up to which instant everything due counts as sent, if that was said.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the setting is not an instant; else as any read.
    pub(super) async fn assumed_until(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let until = settings::get_within(self, ASSUMED_SENT_UNTIL).await?;
        until.as_deref().map(instant).transpose()
    }

    async fn doubt_nudges(&mut self, until: Timestamp) -> Result<u64, StoreError> {
        let sql = DOUBT.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query(sql).bind(millis(until)).execute(conn).await?.rows_affected()
        }))
    }
}

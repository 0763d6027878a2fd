//! Pruning: what was said loses its bodies after a while, and no row is ever lost (DESIGN 2.8).
//!
//! Each call takes one batch. What it takes is looked for without a lock and then taken by its keys,
//! so that no other writer waits for the search. Nothing can begin again between the two: only a
//! delivery that is still news can be queued again, and that is over long before anything is pruned.

use super::row::list;
use super::{Db, StoreError, settings};
use crate::{each_engine, in_tx, statements};

/// Which part of what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The message of an edition, with slots: what a mail is made from.
    Message,
    /// The text and the HTML of an edition: its web copy.
    Body,
    /// A relay's words about an attempt.
    Reply,
}

impl Kept {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Message, Self::Body, Self::Reply];

    /// Its name in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Body => "body",
            Self::Reply => "reply",
        }
    }
}

/// What one batch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pruned {
    /// Rows that lost something.
    pub rows: u64,
    /// Whether there may be more.
    pub more: bool,
}

/// The setting that says up to which delivery the relay's words are gone.
const REPLIES_FROM: &str = "retention.replies_from";

/// Old editions that still have one part, and of which no delivery is under way.
macro_rules! old_with {
    ($part:literal) => {
        concat!(
            "SELECT e.id FROM edition e WHERE e.", $part, " IS NOT NULL AND e.created_at < $1 ",
            "AND (e.frozen_at IS NULL OR e.frozen_at < $1) AND e.state NOT IN ('draft', 'held') ",
            "AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.edition_id = e.id ",
            "AND d.state IN ('held', 'queued', 'handing_over', 'uncertain')) ORDER BY e.created_at LIMIT $2"
        )
    };
}

statements! {
    /// Editions whose message may go.
    OLD_MESSAGES = old_with!("mould");
    /// Takes messages.
    TAKE_MESSAGES = "UPDATE edition SET mould = NULL, pruned_at = $2 \
        WHERE id IN (SELECT value FROM json_each($1)) AND mould IS NOT NULL";
    /// Editions whose text and HTML may go.
    OLD_BODIES = old_with!("body_html");
    /// Takes texts and HTML.
    TAKE_BODIES = "UPDATE edition SET body_text = NULL, body_html = NULL, pruned_at = $2 \
        WHERE id IN (SELECT value FROM json_each($1)) AND body_html IS NOT NULL";
    /// The next attempts from a delivery on: the last delivery among them, and how many they are.
    NEXT_ATTEMPTS = "SELECT MAX(delivery_id), COUNT(*) FROM (SELECT delivery_id FROM delivery_attempt \
        WHERE delivery_id >= $1 ORDER BY delivery_id, number LIMIT $2) AS a";
    /// The first delivery between two that has a younger attempt.
    FIRST_YOUNG = "SELECT MIN(delivery_id) FROM delivery_attempt \
        WHERE delivery_id >= $1 AND delivery_id <= $2 AND finished_at >= $3";
    /// Takes the relay's words from the attempts of a stretch of deliveries.
    TAKE_REPLIES = "UPDATE delivery_attempt SET reply = NULL \
        WHERE delivery_id >= $1 AND delivery_id <= $2 AND finished_at < $3 AND reply IS NOT NULL";
}

impl Db {
    /// Takes up to `limit` of one part away that are older than `before`.
    ///
    /// # Errors
    /// As any write.
    pub async fn prune(
        &self,
        kept: Kept,
        before: i64,
        limit: i64,
        now: i64,
    ) -> Result<Pruned, StoreError> {
        let (find, take) = match kept {
            Kept::Message => (OLD_MESSAGES, TAKE_MESSAGES),
            Kept::Body => (OLD_BODIES, TAKE_BODIES),
            Kept::Reply => return self.prune_replies(before, limit, now).await,
        };
        let sql = find.on(self);
        let ids: Vec<String> = each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(before).bind(limit).fetch_all(pool).await
        })?;
        if ids.is_empty() {
            return Ok(Pruned { rows: 0, more: false });
        }
        let more = i64::try_from(ids.len()).is_ok_and(|found| found >= limit);
        let (sql, ids) = (take.on(self), list(&ids));
        let rows = each_engine!(self, pool => {
            sqlx::query(sql).bind(&ids).bind(now).execute(pool).await.map(|done| done.rows_affected())
        })?;
        Ok(Pruned { rows, more })
    }

    /// Attempts lie in the order of their deliveries, which is that of time: a mark says how far the
    /// words are gone, and the walk ends at the first attempt that is younger.
    async fn prune_replies(&self, before: i64, limit: i64, now: i64) -> Result<Pruned, StoreError> {
        let from = settings::get(self, REPLIES_FROM).await?.unwrap_or_default();
        let (next, young) = (NEXT_ATTEMPTS.on(self), FIRST_YOUNG.on(self));
        let (last, attempts): (Option<String>, i64) = each_engine!(self, pool => {
            sqlx::query_as(next).bind(&from).bind(limit).fetch_one(pool).await
        })?;
        let Some(last) = last else {
            return Ok(Pruned { rows: 0, more: false });
        };
        let young: Option<String> = each_engine!(self, pool => {
            sqlx::query_scalar(young).bind(&from).bind(&last).bind(before).fetch_one(pool).await
        })?;
        let more = young.is_none() && attempts >= limit && last != from;
        let mark = young.unwrap_or_else(|| last.clone());
        let mut tx = self.begin().await?;
        let take = TAKE_REPLIES.within(&tx);
        let rows = in_tx!(&mut tx, conn => {
            sqlx::query(take).bind(&from).bind(&last).bind(before).execute(conn).await
                .map(|done| done.rows_affected())
        })?;
        if mark != from {
            let set = settings::SET.within(&tx);
            in_tx!(&mut tx, conn => {
                sqlx::query(set).bind(REPLIES_FROM).bind(&mark).bind(now).execute(conn).await.map(drop)
            })?;
        }
        tx.commit().await?;
        Ok(Pruned { rows, more })
    }
}

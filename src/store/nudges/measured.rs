//! Whether gaps moved: what is still open to be looked at, and the counts.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::nudge::measure::{Count, OWN_WORDS, Tally};
use crate::store::row::millis;
use crate::store::{Db, StoreError};
use crate::{each_engine, statements};

/// A nudge whose days are over and of which nobody has looked whether its gap moved.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Unsettled {
    /// Row id.
    pub id: String,
    /// Row id of the gap.
    pub gap_id: String,
    /// Zone of the client.
    pub time_zone: String,
    /// When it was sent, or held back, milliseconds.
    pub since: i64,
}

statements! {
    /// Those whose days are over, with ids after one.
    UNSETTLED = "SELECT n.id, n.gap_id, o.time_zone, COALESCE(n.sent_at, n.created_at) AS since
        FROM nudge n JOIN organization o ON o.id = n.organization_id
        WHERE n.outcome IS NULL AND n.state IN ('sent', 'answered', 'uncertain', 'held_back') AND n.created_at <= $1
          AND COALESCE(n.sent_at, n.created_at) <= $1 AND n.gap_id IS NOT NULL AND n.id > $2
        ORDER BY n.id LIMIT $3";
    /// Writes down whether a gap moved.
    MEASURE = "UPDATE nudge SET outcome = $2 WHERE id = $1 AND outcome IS NULL";
    /// What became of each text that was sent; one that somebody changed counts as their own words.
    TALLIES = "SELECT CASE WHEN text = drafted_text THEN text_key ELSE $1 END AS text_rule, COUNT(*) AS sent,
          CAST(SUM(CASE WHEN outcome = 'moved' THEN 1 ELSE 0 END) AS BIGINT) AS moved
        FROM nudge WHERE state IN ('sent', 'answered') AND outcome IS NOT NULL AND text_key IS NOT NULL
        GROUP BY 1 ORDER BY 1";
    /// What became of those that were held back.
    HELD = "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN outcome = 'moved' THEN 1 ELSE 0 END), 0) AS BIGINT)
        FROM nudge WHERE state = 'held_back' AND outcome IS NOT NULL";
}

impl Db {
    /// Up to `limit` nudges of before `until` that nobody has looked at, with ids after `after`.
    ///
    /// # Errors
    /// As any read.
    pub async fn unsettled_nudges(
        &self,
        until: Timestamp,
        after: &str,
        limit: i64,
    ) -> Result<Vec<Unsettled>, StoreError> {
        let sql = UNSETTLED.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(millis(until)).bind(after).bind(limit).fetch_all(pool).await?
        }))
    }

    /// Writes down whether the gap of a nudge moved.
    ///
    /// # Errors
    /// As any write.
    pub async fn measure_nudge(&self, id: &str, has_moved: bool) -> Result<(), StoreError> {
        let (sql, outcome) = (MEASURE.on(self), if has_moved { "moved" } else { "still" });
        each_engine!(self, pool => {
            sqlx::query(sql).bind(id).bind(outcome).execute(pool).await?;
        });
        Ok(())
    }

    /// How often gaps moved after each text, and where one was held back.
    ///
    /// # Errors
    /// As any read.
    pub async fn nudge_tallies(&self) -> Result<(Vec<Tally>, Count), StoreError> {
        let (tallies, held) = (TALLIES.on(self), HELD.on(self));
        let rows: Vec<(String, i64, i64)> = each_engine!(self, pool => {
            sqlx::query_as(tallies).bind(OWN_WORDS).fetch_all(pool).await?
        });
        let (all, moved) = each_engine!(self, pool => {
            sqlx::query_as(held).fetch_one(pool).await?
        });
        let tally = |(key, all, moved)| Tally { key, sent: Count { all, moved } };
        Ok((rows.into_iter().map(tally).collect(), Count { all, moved }))
    }
}

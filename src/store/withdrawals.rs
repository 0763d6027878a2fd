//! Who left a list, for the journal that knows more than a restored database (DESIGN 2.8).

use sqlx::FromRow;

use crate::{each_engine, statements};

use super::row::json;
use super::{Db, StoreError};

/// The setting up to which withdrawals stand in the journal, RFC 3339.
pub const JOURNALED_UNTIL: &str = "journal.withdrawals_until";

/// Somebody left.
#[derive(Debug, Clone, PartialEq, Eq, Hash, FromRow)]
pub struct Left {
    /// Row id of the subscription.
    pub subscription_id: String,
    /// When that was written down, milliseconds.
    pub recorded_at: i64,
}

/// That somebody left, as it was written down.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Leaving {
    /// Row id in the history of consent.
    pub id: String,
    /// Who, and when.
    #[sqlx(flatten)]
    pub left: Left,
}

statements! {
    /// Those who left after a place in the history, oldest first.
    SINCE = "SELECT id, subscription_id, recorded_at FROM consent_event WHERE kind = 'withdrawn' \
        AND (recorded_at, id) > ($1, $2) ORDER BY recorded_at, id LIMIT $3";
    /// Of some who left, given as a JSON array of arrays, those who would be mailed all the same: nothing says
    /// so, then or later.
    UNKNOWN = "SELECT DISTINCT s.id AS subscription_id, CAST(e.value ->> 1 AS BIGINT) AS recorded_at \
        FROM json_each($1) AS e JOIN subscription s ON s.id = e.value ->> 0 \
        WHERE s.unsubscribed_at IS NULL AND s.ended_at IS NULL AND s.voided_at IS NULL AND s.suppressed_reason IS NULL \
        AND NOT EXISTS (SELECT 1 FROM consent_event c WHERE c.subscription_id = s.id AND c.kind = 'withdrawn' \
        AND c.recorded_at >= CAST(e.value ->> 1 AS BIGINT))",
        "SELECT DISTINCT s.id AS subscription_id, CAST(a ->> 1 AS BIGINT) AS recorded_at \
        FROM json_array_elements($1::json) AS left_lists (a) JOIN subscription s ON s.id = a ->> 0 \
        WHERE s.unsubscribed_at IS NULL AND s.ended_at IS NULL AND s.voided_at IS NULL AND s.suppressed_reason IS NULL \
        AND NOT EXISTS (SELECT 1 FROM consent_event c WHERE c.subscription_id = s.id AND c.kind = 'withdrawn' \
        AND c.recorded_at >= CAST(a ->> 1 AS BIGINT))";
}

impl Db {
    /// Up to `limit` of those who left after an instant in milliseconds, and of those of that instant after
    /// an id; oldest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn left_since(
        &self,
        (recorded_at, id): (i64, &str),
        limit: i64,
    ) -> Result<Vec<Leaving>, StoreError> {
        let sql = SINCE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(recorded_at).bind(id).bind(limit).fetch_all(pool).await?
        }))
    }

    /// Of some who left, those of whom this database does not know it, in one statement. Whoever it does
    /// not know at all gets no mail from it.
    ///
    /// # Errors
    /// As any read.
    pub async fn left_unknown(&self, some: &[Left]) -> Result<Vec<Left>, StoreError> {
        if some.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<_> = some.iter().map(|own| (&own.subscription_id, own.recorded_at)).collect();
        let (sql, rows) = (UNKNOWN.on(self), json(&rows));
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(&rows).fetch_all(pool).await?))
    }
}

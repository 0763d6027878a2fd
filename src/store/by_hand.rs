//! What an operator does to single deliveries: find one, end it, queue it again.

use super::deliveries::DeliveryRow;
use super::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements, stopped_edition};

statements! {
    /// One delivery, as it is listed.
    FIND = "SELECT d.id, d.iso_week, d.kind, o.slug AS organization, s.role, p.email, e.kind AS edition, e.subject, \
        d.state, d.reason, d.send_at, d.next_attempt_at, d.attempts, d.resends, d.message_id, d.handed_over_at \
        FROM delivery d JOIN subscription s ON s.id = d.subscription_id JOIN person p ON p.id = s.person_id \
        LEFT JOIN organization o ON o.id = s.organization_id LEFT JOIN edition e ON e.id = d.edition_id \
        WHERE d.id = $1";

    /// Whether the message of a delivery is kept no longer, whether its edition was cancelled, and when
    /// its subscriber's next brief is due.
    LEFT_OF = concat!("SELECT e.pruned_at IS NOT NULL AND e.mould IS NULL AS is_pruned, \
        EXISTS (SELECT 1 FROM setting WHERE key = '", stopped_edition!(), "' || e.id) AS is_stopped, d.expires_at \
        FROM delivery d JOIN edition e ON e.id = d.edition_id WHERE d.id = $1");
}

impl Db {
    /// One delivery by its id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn delivery(&self, id: &str) -> Result<DeliveryRow, StoreError> {
        let sql = FIND.on(self);
        let row: Option<DeliveryRow> =
            each_engine!(self, pool => sqlx::query_as(sql).bind(id).fetch_optional(pool).await)?;
        row.ok_or_else(|| missing(id))
    }

    /// Queues one delivery again at `now` and opens its run again, so that the proof counts it anew.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Conflict`] for a delivery whose state forbids it, whose
    /// message was pruned, or that is no longer news.
    pub async fn retry_by_hand(&self, id: &str, now: i64) -> Result<DeliveryRow, StoreError> {
        let mut tx = self.begin().await?;
        tx.retry_by_hand(id, now).await?;
        tx.commit().await?;
        self.delivery(id).await
    }

    /// Ends one delivery that has not left.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Conflict`] for a delivery whose state forbids it.
    pub async fn cancel_by_hand(
        &self,
        id: &str,
        why: &str,
        now: i64,
    ) -> Result<DeliveryRow, StoreError> {
        let mut tx = self.begin().await?;
        tx.cancel_by_hand(id, why, now).await?;
        tx.commit().await?;
        self.delivery(id).await
    }
}

impl Tx {
    /// Queues one delivery again. Returns it as it was before.
    ///
    /// # Errors
    /// As [`Db::retry_by_hand`].
    pub async fn retry_by_hand(&mut self, id: &str, now: i64) -> Result<DeliveryRow, StoreError> {
        let row = self.delivery(id).await?;
        if !self.retry_delivery(id, now).await? {
            return Err(StoreError::Conflict(self.why_no_retry(&row, now).await?));
        }
        self.open_run(&row.iso_week, now).await?;
        Ok(row)
    }

    /// Ends one delivery that has not left. Returns it as it was before.
    ///
    /// # Errors
    /// As [`Db::cancel_by_hand`].
    pub async fn cancel_by_hand(
        &mut self,
        id: &str,
        why: &str,
        now: i64,
    ) -> Result<DeliveryRow, StoreError> {
        let row = self.delivery(id).await?;
        if !self.cancel_delivery(id, why, now).await? {
            return Err(StoreError::Conflict(format!(
                "delivery {id} is {}; only a held, queued or uncertain one can be cancelled",
                row.state
            )));
        }
        Ok(row)
    }

    async fn delivery(&mut self, id: &str) -> Result<DeliveryRow, StoreError> {
        let sql = FIND.within(self);
        let row: Option<DeliveryRow> =
            in_tx!(self, conn => sqlx::query_as(sql).bind(id).fetch_optional(conn).await)?;
        row.ok_or_else(|| missing(id))
    }

    async fn why_no_retry(&mut self, row: &DeliveryRow, now: i64) -> Result<String, StoreError> {
        let (sql, id) = (LEFT_OF.within(self), &row.id);
        let left: Option<(bool, bool, Option<i64>)> =
            in_tx!(self, conn => sqlx::query_as(sql).bind(id).fetch_optional(conn).await)?;
        let may_be = matches!(row.state.as_str(), "failed" | "uncertain" | "queued");
        Ok(match left {
            Some((true, _, _)) if may_be => format!(
                "delivery {id} cannot be retried: its message is no longer kept \
                 (retention.message_weeks), only the record of what became of it"
            ),
            Some((_, true, _)) if may_be => {
                format!("delivery {id} cannot be retried: its edition was cancelled")
            }
            Some((_, _, Some(ended_at))) if may_be && ended_at <= now => {
                let since = instant(ended_at);
                format!(
                    "delivery {id} is no longer news since {since}: the next brief took its place"
                )
            }
            _ => format!(
                "delivery {id} is {}; only a failed, uncertain or queued one can be retried",
                row.state
            ),
        })
    }
}

fn missing(id: &str) -> StoreError {
    StoreError::NotFound { what: "delivery", name: id.to_owned(), hint: "see `brief deliveries`" }
}

/// An instant for a sentence.
fn instant(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms)
        .map_or_else(|_| "long ago".to_owned(), |at| at.to_string())
}

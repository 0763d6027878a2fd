//! Deliveries as they are listed, and what an operator does to single ones.

use sqlx::FromRow;

use crate::store::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements, stopped_edition};

/// A delivery as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, serde::Serialize)]
pub struct DeliveryRow {
    /// Row id.
    pub id: String,
    /// ISO week.
    pub iso_week: String,
    /// `brief` or `correction`.
    pub kind: String,
    /// Slug of the organization, if it has one.
    pub organization: Option<String>,
    /// Role of the subscription.
    pub role: String,
    /// The address; none for a person who was forgotten.
    pub email: Option<String>,
    /// Kind of edition.
    pub edition: Option<String>,
    /// Subject.
    pub subject: Option<String>,
    /// State.
    pub state: String,
    /// Why.
    pub reason: Option<String>,
    /// The subscriber's slot, milliseconds.
    pub send_at: i64,
    /// When it is due again, milliseconds.
    pub next_attempt_at: Option<i64>,
    /// Hand-overs.
    pub attempts: i64,
    /// Copies that may have gone out beyond the first.
    pub resends: i64,
    /// Message-ID.
    pub message_id: Option<String>,
    /// When it was handed over, milliseconds.
    pub handed_over_at: Option<i64>,
}

statements! {
    /// Deliveries, newest week first. Empty text stands for "any".
    LIST = "SELECT d.id, d.iso_week, d.kind, o.slug AS organization, s.role, p.email, e.kind AS edition, e.subject, \
        d.state, d.reason, d.send_at, d.next_attempt_at, d.attempts, d.resends, d.message_id, d.handed_over_at \
        FROM delivery d JOIN subscription s ON s.id = d.subscription_id JOIN person p ON p.id = s.person_id \
        LEFT JOIN organization o ON o.id = s.organization_id LEFT JOIN edition e ON e.id = d.edition_id \
        WHERE ($1 = '' OR d.state = $1) AND ($2 = '' OR d.iso_week = $2) \
        ORDER BY d.iso_week DESC, d.send_at, d.id LIMIT $3";

    /// One delivery by hand.
    CANCEL_ONE = "UPDATE delivery SET state = 'cancelled', reason = $2, finished_at = $3, next_attempt_at = NULL, \
        lease_until = NULL, lease_token = NULL WHERE id = $1 AND state IN ('queued', 'held', 'uncertain')";

    /// One delivery again by hand, as long as it is news, its message is kept and its edition stands.
    RETRY_ONE = concat!("UPDATE delivery SET state = 'queued', reason = NULL, next_attempt_at = $2, finished_at = NULL, \
        lease_until = NULL, lease_token = NULL, resends = resends + CASE WHEN state = 'uncertain' THEN 1 ELSE 0 END \
        WHERE id = $1 AND state IN ('failed', 'uncertain', 'queued') \
        AND edition_id IN (SELECT e.id FROM edition e WHERE e.id = delivery.edition_id AND e.mould IS NOT NULL) \
        AND (expires_at IS NULL OR expires_at > $2) \
        AND NOT EXISTS (SELECT 1 FROM setting WHERE key = '", stopped_edition!(), "' || delivery.edition_id)");
}

impl Db {
    /// Deliveries of a state and a week; empty text for any.
    ///
    /// # Errors
    /// As any read.
    pub async fn deliveries(
        &self,
        state: &str,
        iso_week: &str,
        limit: i64,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        let sql = LIST.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(state).bind(iso_week).bind(limit).fetch_all(pool).await
        })?)
    }
}

impl Tx {
    /// Ends one delivery by hand; whether it was still to be ended.
    ///
    /// # Errors
    /// As any write.
    pub async fn cancel_delivery(
        &mut self,
        id: &str,
        why: &str,
        now: i64,
    ) -> Result<bool, StoreError> {
        let sql = CANCEL_ONE.within(self);
        let rows: u64 = in_tx!(self, conn => {
            sqlx::query(sql).bind(id).bind(why).bind(now).execute(conn).await
                .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// Queues one failed, uncertain or deferred delivery again by hand; whether there was one.
    ///
    /// # Errors
    /// As any write.
    pub async fn retry_delivery(&mut self, id: &str, now: i64) -> Result<bool, StoreError> {
        let sql = RETRY_ONE.within(self);
        let rows: u64 = in_tx!(self, conn => {
            sqlx::query(sql).bind(id).bind(now).execute(conn).await
                .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }
}

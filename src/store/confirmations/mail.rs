//! The mail that asks: due, claimed with the link's token, left.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::store::row::millis;
use crate::store::{Db, StoreError};
use crate::{each_engine, statements};

statements! {
    /// Mails that are due, oldest first. Whoever may not be mailed waits until the request is over,
    /// unless the reader's own wish ends that (`SuppressionReason::yields_to_consent`).
    DUE = "SELECT c.id, c.subscription_id, c.kind, c.requested_at, c.expires_at, c.attempts, p.email, p.name, s.role,
          o.name AS organization
        FROM confirmation c JOIN subscription s ON s.id = c.subscription_id JOIN person p ON p.id = s.person_id
          LEFT JOIN organization o ON o.id = s.organization_id
        WHERE c.mailed_at IS NULL AND c.closed_at IS NULL AND c.next_attempt_at <= $1 AND c.expires_at > $1
          AND p.email IS NOT NULL AND (s.suppressed_reason IS NULL OR (c.kind = 'request'
            AND s.suppressed_reason IN ('soft_bounces', 'unsubscribed_all', 'forgotten')))
          AND s.ended_at IS NULL AND s.voided_at IS NULL
        ORDER BY c.next_attempt_at, c.id LIMIT $2";
    /// Takes one, with the hash of the token that its mail will carry. The number of the try is the
    /// fence: whoever is late with its outcome, when another one has the mail, changes nothing.
    CLAIM = "UPDATE confirmation SET token_hash = $2, attempts = attempts + 1, next_attempt_at = $4
        WHERE id = $1 AND attempts = $5 AND mailed_at IS NULL AND closed_at IS NULL AND next_attempt_at <= $3";
    /// It left, or may have.
    MAILED = "UPDATE confirmation SET mailed_at = $2 WHERE id = $1 AND attempts = $3 AND mailed_at IS NULL";
    /// It will never leave.
    CLOSE = "UPDATE confirmation SET closed_at = $2, closed_why = $4, token_hash = NULL
        WHERE id = $1 AND attempts = $3 AND mailed_at IS NULL AND closed_at IS NULL";
    /// It certainly did not leave: it is due again then.
    AGAIN = "UPDATE confirmation SET next_attempt_at = $2, token_hash = NULL
        WHERE id = $1 AND attempts = $3 AND mailed_at IS NULL AND closed_at IS NULL";
}

/// A mail that is due. Instants are milliseconds.
#[derive(Debug, Clone, FromRow)]
pub struct Due {
    /// Row id of the confirmation.
    pub id: String,
    /// What would begin.
    pub subscription_id: String,
    /// `request`, `invitation` or `known`.
    pub kind: String,
    /// When it was asked for.
    pub requested_at: i64,
    /// From when on the link is too old.
    pub expires_at: i64,
    /// Tries so far.
    pub attempts: i64,
    /// Where it goes.
    pub email: String,
    /// The name; may be empty.
    pub name: String,
    /// The role.
    pub role: String,
    /// Name of the organization, if the list is of one.
    pub organization: Option<String>,
}

impl Db {
    /// Up to `limit` mails that are due at `now`.
    ///
    /// # Errors
    /// As any read.
    pub async fn confirmations_due(
        &self,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<Due>, StoreError> {
        let sql = DUE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(millis(now)).bind(limit).fetch_all(pool).await?
        }))
    }

    /// Takes one for this sender until `until`. Of several that try, one succeeds.
    ///
    /// # Errors
    /// As any write.
    pub async fn claim_confirmation(
        &self,
        due: &Due,
        token_hash: Option<&str>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = CLAIM.on(self);
        let claimed = each_engine!(self, pool => {
            sqlx::query(sql).bind(&due.id).bind(token_hash).bind(millis(now)).bind(millis(until))
                .bind(due.attempts).execute(pool).await?.rows_affected()
        });
        Ok(claimed == 1)
    }

    /// Records that a claimed one left.
    ///
    /// # Errors
    /// As any write.
    pub async fn confirmation_mailed(&self, due: &Due, now: Timestamp) -> Result<(), StoreError> {
        let sql = MAILED.on(self);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(&due.id).bind(millis(now)).bind(due.attempts + 1)
                .execute(pool).await?;
        });
        Ok(())
    }

    /// Records that one will never leave.
    ///
    /// # Errors
    /// As any write.
    pub async fn close_confirmation(
        &self,
        due: &Due,
        why: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = CLOSE.on(self);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(&due.id).bind(millis(now)).bind(due.attempts + 1).bind(why)
                .execute(pool).await?;
        });
        Ok(())
    }

    /// Gives a claimed one back that certainly did not leave.
    ///
    /// # Errors
    /// As any write.
    pub async fn retry_confirmation(&self, due: &Due, at: Timestamp) -> Result<(), StoreError> {
        let sql = AGAIN.on(self);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(&due.id).bind(millis(at)).bind(due.attempts + 1)
                .execute(pool).await?;
        });
        Ok(())
    }
}

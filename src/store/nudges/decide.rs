//! What people decide about a nudge: other words, yes, no, that it was answered.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::store::row::millis;
use crate::store::{StoreError, Tx};
use crate::{in_tx, statements};

/// A nudge that somebody decides about. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Known {
    /// Row id.
    pub id: String,
    /// Row id of the client.
    pub organization_id: String,
    /// External id of the gap; none where there is no such gap any more.
    pub gap: Option<String>,
    /// The words.
    pub text: String,
    /// State code.
    pub state: String,
    /// Not after.
    pub expires_at: Option<i64>,
}

statements! {
    /// One by its row id.
    KNOWN = "SELECT n.id, n.organization_id, g.external_id AS gap, n.text, n.state, n.expires_at
        FROM nudge n LEFT JOIN gap g ON g.id = n.gap_id WHERE n.id = $1";
    /// Puts it elsewhere, with these words.
    DECIDE = "UPDATE nudge SET state = $3, text = $4, why = $5, decided_at = $6, decided_by = $7
        WHERE id = $1 AND state = $2";
    /// Somebody says that it was answered by another way than a link.
    ANSWERED = "UPDATE nudge SET state = 'answered', answered_at = $2, decided_by = $3
        WHERE id = $1 AND state IN ('sent', 'uncertain')";
    /// What waits for a person who is to be forgotten.
    DROP = "UPDATE nudge SET state = 'skipped', why = 'the recipient was forgotten', decided_at = $2
        WHERE recipient_person_id = $1 AND state IN ('drafted', 'approved')";
}

impl Tx {
    /// A nudge by its row id.
    ///
    /// # Errors
    /// As any read.
    pub async fn known_nudge(&mut self, id: &str) -> Result<Option<Known>, StoreError> {
        let sql = KNOWN.within(self);
        Ok(in_tx!(self, conn => sqlx::query_as(sql).bind(id).fetch_optional(conn).await?))
    }

    /// Puts a nudge from one state into another, with these words and why. Whether it was there.
    ///
    /// # Errors
    /// As any write.
    pub async fn decide_nudge(
        &mut self,
        known: &Known,
        (state, text): (&str, &str),
        why: Option<&str>,
        by: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = DECIDE.within(self);
        let rows: u64 = in_tx!(self, conn => {
            sqlx::query(sql).bind(&known.id).bind(&known.state).bind(state).bind(text).bind(why)
                .bind(millis(now)).bind(by).execute(conn).await?.rows_affected()
        });
        Ok(rows == 1)
    }

    /// Notes that a nudge was answered. Whether it waited for that.
    ///
    /// # Errors
    /// As any write.
    pub async fn nudge_answered(
        &mut self,
        id: &str,
        by: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = ANSWERED.within(self);
        let rows: u64 = in_tx!(self, conn => {
            sqlx::query(sql).bind(id).bind(millis(now)).bind(by).execute(conn).await?.rows_affected()
        });
        Ok(rows == 1)
    }

    /// Drops what waits to be sent to a person.
    ///
    /// # Errors
    /// As any write.
    pub async fn drop_nudges(&mut self, person: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = DROP.within(self);
        in_tx!(self, conn => {
            sqlx::query(sql).bind(person).bind(millis(now)).execute(conn).await.map(drop)
        })?;
        Ok(())
    }
}

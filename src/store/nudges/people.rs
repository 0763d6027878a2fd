//! Who can be nudged at some clients: gap owners with an address, and leaders.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::store::row::{list, millis};
use crate::store::{Db, StoreError};
use crate::{each_engine, not_voided, statements};

/// Somebody at a client, once for each name they own gaps by and for each subscription. Instants are
/// milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct NudgePerson {
    /// Row id of the client.
    pub organization_id: String,
    /// Row id of the person.
    pub id: String,
    /// The name by which they own gaps, or their own.
    pub name: String,
    /// The address; none for who was forgotten.
    pub email: Option<String>,
    /// The address as it is looked for.
    pub email_canonical: Option<String>,
    /// Their zone.
    pub time_zone: Option<String>,
    /// The role of their subscription; none where this is a gap that they own.
    pub role: Option<String>,
    /// When they confirmed it.
    pub confirmed_at: Option<i64>,
    /// When they left.
    pub unsubscribed_at: Option<i64>,
    /// When it was ended for them.
    pub ended_at: Option<i64>,
    /// Why nothing may be sent to them.
    pub suppressed_reason: Option<String>,
    /// First day of a pause.
    pub pause_from: Option<String>,
    /// The day that it ends.
    pub pause_until: Option<String>,
}

statements! {
    /// Everybody who reads about some clients or owns a gap there.
    AT_CLIENTS = concat!(
        "SELECT s.organization_id, p.id, p.name, p.email, p.email_canonical, p.time_zone, s.role, s.confirmed_at,
          s.unsubscribed_at, s.ended_at, s.suppressed_reason, s.pause_from, s.pause_until
        FROM subscription s JOIN person p ON p.id = s.person_id
        WHERE s.organization_id IN (SELECT value FROM json_each($1)) AND s.voided_at IS NULL AND s.created_at <= $2
          AND ", not_voided!("s.batch_id"), "
        UNION SELECT g.organization_id, p.id, e.to_value, p.email, p.email_canonical, p.time_zone, NULL, NULL,
          NULL, NULL, NULL, NULL, NULL
        FROM gap_event e JOIN gap g ON g.id = e.gap_id JOIN person p ON p.id = e.person_id
        WHERE g.organization_id IN (SELECT value FROM json_each($1)) AND g.voided_at IS NULL AND e.kind = 'owner'
          AND e.to_value IS NOT NULL AND e.recorded_at <= $2 AND ", not_voided!("e.batch_id"), "
        ORDER BY 1, 2, 3, 7");
    /// Which of some addresses are suppressed.
    SUPPRESSED = "SELECT address_sha256 FROM suppression WHERE lifted_at IS NULL
        AND address_sha256 IN (SELECT value FROM json_each($1))";
    /// Which of some settings are there.
    STOPPED = "SELECT key FROM setting WHERE key IN (SELECT value FROM json_each($1))";
}

impl Db {
    /// Everybody at some clients who could be nudged, as far as was recorded at an instant.
    ///
    /// # Errors
    /// As any read.
    pub async fn nudge_people(
        &self,
        organizations: &[String],
        known: Timestamp,
    ) -> Result<Vec<NudgePerson>, StoreError> {
        let (sql, ids) = (AT_CLIENTS.on(self), list(organizations));
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(&ids).bind(millis(known)).fetch_all(pool).await?
        }))
    }

    /// Which of some addresses, by their hashes, get no mail.
    ///
    /// # Errors
    /// As any read.
    pub async fn suppressed_among(&self, hashes: &[String]) -> Result<Vec<String>, StoreError> {
        let (sql, hashes) = (SUPPRESSED.on(self), list(hashes));
        Ok(each_engine!(self, pool => sqlx::query_scalar(sql).bind(&hashes).fetch_all(pool).await?))
    }

    /// Which of some settings are there.
    ///
    /// # Errors
    /// As any read.
    pub async fn settings_among(&self, keys: &[String]) -> Result<Vec<String>, StoreError> {
        let (sql, keys) = (STOPPED.on(self), list(keys));
        Ok(each_engine!(self, pool => sqlx::query_scalar(sql).bind(&keys).fetch_all(pool).await?))
    }
}

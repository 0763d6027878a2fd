//! What the policy asks: whose a delivery is, and for how many weeks its address has failed.

use sqlx::FromRow;

use crate::store::address_hash::AddressHash;
use crate::store::{StoreError, Tx};
use crate::{in_tx, statements};

/// Whose a delivery or a nudge is, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Subject {
    /// Row id of the delivery.
    pub delivery_id: Option<String>,
    /// Row id of the nudge, where it is one.
    pub nudge_id: Option<String>,
    /// The person.
    pub person_id: String,
    /// The address; none for a person who was forgotten.
    pub email: Option<String>,
    /// The address as it is looked for.
    pub email_canonical: Option<String>,
}

/// A week of an address: its deliveries that were sent or bounced, and how many of them bounced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
struct Week {
    deliveries: i64,
    bounced: i64,
}

statements! {
    /// Whose it is.
    SUBJECT = "SELECT d.id AS delivery_id, CAST(NULL AS TEXT) AS nudge_id, p.id AS person_id, p.email, p.email_canonical FROM delivery d \
        JOIN subscription s ON s.id = d.subscription_id JOIN person p ON p.id = s.person_id WHERE d.id = $1";

    /// The same of a nudge that was handed over.
    NUDGE_SUBJECT = "SELECT CAST(NULL AS TEXT) AS delivery_id, n.id AS nudge_id, p.id AS person_id, p.email, \
        p.email_canonical FROM nudge n JOIN person p ON p.id = n.recipient_person_id \
        WHERE n.id = $1 AND n.message_id IS NOT NULL";

    /// The last weeks of an address, newest first, since its suppression was last lifted. What the
    /// sender is to blame for, and what went to another address of the person, is no week of it.
    WEEKS = "SELECT COUNT(*) AS deliveries, CAST(SUM(bounced) AS BIGINT) AS bounced FROM (SELECT d.iso_week, \
        CASE WHEN EXISTS (SELECT 1 FROM bounce b WHERE b.delivery_id = d.id AND b.kind = 'soft' \
            AND b.address_sha256 = $2) THEN 1 ELSE 0 END AS bounced \
        FROM delivery d JOIN subscription s ON s.id = d.subscription_id \
        WHERE s.person_id = $1 AND d.state IN ('sent', 'failed') \
        AND d.finished_at > COALESCE((SELECT MAX(l.lifted_at) FROM suppression l WHERE l.address_sha256 = $2), 0) \
        AND (d.state = 'sent' OR EXISTS (SELECT 1 FROM bounce b WHERE b.delivery_id = d.id AND b.kind = 'soft')) \
        AND NOT EXISTS (SELECT 1 FROM bounce b WHERE b.delivery_id = d.id \
            AND (b.kind = 'sender' OR (b.kind = 'soft' AND b.address_sha256 <> $2)))) AS own \
        GROUP BY iso_week ORDER BY iso_week DESC LIMIT $3";
}

impl Tx {
    /// Whose a delivery or a nudge is; none when there is nothing with this row id.
    ///
    /// # Errors
    /// As any read.
    pub async fn bounce_subject(&mut self, id: &str) -> Result<Option<Subject>, StoreError> {
        let (delivery, nudge) = (SUBJECT.within(self), NUDGE_SUBJECT.within(self));
        let found: Option<Subject> =
            in_tx!(self, conn => sqlx::query_as(delivery).bind(id).fetch_optional(conn).await)?;
        if found.is_some() {
            return Ok(found);
        }
        Ok(in_tx!(self, conn => sqlx::query_as(nudge).bind(id).fetch_optional(conn).await)?)
    }

    /// In how many weeks in a row, up to `limit`, all mail to an address bounced for a reason that
    /// may pass. A week in which any mail to it went through ends the row.
    ///
    /// # Errors
    /// As any read.
    pub async fn bounced_weeks(
        &mut self,
        person_id: &str,
        address: &AddressHash,
        limit: u32,
    ) -> Result<u32, StoreError> {
        let sql = WEEKS.within(self);
        let weeks: Vec<Week> = in_tx!(self, conn => {
            sqlx::query_as(sql).bind(person_id).bind(address.as_str()).bind(i64::from(limit))
                .fetch_all(conn).await
        })?;
        let row = weeks.iter().take_while(|week| week.bounced == week.deliveries).count();
        Ok(u32::try_from(row).unwrap_or(u32::MAX))
    }
}

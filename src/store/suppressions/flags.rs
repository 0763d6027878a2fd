//! The fast flag of every subscription: what the list says of its address.

use crate::domain::bounce::SuppressionReason;
use crate::store::address_hash::AddressHash;
use crate::store::{Db, StoreError, Tx};
use crate::{in_tx, statements};

/// People looked at in one statement.
const PAGE: i64 = 1_000;

statements! {
    /// Sets or clears the flags of a person.
    FLAG = "UPDATE subscription SET suppressed_reason = $2 WHERE person_id = $1 AND voided_at IS NULL \
        AND COALESCE(suppressed_reason, '') <> COALESCE(CAST($2 AS TEXT), '')";

    /// Notes whose address a row is about. A forgotten address leads to nobody.
    OWN = "UPDATE suppression SET person_id = $2 WHERE address_sha256 = $1 AND lifted_at IS NULL \
        AND reason <> 'forgotten' AND COALESCE(person_id, '') <> $2";

    /// Whether any address is suppressed.
    ANY = "SELECT EXISTS (SELECT 1 FROM suppression WHERE lifted_at IS NULL)";

    /// People with subscriptions of an import, a page at a time.
    OF_BATCH = "SELECT DISTINCT p.id, p.email_canonical FROM subscription s JOIN person p ON p.id = s.person_id \
        WHERE s.batch_id = $1 AND p.id > $2 AND p.email_canonical IS NOT NULL ORDER BY p.id LIMIT $3";

    /// Rows whose time is over, with the address of whoever they are about.
    EXPIRED = "SELECT s.id, s.person_id, p.email_canonical FROM suppression s LEFT JOIN person p ON p.id = s.person_id \
        WHERE s.lifted_at IS NULL AND s.expires_at IS NOT NULL AND s.expires_at <= $1 ORDER BY s.expires_at LIMIT $2";

    /// Cuts the tie between a person who is forgotten and the rows about the address.
    UNTIE = "UPDATE suppression SET person_id = NULL WHERE person_id = $1";
}

impl Tx {
    /// Makes the flags of a person say what the list says of the address that the person has now.
    /// To be called wherever an address gets a subscription, confirms one, or becomes somebody's.
    ///
    /// # Errors
    /// As any write.
    pub async fn reflect_suppression(
        &mut self,
        person_id: &str,
        lookup_key: &str,
    ) -> Result<Option<SuppressionReason>, StoreError> {
        let address = AddressHash::of_key(lookup_key);
        let reason = self.standing(&address).await?.map(|(_, reason, _)| reason);
        if reason.is_some() {
            let sql = OWN.within(self);
            in_tx!(self, conn => {
                sqlx::query(sql).bind(address.as_str()).bind(person_id).execute(conn).await.map(drop)
            })?;
        }
        self.flag_person(Some(person_id), reason).await?;
        Ok(reason)
    }

    /// The same for everybody who has a subscription of an import.
    ///
    /// # Errors
    /// As any write.
    pub async fn reflect_suppressions_of_batch(&mut self, batch: &str) -> Result<(), StoreError> {
        let (any, page) = (ANY.within(self), OF_BATCH.within(self));
        let is_any: bool = in_tx!(self, conn => sqlx::query_scalar(any).fetch_one(conn).await)?;
        if !is_any {
            return Ok(());
        }
        let mut after = String::new();
        loop {
            let people: Vec<(String, String)> = in_tx!(self, conn => {
                sqlx::query_as(page).bind(batch).bind(&after).bind(PAGE).fetch_all(conn).await
            })?;
            let Some((last, _)) = people.last() else { return Ok(()) };
            after.clone_from(last);
            for (person, lookup_key) in &people {
                self.reflect_suppression(person, lookup_key).await?;
            }
        }
    }

    /// Cuts the tie between a person and the rows about the address, so that nothing leads from the
    /// one to the other.
    ///
    /// # Errors
    /// As any write.
    pub async fn untie_suppressions(&mut self, person_id: &str) -> Result<(), StoreError> {
        let sql = UNTIE.within(self);
        in_tx!(self, conn => sqlx::query(sql).bind(person_id).execute(conn).await.map(drop))?;
        Ok(())
    }

    pub(super) async fn flag_person(
        &mut self,
        person_id: Option<&str>,
        reason: Option<SuppressionReason>,
    ) -> Result<(), StoreError> {
        let Some(person_id) = person_id else { return Ok(()) };
        let (sql, reason) = (FLAG.within(self), reason.map(SuppressionReason::as_str));
        in_tx!(self, conn => {
            sqlx::query(sql).bind(person_id).bind(reason).execute(conn).await.map(drop)
        })?;
        Ok(())
    }
}

impl Db {
    /// Lifts up to `limit` rows whose time is over at `now`; how many.
    ///
    /// # Errors
    /// As any write.
    pub async fn lift_expired(&self, now: i64, limit: i64) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let sql = EXPIRED.within(&tx);
        let rows: Vec<(String, Option<String>, Option<String>)> = in_tx!(&mut tx, conn => {
            sqlx::query_as(sql).bind(now).bind(limit).fetch_all(conn).await
        })?;
        for (id, person, lookup_key) in &rows {
            tx.lift_one(id, now, "its time was over").await?;
            if let Some((person, lookup_key)) = person.as_ref().zip(lookup_key.as_ref()) {
                tx.reflect_suppression(person, lookup_key).await?;
            }
        }
        tx.commit().await?;
        Ok(rows.len() as u64)
    }
}

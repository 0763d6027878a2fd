//! The list as people read it, and what an operator does to it.

use std::collections::HashMap;

use sqlx::FromRow;

use super::NewSuppression;
use crate::domain::address::EmailAddress;
use crate::domain::bounce::SuppressionReason;
use crate::store::address_hash::AddressHash;
use crate::store::{Db, StoreError, Tx, people};
use crate::{each_engine, in_tx, statements};

/// A row as it is listed. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SuppressionRow {
    /// Row id.
    pub id: String,
    /// The address, as a hash.
    pub address_sha256: String,
    /// The address of whoever the row is about, which may be another one by now.
    pub email: Option<String>,
    /// Why.
    pub reason: String,
    /// Codes, or words.
    pub detail: Option<String>,
    /// Who said so.
    pub source: String,
    /// Since when.
    pub since: i64,
    /// Until when.
    pub expires_at: Option<i64>,
    /// When it was lifted.
    pub lifted_at: Option<i64>,
    /// Why it was.
    pub lifted_why: Option<String>,
}

impl SuppressionRow {
    /// The address, where somebody still has it.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        let email = self.email.as_deref()?;
        let own = EmailAddress::parse(email).ok()?;
        (AddressHash::of(&own).as_str() == self.address_sha256).then_some(email)
    }
}

statements! {
    /// The newest first; those that were lifted only where $1 asks for them, of one address where $2
    /// names it, of one reason where $3 does.
    LIST = "SELECT s.id, s.address_sha256, p.email, s.reason, s.detail, s.source, s.since, s.expires_at, s.lifted_at, \
        s.lifted_why FROM suppression s LEFT JOIN person p ON p.id = s.person_id \
        WHERE ($1 OR s.lifted_at IS NULL) AND ($2 = '' OR s.address_sha256 = $2) AND ($3 = '' OR s.reason = $3) \
        ORDER BY s.since DESC, s.id DESC LIMIT $4";

    /// Every address that is suppressed, as a hash, with the reason.
    STANDING = "SELECT address_sha256, reason FROM suppression WHERE lifted_at IS NULL";

    /// Who a row that stands is about, with the address that they have now.
    ROW = "SELECT s.person_id, p.email_canonical FROM suppression s LEFT JOIN person p ON p.id = s.person_id \
        WHERE s.id = $1 AND s.lifted_at IS NULL";

    /// How many stand, by reason.
    BY_REASON = "SELECT reason, COUNT(*) FROM suppression WHERE lifted_at IS NULL GROUP BY reason ORDER BY reason";
}

/// An address that somebody wants suppressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByHand<'a> {
    /// The address, whether anybody has it or not.
    pub email: &'a EmailAddress,
    /// Why.
    pub reason: SuppressionReason,
    /// The same in words, without addresses.
    pub detail: Option<&'a str>,
    /// Who says so: `operator`, `api`.
    pub source: &'a str,
    /// Until when, milliseconds; none for good.
    pub expires_at: Option<i64>,
}

impl Tx {
    /// Suppresses an address by hand; whether that reason holds now and did not before.
    ///
    /// # Errors
    /// As any write.
    pub async fn suppress_by_hand(
        &mut self,
        wanted: &ByHand<'_>,
        now: i64,
    ) -> Result<bool, StoreError> {
        let person = people::find_within(self, wanted.email).await?;
        self.suppress(&NewSuppression {
            address: &AddressHash::of(wanted.email),
            person_id: person.as_ref().map(|person| person.id.as_str()),
            reason: wanted.reason,
            detail: wanted.detail,
            source: wanted.source,
            since: now,
            expires_at: wanted.expires_at,
        })
        .await
    }

    /// Lifts one row by its id, and sets the flags of whoever has the address; whether it stood.
    ///
    /// # Errors
    /// As any write.
    pub async fn lift_row(&mut self, id: &str, why: &str, now: i64) -> Result<bool, StoreError> {
        let sql = ROW.within(self);
        let row: Option<(Option<String>, Option<String>)> = in_tx!(self, conn => {
            sqlx::query_as(sql).bind(id).fetch_optional(conn).await?
        });
        let Some((person, lookup_key)) = row else { return Ok(false) };
        self.lift_one(id, now, why).await?;
        if let Some((person, lookup_key)) = person.zip(lookup_key) {
            self.reflect_suppression(&person, &lookup_key).await?;
        }
        Ok(true)
    }
}

impl Db {
    /// Rows of the list, newest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn suppressions(
        &self,
        lifted: bool,
        address: Option<&AddressHash>,
        reason: Option<SuppressionReason>,
        limit: i64,
    ) -> Result<Vec<SuppressionRow>, StoreError> {
        let sql = LIST.on(self);
        let address = address.map_or("", AddressHash::as_str);
        let reason = reason.map_or("", SuppressionReason::as_str);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(lifted).bind(address).bind(reason).bind(limit)
                .fetch_all(pool).await
        })?)
    }

    /// Every suppressed address, as a hash, with the reason.
    ///
    /// # Errors
    /// As any read.
    pub async fn suppressed(&self) -> Result<HashMap<String, String>, StoreError> {
        let sql = STANDING.on(self);
        let rows: Vec<(String, String)> =
            each_engine!(self, pool => sqlx::query_as(sql).fetch_all(pool).await)?;
        Ok(rows.into_iter().collect())
    }

    /// How many addresses are suppressed, by reason.
    ///
    /// # Errors
    /// As any read.
    pub async fn suppressions_by_reason(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = BY_REASON.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).fetch_all(pool).await)?)
    }

    /// Suppresses an address by hand, whether anybody has it or not; whether that reason holds now
    /// and did not before.
    ///
    /// # Errors
    /// As any write.
    pub async fn suppress_by_hand(
        &self,
        email: &EmailAddress,
        reason: SuppressionReason,
        detail: Option<&str>,
        now: i64,
        expires_at: Option<i64>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let by_hand = ByHand { email, reason, detail, source: "operator", expires_at };
        let is_new = tx.suppress_by_hand(&by_hand, now).await?;
        tx.commit().await?;
        Ok(is_new)
    }

    /// Lifts what stands for an address by hand.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is not suppressed.
    pub async fn lift_by_hand(
        &self,
        email: &EmailAddress,
        why: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let person = people::find_within(&mut tx, email).await?;
        let person_id = person.as_ref().map(|person| person.id.as_str());
        if !tx.lift_suppression(&AddressHash::of(email), person_id, why, now).await? {
            return Err(StoreError::NotFound {
                what: "suppression of",
                name: email.to_string(),
                hint: "`brief suppressions` shows them all",
            });
        }
        tx.commit().await
    }
}

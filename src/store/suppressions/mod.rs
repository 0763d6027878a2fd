//! Addresses that get no mail, whoever asks for it.
//!
//! **Invariants:** an address has one row that stands at most; a row that is over is lifted and stays;
//! `subscription.suppressed_reason` says of every subscription of an address what the standing row
//! says, so that a claim and an intent ask one column. Whatever gives an address a subscription calls
//! [`Tx::reflect_suppression`].
//!
//! Reading order: this file, `list`, `flags`.

mod flags;
mod list;

use std::str::FromStr;

use super::address_hash::AddressHash;
use super::row::Place;
use super::{Db, StoreError, Tx};
use crate::clock::new_id;
use crate::domain::bounce::SuppressionReason;
use crate::{each_engine, in_tx, statements};

pub(crate) use flags::STATEMENTS as FLAGS;
pub(crate) use list::STATEMENTS as LIST;
pub use list::{ByHand, SuppressionRow};

/// An address to be suppressed. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSuppression<'a> {
    /// Which address.
    pub address: &'a AddressHash,
    /// Whose it is, where somebody has it.
    pub person_id: Option<&'a str>,
    /// Why.
    pub reason: SuppressionReason,
    /// Codes, or an operator's words; without addresses.
    pub detail: Option<&'a str>,
    /// Who says so: `smtp`, `stdin`, `maildir`, `imap`, a provider, `operator`.
    pub source: &'a str,
    /// Since when.
    pub since: i64,
    /// Until when; none for good.
    pub expires_at: Option<i64>,
}

statements! {
    /// The row that stands for an address.
    STANDING = "SELECT id, reason, expires_at FROM suppression WHERE address_sha256 = $1 AND lifted_at IS NULL";

    /// Adds one; of several workers that do so at once, one succeeds.
    ADD = "INSERT INTO suppression (id, address_sha256, person_id, reason, detail, source, since, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";

    /// Ends one.
    LIFT = "UPDATE suppression SET lifted_at = $2, lifted_why = $3 WHERE id = $1 AND lifted_at IS NULL";
}

impl Db {
    /// Why nothing is sent to an address at an instant; none where mail may be.
    ///
    /// # Errors
    /// As any read.
    pub async fn suppressed_for(
        &self,
        address: &AddressHash,
        now: i64,
    ) -> Result<Option<String>, StoreError> {
        let sql = STANDING.on(self);
        let row: Option<(String, String, Option<i64>)> = each_engine!(self, pool => {
            sqlx::query_as(sql).bind(address.as_str()).fetch_optional(pool).await?
        });
        let standing = row.filter(|(_, _, ends)| ends.is_none_or(|end| end > now));
        Ok(standing.map(|(_, reason, _)| reason))
    }
}

impl Tx {
    /// Suppresses an address and flags its subscriptions. One that is suppressed stays so for its
    /// first reason, unless the new one is graver or the old one would have ended. Returns whether
    /// the new one holds.
    ///
    /// # Errors
    /// As any write.
    pub async fn suppress(&mut self, new: &NewSuppression<'_>) -> Result<bool, StoreError> {
        let standing = self.standing(new.address).await?;
        if let Some((id, reason, expires_at)) = &standing {
            let ends_sooner = expires_at.is_some_and(|end| end <= new.since);
            let is_graver =
                new.expires_at.is_none() && (new.reason > *reason || expires_at.is_some());
            if !ends_sooner && !is_graver {
                self.flag_person(new.person_id, Some(*reason)).await?;
                return Ok(false);
            }
            self.lift_one(id, new.since, &format!("replaced: {}", new.reason)).await?;
        }
        let (sql, id) = (ADD.within(self), new_id());
        let added = in_tx!(self, conn => {
            sqlx::query(sql).bind(&id).bind(new.address.as_str()).bind(new.person_id)
                .bind(new.reason.as_str()).bind(new.detail).bind(new.source).bind(new.since)
                .bind(new.expires_at).execute(conn).await.map(|done| done.rows_affected() == 1)
        })?;
        self.flag_person(new.person_id, Some(new.reason)).await?;
        Ok(added)
    }

    /// Lifts what stands for an address and clears the flags of the person that has it; whether
    /// there was anything.
    ///
    /// # Errors
    /// As any write.
    pub async fn lift_suppression(
        &mut self,
        address: &AddressHash,
        person_id: Option<&str>,
        why: &str,
        now: i64,
    ) -> Result<bool, StoreError> {
        let standing = self.standing(address).await?;
        if let Some((id, ..)) = &standing {
            self.lift_one(id, now, why).await?;
        }
        self.flag_person(person_id, None).await?;
        Ok(standing.is_some())
    }

    /// Why an address is suppressed, if it is: the row, its reason and its end.
    pub(super) async fn standing(
        &mut self,
        address: &AddressHash,
    ) -> Result<Option<(String, SuppressionReason, Option<i64>)>, StoreError> {
        let sql = STANDING.within(self);
        let row: Option<(String, String, Option<i64>)> = in_tx!(self, conn => {
            sqlx::query_as(sql).bind(address.as_str()).fetch_optional(conn).await
        })?;
        row.map(|(id, reason, expires_at)| {
            let reason = reason_of(&id, &reason)?;
            Ok((id, reason, expires_at))
        })
        .transpose()
    }

    pub(super) async fn lift_one(
        &mut self,
        id: &str,
        now: i64,
        why: &str,
    ) -> Result<(), StoreError> {
        let sql = LIFT.within(self);
        in_tx!(self, conn => {
            sqlx::query(sql).bind(id).bind(now).bind(why).execute(conn).await.map(drop)
        })?;
        Ok(())
    }
}

fn reason_of(row: &str, reason: &str) -> Result<SuppressionReason, StoreError> {
    let place = Place { table: "suppression", row };
    SuppressionReason::from_str(reason).map_err(|error| place.corrupt("reason", error))
}

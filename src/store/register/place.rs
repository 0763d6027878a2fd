//! The organization that is written about, and whose turn it is to write.

use crate::store::{StoreError, Tx};
use crate::{in_tx, statements};

statements! {
    /// An organization.
    PLACE = "SELECT id, slug, name, time_zone, currency FROM organization WHERE id = $1 AND voided_at IS NULL";
    /// Waits until nobody else writes by hand at the organization. On SQLite a transaction that writes is
    /// alone anyway. The organization's own row is not locked: a plan that finds it locked skips it.
    TURN = "SELECT 1 WHERE $1 <> ''",
        "SELECT 1 FROM pg_advisory_xact_lock(hashtextextended($1, 11)) WHERE $1 <> ''";
}

/// An organization, as far as a write needs it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Place {
    /// Row id.
    pub id: String,
    /// Name in links.
    pub slug: String,
    /// Name in the brief.
    pub name: String,
    /// IANA zone.
    pub time_zone: String,
    /// ISO 4217 code.
    pub currency: String,
}

impl Tx {
    /// The organization with this row id.
    ///
    /// # Errors
    /// As any read.
    pub async fn place(&mut self, organization: &str) -> Result<Option<Place>, StoreError> {
        let sql = PLACE.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql).bind(organization).fetch_optional(conn).await?
        }))
    }

    /// Waits for the turn to write by hand at an organization, up to the end of this transaction: what
    /// is read from here on stays so until it is committed.
    ///
    /// # Errors
    /// As any read.
    pub async fn take_turn(&mut self, organization: &str) -> Result<(), StoreError> {
        let sql = TURN.within(self);
        in_tx!(self, conn => {
            sqlx::query(sql).bind(organization).execute(conn).await?;
        });
        Ok(())
    }
}

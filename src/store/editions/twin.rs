//! The edition for readers beside the one for leaders: the same words, made apart because no link in
//! it answers.

use crate::store::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements};

statements! {
    /// The edition whose variant is another's with something behind it.
    TWIN = "SELECT r.id FROM edition e JOIN edition r ON r.scope_kind = e.scope_kind AND r.scope_id = e.scope_id \
        AND r.iso_week = e.iso_week AND r.kind = e.kind AND r.variant = e.variant || $2 WHERE e.id = $1";
}

impl Db {
    /// The edition that says the same as this one under a variant that ends in `suffix`; none where
    /// it was not made.
    ///
    /// # Errors
    /// As any read.
    pub async fn edition_twin(&self, id: &str, suffix: &str) -> Result<Option<String>, StoreError> {
        let sql = TWIN.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(id).bind(suffix).fetch_optional(pool).await?
        }))
    }
}

impl Tx {
    /// The same within a transaction.
    ///
    /// # Errors
    /// As any read.
    pub async fn edition_twin(
        &mut self,
        id: &str,
        suffix: &str,
    ) -> Result<Option<String>, StoreError> {
        let sql = TWIN.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_scalar(sql).bind(id).bind(suffix).fetch_optional(conn).await?
        }))
    }
}

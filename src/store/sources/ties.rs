//! Which organizations a source tells about: those that its imports wrote something about.

use crate::store::{Db, StoreError, Tx};
use crate::{each_engine, figures_touched, in_tx, not_voided, statements};

statements! {
    /// The organizations of an import `$2`, for the source of the reading `$1`. Who reads a brief and
    /// who looks after it are no figures.
    TIE = concat!("INSERT INTO source_organization (organization_id, source, batch_id, told_at) \
        SELECT t.organization_id, p.source, $2, $3 FROM source_pull p JOIN (",
        figures_touched!("$2"), ") t ON 1 = 1 WHERE p.id = $1 ON CONFLICT DO NOTHING");

    /// How many organizations each source tells about.
    COUNT = concat!("SELECT t.source, COUNT(DISTINCT t.organization_id) FROM source_organization t ",
        "JOIN organization o ON o.id = t.organization_id WHERE o.voided_at IS NULL AND ",
        not_voided!("t.batch_id"), " GROUP BY t.source ORDER BY t.source");
}

impl Tx {
    /// Notes whom an import of a reading tells about.
    pub(super) async fn tie_batch(
        &mut self,
        pull: &str,
        batch: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        let sql = TIE.within(self);
        in_tx!(self, conn => {
            sqlx::query(sql).bind(pull).bind(batch).bind(now).execute(conn).await.map(drop)
        })?;
        Ok(())
    }
}

impl Db {
    /// How many organizations each source tells about.
    ///
    /// # Errors
    /// As any read.
    pub async fn count_fed(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = COUNT.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).fetch_all(pool).await)?)
    }
}

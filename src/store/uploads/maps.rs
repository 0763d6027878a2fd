//! The last map of each kind of file, for one organization or for all.

use jiff::Timestamp;

use crate::clock::new_id;
use crate::store::records::ImportMap;
use crate::store::row::millis;
use crate::store::{Db, StoreError, bulk};
use crate::{each_engine, in_tx, statements};

statements! {
    /// Takes the last one away.
    DROP = "DELETE FROM import_map WHERE COALESCE(organization_id, '') = $1 AND kind = $2";
    /// Those of an organization, or of all.
    OF = "SELECT id, organization_id, kind, map, person_id, saved_at FROM import_map \
        WHERE COALESCE(organization_id, '') = $1 ORDER BY kind";
}

impl Db {
    /// Keeps a map in place of the last one of its kind.
    ///
    /// # Errors
    /// As any write.
    pub async fn keep_import_map(
        &self,
        organization: Option<&str>,
        kind: &str,
        map: &str,
        person: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let sql = DROP.within(&tx);
        in_tx!(&mut tx, conn => {
            sqlx::query(sql).bind(organization.unwrap_or_default()).bind(kind).execute(conn).await.map(drop)
        })?;
        let row = ImportMap {
            id: new_id(),
            organization_id: organization.map(str::to_owned),
            kind: kind.to_owned(),
            map: map.to_owned(),
            person_id: person.to_owned(),
            saved_at: millis(now),
        };
        // Who was first keeps theirs, where two do it at once.
        bulk::insert_missing(&mut tx, &[row]).await?;
        tx.commit().await
    }

    /// The last maps of an organization, or of all.
    ///
    /// # Errors
    /// As any read.
    pub async fn import_maps(
        &self,
        organization: Option<&str>,
    ) -> Result<Vec<ImportMap>, StoreError> {
        let sql = OF.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(organization.unwrap_or_default()).fetch_all(pool).await?
        }))
    }
}

//! Which organizations a source tells about: those that its imports wrote something about.

use crate::store::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, not_voided, statements};

statements! {
    /// The organizations of an import `$2`, for the source of the reading `$1`. Who reads a brief and
    /// who looks after it are no figures.
    TIE = "INSERT INTO source_organization (organization_id, source, batch_id, told_at) \
        SELECT t.organization_id, p.source, $2, $3 FROM source_pull p JOIN (\
        SELECT id AS organization_id FROM organization WHERE batch_id = $2 \
        UNION SELECT organization_id FROM implementation WHERE batch_id = $2 \
        UNION SELECT organization_id FROM gap WHERE batch_id = $2 \
        UNION SELECT organization_id FROM session WHERE batch_id = $2 \
        UNION SELECT g.organization_id FROM gap_event e JOIN gap g ON g.id = e.gap_id WHERE e.batch_id = $2 \
        UNION SELECT g.organization_id FROM exposure x JOIN gap g ON g.id = x.gap_id WHERE x.batch_id = $2 \
        UNION SELECT i.organization_id FROM implementation_event e JOIN implementation i \
        ON i.id = e.implementation_id WHERE e.batch_id = $2 \
        UNION SELECT i.organization_id FROM implementation_area a JOIN implementation i \
        ON i.id = a.implementation_id WHERE a.batch_id = $2 \
        UNION SELECT i.organization_id FROM assessment a JOIN implementation i \
        ON i.id = a.implementation_id WHERE a.batch_id = $2 \
        UNION SELECT s.organization_id FROM promise q JOIN session s ON s.id = q.session_id WHERE q.batch_id = $2 \
        UNION SELECT r.row_id FROM import_revision r WHERE r.table_name = 'organization' AND r.batch_id = $2 \
        UNION SELECT i.organization_id FROM import_revision r JOIN implementation i ON i.id = r.row_id \
        WHERE r.table_name = 'implementation' AND r.batch_id = $2 \
        UNION SELECT i.organization_id FROM import_revision r JOIN implementation_area a ON a.id = r.row_id \
        JOIN implementation i ON i.id = a.implementation_id \
        WHERE r.table_name = 'implementation_area' AND r.batch_id = $2 \
        UNION SELECT g.organization_id FROM import_revision r JOIN gap g ON g.id = r.row_id \
        WHERE r.table_name = 'gap' AND r.batch_id = $2 \
        UNION SELECT s.organization_id FROM import_revision r JOIN session s ON s.id = r.row_id \
        WHERE r.table_name = 'session' AND r.batch_id = $2 \
        UNION SELECT s.organization_id FROM import_revision r JOIN promise q ON q.id = r.row_id \
        JOIN session s ON s.id = q.session_id WHERE r.table_name = 'promise' AND r.batch_id = $2\
        ) t ON 1 = 1 WHERE p.id = $1 ON CONFLICT DO NOTHING";

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

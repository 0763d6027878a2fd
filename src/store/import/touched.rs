//! Whom an import tells about: the organizations of the rows that it wrote or changed.

use crate::store::{StoreError, Tx};
use crate::{in_tx, statements};

/// The organizations about whose figures a batch, an expression, wrote something.
#[macro_export]
macro_rules! figures_touched {
    ($batch:literal) => {
        concat!(
            "SELECT id AS organization_id FROM organization WHERE batch_id = ",
            $batch,
            " UNION SELECT organization_id FROM implementation WHERE batch_id = ",
            $batch,
            " UNION SELECT organization_id FROM gap WHERE batch_id = ",
            $batch,
            " UNION SELECT organization_id FROM session WHERE batch_id = ",
            $batch,
            " UNION SELECT g.organization_id FROM gap_event e JOIN gap g ON g.id = e.gap_id WHERE e.batch_id = ",
            $batch,
            " UNION SELECT g.organization_id FROM exposure x JOIN gap g ON g.id = x.gap_id WHERE x.batch_id = ",
            $batch,
            " UNION SELECT i.organization_id FROM implementation_event e JOIN implementation i ON i.id = e.implementation_id WHERE e.batch_id = ",
            $batch,
            " UNION SELECT i.organization_id FROM implementation_area a JOIN implementation i ON i.id = a.implementation_id WHERE a.batch_id = ",
            $batch,
            " UNION SELECT i.organization_id FROM assessment a JOIN implementation i ON i.id = a.implementation_id WHERE a.batch_id = ",
            $batch,
            " UNION SELECT s.organization_id FROM promise q JOIN session s ON s.id = q.session_id WHERE q.batch_id = ",
            $batch,
            " UNION SELECT r.row_id FROM import_revision r WHERE r.table_name = 'organization' AND r.batch_id = ",
            $batch,
            " UNION SELECT i.organization_id FROM import_revision r JOIN implementation i ON i.id = r.row_id WHERE r.table_name = 'implementation' AND r.batch_id = ",
            $batch,
            " UNION SELECT i.organization_id FROM import_revision r JOIN implementation_area a ON a.id = r.row_id JOIN implementation i ON i.id = a.implementation_id WHERE r.table_name = 'implementation_area' AND r.batch_id = ",
            $batch,
            " UNION SELECT g.organization_id FROM import_revision r JOIN gap g ON g.id = r.row_id WHERE r.table_name = 'gap' AND r.batch_id = ",
            $batch,
            " UNION SELECT s.organization_id FROM import_revision r JOIN session s ON s.id = r.row_id WHERE r.table_name = 'session' AND r.batch_id = ",
            $batch,
            " UNION SELECT s.organization_id FROM import_revision r JOIN promise q ON q.id = r.row_id JOIN session s ON s.id = q.session_id WHERE r.table_name = 'promise' AND r.batch_id = ",
            $batch
        )
    };
}

/// The same, with those whose readers and consultants it wrote.
#[macro_export]
macro_rules! organizations_touched {
    ($batch:literal) => {
        concat!(
            $crate::figures_touched!($batch),
            " UNION SELECT organization_id FROM subscription WHERE organization_id IS NOT NULL AND batch_id = ",
            $batch,
            " UNION SELECT organization_id FROM consultant_client WHERE batch_id = ",
            $batch,
            " UNION SELECT s.organization_id FROM import_revision r JOIN subscription s ON s.id = r.row_id \
             WHERE r.table_name = 'subscription' AND s.organization_id IS NOT NULL AND r.batch_id = ",
            $batch
        )
    };
}

statements! {
    /// The organizations that a batch touched.
    TOUCHED = concat!("SELECT t.organization_id FROM (", organizations_touched!("$1"), ") t ORDER BY t.organization_id");
    /// What a batch wrote that belongs to no organization alone: people, and lists for no one client.
    BEYOND = "SELECT CAST((SELECT COUNT(*) FROM import_revision r WHERE r.table_name = 'person' AND r.batch_id = $1) \
              + (SELECT COUNT(*) FROM subscription WHERE organization_id IS NULL AND batch_id = $1) AS BIGINT)";
}

impl Tx {
    /// The row ids of the organizations that an import touched.
    ///
    /// # Errors
    /// As any read.
    pub async fn touched(&mut self, batch: &str) -> Result<Vec<String>, StoreError> {
        let sql = TOUCHED.within(self);
        Ok(in_tx!(self, conn => sqlx::query_scalar(sql).bind(batch).fetch_all(conn).await)?)
    }

    /// Whether an import also changed what belongs to no organization alone.
    ///
    /// # Errors
    /// As any read.
    pub async fn reaches_beyond(&mut self, batch: &str) -> Result<bool, StoreError> {
        let sql = BEYOND.within(self);
        let count: i64 =
            in_tx!(self, conn => sqlx::query_scalar(sql).bind(batch).fetch_one(conn).await)?;
        Ok(count > 0)
    }
}

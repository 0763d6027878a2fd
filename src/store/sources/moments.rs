//! The instants before which a source has to be read: the cut-offs of the organizations that it tells
//! about, of their drafts, and of the portfolios that they are in.

use serde::Serialize;

use crate::store::row::json;
use crate::store::{Db, StoreError};
use crate::{each_engine, not_voided, statements};

/// An organization that the settings give a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The source.
    pub source: String,
    /// Slug or external id of the organization.
    pub organization: String,
}

/// The statement over the elements of the JSON array `$1`, which are read as `$named` says.
macro_rules! moments {
    ($named:literal) => {
        concat!(
            "SELECT DISTINCT s.source, m.at FROM (",
            "SELECT t.source, t.organization_id FROM source_organization t WHERE ",
            not_voided!("t.batch_id"),
            " UNION SELECT n.source, o.id FROM (",
            $named,
            ") n JOIN organization o ON o.slug = n.organization OR o.external_id = n.organization",
            ") s JOIN (",
            "SELECT id AS organization_id, next_due_at AS at FROM organization",
            " WHERE voided_at IS NULL AND status = 'active' AND next_due_at <= $2",
            " UNION SELECT id, next_due_at - review_hours * 3600000 FROM organization",
            " WHERE voided_at IS NULL AND status = 'active' AND review = 'hold'",
            " AND next_due_at - review_hours * 3600000 <= $2",
            " UNION SELECT c.organization_id, p.next_due_at FROM consultant_client c",
            " JOIN subscription p ON p.person_id = c.person_id AND p.role = 'consultant'",
            " WHERE c.voided_at IS NULL AND c.until IS NULL AND p.voided_at IS NULL AND p.ended_at IS NULL",
            " AND p.next_due_at <= $2",
            ") m ON m.organization_id = s.organization_id ORDER BY s.source, m.at"
        )
    };
}

statements! {
    /// Instants up to `$2` before which each source has to be read.
    DUE = moments!("SELECT e.value ->> 'source' AS source, e.value ->> 'organization' AS organization \
            FROM json_each($1) e"),
        moments!("SELECT e.r ->> 'source' AS source, e.r ->> 'organization' AS organization \
            FROM (SELECT value::jsonb AS r FROM json_each($1) OFFSET 0) e");
}

impl Db {
    /// Instants up to `until` before which each source has to be read, milliseconds; beside the
    /// organizations that it told about, those that the settings name.
    ///
    /// # Errors
    /// As any read.
    pub async fn source_moments(
        &self,
        named: &[Named],
        until: i64,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let (sql, named) = (DUE.on(self), json(named));
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(&named).bind(until).fetch_all(pool).await
        })?)
    }
}

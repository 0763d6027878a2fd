//! What happened to the gaps of one organization.

use std::collections::HashMap;

use sqlx::FromRow;

use super::Page;
use crate::store::{Db, StoreError};
use crate::{each_engine, not_voided, statements};

/// One event. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct EventRow {
    /// Row id.
    pub id: String,
    /// External id of the gap.
    pub gap: String,
    /// What it says.
    pub kind: String,
    /// Value before.
    pub from_value: Option<String>,
    /// Value after.
    pub to_value: Option<String>,
    /// Day on which it was true.
    pub effective_on: String,
    /// When we were told.
    pub recorded_at: i64,
    /// Who did it, where known.
    pub actor: Option<String>,
    /// In words.
    pub note: Option<String>,
    /// Where the evidence lies.
    pub evidence_url: Option<String>,
    /// Whether an import wrote it.
    pub is_imported: bool,
}

/// Which events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EventFilter<'a> {
    /// External id of the gap.
    pub gap: &'a str,
    /// Kind.
    pub kind: &'a str,
    /// Told at this instant or later, milliseconds.
    pub recorded_from: i64,
}

statements! {
    /// A page.
    PAGE = concat!("SELECT e.id, g.external_id AS gap, e.kind, e.from_value, e.to_value, e.effective_on, e.recorded_at,
          e.actor, e.note, e.evidence_url, e.batch_id IS NOT NULL AS is_imported
        FROM gap g JOIN gap_event e ON e.gap_id = g.id
        WHERE g.organization_id = $1 AND g.voided_at IS NULL AND ($2 = '' OR g.external_id = $2)
          AND ($3 = '' OR e.kind = $3) AND e.recorded_at >= $4 AND e.id > $5 AND ", not_voided!("e.batch_id"),
        " ORDER BY e.id LIMIT $6");
    /// When anything was last told of each gap.
    TOUCHED = concat!("SELECT external_id, MAX(told) FROM (
          SELECT g.external_id, e.recorded_at AS told FROM gap g JOIN gap_event e ON e.gap_id = g.id
          WHERE g.organization_id = $1 AND g.voided_at IS NULL AND ", not_voided!("e.batch_id"),
        " UNION ALL SELECT g.external_id, x.recorded_at FROM gap g JOIN exposure x ON x.gap_id = g.id
          WHERE g.organization_id = $1 AND g.voided_at IS NULL AND ", not_voided!("x.batch_id"),
        ") AS all_told GROUP BY external_id");
}

impl Db {
    /// Events of the page's organization that a filter lets through; none where the page is of all.
    ///
    /// # Errors
    /// As any read.
    pub async fn page_of_events(
        &self,
        filter: EventFilter<'_>,
        page: Page<'_>,
    ) -> Result<Vec<EventRow>, StoreError> {
        let sql = PAGE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(page.of()).bind(filter.gap).bind(filter.kind)
                .bind(filter.recorded_from).bind(page.after).bind(page.limit).fetch_all(pool).await?
        }))
    }

    /// When anything was last told of each gap of an organization, by external id, milliseconds.
    ///
    /// # Errors
    /// As any read.
    pub async fn gaps_touched(
        &self,
        organization: &str,
    ) -> Result<HashMap<String, i64>, StoreError> {
        let sql = TOUCHED.on(self);
        let rows: Vec<(String, i64)> = each_engine!(self, pool => sqlx::query_as(sql).bind(organization).fetch_all(pool).await?);
        Ok(rows.into_iter().collect())
    }
}

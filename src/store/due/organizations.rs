//! Organizations as the planner sees them (DESIGN 2.1).

use sqlx::FromRow;

use crate::store::row::list;
use crate::store::{Db, StoreError};
use crate::{each_engine, not_voided, statements};

/// An organization as the planner sees it. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DueOrganization {
    /// Row id.
    pub id: String,
    /// Name in commands.
    pub slug: String,
    /// IANA zone.
    pub time_zone: String,
    /// Monday is 1.
    pub cut_off_weekday: i64,
    /// 0 to 23.
    pub cut_off_hour: i64,
    /// `none`, `required` or `hold`.
    pub review: String,
    /// Hours before the cut-off at which a draft is made.
    pub review_hours: Option<i64>,
    /// `active` or `paused`.
    pub status: String,
    /// Its next cut-off; none until the first tick.
    pub next_due_at: Option<i64>,
}

statements! {
    /// Organizations whose next cut-off has come, or that were never asked.
    ORGANIZATIONS_DUE = concat!(
        "SELECT id, slug, time_zone, cut_off_weekday, cut_off_hour, review, review_hours, status, next_due_at ",
        "FROM organization WHERE voided_at IS NULL AND ", not_voided!("batch_id"),
        " AND (next_due_at IS NULL OR next_due_at <= $1) AND id > $2 ORDER BY id LIMIT $3");

    /// Organizations whose draft is due before their cut-off.
    DRAFTS_DUE = concat!(
        "SELECT id, slug, time_zone, cut_off_weekday, cut_off_hour, review, review_hours, status, next_due_at ",
        "FROM organization o WHERE voided_at IS NULL AND ", not_voided!("batch_id"),
        " AND status = 'active' AND review = 'hold' AND next_due_at > $1",
        " AND next_due_at - review_hours * 3600000 <= $1 AND NOT EXISTS (SELECT 1 FROM edition e",
        " WHERE e.scope_kind = 'organization' AND e.scope_id = o.id AND e.cut_off_at = o.next_due_at)",
        " AND id > $2 ORDER BY id LIMIT $3");

    /// Organizations without an edition of a week, for the proof. The sum keeps the engine from looking
    /// for the edition by its cut-off instead of its week.
    ORGANIZATIONS_UNPLANNED = concat!(
        "SELECT id, slug, time_zone, cut_off_weekday, cut_off_hour, review, review_hours, status, next_due_at ",
        "FROM organization o WHERE voided_at IS NULL AND ", not_voided!("batch_id"),
        " AND NOT EXISTS (SELECT 1 FROM edition e WHERE e.scope_kind = 'organization' AND e.scope_id = o.id",
        " AND e.iso_week = $1 AND e.kind = 'leader' AND e.state <> 'draft' AND e.cut_off_at + 0 <= $2)",
        " AND id > $3 ORDER BY id LIMIT $4");

    /// Named organizations.
    ORGANIZATIONS_NAMED = concat!(
        "SELECT id, slug, time_zone, cut_off_weekday, cut_off_hour, review, review_hours, status, next_due_at ",
        "FROM organization WHERE voided_at IS NULL AND id IN (SELECT value FROM json_each($1)) ORDER BY id");

    /// The first record about each of some organizations: it exists from then on.
    FIRST_RECORDS = concat!(
        "SELECT organization_id, MIN(first_at) AS first_at FROM (",
        "SELECT g.organization_id, (SELECT e.recorded_at FROM gap_event e WHERE e.gap_id = g.id AND ",
        not_voided!("e.batch_id"), " ORDER BY e.recorded_at LIMIT 1) AS first_at FROM gap g",
        " WHERE g.voided_at IS NULL AND g.organization_id IN (SELECT value FROM json_each($1))",
        " UNION ALL SELECT i.organization_id, (SELECT e.recorded_at FROM implementation_event e WHERE e.implementation_id = i.id AND ",
        not_voided!("e.batch_id"), " ORDER BY e.recorded_at LIMIT 1) FROM implementation i",
        " WHERE i.voided_at IS NULL AND i.organization_id IN (SELECT value FROM json_each($1))",
        " UNION ALL SELECT i.organization_id, (SELECT a.recorded_at FROM assessment a WHERE a.implementation_id = i.id AND ",
        not_voided!("a.batch_id"), " ORDER BY a.recorded_at LIMIT 1) FROM implementation i",
        " WHERE i.voided_at IS NULL AND i.organization_id IN (SELECT value FROM json_each($1))",
        ") AS firsts WHERE first_at IS NOT NULL GROUP BY organization_id ORDER BY organization_id");
}

impl Db {
    /// Up to `limit` organizations whose cut-off has come at `now`, with ids after `after`.
    ///
    /// # Errors
    /// As any read.
    pub async fn organizations_due(
        &self,
        now: i64,
        after: &str,
        limit: i64,
    ) -> Result<Vec<DueOrganization>, StoreError> {
        let sql = ORGANIZATIONS_DUE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(now).bind(after).bind(limit).fetch_all(pool).await
        })?)
    }

    /// Up to `limit` organizations whose draft is due at `now`, with ids after `after`.
    ///
    /// # Errors
    /// As any read.
    pub async fn drafts_due(
        &self,
        now: i64,
        after: &str,
        limit: i64,
    ) -> Result<Vec<DueOrganization>, StoreError> {
        let sql = DRAFTS_DUE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(now).bind(after).bind(limit).fetch_all(pool).await
        })?)
    }

    /// Up to `limit` organizations for which no edition of a week stands with a cut-off up to `now`,
    /// with ids after `after`.
    ///
    /// # Errors
    /// As any read.
    pub async fn organizations_unplanned(
        &self,
        iso_week: &str,
        now: i64,
        after: &str,
        limit: i64,
    ) -> Result<Vec<DueOrganization>, StoreError> {
        let sql = ORGANIZATIONS_UNPLANNED.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(iso_week).bind(now).bind(after).bind(limit)
                .fetch_all(pool).await
        })?)
    }

    /// Named organizations.
    ///
    /// # Errors
    /// As any read.
    pub async fn organizations_named(
        &self,
        ids: &[String],
    ) -> Result<Vec<DueOrganization>, StoreError> {
        let (sql, ids) = (ORGANIZATIONS_NAMED.on(self), list(ids));
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(&ids).fetch_all(pool).await)?)
    }

    /// When the first record about each of some organizations was made, milliseconds.
    ///
    /// # Errors
    /// As any read.
    pub async fn first_records(
        &self,
        organizations: &[String],
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let (sql, ids) = (FIRST_RECORDS.on(self), list(organizations));
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(&ids).fetch_all(pool).await)?)
    }
}

//! What the proof expects, counted without the outbox (DESIGN 2.6).

use sqlx::FromRow;

use crate::store::{Db, StoreError};
use crate::{each_engine, statements};

/// A consultant's subscription as the proof counts it: independent of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Consultant {
    /// Person.
    pub person_id: String,
    /// Own slot.
    pub weekday: Option<i64>,
    /// Own slot.
    pub hour: Option<i64>,
    /// The person's zone.
    pub time_zone: Option<String>,
    /// The next cut-off that nobody has planned.
    pub next_due_at: Option<i64>,
    /// Confirmed, milliseconds.
    pub confirmed_at: i64,
    /// Left, milliseconds.
    pub unsubscribed_at: Option<i64>,
    /// Ended or taken back with its import, milliseconds.
    pub ended_at: Option<i64>,
}

/// The cut-off that an edition of a week stands for.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PlannedCut {
    /// `organization`, `consultant` or `public`.
    pub scope_kind: String,
    /// Organization or person id, or `public`.
    pub scope_id: String,
    /// The cut-off, milliseconds.
    pub cut_off_at: i64,
}

statements! {
    /// The cut-offs that were planned in a week.
    PLANNED_CUTS = "SELECT scope_kind, scope_id, MAX(cut_off_at) AS cut_off_at FROM edition \
        WHERE iso_week = $1 AND kind IN ('leader', 'portfolio', 'public') AND state <> 'draft' \
        GROUP BY scope_kind, scope_id ORDER BY scope_kind, scope_id";

    /// Subscriptions of one role without an organization that were in force at an instant.
    COUNT_APART = "SELECT COUNT(*) FROM subscription s LEFT JOIN import_batch b ON b.id = s.batch_id \
        WHERE s.organization_id IS NULL AND s.role = $1 AND s.confirmed_at <= $2 \
        AND (s.unsubscribed_at IS NULL OR s.unsubscribed_at > $2) AND (s.ended_at IS NULL OR s.ended_at > $2) \
        AND (s.voided_at IS NULL OR s.voided_at > $2) AND (b.voided_at IS NULL OR b.voided_at > $2)";

    /// Every portfolio ever confirmed up to an instant.
    CONSULTANTS = "SELECT s.person_id, s.weekday, s.hour, p.time_zone, s.next_due_at, s.confirmed_at, s.unsubscribed_at, \
        COALESCE(s.ended_at, s.voided_at, b.voided_at) AS ended_at \
        FROM subscription s JOIN person p ON p.id = s.person_id LEFT JOIN import_batch b ON b.id = s.batch_id \
        WHERE s.organization_id IS NULL AND s.role = 'consultant' AND s.confirmed_at <= $1 ORDER BY s.id";

    /// Whether a public edition stands for a week.
    PUBLIC_PLANNED = "SELECT COUNT(*) FROM edition WHERE scope_kind = 'public' AND iso_week = $1";
}

impl Db {
    /// The cut-offs that were planned in a week.
    ///
    /// # Errors
    /// As any read.
    pub async fn planned_cuts(&self, iso_week: &str) -> Result<Vec<PlannedCut>, StoreError> {
        let sql = PLANNED_CUTS.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(iso_week).fetch_all(pool).await)?)
    }

    /// How many subscriptions were in force at their organization's cut-off, given as organization
    /// and milliseconds.
    ///
    /// # Errors
    /// As any read.
    pub async fn count_subscribed(&self, cuts: &[(String, i64)]) -> Result<i64, StoreError> {
        let mut total = 0;
        for some in cuts.chunks(1_000) {
            let counted: i64 = each_engine!(self, pool => {
                let mut sql = sqlx::QueryBuilder::new("SELECT COUNT(*) FROM (");
                sql.push_values(some, |mut row, (id, cut)| {
                    row.push_bind(id).push_bind(cut);
                });
                sql.push(
                    ") AS v JOIN subscription s ON s.organization_id = v.column1 \
                     LEFT JOIN import_batch b ON b.id = s.batch_id WHERE s.confirmed_at <= v.column2 \
                     AND (s.unsubscribed_at IS NULL OR s.unsubscribed_at > v.column2) \
                     AND (s.ended_at IS NULL OR s.ended_at > v.column2) \
                     AND (s.voided_at IS NULL OR s.voided_at > v.column2) \
                     AND (b.voided_at IS NULL OR b.voided_at > v.column2)",
                );
                sql.build_query_scalar().fetch_one(pool).await
            })?;
            total += counted;
        }
        Ok(total)
    }

    /// How many subscriptions of one role without an organization were in force at an instant.
    ///
    /// # Errors
    /// As any read.
    pub async fn count_apart(&self, role: &str, at: i64) -> Result<i64, StoreError> {
        let sql = COUNT_APART.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(role).bind(at).fetch_one(pool).await
        })?)
    }

    /// Every portfolio subscription that was ever confirmed up to `now`.
    ///
    /// # Errors
    /// As any read.
    pub async fn consultants(&self, now: i64) -> Result<Vec<Consultant>, StoreError> {
        let sql = CONSULTANTS.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(now).fetch_all(pool).await)?)
    }

    /// Whether the public edition of a week was planned.
    ///
    /// # Errors
    /// As any read.
    pub async fn public_is_planned(&self, iso_week: &str) -> Result<bool, StoreError> {
        let sql = PUBLIC_PLANNED.on(self);
        let rows: i64 = each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(iso_week).fetch_one(pool).await
        })?;
        Ok(rows > 0)
    }
}

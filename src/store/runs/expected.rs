//! What the proof expects, counted without the outbox (DESIGN 2.6).

use sqlx::FromRow;

use crate::store::{Db, StoreError};
use crate::{each_engine, statements};

/// A consultant whose portfolio of a week nobody has planned. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Consultant {
    /// The subscription.
    pub id: String,
    /// Person.
    pub person_id: String,
    /// Own slot.
    pub weekday: Option<i64>,
    /// Own slot.
    pub hour: Option<i64>,
    /// The person's zone.
    pub time_zone: Option<String>,
    /// Confirmed.
    pub confirmed_at: i64,
    /// Left.
    pub unsubscribed_at: Option<i64>,
    /// Ended or taken back with its import.
    pub ended_at: Option<i64>,
}

/// Whether a subscription was in force at a cut-off, the argument.
macro_rules! in_force_at {
    ($cut:literal) => {
        concat!(
            "s.confirmed_at <= ",
            $cut,
            " AND (s.unsubscribed_at IS NULL OR s.unsubscribed_at > ",
            $cut,
            ") AND (s.ended_at IS NULL OR s.ended_at > ",
            $cut,
            ") AND (s.voided_at IS NULL OR s.voided_at > ",
            $cut,
            ") AND (b.voided_at IS NULL OR b.voided_at > ",
            $cut,
            ")"
        )
    };
}

/// The cut-offs that were planned in a week, by scope. Each kind belongs to one kind of scope, which
/// is not asked for: the index by week is the one to use.
macro_rules! planned {
    ($kind:literal) => {
        concat!(
            "(SELECT scope_id, MAX(cut_off_at) AS cut FROM edition WHERE iso_week = $1 AND kind = ",
            $kind,
            " AND state <> 'draft' AND cut_off_at <= $2 GROUP BY scope_id) AS v"
        )
    };
}

statements! {
    /// Subscriptions to organizations that were in force at the cut-offs planned in a week.
    COUNT_PLANNED = concat!("SELECT COUNT(*) FROM ", planned!("'leader'"),
        " JOIN subscription s ON s.organization_id = v.scope_id LEFT JOIN import_batch b ON b.id = s.batch_id WHERE ",
        in_force_at!("v.cut"));

    /// The same for portfolios.
    COUNT_PLANNED_PORTFOLIOS = concat!("SELECT COUNT(*) FROM ", planned!("'portfolio'"),
        " JOIN subscription s ON s.person_id = v.scope_id AND s.organization_id IS NULL AND s.role = 'consultant' \
        LEFT JOIN import_batch b ON b.id = s.batch_id WHERE ", in_force_at!("v.cut"));

    /// The cut-off of a week's public edition.
    PUBLIC_CUT = concat!("SELECT MAX(cut) FROM ", planned!("'public'"));

    /// Subscriptions of one role without an organization that were in force at an instant.
    COUNT_APART = concat!("SELECT COUNT(*) FROM subscription s LEFT JOIN import_batch b ON b.id = s.batch_id \
        WHERE s.organization_id IS NULL AND s.role = $1 AND ", in_force_at!("$2"));

    /// Confirmed consultants whose next cut-off has come and for whom no portfolio of a week stands.
    /// The sum keeps the engine from looking for the edition by its cut-off instead of its week.
    CONSULTANTS_UNPLANNED = "SELECT s.id, s.person_id, s.weekday, s.hour, p.time_zone, s.confirmed_at, s.unsubscribed_at, \
        COALESCE(s.ended_at, s.voided_at, b.voided_at) AS ended_at \
        FROM subscription s JOIN person p ON p.id = s.person_id LEFT JOIN import_batch b ON b.id = s.batch_id \
        WHERE s.organization_id IS NULL AND s.role = 'consultant' AND s.confirmed_at <= $2 \
        AND (s.next_due_at IS NULL OR s.next_due_at <= $2) AND NOT EXISTS (SELECT 1 FROM edition e \
        WHERE e.scope_kind = 'consultant' AND e.scope_id = s.person_id AND e.iso_week = $1 AND e.kind = 'portfolio' \
        AND e.state <> 'draft' AND e.cut_off_at + 0 <= $2) AND s.id > $3 ORDER BY s.id LIMIT $4";

    /// A consultant's own slot.
    CONSULTANT_SLOT = "SELECT weekday, hour FROM subscription WHERE person_id = $1 AND organization_id IS NULL \
        AND role = 'consultant' AND confirmed_at <= $2 ORDER BY id LIMIT 1";

    /// Whether a public edition stands for a week.
    PUBLIC_PLANNED = "SELECT COUNT(*) FROM edition WHERE scope_kind = 'public' AND iso_week = $1";
}

impl Db {
    /// How many subscriptions to organizations and portfolios were in force at the cut-offs up to
    /// `now` that were planned in a week.
    ///
    /// # Errors
    /// As any read.
    pub async fn count_planned(&self, iso_week: &str, now: i64) -> Result<i64, StoreError> {
        let mut total = 0;
        for statement in [COUNT_PLANNED, COUNT_PLANNED_PORTFOLIOS] {
            let sql = statement.on(self);
            let counted: i64 = each_engine!(self, pool => {
                sqlx::query_scalar(sql).bind(iso_week).bind(now).fetch_one(pool).await
            })?;
            total += counted;
        }
        Ok(total)
    }

    /// The cut-off up to `now` of the public edition that was planned in a week, milliseconds.
    ///
    /// # Errors
    /// As any read.
    pub async fn planned_public_cut(
        &self,
        iso_week: &str,
        now: i64,
    ) -> Result<Option<i64>, StoreError> {
        let sql = PUBLIC_CUT.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(iso_week).bind(now).fetch_one(pool).await
        })?)
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
                sql.build_query_scalar().persistent(false).fetch_one(pool).await
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

    /// Up to `limit` consultants whose cut-off has come at `now` and for whom no portfolio of a week
    /// stands, with ids after `after`.
    ///
    /// # Errors
    /// As any read.
    pub async fn consultants_unplanned(
        &self,
        iso_week: &str,
        now: i64,
        after: &str,
        limit: i64,
    ) -> Result<Vec<Consultant>, StoreError> {
        let sql = CONSULTANTS_UNPLANNED.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(iso_week).bind(now).bind(after).bind(limit)
                .fetch_all(pool).await
        })?)
    }

    /// The slot of a person's own that a portfolio confirmed up to `now` has, weekday and hour.
    ///
    /// # Errors
    /// As any read.
    pub async fn consultant_slot(
        &self,
        person_id: &str,
        now: i64,
    ) -> Result<Option<(i64, i64)>, StoreError> {
        let sql = CONSULTANT_SLOT.on(self);
        let slot: Option<(Option<i64>, Option<i64>)> = each_engine!(self, pool => {
            sqlx::query_as(sql).bind(person_id).bind(now).fetch_optional(pool).await
        })?;
        Ok(slot.and_then(|(weekday, hour)| weekday.zip(hour)))
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

//! Whether anything that an organization's figures come from has changed.
//!
//! Histories are only added to, so that their counts tell it; what can change in place is read as it
//! is, or was written with a row of the log, of an import or of a voiding, which are counted too. Rows
//! that were recorded ahead of `now` count once their time has come.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::store::row::millis;
use crate::store::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, not_voided, statements};

statements! {
    /// What is compared.
    STAMP = concat!(
        "SELECT o.slug, o.name, o.currency, o.time_zone, o.cut_off_weekday, o.cut_off_hour, o.billed_per_week, ",
        "(SELECT COUNT(*) FROM import_batch) AS imports, ",
        "(SELECT COUNT(*) FROM import_batch b WHERE b.voided_at IS NOT NULL) AS voids, ",
        "(SELECT COUNT(*) FROM audit a WHERE a.organization_id = o.id) AS audits, ",
        "(SELECT COUNT(*) FROM gap g WHERE g.organization_id = o.id AND g.voided_at IS NULL) AS gaps, ",
        "(SELECT COUNT(*) FROM gap g JOIN gap_event e ON e.gap_id = g.id ",
        "  WHERE g.organization_id = o.id AND e.recorded_at <= $2) AS events, ",
        "(SELECT COUNT(*) FROM gap g JOIN exposure e ON e.gap_id = g.id ",
        "  WHERE g.organization_id = o.id AND e.recorded_at <= $2) AS prices, ",
        "(SELECT COUNT(*) FROM implementation i JOIN implementation_event e ON e.implementation_id = i.id ",
        "  WHERE i.organization_id = o.id AND e.recorded_at <= $2) AS dates, ",
        "(SELECT COUNT(*) FROM implementation i JOIN assessment a ON a.implementation_id = i.id ",
        "  JOIN assessment_answer n ON n.assessment_id = a.id ",
        "  WHERE i.organization_id = o.id AND a.recorded_at <= $2) AS looks, ",
        "(SELECT COUNT(*) FROM implementation i JOIN weekly_point p ON p.implementation_id = i.id ",
        "  WHERE i.organization_id = o.id AND p.score_reported IS NOT NULL) AS mailed, ",
        "(SELECT string_agg(i.slug || ' ' || i.name || ' ' || i.target_milli || ' ' || COALESCE(i.benefit_per_week, -1), ",
        "  ',' ORDER BY i.id) FROM implementation i ",
        "  WHERE i.organization_id = o.id AND i.voided_at IS NULL AND i.created_at <= $2) AS platforms, ",
        "(SELECT string_agg(s.area || ' ' || s.weight, ',' ORDER BY s.id) FROM implementation i ",
        "  JOIN implementation_area s ON s.implementation_id = i.id ",
        "  WHERE i.organization_id = o.id AND s.voided_at IS NULL) AS scope ",
        "FROM organization o WHERE o.id = $1 AND o.voided_at IS NULL AND ", not_voided!("o.batch_id"));
}

/// What an organization's figures came from: as long as it is the same, so are they.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Stamp {
    slug: String,
    name: String,
    currency: String,
    /// IANA zone: the days of everything are days there.
    pub time_zone: String,
    /// Monday is 1.
    pub cut_off_weekday: i64,
    /// 0 to 23.
    pub cut_off_hour: i64,
    billed_per_week: Option<i64>,
    imports: i64,
    voids: i64,
    audits: i64,
    gaps: i64,
    events: i64,
    prices: i64,
    dates: i64,
    looks: i64,
    mailed: i64,
    platforms: Option<String>,
    scope: Option<String>,
}

impl Stamp {
    /// How many gaps the figures are of: what they take in memory grows with it.
    #[must_use]
    pub fn gaps(&self) -> u64 {
        u64::try_from(self.gaps).unwrap_or(0)
    }
}

impl Db {
    /// The stamp of an organization at `now`; none where there is no such organization any more.
    ///
    /// # Errors
    /// As any read.
    pub async fn trend_stamp(
        &self,
        organization_id: &str,
        now: Timestamp,
    ) -> Result<Option<Stamp>, StoreError> {
        let sql = STAMP.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(organization_id).bind(millis(now)).fetch_optional(pool).await?
        }))
    }
}

impl Tx {
    /// The same inside a transaction: of the very state that the figures are read from.
    ///
    /// # Errors
    /// As any read.
    pub async fn trend_stamp(
        &mut self,
        organization_id: &str,
        now: Timestamp,
    ) -> Result<Option<Stamp>, StoreError> {
        let sql = STAMP.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql).bind(organization_id).bind(millis(now)).fetch_optional(conn).await?
        }))
    }
}

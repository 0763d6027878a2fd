//! Organizations: everyday administration.
//!
//! A change of the cut-off or the zone moves the next cut-off within its week, so that no week is lost
//! and none is told twice; one that has passed already is planned by the next tick.

use iso_currency::Currency;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::line::clean;
use crate::domain::time::Slot;
use crate::{each_engine, in_tx, statements};

use super::people::check_zone;
use super::row::millis;
use super::slug::{check_slug, slug_of};
use super::{Db, StoreError, Tx, bulk, records};

const HINT: &str = "`brief organizations list` shows them all";

/// Every column, in the order of the record.
macro_rules! columns {
    () => {
        "id, external_id, slug, name, currency, time_zone, cut_off_weekday, cut_off_hour, billed_per_week,
         loaded_rate_minor_per_hour, cost_of_capital_bp, review, review_hours, money_in_subject, status,
         next_due_at, created_at, batch_id, voided_at"
    };
}

statements! {
    /// All that are not voided, by slug.
    LIST = concat!("SELECT ", columns!(), " FROM organization WHERE voided_at IS NULL ORDER BY slug");
    /// One by slug, external id or row id; a slug before another's external id.
    FIND = concat!("SELECT ", columns!(), " FROM organization
        WHERE voided_at IS NULL AND (slug = $1 OR external_id = $1 OR id = $1)
        ORDER BY CASE WHEN slug = $1 THEN 0 WHEN external_id = $1 THEN 1 ELSE 2 END LIMIT 1");
    /// Writes all that can change.
    CHANGE = "UPDATE organization SET name = $2, currency = $3, time_zone = $4, cut_off_weekday = $5,
          cut_off_hour = $6, billed_per_week = $7, loaded_rate_minor_per_hour = $8, cost_of_capital_bp = $9,
          review = $10, review_hours = $11, money_in_subject = $12, status = $13, next_due_at = $14
        WHERE id = $1 AND voided_at IS NULL";
    /// Ends all that anyone gets about an organization.
    END_SUBSCRIPTIONS = "UPDATE subscription SET ended_at = $2
        WHERE organization_id = $1 AND ended_at IS NULL AND voided_at IS NULL";
    /// Ends the links of its consultants.
    END_CLIENTS = "UPDATE consultant_client SET until = CASE WHEN since > $2 THEN since ELSE $2 END
        WHERE organization_id = $1 AND until IS NULL AND voided_at IS NULL";
}

/// How drafts are reviewed (DESIGN 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// Sent as computed.
    None,
    /// A draft this many hours before the cut-off, sent as it stands when nobody acts.
    Hold(i64),
    /// Not sent until approved.
    Required,
}

impl Review {
    /// The two columns.
    #[must_use]
    pub const fn columns(self) -> (&'static str, Option<i64>) {
        match self {
            Self::None => ("none", None),
            Self::Hold(hours) => ("hold", Some(hours)),
            Self::Required => ("required", None),
        }
    }
}

impl std::str::FromStr for Review {
    type Err = StoreError;
    /// `none`, `hold:N` with N hours from 1 to 168, or `required`.
    fn from_str(text: &str) -> Result<Self, StoreError> {
        let hours = || text.strip_prefix("hold:")?.parse().ok().filter(|h| (1..=168).contains(h));
        match text {
            "none" => Ok(Self::None),
            "required" => Ok(Self::Required),
            _ => hours().map(Self::Hold).ok_or_else(|| StoreError::Invalid {
                field: "review",
                problem: format!(
                    "{text:?} is not understood; use none, hold:N (N hours, 1 to 168) or required"
                ),
            }),
        }
    }
}

/// What to set of an organization; `None` leaves it as it is (or at its default when new).
#[derive(Debug, Clone, Default)]
pub struct OrganizationChange {
    /// Name in the brief.
    pub name: Option<String>,
    /// ISO 4217 code; refused once a gap is priced.
    pub currency: Option<String>,
    /// IANA zone.
    pub time_zone: Option<String>,
    /// Weekday (Monday is 1) and hour of the cut-off.
    pub cut_off: Option<(i64, i64)>,
    /// Minor units; an inner `None` takes it away.
    pub billed_per_week: Option<Option<i64>>,
    /// Minor units an hour.
    pub loaded_rate_minor_per_hour: Option<Option<i64>>,
    /// Basis points a year.
    pub cost_of_capital_bp: Option<Option<i64>>,
    /// Review of drafts.
    pub review: Option<Review>,
    /// Whether amounts may stand in a subject line.
    pub money_in_subject: Option<bool>,
    /// Whether it gets no briefs for now.
    pub paused: Option<bool>,
}

/// All organizations that are not voided, by slug.
///
/// # Errors
/// Whatever the engine says.
pub async fn list(db: &Db) -> Result<Vec<records::Organization>, StoreError> {
    Ok(each_engine!(db, pool => sqlx::query_as(LIST.on(db)).fetch_all(pool).await?))
}

/// The organization of this slug, external id or row id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn find(db: &Db, name: &str) -> Result<records::Organization, StoreError> {
    let row: Option<records::Organization> = each_engine!(db, pool => {
        sqlx::query_as(FIND.on(db)).bind(name).fetch_optional(pool).await?
    });
    row.ok_or_else(|| missing(name))
}

/// The same inside a transaction.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn find_within(tx: &mut Tx, name: &str) -> Result<records::Organization, StoreError> {
    let sql = FIND.within(tx);
    let row: Option<records::Organization> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(name).fetch_optional(conn).await?
    });
    row.ok_or_else(|| missing(name))
}

/// Adds an organization under a slug (made from the name if none is given); `settings` must name it
/// and give its currency and zone.
///
/// # Errors
/// [`StoreError::Invalid`] with the field and what would be right, [`StoreError::Conflict`] when the
/// slug is taken.
pub async fn add(
    db: &Db,
    slug: Option<&str>,
    settings: OrganizationChange,
    now: Timestamp,
) -> Result<records::Organization, StoreError> {
    let mut tx = db.begin().await?;
    let row = add_within(&mut tx, slug, settings, now).await?;
    tx.commit().await?;
    Ok(row)
}

/// The same inside a transaction.
///
/// # Errors
/// As [`add`].
pub async fn add_within(
    tx: &mut Tx,
    slug: Option<&str>,
    settings: OrganizationChange,
    now: Timestamp,
) -> Result<records::Organization, StoreError> {
    let name = settings.name.as_deref().unwrap_or_default();
    let slug = slug.map_or_else(|| slug_of(name), str::to_owned);
    check_slug(&slug)?;
    let mut row = records::Organization {
        id: crate::clock::new_id(),
        slug,
        cut_off_weekday: 1,
        cut_off_hour: 6,
        review: "none".to_owned(),
        status: "active".to_owned(),
        created_at: millis(now),
        ..Default::default()
    };
    apply(&mut row, settings)?;
    check(&row)?;
    bulk::insert(tx, std::slice::from_ref(&row)).await.map_err(|error| match error {
        StoreError::Conflict(_) => StoreError::Conflict(format!(
            "there is an organization {:?} already; give another --slug",
            row.slug
        )),
        other => other,
    })?;
    Ok(row)
}

/// Changes an organization's settings.
///
/// # Errors
/// [`StoreError::NotFound`], [`StoreError::Invalid`], and [`StoreError::Refused`] for another
/// currency once a gap is priced.
pub async fn change(
    db: &Db,
    name: &str,
    settings: OrganizationChange,
    now: Timestamp,
) -> Result<records::Organization, StoreError> {
    let mut tx = db.begin().await?;
    let (_, row) = change_within(&mut tx, name, settings, now).await?;
    tx.commit().await?;
    Ok(row)
}

/// The same inside a transaction. Returns what it was before, and what it is now.
///
/// # Errors
/// As [`change`].
pub async fn change_within(
    tx: &mut Tx,
    name: &str,
    settings: OrganizationChange,
    now: Timestamp,
) -> Result<(records::Organization, records::Organization), StoreError> {
    let before = find_within(tx, name).await?;
    let mut row = before.clone();
    apply(&mut row, settings)?;
    check(&row)?;
    let (old, new) = (CutOff::of(&before), CutOff::of(&row));
    if old != new {
        row.next_due_at = before.next_due_at.and_then(|due| moved_due(due, &old, &new, now));
    }
    write(tx, &row).await?;
    Ok((before, row))
}

/// Ends an organization: it is paused, and all that anyone gets about it ends. Its history stays.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn end(db: &Db, name: &str, now: Timestamp) -> Result<records::Organization, StoreError> {
    let mut tx = db.begin().await?;
    let row = end_within(&mut tx, name, now).await?;
    tx.commit().await?;
    Ok(row)
}

/// The same inside a transaction.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn end_within(
    tx: &mut Tx,
    name: &str,
    now: Timestamp,
) -> Result<records::Organization, StoreError> {
    let mut row = find_within(tx, name).await?;
    row.status = "paused".to_owned();
    write(tx, &row).await?;
    for statement in [END_SUBSCRIPTIONS, END_CLIENTS] {
        let sql = statement.within(tx);
        in_tx!(tx, conn => {
            sqlx::query(sql).bind(&row.id).bind(millis(now)).execute(conn).await?;
        });
    }
    Ok(row)
}

async fn write(tx: &mut Tx, row: &records::Organization) -> Result<(), StoreError> {
    let sql = CHANGE.within(tx);
    let changed = in_tx!(tx, conn => {
        sqlx::query(sql)
            .bind(&row.id)
            .bind(&row.name)
            .bind(&row.currency)
            .bind(&row.time_zone)
            .bind(row.cut_off_weekday)
            .bind(row.cut_off_hour)
            .bind(row.billed_per_week)
            .bind(row.loaded_rate_minor_per_hour)
            .bind(row.cost_of_capital_bp)
            .bind(&row.review)
            .bind(row.review_hours)
            .bind(row.money_in_subject)
            .bind(&row.status)
            .bind(row.next_due_at)
            .execute(conn)
            .await?
            .rows_affected()
    });
    if changed == 1 { Ok(()) } else { Err(missing(&row.slug)) }
}

/// When an organization's week is cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct CutOff {
    /// Monday = 1.
    pub weekday: i64,
    /// 0 to 23.
    pub hour: i64,
    /// IANA zone.
    pub time_zone: String,
}

impl CutOff {
    fn of(row: &records::Organization) -> Self {
        let (weekday, hour) = (row.cut_off_weekday, row.cut_off_hour);
        Self { weekday, hour, time_zone: row.time_zone.clone() }
    }
}

/// The next cut-off, pending at `due`, of an organization whose slot or zone was changed: that of the same
/// week. None where none can be told from what is stored; the next tick finds it then.
pub(in crate::store) fn moved_due(
    due: i64,
    before: &CutOff,
    after: &CutOff,
    now: Timestamp,
) -> Option<i64> {
    let pending = Timestamp::from_millisecond(due).ok()?;
    let zone = |own: &CutOff| TimeZone::get(&own.time_zone).ok();
    let slot = Slot::new(after.weekday, after.hour)?;
    Some(slot.in_place_of(pending, &zone(before)?, &zone(after)?, now).as_millisecond())
}

fn apply(row: &mut records::Organization, settings: OrganizationChange) -> Result<(), StoreError> {
    if let Some(name) = settings.name {
        row.name = clean(&name, 120);
    }
    if let Some(currency) = settings.currency {
        row.currency = currency;
    }
    if let Some(zone) = settings.time_zone {
        row.time_zone = zone;
    }
    if let Some((weekday, hour)) = settings.cut_off {
        if Slot::new(weekday, hour).is_none() {
            return Err(invalid(
                "cut_off",
                "a weekday is 1 (Monday) to 7, an hour 0 to 23".to_owned(),
            ));
        }
        (row.cut_off_weekday, row.cut_off_hour) = (weekday, hour);
    }
    let amounts = [
        ("billed_per_week", settings.billed_per_week, &mut row.billed_per_week),
        ("loaded_rate", settings.loaded_rate_minor_per_hour, &mut row.loaded_rate_minor_per_hour),
        ("cost_of_capital", settings.cost_of_capital_bp, &mut row.cost_of_capital_bp),
    ];
    for (field, new, column) in amounts {
        let Some(amount) = new else { continue };
        if amount.is_some_and(|a| a < 0) {
            return Err(invalid(field, "cannot be below zero".to_owned()));
        }
        *column = amount;
    }
    if let Some(review) = settings.review {
        let (word, hours) = review.columns();
        (row.review, row.review_hours) = (word.to_owned(), hours);
    }
    if let Some(allowed) = settings.money_in_subject {
        row.money_in_subject = allowed;
    }
    if let Some(paused) = settings.paused {
        row.status = if paused { "paused" } else { "active" }.to_owned();
    }
    Ok(())
}

fn check(row: &records::Organization) -> Result<(), StoreError> {
    if row.name.is_empty() {
        return Err(invalid("name", "is missing".to_owned()));
    }
    if Currency::from_code(&row.currency).is_none() {
        let problem =
            format!("{:?} is not an ISO 4217 code; use one like USD, EUR or JPY", row.currency);
        return Err(invalid("currency", problem));
    }
    check_zone(Some(&row.time_zone))
}

const fn invalid(field: &'static str, problem: String) -> StoreError {
    StoreError::Invalid { field, problem }
}

fn missing(name: &str) -> StoreError {
    StoreError::NotFound { what: "organization", name: name.to_owned(), hint: HINT }
}

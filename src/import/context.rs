//! What every kind of row is imported with, and what it answers.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::first::FirstChanges;
use super::map::{Fault, Row};
use super::only::Only;
use super::times::Times;
use super::told::RowChange;
use crate::domain::address::EmailAddress;
use crate::domain::constants::Constants;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::import::{self as rows, GapRow, OrganizationRow, PersonRow};
use crate::store::row::millis;

/// What an import for one organization says of an id that somebody else has: no more than that.
pub const IN_USE: &str = "this id is in use already; give another";

/// What holds for a whole file.
#[derive(Debug)]
pub struct Context<'a> {
    /// Id of the batch.
    pub batch: String,
    /// The instant of the import, by the clock.
    pub now: Timestamp,
    /// When we were told what the files say: `--recorded-at`, else now.
    pub recorded_at: Timestamp,
    /// When the source was read before, where this is one that is read again and again.
    pub read_before: Option<Timestamp>,
    /// How dates are written.
    pub times: &'a Times,
    /// What the changes files of the same command begin with, by gap.
    pub first: &'a FirstChanges,
    /// The model's numbers, for folding.
    pub constants: &'a Constants,
    /// The one organization that rows may touch; none where all may be.
    pub only: Option<&'a Only>,
    /// Whether each change is told.
    pub tells: bool,
}

impl Context<'_> {
    /// Whether rows may touch the organization with this row id.
    #[must_use]
    pub fn is_ours(&self, organization_id: &str) -> bool {
        self.only.is_none_or(|only| only.organization_id == organization_id)
    }

    /// The day on which we were told, in an organization's zone.
    #[must_use]
    pub fn recorded_on(&self, zone: &TimeZone) -> Date {
        zone.to_datetime(self.recorded_at).date()
    }

    /// Whether a source that is read again tells late of a gap that was known: what it says was
    /// recorded (`at`, milliseconds) before it was read the last time, and was not told then, we are
    /// told now. Else it would stand in no brief.
    #[must_use]
    pub fn is_told_late(&self, gap: &GapRow, at: i64) -> bool {
        self.read_before.is_some_and(|before| at < millis(before))
            && self.first.of(&gap.external_id).is_some_and(|first| first.was_known)
    }

    /// Refuses a day that lies more than a day ahead of its record (MODEL 4.6).
    ///
    /// # Errors
    /// It does.
    pub fn not_ahead(&self, column: &str, day: Date, zone: &TimeZone) -> Result<(), Fault> {
        not_ahead(column, day, self.recorded_on(zone))
    }
}

/// Refuses a day that lies more than a day ahead of the day of its record (MODEL 4.6).
///
/// # Errors
/// It does.
pub fn not_ahead(column: &str, day: Date, recorded_on: Date) -> Result<(), Fault> {
    if recorded_on.tomorrow().is_ok_and(|limit| day > limit) {
        return Err(Fault::at(
            column,
            format!(
                "{day} lies more than a day ahead of {recorded_on}, the day on which it was recorded"
            ),
        ));
    }
    Ok(())
}

/// What became of the rows of one chunk.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Rows that were new or changed something.
    pub written: u64,
    /// Rows that said what was known.
    pub unchanged: u64,
    /// Rows added to histories.
    pub events: u64,
    /// Changes that happened on an earlier day than they were recorded.
    pub backdated: u64,
    /// Rows that cannot be taken, by their number in the chunk.
    pub rejected: Vec<(usize, Fault)>,
    /// Whether changes are told.
    pub tells: bool,
    /// What was new or changed, where it is told.
    pub told: Vec<RowChange>,
}

impl Outcome {
    /// One row that was written, or said what was known.
    pub fn count(&mut self, changed: bool) {
        if changed {
            self.written += 1;
        } else {
            self.unchanged += 1;
        }
    }

    /// Tells of a row that was new or changed something, where that is wanted.
    pub fn tell(&mut self, change: impl FnOnce() -> RowChange) {
        if self.tells {
            self.told.push(change());
        }
    }

    /// The value, or the row's rejection.
    pub fn take<T>(&mut self, number: usize, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.rejected.push((number, fault))).ok()
    }
}

/// Every different value of a column.
#[must_use]
pub fn keys(rows: &[Row], column: &str) -> Vec<String> {
    let mut keys: Vec<String> =
        rows.iter().filter_map(|r| r.text(column)).map(str::to_owned).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// An organization with its zone.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its row.
    pub row: OrganizationRow,
    /// Its zone.
    pub zone: TimeZone,
}

impl From<OrganizationRow> for Place {
    fn from(row: OrganizationRow) -> Self {
        let zone = TimeZone::get(&row.time_zone).unwrap_or(TimeZone::UTC);
        Self { row, zone }
    }
}

/// The organizations that rows name: by external id, or by slug where one was added by hand and has
/// none. Those that an import may not touch are left out, as if they were not there.
///
/// # Errors
/// Whatever the database says.
pub async fn places(
    context: &Context<'_>,
    tx: &mut Tx,
    rows: &[Row],
) -> Result<HashMap<String, Place>, StoreError> {
    places_called(context, tx, &keys(rows, "organization")).await
}

/// The same by their names.
///
/// # Errors
/// Whatever the database says.
pub async fn places_called<K: AsRef<str>>(
    context: &Context<'_>,
    tx: &mut Tx,
    names: &[K],
) -> Result<HashMap<String, Place>, StoreError> {
    let by_hand = rows::organizations_by_slug(tx, names).await?;
    let found = rows::organizations(tx, names).await?;
    let named = |row: OrganizationRow| {
        let name = row.external_id.clone().unwrap_or_else(|| row.slug.clone());
        (name, Place::from(row))
    };
    let ours = by_hand.into_iter().chain(found).filter(|row| context.is_ours(&row.id));
    Ok(ours.map(named).collect())
}

/// The organizations with these row ids.
///
/// # Errors
/// Whatever the database says.
pub async fn places_by_id(
    tx: &mut Tx,
    ids: &[String],
) -> Result<HashMap<String, Place>, StoreError> {
    let found = rows::by_id::<OrganizationRow, _>(tx, ids).await?;
    Ok(found.into_iter().map(|row| (row.id.clone(), Place::from(row))).collect())
}

/// The people behind addresses, by the lookup form of the address.
///
/// # Errors
/// Whatever the database says.
pub async fn people(
    tx: &mut Tx,
    rows: &[Row],
    column: &str,
) -> Result<HashMap<String, PersonRow>, StoreError> {
    let addresses: Vec<String> = keys(rows, column)
        .iter()
        .filter_map(|text| EmailAddress::parse(text).ok())
        .map(|a| a.lookup_key())
        .collect();
    let found = rows::people(tx, &addresses).await?;
    Ok(found.into_iter().filter_map(|row| Some((row.email_canonical.clone()?, row))).collect())
}

/// An address in a cell; none where the cell is empty.
///
/// # Errors
/// It is no address.
pub fn address(row: &Row, column: &str) -> Result<Option<EmailAddress>, Fault> {
    let parsed = row.text(column).map(EmailAddress::parse).transpose();
    parsed.map_err(|e| {
        let text = super::times::shown(row.text(column).unwrap_or_default());
        Fault::at(column, format!("{text:?} {e}"))
    })
}

/// What a row names must be known.
///
/// # Errors
/// It is not.
pub fn known<'m, T>(
    found: &'m HashMap<String, T>,
    row: &Row,
    column: &str,
) -> Result<&'m T, Fault> {
    let name = row.need(column)?;
    found.get(name).ok_or_else(|| {
        let file = if column == "gap" { "gaps" } else { &format!("{column}s") };
        Fault::at(
            column,
            format!(
                "{column} {:?} is not known; import it first ({file}.csv)",
                super::times::shown(name)
            ),
        )
    })
}

/// A cell that keeps its old value where the file has no such column.
#[must_use]
pub fn kept(row: &Row, column: &str, before: Option<&String>) -> Option<String> {
    if row.has(column) { row.text(column).map(str::to_owned) } else { before.cloned() }
}

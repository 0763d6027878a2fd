//! The seed: any number of organizations with a history, from one number.
//!
//! An organization's data follow from the plan and its place in the count alone, so organizations
//! can be made one by one, in any order and in bounded memory, and the same plan gives the same
//! rows.

mod gaps;
mod organization;
mod people;
mod words;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::random::{Ids, SplitMix64};
use super::rows::Rows;
use crate::domain::history::add_days;
use crate::domain::time::instant;
use crate::store::{Db, StoreError};

/// Rows that one transaction aims at: large enough that its commit costs nothing beside it.
const ROWS_A_TRANSACTION: u64 = 60_000;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// How many organizations.
    pub organizations: u32,
    /// Confirmed leaders of each.
    pub recipients: u32,
    /// Weeks of history.
    pub weeks: u32,
    /// What everything follows from.
    pub seed: u64,
    /// Last day of the history.
    pub until: Date,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Seeded {
    /// Organizations.
    pub organizations: u64,
    /// Confirmed subscriptions.
    pub subscriptions: u64,
    /// Gaps.
    pub gaps: u64,
    /// Rows of any table.
    pub rows: u64,
}

/// Writes what a plan asks for, in few large transactions; `done` is told after each how many
/// organizations it wrote.
///
/// # Errors
/// [`StoreError::Conflict`] where the same plan was written before; then nothing of the
/// transaction it met is kept, what was written before it is.
pub async fn write(db: &Db, plan: &Plan, mut done: impl FnMut(u64)) -> Result<Seeded, StoreError> {
    let mut total = Seeded::default();
    let mut number = 0;
    while number < plan.organizations {
        let (mut rows, mut made) = (Rows::default(), 0);
        while number < plan.organizations && rows.len() < ROWS_A_TRANSACTION {
            organization(plan, number, &mut rows);
            number += 1;
            made += 1;
        }
        let mut tx = db.begin().await?;
        total.rows += rows.write(&mut tx).await?;
        tx.commit().await?;
        total.organizations += made;
        total.subscriptions += rows.subscriptions.len() as u64;
        total.gaps += rows.gaps.len() as u64;
        done(made);
    }
    Ok(total)
}

/// Adds organization `number` of a plan, counted from 0.
pub fn organization(plan: &Plan, number: u32, rows: &mut Rows) {
    let part = u64::from(number);
    let mut maker = Maker {
        plan: *plan,
        number,
        chance: SplitMix64::part(plan.seed, part),
        ids: Ids::new(plan.seed, jiff::Timestamp::UNIX_EPOCH),
        zone: TimeZone::UTC,
        zone_name: "UTC",
    };
    organization::make(&mut maker, rows);
}

/// What one organization is made with.
struct Maker {
    plan: Plan,
    number: u32,
    chance: SplitMix64,
    ids: Ids,
    zone: TimeZone,
    zone_name: &'static str,
}

impl Maker {
    /// The day so many days before the last.
    fn date(&self, days_back: i64) -> Date {
        add_days(self.plan.until, -days_back)
    }

    /// When something of that day was recorded: the same day in the afternoon, in milliseconds.
    fn recorded(&self, days_back: i64) -> i64 {
        instant(self.date(days_back), 15, &self.zone).as_millisecond()
    }

    /// Days of history before the last day.
    fn days(&self) -> i64 {
        i64::from(self.plan.weeks) * 7
    }
}

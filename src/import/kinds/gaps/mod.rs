//! `gaps.csv`: gaps as they stand. A new gap gets a history from its first state; a known one gets
//! the events that lead from what is recorded to what the file says. Where a changes file of the
//! same command tells of a gap, that is the history, and this file only says how it began.

mod base;
mod begin;
mod check;
mod diff;
mod event;
mod wanted;

pub use check::check;
pub(super) use wanted::Status;

use std::collections::HashMap;

use crate::import::context::{Context, Outcome, Place, keys, known, people, places};
use crate::import::error::ImportError;
use crate::import::folded::{self, Known};
use crate::import::map::{Fault, Row};
use crate::import::told::RowChange;
use crate::store::Tx;
use crate::store::import::{
    self as store, ExposureRow, GapEventRow, GapRow, ImplementationRow, PersonRow,
};

use super::people::NewPeople;
use wanted::Wanted;

/// What a chunk of rows refers to.
struct Found {
    places: HashMap<String, Place>,
    implementations: HashMap<String, ImplementationRow>,
    people: HashMap<String, PersonRow>,
    gaps: HashMap<String, Known>,
}

impl Found {
    async fn of(context: &Context<'_>, tx: &mut Tx, rows: &[Row]) -> Result<Self, ImportError> {
        let implementations = store::implementations(tx, &keys(rows, "implementation")).await?;
        let gaps = store::gaps(tx, &keys(rows, "external_id")).await?;
        Ok(Self {
            places: places(context, tx, rows).await?,
            implementations: implementations
                .into_iter()
                .filter(|i| context.is_ours(&i.organization_id))
                .filter_map(|i| Some((i.external_id.clone()?, i)))
                .collect(),
            people: people(tx, rows, "owner_email").await?,
            gaps: folded::known(tx, gaps, context.constants).await?,
        })
    }

    /// Tells of another implementation, by the names that files have for them.
    fn implementation(
        &self,
        change: RowChange,
        row: &Row,
        before: Option<&GapRow>,
        after: &GapRow,
    ) -> RowChange {
        let known = before.and_then(|b| b.implementation_id.as_ref());
        if known == after.implementation_id.as_ref() {
            return change;
        }
        let name = |id: &String| {
            let named = self.implementations.iter().find(|(_, own)| own.id == *id);
            named.map_or_else(|| "another".to_owned(), |(name, _)| name.clone())
        };
        let to = after.implementation_id.as_ref().and(row.text("implementation"));
        change.value("implementation", known.map(name), to.map(str::to_owned))
    }
}

/// What a chunk writes.
#[derive(Default)]
struct Written {
    new: Vec<(GapRow, jiff::Timestamp)>,
    changed: Vec<(GapRow, GapRow)>,
    events: Vec<GapEventRow>,
    exposures: Vec<ExposureRow>,
}

/// What one row makes of a gap's history.
#[derive(Default)]
pub(super) struct Told {
    /// Events.
    pub events: Vec<GapEventRow>,
    /// Estimates.
    pub exposures: Vec<ExposureRow>,
}

impl Told {
    /// Whether there is nothing new.
    fn is_empty(&self) -> bool {
        self.events.is_empty() && self.exposures.is_empty()
    }
}

/// Writes gaps.
pub(super) async fn write(
    context: &Context<'_>,
    tx: &mut Tx,
    rows: &[Row],
    out: &mut Outcome,
) -> Result<(), ImportError> {
    let found = Found::of(context, tx, rows).await?;
    let mut new_people = NewPeople::at(context.recorded_at);
    let mut written = Written::default();
    for row in rows {
        let people = new_people.count();
        let read = one(context, row, &found, &mut new_people);
        if read.is_err() {
            new_people.back_to(people);
        }
        let Some((before, after, told)) = out.take(row.number, read) else {
            continue;
        };
        let changed = before.is_none_or(|b| b.row != after) || !told.is_empty();
        out.count(changed);
        out.events += (told.events.len() + told.exposures.len()) as u64;
        if changed {
            out.tell(|| {
                let is_new = before.is_none();
                let change = RowChange::of(&after.external_id, &after.title, is_new);
                found
                    .implementation(change, row, before.map(|b| &b.row), &after)
                    .estimates(&told.exposures, &after.opened_on)
                    .base(before.map(|b| &b.row), &after)
                    .events(&told.events, &after.opened_on)
            });
        }
        match before {
            None => {
                let since = context.first.of(&after.external_id).and_then(|f| f.recorded_at);
                written.new.push((after, since.unwrap_or(context.recorded_at)));
            }
            Some(before) if before.row != after => {
                written.changed.push((before.row.clone(), after))
            }
            Some(_) => {}
        }
        written.events.extend(told.events);
        written.exposures.extend(told.exposures);
    }
    new_people.write(tx, &context.batch).await?;
    store::insert_base(tx, &context.batch, &written.new).await?;
    store::update_base(tx, &context.batch, &written.changed).await?;
    store::add_gap_events(tx, &context.batch, &written.events).await?;
    store::add_exposures(tx, &context.batch, &written.exposures).await?;
    Ok(())
}

/// One row: what was known, what the row makes of it, and what happened in between.
fn one<'f>(
    context: &Context<'_>,
    row: &Row,
    found: &'f Found,
    new_people: &mut NewPeople,
) -> Result<(Option<&'f Known>, GapRow, Told), Fault> {
    let place = known(&found.places, row, "organization")?;
    let before = row.text("external_id").and_then(|id| found.gaps.get(id));
    let after = base::read(context, row, place, found, before.map(|k| &k.row))?;
    let wanted = Wanted::read(context, row, place, found, new_people)?;
    let told = match (before, context.first.of(&after.external_id)) {
        (Some(_), Some(_)) => Told::default(),
        (None, first) => begin::events(context, &after, &wanted, place, first)?,
        (Some(before), None) => diff::events(context, before, &after, &wanted, place)?,
    };
    Ok((before, after, told))
}

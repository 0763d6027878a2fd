//! `implementations.csv`. What a platform is changes in place; its dates and status are events.

use std::collections::{HashMap, HashSet};

use crate::clock::new_id;
use crate::domain::codes::{ImplementationKind, ImplementationStatus};
use crate::import::context::{Context, IN_USE, Outcome, Place, keys, known, places};
use crate::import::error::ImportError;
use crate::import::map::{Fault, Row};
use crate::import::told::RowChange;
use crate::store::Tx;
use crate::store::import::{self as store, ImplementationEventRow, ImplementationRow};
use crate::store::row::millis;

use super::slug;

/// The fields whose history is kept.
const FIELDS: [&str; 3] = ["configuration_starts_on", "go_live_on", "status"];

/// Writes implementations and the events of their dates.
pub(super) async fn write(
    context: &Context<'_>,
    tx: &mut Tx,
    rows: &[Row],
    out: &mut Outcome,
) -> Result<(), ImportError> {
    let places = places(context, tx, rows).await?;
    let found = store::implementations(tx, &keys(rows, "external_id")).await?;
    let ids: Vec<&str> = found.iter().map(|i| i.id.as_str()).collect();
    let history = Histories::of(store::implementation_events(tx, &ids).await?);
    let by_id: HashMap<&str, &ImplementationRow> =
        found.iter().filter_map(|i| Some((i.external_id.as_deref()?, i))).collect();
    let mut taken = slugs(tx, &places).await?;
    let (mut new, mut changed, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let read = known(&places, row, "organization").and_then(|place| {
            let before = row.text("external_id").and_then(|id| by_id.get(id)).copied();
            let after = base(context, row, place, before)?;
            let told = dates(context, row, place, &after.id, &history)?;
            Ok((before, after, told))
        });
        let Some((before, mut after, told)) = out.take(row.number, read) else {
            continue;
        };
        let is_changed = before != Some(&after) || !told.is_empty();
        out.count(is_changed);
        if is_changed {
            out.tell(|| {
                let name = after.external_id.as_deref().unwrap_or_default();
                RowChange::of(name, &after.name, before.is_none()).base(before, &after).dates(&told)
            });
        }
        out.events += told.len() as u64;
        match before {
            None => {
                let taken = taken.entry(after.organization_id.clone()).or_default();
                after.slug = slug::fresh(
                    &after.name,
                    after.external_id.as_deref().unwrap_or_default(),
                    taken,
                );
                new.push((after, context.recorded_at));
            }
            Some(before) if *before != after => changed.push((before.clone(), after)),
            Some(_) => {}
        }
        events.extend(told);
    }
    store::insert_base(tx, &context.batch, &new).await?;
    store::update_base(tx, &context.batch, &changed).await?;
    store::add_implementation_events(tx, &context.batch, &events).await?;
    Ok(())
}

/// Slugs that are taken, by organization.
async fn slugs(
    tx: &mut Tx,
    places: &HashMap<String, Place>,
) -> Result<HashMap<String, HashSet<String>>, ImportError> {
    let ids: Vec<&str> = places.values().map(|p| p.row.id.as_str()).collect();
    let mut taken: HashMap<String, HashSet<String>> = HashMap::new();
    for (organization, slug) in store::implementation_slugs(tx, &ids).await? {
        taken.entry(organization).or_default().insert(slug);
    }
    Ok(taken)
}

/// What changes in place.
fn base(
    context: &Context<'_>,
    row: &Row,
    place: &Place,
    before: Option<&ImplementationRow>,
) -> Result<ImplementationRow, Fault> {
    if before.is_some_and(|b| b.organization_id != place.row.id) {
        let reason = match context.only {
            Some(_) => IN_USE,
            None => "this implementation belongs to another organization",
        };
        return Err(Fault::at("external_id", reason));
    }
    let kind: Option<ImplementationKind> = row.word("kind")?;
    let target = row.whole("target_score", 0..=100)?.map(|points| points * 1_000);
    row.short("name", 200)?;
    Ok(ImplementationRow {
        id: before.map_or_else(new_id, |b| b.id.clone()),
        external_id: row.short("external_id", 200)?.map(str::to_owned),
        organization_id: place.row.id.clone(),
        slug: before.map_or_else(String::new, |b| b.slug.clone()),
        name: row.need("name")?.to_owned(),
        kind: match (kind, before) {
            (Some(kind), _) => kind.as_str().to_owned(),
            (None, Some(before)) => before.kind.clone(),
            (None, None) => ImplementationKind::Other.as_str().to_owned(),
        },
        target_milli: target
            .or(before.map(|b| b.target_milli))
            .unwrap_or(context.constants.default_target_milli),
        benefit_per_week: if row.has("benefit_per_week") {
            row.money("benefit_per_week")?
        } else {
            before.and_then(|b| b.benefit_per_week)
        },
    })
}

/// The events that make the known dates into those of the row.
fn dates(
    context: &Context<'_>,
    row: &Row,
    place: &Place,
    id: &str,
    history: &Histories,
) -> Result<Vec<ImplementationEventRow>, Fault> {
    let mut events = Vec::new();
    for field in FIELDS {
        let from = history.value(id, field);
        let Some(to) = wanted(context, row, field, from.is_none())? else {
            continue;
        };
        if from.as_deref() == to.as_deref() {
            continue;
        }
        history.not_newer(id, context, field)?;
        events.push(ImplementationEventRow {
            id: new_id(),
            implementation_id: id.to_owned(),
            field: field.to_owned(),
            from_value: from,
            to_value: to,
            effective_on: context.recorded_on(&place.zone).to_string(),
            recorded_at: millis(context.recorded_at),
        });
    }
    Ok(events)
}

/// The value that a row gives a field: none where it says nothing about it.
fn wanted(
    context: &Context<'_>,
    row: &Row,
    field: &str,
    is_new: bool,
) -> Result<Option<Option<String>>, Fault> {
    if field == "status" {
        let status: Option<ImplementationStatus> = row.word(field)?;
        let first = is_new.then_some(ImplementationStatus::Planned);
        return Ok(status.or(first).map(|s| Some(s.as_str().to_owned())));
    }
    if !row.has(field) {
        return Ok(None);
    }
    Ok(Some(row.date(field, context.times)?.map(|day| day.to_string())))
}

/// The known events of implementations.
struct Histories(HashMap<String, Vec<ImplementationEventRow>>);

impl Histories {
    fn of(events: Vec<ImplementationEventRow>) -> Self {
        let mut by_id: HashMap<String, Vec<ImplementationEventRow>> = HashMap::new();
        for event in events {
            by_id.entry(event.implementation_id.clone()).or_default().push(event);
        }
        Self(by_id)
    }

    /// The latest value of a field.
    fn value(&self, id: &str, field: &str) -> Option<String> {
        let events = self.0.get(id)?;
        let last = events.iter().rev().find(|e| e.field == field)?;
        last.to_value.clone()
    }

    /// A state of an earlier day cannot be compared with what was recorded later.
    fn not_newer(&self, id: &str, context: &Context<'_>, field: &str) -> Result<(), Fault> {
        let at = millis(context.recorded_at);
        let newer = self
            .0
            .get(id)
            .is_some_and(|es| es.iter().any(|e| e.field == field && e.recorded_at > at));
        if newer {
            return Err(Fault::at(
                field,
                format!(
                    "a newer value was recorded after {}; import states in the order of their time",
                    context.recorded_at
                ),
            ));
        }
        Ok(())
    }
}

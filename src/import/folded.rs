//! Gaps with the history that the database holds of them, folded.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::domain::constants::Constants;
use crate::domain::history::{GapState, History};
use crate::domain::snapshot::{Bounds, Exposure, Gap, GapEvent};
use crate::store::import::{self as rows, ExposureRow, GapEventRow, GapRow};
use crate::store::row::Place;
use crate::store::{StoreError, Tx};

/// What is known of one gap.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its row.
    pub row: GapRow,
    /// Where it stands by all that is recorded.
    pub state: GapState,
    /// The latest estimate.
    pub exposure: Option<ExposureRow>,
    /// The latest next step's date, kept as the note of its event.
    pub next_step_on: Option<String>,
    /// The latest owner's person.
    pub owner_person: Option<String>,
    /// When something was last recorded of it.
    pub updated_at: Option<Timestamp>,
}

/// What is known of gaps, by external id.
///
/// # Errors
/// Whatever the database says, or a stored value that cannot be understood.
pub async fn known(
    tx: &mut Tx,
    gaps: Vec<GapRow>,
    constants: &Constants,
) -> Result<HashMap<String, Known>, StoreError> {
    let ids: Vec<&str> = gaps.iter().map(|g| g.id.as_str()).collect();
    let mut events = by_gap(rows::gap_events(tx, &ids).await?, |e| &e.gap_id);
    let mut exposures = by_gap(rows::exposures(tx, &ids).await?, |e| &e.gap_id);
    let mut out = HashMap::with_capacity(gaps.len());
    for row in gaps {
        let events = events.remove(&row.id).unwrap_or_default();
        let exposures = exposures.remove(&row.id).unwrap_or_default();
        out.insert(row.external_id.clone(), fold(row, events, exposures, constants)?);
    }
    Ok(out)
}

fn by_gap<T>(rows: Vec<T>, gap: fn(&T) -> &String) -> HashMap<String, Vec<T>> {
    let mut out: HashMap<String, Vec<T>> = HashMap::new();
    for row in rows {
        out.entry(gap(&row).clone()).or_default().push(row);
    }
    out
}

/// One gap.
fn fold(
    row: GapRow,
    mut events: Vec<GapEventRow>,
    mut exposures: Vec<ExposureRow>,
    constants: &Constants,
) -> Result<Known, StoreError> {
    let order = |e: &GapEventRow| (e.effective_on.clone(), e.recorded_at, e.id.clone());
    events.sort_by_cached_key(order);
    exposures.sort_by_cached_key(|e| (e.effective_on.clone(), e.recorded_at, e.id.clone()));
    let gap = gap(&row, &events, &exposures)?;
    let state = History::of(&gap, &TimeZone::UTC, constants).latest().clone();
    let last = |kind: &str| events.iter().rev().find(|e| e.kind == kind);
    let updated_at = gap.events.iter().map(|e| e.recorded_at).max();
    let updated_at = updated_at.max(gap.exposures.iter().map(|e| e.recorded_at).max());
    Ok(Known {
        state,
        next_step_on: last("next_step").and_then(|e| e.note.clone()),
        owner_person: last("owner").and_then(|e| e.person_id.clone()),
        updated_at,
        exposure: exposures.pop(),
        row,
    })
}

/// A gap as the domain folds it. The zone of the fold does not matter for the latest state.
fn gap(row: &GapRow, events: &[GapEventRow], exposures: &[ExposureRow]) -> Result<Gap, StoreError> {
    let place = Place { table: "gap", row: &row.id };
    Ok(Gap {
        id: row.id.clone(),
        external_id: row.external_id.clone(),
        implementation_id: row.implementation_id.clone(),
        area: place.code("area", &row.area)?,
        category: place.code("category", &row.category)?,
        leak_zone: place.code("leak_zone", &row.leak_zone)?,
        title: row.title.clone(),
        short_name: row.short_name.clone(),
        exposure_group: row.exposure_group.clone(),
        existed_since: place.date_if("existed_since", row.existed_since.as_deref())?,
        opened_on: place.date("opened_on", &row.opened_on)?,
        events: events.iter().map(event).collect::<Result<_, _>>()?,
        exposures: exposures.iter().map(exposure).collect::<Result<_, _>>()?,
    })
}

fn event(row: &GapEventRow) -> Result<GapEvent, StoreError> {
    let place = Place { table: "gap_event", row: &row.id };
    Ok(GapEvent {
        id: row.id.clone(),
        kind: place.code("kind", &row.kind)?,
        from: row.from_value.clone(),
        to: row.to_value.clone(),
        effective_on: place.date("effective_on", &row.effective_on)?,
        recorded_at: place.instant("recorded_at", row.recorded_at)?,
        actor: row.actor.clone(),
    })
}

fn exposure(row: &ExposureRow) -> Result<Exposure, StoreError> {
    let place = Place { table: "exposure", row: &row.id };
    Ok(Exposure {
        effective_on: place.date("effective_on", &row.effective_on)?,
        recorded_at: place.instant("recorded_at", row.recorded_at)?,
        kind: place.code("kind", &row.kind)?,
        per_week: Bounds { low: row.low, likely: row.likely, high: row.high },
        basis: place.code("basis", &row.basis)?,
    })
}

/// Whether two estimates rest on the same numbers, whatever their spelling.
#[must_use]
pub fn same_inputs(a: &str, b: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    a == b || (read(a).is_some() && read(a) == read(b))
}

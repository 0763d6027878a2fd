//! Gaps with their whole history up to the cut-off.

use std::collections::HashMap;

use serde::de::DeserializeOwned;

use crate::domain::snapshot::{Bounds, Exposure, Gap, GapEvent};
use crate::store::row::Place;
use crate::store::{Sql, StoreError, Tx};
use crate::{in_tx, not_voided, statements};

use super::{Loaded, Request};

/// Where what was told of gaps is read from, for each organization.
macro_rules! told_of {
    ($table:literal) => {
        concat!(
            " FROM gap g JOIN ",
            $table,
            " e ON e.gap_id = g.id WHERE g.organization_id IN (SELECT value FROM json_each($1)) \
             AND g.voided_at IS NULL AND e.recorded_at <= $2 AND ",
            not_voided!("e.batch_id"),
            " GROUP BY g.organization_id"
        )
    };
}

statements! {
    /// Every gap that is not voided; those nobody had told of yet are dropped once the events are in.
    GAPS = "SELECT id, organization_id, external_id, implementation_id, area, category, leak_zone, title, short_name,
          exposure_group, existed_since, opened_on
        FROM gap
        WHERE organization_id IN (SELECT value FROM json_each($1)) AND voided_at IS NULL
        ORDER BY external_id";
    /// Histories: for each organization one JSON array of arrays. A row for each event would be most
    /// of the rows of a load, and a row costs more than what is in it.
    EVENTS = concat!("SELECT g.organization_id, json_group_array(json_array(e.gap_id, e.id, e.kind, e.from_value,
          e.to_value, e.effective_on, e.recorded_at, e.actor) ORDER BY e.gap_id, e.recorded_at, e.id) AS told", told_of!("gap_event")),
        concat!("SELECT g.organization_id, json_agg(json_build_array(e.gap_id, e.id, e.kind, e.from_value,
          e.to_value, e.effective_on, e.recorded_at, e.actor) ORDER BY e.gap_id, e.recorded_at, e.id)::text AS told", told_of!("gap_event"));
    /// Estimates, likewise.
    EXPOSURES = concat!("SELECT g.organization_id, json_group_array(json_array(e.gap_id, e.id, e.kind, e.low, e.likely,
          e.high, e.basis, e.effective_on, e.recorded_at) ORDER BY e.gap_id, e.recorded_at, e.id) AS told", told_of!("exposure")),
        concat!("SELECT g.organization_id, json_agg(json_build_array(e.gap_id, e.id, e.kind, e.low, e.likely,
          e.high, e.basis, e.effective_on, e.recorded_at) ORDER BY e.gap_id, e.recorded_at, e.id)::text AS told", told_of!("exposure"));
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    organization_id: String,
    external_id: String,
    implementation_id: Option<String>,
    area: String,
    category: String,
    leak_zone: String,
    title: String,
    short_name: Option<String>,
    exposure_group: Option<String>,
    existed_since: Option<String>,
    opened_on: String,
}

/// One event: gap, id, kind, from, to, effective on, recorded at, actor.
type EventRow =
    (String, String, String, Option<String>, Option<String>, String, i64, Option<String>);

/// One estimate: gap, id, kind, low, likely, high, basis, effective on, recorded at.
type ExposureRow = (String, String, String, i64, i64, i64, String, String, i64);

/// Gap id to its organization's place and its own.
type Places = HashMap<String, (usize, usize)>;

pub(super) async fn load(
    tx: &mut Tx,
    request: &Request,
    found: &mut Loaded,
) -> Result<(), StoreError> {
    let sql = GAPS.within(tx);
    let rows: Vec<Row> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(&request.ids).fetch_all(conn).await?
    });
    let mut places = Places::with_capacity(rows.len());
    for row in rows {
        let Some(&at) = found.by_id.get(&row.organization_id) else {
            continue;
        };
        let gaps = &mut found.snapshots[at].gaps;
        places.insert(row.id.clone(), (at, gaps.len()));
        gaps.push(gap(row)?);
    }
    load_events(tx, request, &places, found).await?;
    load_exposures(tx, request, &places, found).await?;
    for snapshot in &mut found.snapshots {
        snapshot.gaps.retain(|gap| !gap.events.is_empty());
    }
    Ok(())
}

fn gap(row: Row) -> Result<Gap, StoreError> {
    let place = Place { table: "gap", row: &row.id };
    Ok(Gap {
        area: place.code("area", &row.area)?,
        category: place.code("category", &row.category)?,
        leak_zone: place.code("leak_zone", &row.leak_zone)?,
        existed_since: place.date_if("existed_since", row.existed_since.as_deref())?,
        opened_on: place.date("opened_on", &row.opened_on)?,
        id: row.id,
        external_id: row.external_id,
        implementation_id: row.implementation_id,
        title: row.title,
        short_name: row.short_name,
        exposure_group: row.exposure_group,
        events: Vec::new(),
        exposures: Vec::new(),
    })
}

async fn load_events(
    tx: &mut Tx,
    request: &Request,
    places: &Places,
    found: &mut Loaded,
) -> Result<(), StoreError> {
    for (gap_id, id, kind, from, to, effective_on, recorded_at, actor) in
        told::<EventRow>(tx, EVENTS, request).await?
    {
        let Some(&(at, index)) = places.get(&gap_id) else {
            continue;
        };
        let place = Place { table: "gap_event", row: &id };
        let event = GapEvent {
            kind: place.code("kind", &kind)?,
            effective_on: place.date("effective_on", &effective_on)?,
            recorded_at: place.instant("recorded_at", recorded_at)?,
            from,
            to,
            actor,
            id,
        };
        found.snapshots[at].gaps[index].events.push(event);
    }
    Ok(())
}

async fn load_exposures(
    tx: &mut Tx,
    request: &Request,
    places: &Places,
    found: &mut Loaded,
) -> Result<(), StoreError> {
    for (gap_id, id, kind, low, likely, high, basis, effective_on, recorded_at) in
        told::<ExposureRow>(tx, EXPOSURES, request).await?
    {
        let Some(&(at, index)) = places.get(&gap_id) else {
            continue;
        };
        let place = Place { table: "exposure", row: &id };
        let exposure = Exposure {
            effective_on: place.date("effective_on", &effective_on)?,
            recorded_at: place.instant("recorded_at", recorded_at)?,
            kind: place.code("kind", &kind)?,
            per_week: Bounds { low, likely, high },
            basis: place.code("basis", &basis)?,
        };
        found.snapshots[at].gaps[index].exposures.push(exposure);
    }
    Ok(())
}

/// What was told of the gaps of all organizations asked for, unfolded from its JSON.
async fn told<T: DeserializeOwned>(
    tx: &mut Tx,
    sql: Sql,
    request: &Request,
) -> Result<Vec<T>, StoreError> {
    let sql = sql.within(tx);
    let rows: Vec<(String, String)> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(&request.ids).bind(request.cut_off).fetch_all(conn).await?
    });
    let mut all = Vec::new();
    for (organization, told) in rows {
        let some: Vec<T> = serde_json::from_str(&told)
            .map_err(|e| Place { table: "gap", row: &organization }.corrupt("told", e))?;
        all.extend(some);
    }
    Ok(all)
}

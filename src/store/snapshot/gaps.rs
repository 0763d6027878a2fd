//! Gaps with their whole history up to the cut-off.

use std::collections::HashMap;

use crate::domain::snapshot::{Bounds, Exposure, Gap, GapEvent};
use crate::store::row::Place;
use crate::store::{StoreError, Tx};
use crate::{in_tx, not_voided, statements};

use super::{Loaded, Request};

statements! {
    /// Every gap that is not voided; those nobody had told of yet are dropped once the events are in.
    GAPS = "SELECT id, organization_id, external_id, implementation_id, area, category, leak_zone, title, short_name,
          exposure_group, existed_since, opened_on
        FROM gap
        WHERE organization_id IN (SELECT value FROM json_each($1)) AND voided_at IS NULL
        ORDER BY external_id";
    /// Histories.
    EVENTS = concat!("SELECT e.id, e.gap_id, e.kind, e.from_value, e.to_value, e.effective_on, e.recorded_at, e.actor
        FROM gap g JOIN gap_event e ON e.gap_id = g.id
        WHERE g.organization_id IN (SELECT value FROM json_each($1)) AND g.voided_at IS NULL
          AND e.recorded_at <= $2 AND ", not_voided!("e.batch_id"), "
        ORDER BY e.gap_id, e.recorded_at, e.id");
    /// Estimates.
    EXPOSURES = concat!("SELECT e.id, e.gap_id, e.kind, e.low, e.likely, e.high, e.basis, e.effective_on, e.recorded_at
        FROM gap g JOIN exposure e ON e.gap_id = g.id
        WHERE g.organization_id IN (SELECT value FROM json_each($1)) AND g.voided_at IS NULL
          AND e.recorded_at <= $2 AND ", not_voided!("e.batch_id"), "
        ORDER BY e.gap_id, e.recorded_at, e.id");
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

#[derive(sqlx::FromRow)]
struct EventRow {
    id: String,
    gap_id: String,
    kind: String,
    from_value: Option<String>,
    to_value: Option<String>,
    effective_on: String,
    recorded_at: i64,
    actor: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ExposureRow {
    id: String,
    gap_id: String,
    kind: String,
    low: i64,
    likely: i64,
    high: i64,
    basis: String,
    effective_on: String,
    recorded_at: i64,
}

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
    let sql = EVENTS.within(tx);
    let rows: Vec<EventRow> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(&request.ids).bind(request.cut_off).fetch_all(conn).await?
    });
    for row in rows {
        let Some(&(at, index)) = places.get(&row.gap_id) else {
            continue;
        };
        let place = Place { table: "gap_event", row: &row.id };
        let event = GapEvent {
            kind: place.code("kind", &row.kind)?,
            effective_on: place.date("effective_on", &row.effective_on)?,
            recorded_at: place.instant("recorded_at", row.recorded_at)?,
            from: row.from_value,
            to: row.to_value,
            actor: row.actor,
            id: row.id,
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
    let sql = EXPOSURES.within(tx);
    let rows: Vec<ExposureRow> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(&request.ids).bind(request.cut_off).fetch_all(conn).await?
    });
    for row in rows {
        let Some(&(at, index)) = places.get(&row.gap_id) else {
            continue;
        };
        let place = Place { table: "exposure", row: &row.id };
        let exposure = Exposure {
            effective_on: place.date("effective_on", &row.effective_on)?,
            recorded_at: place.instant("recorded_at", row.recorded_at)?,
            kind: place.code("kind", &row.kind)?,
            per_week: Bounds { low: row.low, likely: row.likely, high: row.high },
            basis: place.code("basis", &row.basis)?,
        };
        found.snapshots[at].gaps[index].exposures.push(exposure);
    }
    Ok(())
}

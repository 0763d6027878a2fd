//! Implementations with their dates as known at the cut-off, their scope, and every look at a cell.

use std::collections::HashMap;

use crate::domain::codes::ImplementationStatus;
use crate::domain::snapshot::{Implementation, ImplementationEvent, Look};
use crate::store::row::Place;
use crate::store::{StoreError, Tx};
use crate::{in_tx, not_voided, statements};

use super::{Loaded, Request};

statements! {
    /// Known at the cut-off: recorded by then, or with an event that was.
    IMPLEMENTATIONS = concat!("SELECT i.id, i.organization_id, i.slug, i.name, i.kind, i.target_milli, i.benefit_per_week
        FROM implementation i
        WHERE i.organization_id IN (SELECT value FROM json_each($1)) AND i.voided_at IS NULL
          AND (i.created_at <= $2 OR EXISTS (SELECT 1 FROM implementation_event e
               WHERE e.implementation_id = i.id AND e.recorded_at <= $2 AND ", not_voided!("e.batch_id"), "))
        ORDER BY i.slug");
    /// Changes of dates and status, in the order in which they were true.
    EVENTS = concat!("SELECT e.id, e.implementation_id, e.field, e.from_value, e.to_value, e.effective_on, e.recorded_at
        FROM implementation i JOIN implementation_event e ON e.implementation_id = i.id
        WHERE i.organization_id IN (SELECT value FROM json_each($1)) AND i.voided_at IS NULL
          AND e.recorded_at <= $2 AND ", not_voided!("e.batch_id"), "
        ORDER BY e.effective_on, e.recorded_at, e.id");
    /// Scope.
    AREAS = "SELECT a.id, a.implementation_id, a.area, a.weight
        FROM implementation i JOIN implementation_area a ON a.implementation_id = i.id
        WHERE i.organization_id IN (SELECT value FROM json_each($1)) AND i.voided_at IS NULL
          AND a.voided_at IS NULL
        ORDER BY a.weight DESC, a.area";
    /// Looks at cells, one row an assessment: `billing no_source,billing owner_habit`. A row for each
    /// cell would be a third of all rows of a load.
    LOOKS = concat!("SELECT a.id, a.implementation_id, a.held_on, a.recorded_at,
          string_agg(n.area || ' ' || n.category, ',') AS cells
        FROM implementation i JOIN assessment a ON a.implementation_id = i.id
          JOIN assessment_answer n ON n.assessment_id = a.id
        WHERE i.organization_id IN (SELECT value FROM json_each($1)) AND i.voided_at IS NULL
          AND a.recorded_at <= $2 AND ", not_voided!("a.batch_id"), "
        GROUP BY a.id, a.implementation_id, a.held_on, a.recorded_at");
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    organization_id: String,
    slug: String,
    name: String,
    kind: String,
    target_milli: i64,
    benefit_per_week: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct EventRow {
    id: String,
    implementation_id: String,
    field: String,
    from_value: Option<String>,
    to_value: Option<String>,
    effective_on: String,
    recorded_at: i64,
}

#[derive(sqlx::FromRow)]
struct LookRow {
    id: String,
    implementation_id: String,
    held_on: String,
    recorded_at: i64,
    cells: String,
}

/// Implementation id to its organization's place and its own.
type Places = HashMap<String, (usize, usize)>;

pub(super) async fn load(
    tx: &mut Tx,
    request: &Request,
    found: &mut Loaded,
) -> Result<(), StoreError> {
    let sql = IMPLEMENTATIONS.within(tx);
    let rows: Vec<Row> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(&request.ids).bind(request.cut_off).fetch_all(conn).await?
    });
    let mut places = Places::new();
    for row in rows {
        let Some(&at) = found.by_id.get(&row.organization_id) else {
            continue;
        };
        let list = &mut found.snapshots[at].implementations;
        places.insert(row.id.clone(), (at, list.len()));
        list.push(implementation(row)?);
    }
    load_events(tx, request, &places, found).await?;
    load_areas(tx, request, &places, found).await?;
    load_looks(tx, request, &places, found).await
}

fn implementation(row: Row) -> Result<Implementation, StoreError> {
    let place = Place { table: "implementation", row: &row.id };
    let kind = place.code("kind", &row.kind)?;
    Ok(Implementation {
        id: row.id,
        slug: row.slug,
        name: row.name,
        kind,
        status: ImplementationStatus::Planned,
        configuration_starts_on: None,
        go_live_on: None,
        target_milli: row.target_milli,
        benefit_per_week: row.benefit_per_week,
        areas: Vec::new(),
        events: Vec::new(),
    })
}

/// Status and dates are the fold of the events: of those in force the last one speaks. One that is
/// dated after the cut-off (a date agreed now "from Monday on") is known and therefore counts.
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
        let Some(&(at, index)) = places.get(&row.implementation_id) else {
            continue;
        };
        let target = &mut found.snapshots[at].implementations[index];
        let place = Place { table: "implementation_event", row: &row.id };
        let to = row.to_value.as_deref();
        match row.field.as_str() {
            "go_live_on" => target.go_live_on = place.date_if("to_value", to)?,
            "configuration_starts_on" => {
                target.configuration_starts_on = place.date_if("to_value", to)?;
            }
            "status" => target.status = place.code("to_value", to.unwrap_or_default())?,
            other => return Err(place.corrupt("field", format!("{other:?} is not a field"))),
        }
        let effective_on = place.date("effective_on", &row.effective_on)?;
        let recorded_at = place.instant("recorded_at", row.recorded_at)?;
        target.events.push(ImplementationEvent {
            field: row.field,
            from: row.from_value,
            to: row.to_value,
            effective_on,
            recorded_at,
        });
    }
    Ok(())
}

async fn load_areas(
    tx: &mut Tx,
    request: &Request,
    places: &Places,
    found: &mut Loaded,
) -> Result<(), StoreError> {
    let sql = AREAS.within(tx);
    let rows: Vec<(String, String, String, i64)> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(&request.ids).fetch_all(conn).await?
    });
    for (id, implementation_id, area, weight) in rows {
        let Some(&(at, index)) = places.get(&implementation_id) else {
            continue;
        };
        let place = Place { table: "implementation_area", row: &id };
        let area = place.code("area", &area)?;
        found.snapshots[at].implementations[index].areas.push((area, weight));
    }
    Ok(())
}

async fn load_looks(
    tx: &mut Tx,
    request: &Request,
    places: &Places,
    found: &mut Loaded,
) -> Result<(), StoreError> {
    let sql = LOOKS.within(tx);
    let rows: Vec<LookRow> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(&request.ids).bind(request.cut_off).fetch_all(conn).await?
    });
    for row in rows {
        let Some(&(at, implementation)) = places.get(&row.implementation_id) else {
            continue;
        };
        let place = Place { table: "assessment", row: &row.id };
        let held_on = place.date("held_on", &row.held_on)?;
        let recorded_at = place.instant("recorded_at", row.recorded_at)?;
        for cell in row.cells.split(',') {
            let (area, category) = cell.split_once(' ').unwrap_or((cell, ""));
            found.snapshots[at].looks.push(Look {
                implementation,
                area: place.code("area", area)?,
                category: place.code("category", category)?,
                held_on,
                recorded_at,
            });
        }
    }
    Ok(())
}

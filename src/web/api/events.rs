//! `/organizations/{organization}/events` and those of one gap: what happened, and when we were told.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::domain::codes::EventKind;
use crate::store::listings::{self, EventFilter, EventRow};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

use super::caller::Caller;
use super::fault::Fault;
use super::page::{List, Page, json};
use super::sent::{Json, One, Two};
use super::shape::words::Words;
use super::shape::{Code, Instant, Text, Word, Wrongs, answer, query, request};
use super::{Routes, routes};

answer! {
    /// Something that happened to a gap.
    Event = {
        "id": "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a58", "gap": "NF-17", "kind": "status", "from": "open",
        "to": "in_progress", "effective_on": "2026-11-18", "recorded_at": "2026-11-18T16:20:31Z",
        "actor": "A. Mendel", "note": null, "evidence_url": null, "is_imported": false
    } {
        /// Row id.
        id: String,
        /// External id of the gap.
        gap: String,
        /// What it says.
        kind: Code<EventKind>,
        /// Value before.
        from: Option<String>,
        /// Value after.
        to: Option<String>,
        /// Day on which it was true.
        effective_on: String,
        /// When we were told.
        recorded_at: Instant,
        /// Who did it. Whoever is called by an address is named to tokens that may read people only.
        actor: Option<String>,
        /// In words.
        note: Option<String>,
        /// Where the evidence lies.
        evidence_url: Option<String>,
        /// Whether an import wrote it.
        is_imported: bool,
    }
}

/// The kinds of event that are added by themselves; the others are what a change of a gap writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web::api) enum AddedKind {}

impl Words for AddedKind {
    fn words() -> Vec<&'static str> {
        vec!["confirmed", "note"]
    }
}

request! {
    /// An event to be added: confirmed says that somebody looked and nothing changed, note adds words. Every
    /// other kind is written by changing the gap.
    NewEvent = { "kind": "note", "note": "Sales and finance meet on Tuesday." } {
        /// What it says.
        kind: Code<AddedKind>,
        /// In words; a note needs some.
        note: Option<Text<1, 1_000>>,
    }
}

query! {
    /// Which events.
    EventsFilter {
        /// Of a gap, by external id.
        gap: Text<1, 120>,
        /// Of a kind.
        kind: Word<EventKind>,
        /// Told at this instant or later.
        recorded_since: Instant,
    }
}

query! {
    /// Which events of a gap.
    OwnEventsFilter {
        /// Of a kind.
        kind: Word<EventKind>,
        /// Told at this instant or later.
        recorded_since: Instant,
    }
}

pub(super) fn operations() -> Routes {
    Routes::new().routes(routes!(list)).routes(routes!(list_of_gap, add))
}

type EventPage = Page<Event>;

/// List what happened
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/events", tag = "events",
    params(EventsFilter),
    responses((status = 200, description = "A page of events of all gaps, in the order of being written.", body = EventPage)),
    security(("token" = ["read:gaps"])))]
async fn list(
    State(site): State<Site>,
    caller: Caller,
    One(organization): One,
    list: List<EventsFilter>,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    let filter = EventFilter {
        gap: list.filter.gap.as_ref().map_or("", |own| own.0.as_str()),
        kind: list.filter.kind.map_or("", |own| own.0.as_str()),
        recorded_from: since(list.filter.recorded_since),
    };
    let rows = site.engine.db.page_of_events(filter, list.page(Some(&organization.id))).await?;
    Ok(list.answer(&site, rows, |row| &row.id, |row| told(row, &caller)))
}

/// List what happened to a gap
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/gaps/{gap}/events", tag = "events",
    params(OwnEventsFilter),
    responses((status = 200, description = "A page of its events, in the order of being written.", body = EventPage)),
    security(("token" = ["read:gaps"])))]
async fn list_of_gap(
    State(site): State<Site>,
    caller: Caller,
    Two(organization, gap): Two,
    list: List<OwnEventsFilter>,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    site.engine.gap(&organization.id, &gap).await?;
    let filter = EventFilter {
        gap: &gap,
        kind: list.filter.kind.map_or("", |own| own.0.as_str()),
        recorded_from: since(list.filter.recorded_since),
    };
    let rows = site.engine.db.page_of_events(filter, list.page(Some(&organization.id))).await?;
    Ok(list.answer(&site, rows, |row| &row.id, |row| told(row, &caller)))
}

/// Confirm a gap, or add a note
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/gaps/{gap}/events", tag = "events",
    request_body = NewEvent,
    responses((status = 201, description = "It is written down.", body = Event)),
    security(("token" = ["write:gaps"])))]
async fn add(
    State(site): State<Site>,
    caller: Caller,
    Two(organization, gap): Two,
    Json(new): Json<NewEvent>,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    let (engine, actor) = (&site.engine, caller.actor());
    let (note, now) = (new.note.as_ref().map(|own| own.0.as_str()), site.now());
    match (new.kind.0.as_str(), note) {
        ("note", None) => {
            return Err(Fault::invalid(Wrongs::one("note", "is missing; a note needs words")));
        }
        ("note", Some(words)) => engine.note_gap(&organization.id, &gap, words, &actor).await?,
        _ => engine.confirm_gap(&organization.id, &gap, note, &actor).await?,
    };
    let what = (gap.as_str(), new.kind.0.as_str());
    let row = newest(&site, &organization.id, what, now.as_millisecond()).await?;
    Ok(json(StatusCode::CREATED, &told(row, &caller)))
}

/// The newest event of a gap of a kind, of those told since an instant.
async fn newest(
    site: &Site,
    organization: &str,
    (gap, kind): (&str, &str),
    recorded_from: i64,
) -> Result<EventRow, Fault> {
    let filter = EventFilter { gap, kind, recorded_from };
    let page = listings::Page { organization: Some(organization), after: "", limit: 1_000 };
    let rows = site.engine.db.page_of_events(filter, page).await?;
    let newest =
        rows.into_iter().max_by(|a, b| (a.recorded_at, &a.id).cmp(&(b.recorded_at, &b.id)));
    newest.ok_or_else(|| Problem::Broken.into())
}

/// An instant for a filter, milliseconds.
pub(super) fn since(instant: Option<Instant>) -> i64 {
    instant.map_or(i64::MIN, |own| own.0.as_millisecond())
}

fn told(row: EventRow, caller: &Caller) -> Event {
    Event {
        id: row.id,
        gap: row.gap,
        kind: Code::new(row.kind),
        from: row.from_value,
        to: row.to_value,
        effective_on: row.effective_on,
        recorded_at: Instant::of(row.recorded_at),
        actor: caller.called(row.actor),
        note: row.note,
        evidence_url: row.evidence_url,
        is_imported: row.is_imported,
    }
}

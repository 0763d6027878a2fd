//! `/editions`: what a week's brief says.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use serde_json::Value;

use crate::domain::codes::EditionKind;
use crate::store::listings::{EditionFilter, EditionLine};
use crate::web::shell::state::Site;

use super::caller::Caller;
use super::facts::FactsBody;
use super::fault::Fault;
use super::page::{List, Page, json};
use super::sent::One;
use super::shape::words::{EditionState, ScopeKind};
use super::shape::{Code, Instant, Text, Word, answer, query};
use super::{Routes, Week, routes};

answer! {
    /// An edition: what all readers of a kind get in a week.
    Edition = {
        "id": "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a53", "scope_kind": "organization",
        "organization": "northfield-supply", "consultant_id": null, "iso_week": "2026-W48", "kind": "leader",
        "variant": "full-en", "state": "frozen", "cut_off_at": "2026-11-23T12:00:00Z", "as_of": "2026-11-23",
        "subject": "ERP cutover: 66 of 100, up 3, 9 weeks left", "reason": null,
        "frozen_at": "2026-11-23T12:00:01Z", "created_at": "2026-11-22T12:00:01Z"
    } {
        /// Row id.
        id: String,
        /// What it is about.
        scope_kind: Code<ScopeKind>,
        /// Slug, where it is about an organization.
        organization: Option<String>,
        /// Row id of the person, where it is a consultant's portfolio.
        consultant_id: Option<String>,
        /// Its week.
        iso_week: String,
        /// Whose brief it is.
        kind: Code<EditionKind>,
        /// Quiet form and locale; an owner's adds whose gaps it lists.
        variant: String,
        /// How far it is.
        state: Code<EditionState>,
        /// The instant after which nothing that was recorded is seen.
        cut_off_at: Instant,
        /// Its day in the zone.
        as_of: String,
        /// Subject, once it is made.
        subject: Option<String>,
        /// Why it is skipped, cancelled or expired.
        reason: Option<String>,
        /// When it was frozen.
        frozen_at: Option<Instant>,
        /// When it was first made.
        created_at: Instant,
    }
}

answer! {
    /// An edition with the facts that every word of it is made from.
    EditionWithFacts = {
        "edition": {
            "id": "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a53", "scope_kind": "organization",
            "organization": "northfield-supply", "consultant_id": null, "iso_week": "2026-W48",
            "kind": "leader", "variant": "full-en", "state": "frozen", "cut_off_at": "2026-11-23T12:00:00Z",
            "as_of": "2026-11-23", "subject": "ERP cutover: 66 of 100, up 3, 9 weeks left", "reason": null,
            "frozen_at": "2026-11-23T12:00:01Z", "created_at": "2026-11-22T12:00:01Z"
        },
        "facts": null
    } {
        /// The edition.
        edition: Edition,
        /// Its facts, as `brief preview --format json` prints them; none where none were made.
        facts: Option<FactsBody>,
    }
}

query! {
    /// Which editions.
    EditionsFilter {
        /// Those about an organization: its slug, external id or row id.
        organization: Text<1, 200>,
        /// Of an ISO week, as in 2026-W48.
        week: Week,
        /// In a state.
        state: Code<EditionState>,
        /// Whose brief it is.
        kind: Word<EditionKind>,
    }
}

pub(super) fn operations() -> Routes {
    Routes::new().routes(routes!(list)).routes(routes!(show))
}

type EditionPage = Page<Edition>;

/// List editions
#[utoipa::path(get, path = "/api/v1/editions", tag = "editions", params(EditionsFilter),
    responses((status = 200, description = "A page of them.", body = EditionPage)),
    security(("token" = ["read:editions"])))]
async fn list(
    State(site): State<Site>,
    caller: Caller,
    list: List<EditionsFilter>,
) -> Result<Response<Body>, Fault> {
    let named = list.filter.organization.as_ref().map(|own| own.0.as_str());
    let organization = caller.narrowed(&site, named).await?;
    let filter = EditionFilter {
        week: list.filter.week.as_ref().map_or("", |own| own.0.as_str()),
        state: list.filter.state.as_ref().map_or("", |own| own.0.as_str()),
        kind: list.filter.kind.map_or("", |own| own.0.as_str()),
    };
    let rows = site.engine.db.page_of_editions(filter, list.page(organization.as_deref())).await?;
    Ok(list.answer(&site, rows, |row| &row.id, Edition::from))
}

/// Read an edition
#[utoipa::path(get, path = "/api/v1/editions/{edition}", tag = "editions",
    responses((status = 200, description = "The edition with its facts.", body = EditionWithFacts)),
    security(("token" = ["read:editions"])))]
async fn show(
    State(site): State<Site>,
    caller: Caller,
    One(id): One,
) -> Result<Response<Body>, Fault> {
    let row = site.engine.db.seen_edition(&id, caller.organization()).await?;
    let row = row.ok_or_else(|| Fault::missing("edition", &id))?;
    let facts = site.engine.db.edition_body(&id).await?.facts;
    let facts = facts.and_then(|text| serde_json::from_str::<Value>(&text).ok()).map(FactsBody);
    Ok(json(StatusCode::OK, &EditionWithFacts { edition: row.into(), facts }))
}

impl From<EditionLine> for Edition {
    fn from(row: EditionLine) -> Self {
        Self {
            id: row.id,
            scope_kind: Code::new(row.scope_kind),
            organization: row.organization,
            consultant_id: row.consultant,
            iso_week: row.iso_week,
            kind: Code::new(row.kind),
            variant: row.variant,
            state: Code::new(row.state),
            cut_off_at: Instant::of(row.cut_off_at),
            as_of: row.as_of,
            subject: row.subject,
            reason: row.reason,
            frozen_at: row.frozen_at.map(Instant::of),
            created_at: Instant::of(row.created_at),
        }
    }
}

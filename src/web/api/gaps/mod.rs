//! `/organizations/{organization}/gaps`: what is open.
//!
//! Reading order: `shape` (what is sent), `told` (what is answered), this file.

pub(super) mod shape;
mod told;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, Response, StatusCode};

use crate::domain::codes::{Area, Category, GapStatus, Severity};
use crate::engine::register::{GapFilter, GapLine, OwnerFilter};
use crate::web::shell::state::Site;

use super::caller::Caller;
use super::fault::Fault;
use super::page::{List, Page, json};
use super::sent::{IfMatch, Json, One, Two};
use super::shape::query::Several;
use super::shape::{At, Instant, Text, Whole, Word, Wrongs, query};
use super::{Routes, created, routes, tagged};
use shape::{GapChanges, NewGapBody};
use told::{Gap, GapSummary};

query! {
    /// Which gaps.
    GapsFilter {
        /// In one of these states, with commas between.
        status: Several<Word<GapStatus>>,
        /// In one of these areas, with commas between.
        area: Several<Word<Area>>,
        /// Of one of these causes, with commas between.
        category: Several<Word<Category>>,
        /// As bad as one of these, 1 to 4, with commas between.
        severity: Several<Whole<1, 4>>,
        /// Of an owner, by name in any case of letters.
        owner: Text<1, 120>,
        /// true: those that nobody owns; false: those that somebody owns.
        unowned: bool,
        /// Of an implementation, by slug.
        implementation: Text<1, 64>,
        /// Of which anything was told at this instant or later.
        updated_since: Instant,
    }
}

pub(super) fn operations() -> Routes {
    Routes::new().routes(routes!(list, add)).routes(routes!(show, change))
}

type GapPage = Page<GapSummary>;

/// List gaps
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/gaps", tag = "gaps", params(GapsFilter),
    responses((status = 200, description = "A page of them, by external id.", body = GapPage)),
    security(("token" = ["read:gaps"])))]
async fn list(
    State(site): State<Site>,
    caller: Caller,
    One(organization): One,
    list: List<GapsFilter>,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    let touched = site.engine.db.gaps_touched(&organization.id).await?;
    let told_at = |line: &GapLine| touched.get(&line.external_id).copied().unwrap_or_default();
    let mut lines = site.engine.gaps(&organization.id, &filter(&list.filter)).await?;
    let GapsFilter { category, unowned, implementation, updated_since, .. } = &list.filter;
    lines.retain(|line| {
        let is_category = |all: &Several<Word<Category>>| all.0.contains(&Word(line.category));
        category.as_ref().is_none_or(is_category)
            && unowned.is_none_or(|is_unowned| line.owner.is_none() == is_unowned)
            && implementation
                .as_ref()
                .is_none_or(|own| line.implementation.as_ref() == Some(&own.0))
            && updated_since.is_none_or(|since| told_at(line) >= since.0.as_millisecond())
    });
    lines.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    let currency = organization.currency;
    let show = |line: GapLine| {
        let at = told_at(&line);
        GapSummary::of(line, &currency, at)
    };
    Ok(list.slice(&site, lines, |line| &line.external_id, show))
}

/// Add a gap
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/gaps", tag = "gaps", request_body = NewGapBody,
    responses((status = 201, description = "It is there.", body = Gap,
        headers(("ETag" = String, description = "Its version.")))),
    security(("token" = ["write:gaps"])))]
async fn add(
    State(site): State<Site>,
    caller: Caller,
    One(organization): One,
    Json(new): Json<NewGapBody>,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    let mut wrongs = Wrongs::default();
    let Some(new) = new.asked(&At::body(), &caller, &mut wrongs) else {
        return Err(Fault::invalid(wrongs));
    };
    let written = site.engine.add_gap(&organization.id, &new, &caller.actor()).await?;
    let view = site.engine.gap(&organization.id, &written.id).await?;
    let version = view.version.clone();
    let gap = Gap::of(view, &organization.currency, &caller);
    let name: String = url::form_urlencoded::byte_serialize(gap.external_id.as_bytes()).collect();
    let name = name.replace('+', "%20");
    let location = format!("/api/v1/organizations/{}/gaps/{name}", organization.slug);
    Ok(tagged(created(&site, &location, &gap), &version))
}

/// Read a gap
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/gaps/{gap}", tag = "gaps",
    params(("If-None-Match" = Option<String>, Header, description = "An ETag that is known: the same version is answered with 304.")),
    responses(
        (status = 200, description = "The gap as it stands.", body = Gap,
            headers(("ETag" = String, description = "Its version."))),
        (status = 304, description = "It is as it was."),
    ),
    security(("token" = ["read:gaps"])))]
async fn show(
    State(site): State<Site>,
    caller: Caller,
    Two(organization, gap): Two,
    headers: HeaderMap,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    let view = site.engine.gap(&organization.id, &gap).await?;
    let version = view.version.clone();
    let body = json(StatusCode::OK, &Gap::of(view, &organization.currency, &caller));
    let mut response = tagged(body, &version);
    let known =
        headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let own =
        response.headers().get(ETAG).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if known.split(',').any(|one| one.trim().trim_start_matches("W/") == own) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
    }
    Ok(response)
}

/// Change a gap
///
/// All of it or nothing. Every change is an event of its history. Closing follows `verifying`, needs evidence,
/// and is not done by its owner.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/gaps/{gap}", tag = "gaps", request_body = GapChanges,
    params(("If-Match" = Option<String>, Header, description = "The ETag that was read: another version refuses the change.")),
    responses(
        (status = 200, description = "The gap as it is now.", body = Gap,
            headers(("ETag" = String, description = "Its version."))),
    ),
    security(("token" = ["write:gaps"])))]
async fn change(
    State(site): State<Site>,
    caller: Caller,
    Two(organization, gap): Two,
    IfMatch(expected): IfMatch,
    Json(wanted): Json<GapChanges>,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    let mut wrongs = Wrongs::default();
    let Some(wanted) = wanted.asked(expected, &caller, &mut wrongs) else {
        return Err(Fault::invalid(wrongs));
    };
    let (engine, actor) = (&site.engine, caller.actor());
    let written = engine.change_gap(&organization.id, &gap, &wanted, &actor).await?;
    let view = engine.gap(&organization.id, &written.id).await?;
    let version = view.version.clone();
    let gap = Gap::of(view, &organization.currency, &caller);
    Ok(tagged(json(StatusCode::OK, &gap), &version))
}

/// What the register filters by.
fn filter(asked: &GapsFilter) -> GapFilter {
    let severities = asked.severity.iter().flat_map(|all| &all.0);
    GapFilter {
        statuses: asked.status.iter().flat_map(|all| &all.0).map(|own| own.0).collect(),
        areas: asked.area.iter().flat_map(|all| &all.0).map(|own| own.0).collect(),
        severities: severities.filter_map(|own| Severity::try_from(own.0).ok()).collect(),
        owner: asked
            .owner
            .as_ref()
            .map(|own| OwnerFilter::Person { id: None, name: own.0.clone() }),
    }
}

//! `/organizations/{organization}/implementations`: what an organization gets ready for.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::domain::codes::{Area, ImplementationKind, ImplementationStatus};
use crate::domain::register::ask;
use crate::engine::register::ImplementationView;
use crate::web::shell::state::Site;

use super::caller::Caller;
use super::fault::Fault;
use super::organizations::Amount;
use super::page::{List, Page, json};
use super::sent::{IfMatch, Json, One, Two};
use super::shape::{Change, Day, Given, Many, Text, Whole, Word, answer, query, request};
use super::{Routes, created, routes, tagged};

/// Where the register's refusals speak of entries.
const LIST: &str = "areas";

answer! {
    /// An implementation: a platform or a mandate that an organization gets ready for.
    Implementation = {
        "slug": "erp", "external_id": "PRJ-9", "name": "ERP cutover", "kind": "erp", "status": "preparing",
        "target_score": 85, "benefit_per_week": 1_200_000, "mandated_on": "2026-06-01",
        "configuration_starts_on": "2026-12-07", "go_live_on": "2027-02-01",
        "areas": [{ "area": "billing", "weight": 5 }, { "area": "payables", "weight": 3 }]
    } {
        /// Name in addresses.
        slug: String,
        /// The id its owner's system knows it by.
        external_id: Option<String>,
        /// Name in the brief.
        name: String,
        /// What it is.
        kind: Word<ImplementationKind>,
        /// Where it stands.
        status: Word<ImplementationStatus>,
        /// Score to reach, points.
        target_score: i64,
        /// What it brings in a week once live, minor units.
        benefit_per_week: Option<i64>,
        /// Since when it is mandated.
        mandated_on: Option<Day>,
        /// First day of configuration.
        configuration_starts_on: Option<Day>,
        /// Go-live.
        go_live_on: Option<Day>,
        /// The scope: how much the platform leans on each area.
        areas: Vec<AreaWeight>,
    }
}

answer! {
    /// An area in scope.
    AreaWeight = { "area": "billing", "weight": 5 } {
        /// The area.
        area: Word<Area>,
        /// How much the platform leans on it, 1 to 5.
        weight: i64,
    }
}

request! {
    /// An area in scope.
    AreaInScope = { "area": "billing", "weight": 5 } {
        /// The area; each once.
        area: Word<Area>,
        /// How much the platform leans on it.
        weight: Whole<1, 5>,
    }
}

request! {
    /// An implementation to be added.
    NewImplementationBody = {
        "name": "ERP cutover", "kind": "erp", "go_live_on": "2027-02-01",
        "areas": [{ "area": "billing", "weight": 5 }, { "area": "payables", "weight": 3 }]
    } {
        /// Name in the brief.
        name: Text<1, 120>,
        /// Name in addresses; made from the name where it is left out.
        slug: Option<Text<1, 64>>,
        /// The id its owner's system knows it by.
        external_id: Option<Text<1, 120>>,
        /// What it is.
        kind: Word<ImplementationKind>,
        /// Where it stands; planned where it is left out.
        status: Option<Word<ImplementationStatus>>,
        /// Score to reach, points; 85 where it is left out.
        target_score: Option<Whole<0, 100>>,
        /// What it brings in a week once live, minor units.
        benefit_per_week: Option<Amount>,
        /// Since when it is mandated.
        mandated_on: Option<Day>,
        /// First day of configuration.
        configuration_starts_on: Option<Day>,
        /// Go-live.
        go_live_on: Option<Day>,
        /// The scope.
        areas: Option<Many<AreaInScope, 12>>,
    }
}

request! {
    /// What to change of an implementation. What is left out stays; null takes a date or an amount away.
    ImplementationChanges = { "go_live_on": "2027-03-01", "status": "preparing" } {
        /// Another name in the brief.
        name: Given<Text<1, 120>>,
        /// Another kind.
        kind: Given<Word<ImplementationKind>>,
        /// Another score to reach, points.
        target_score: Given<Whole<0, 100>>,
        /// Another benefit, minor units a week.
        benefit_per_week: Change<Amount>,
        /// Another day of the mandate.
        mandated_on: Change<Day>,
        /// Another first day of configuration.
        configuration_starts_on: Change<Day>,
        /// Another go-live.
        go_live_on: Change<Day>,
        /// Where it stands from now on.
        status: Given<Word<ImplementationStatus>>,
        /// The whole scope anew.
        areas: Given<Many<AreaInScope, 12>>,
        /// The day from which dates and status are so; today where it is left out.
        effective_on: Given<Day>,
    }
}

query! {
    /// Which implementations.
    ImplementationsFilter {
        /// Where they stand.
        status: Word<ImplementationStatus>,
    }
}

pub(super) fn operations() -> Routes {
    Routes::new().routes(routes!(list, add)).routes(routes!(show, change))
}

type ImplementationPage = Page<Implementation>;

/// List implementations
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/implementations", tag = "implementations",
    params(ImplementationsFilter),
    responses((status = 200, description = "A page of them, by slug.", body = ImplementationPage)),
    security(("token" = ["read:implementations"])))]
async fn list(
    State(site): State<Site>,
    caller: Caller,
    One(organization): One,
    list: List<ImplementationsFilter>,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    let mut all = site.engine.implementations(&organization.id).await?;
    all.retain(|own| list.filter.status.is_none_or(|status| status.0 == own.status));
    all.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok(list.slice(&site, all, |own| &own.slug, Implementation::from))
}

/// Add an implementation
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/implementations", tag = "implementations",
    request_body = NewImplementationBody,
    responses((status = 201, description = "It is there.", body = Implementation)),
    security(("token" = ["write:implementations"])))]
async fn add(
    State(site): State<Site>,
    caller: Caller,
    One(organization): One,
    Json(new): Json<NewImplementationBody>,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    let new = ask::NewImplementation {
        name: new.name.0,
        slug: new.slug.map(|own| own.0),
        external_id: new.external_id.map(|own| own.0),
        kind: new.kind.0,
        status: new.status.map_or(ImplementationStatus::Planned, |own| own.0),
        target: new.target_score.map(|own| own.0),
        benefit_per_week: new.benefit_per_week.map(|own| own.0),
        mandated_on: new.mandated_on.map(|own| own.0),
        configuration_starts_on: new.configuration_starts_on.map(|own| own.0),
        go_live_on: new.go_live_on.map(|own| own.0),
        areas: new.areas.map(scope).unwrap_or_default(),
    };
    let written = site.engine.add_implementation(&organization.id, &new, &caller.actor()).await;
    let written = written.map_err(|error| Fault::of_register(error, LIST))?;
    let view = one(&site, &organization.id, &written.id).await?;
    let location =
        format!("/api/v1/organizations/{}/implementations/{}", organization.slug, view.slug);
    let version = view.version.clone();
    Ok(tagged(created(&site, &location, &Implementation::from(view)), &version))
}

/// Read an implementation
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/implementations/{implementation}",
    tag = "implementations",
    responses((status = 200, description = "The implementation.", body = Implementation,
        headers(("ETag" = String, description = "Its version.")))),
    security(("token" = ["read:implementations"])))]
async fn show(
    State(site): State<Site>,
    caller: Caller,
    Two(organization, name): Two,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    answer_with(one(&site, &organization.id, &name).await?)
}

/// Change an implementation
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/implementations/{implementation}",
    tag = "implementations", request_body = ImplementationChanges,
    params(("If-Match" = Option<String>, Header, description = "The ETag that was read: another version refuses the change.")),
    responses(
        (status = 200, description = "The implementation as it is now.", body = Implementation,
            headers(("ETag" = String, description = "Its version."))),
    ),
    security(("token" = ["write:implementations"])))]
async fn change(
    State(site): State<Site>,
    caller: Caller,
    Two(organization, name): Two,
    IfMatch(expected): IfMatch,
    Json(wanted): Json<ImplementationChanges>,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    let change = ask::ImplementationChange {
        name: wanted.name.0.map(|own| own.0),
        kind: wanted.kind.0.map(|own| own.0),
        target: wanted.target_score.0.map(|own| own.0),
        benefit_per_week: wanted.benefit_per_week.0.map(|own| own.map(|own| own.0)),
        mandated_on: wanted.mandated_on.0.map(|own| own.map(|own| own.0)),
        configuration_starts_on: wanted.configuration_starts_on.0.map(|own| own.map(|own| own.0)),
        go_live_on: wanted.go_live_on.0.map(|own| own.map(|own| own.0)),
        status: wanted.status.0.map(|own| own.0),
        areas: wanted.areas.0.map(scope),
        effective_on: wanted.effective_on.0.map(|own| own.0),
        expected,
    };
    let (engine, actor) = (&site.engine, caller.actor());
    let written = engine.change_implementation(&organization.id, &name, &change, &actor).await;
    let written = written.map_err(|error| Fault::of_register(error, LIST))?;
    answer_with(one(&site, &organization.id, &written.id).await?)
}

fn scope(areas: Many<AreaInScope, 12>) -> Vec<(Area, i64)> {
    areas.0.into_iter().map(|own| (own.area.0, own.weight.0)).collect()
}

async fn one(site: &Site, organization: &str, name: &str) -> Result<ImplementationView, Fault> {
    let all = site.engine.implementations(organization).await?;
    let is_it =
        |own: &ImplementationView| own.slug == name || own.external_id.as_deref() == Some(name);
    all.into_iter().find(is_it).ok_or_else(|| Fault::missing("implementation", name))
}

fn answer_with(view: ImplementationView) -> Result<Response<Body>, Fault> {
    let version = view.version.clone();
    Ok(tagged(json(StatusCode::OK, &Implementation::from(view)), &version))
}

impl From<ImplementationView> for Implementation {
    fn from(view: ImplementationView) -> Self {
        Self {
            slug: view.slug,
            external_id: view.external_id,
            name: view.name,
            kind: Word(view.kind),
            status: Word(view.status),
            target_score: (view.target_milli + 500).div_euclid(1_000),
            benefit_per_week: view.benefit_per_week,
            mandated_on: view.mandated_on.map(Day),
            configuration_starts_on: view.configuration_starts_on.map(Day),
            go_live_on: view.go_live_on.map(Day),
            areas: view
                .areas
                .into_iter()
                .map(|(area, weight)| AreaWeight { area: Word(area), weight })
                .collect(),
        }
    }
}

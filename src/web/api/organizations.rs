//! `/organizations`.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::store::organizations::{OrganizationChange, Review};
use crate::store::records;
use crate::web::shell::state::Site;

use super::caller::Caller;
use super::fault::Fault;
use super::page::{List, Page, json};
use super::sent::{Json, One};
use super::shape::words::OrganizationStatus;
use super::shape::{
    At, Change, Code, Given, Instant, Take, Text, Whole, Wrongs, answer, query, request, schema,
};
use super::{Routes, created, routes};

/// The largest amount that is taken, minor units.
pub(in crate::web::api) const AMOUNT_MAX: i64 = 1_000_000_000_000_000;
/// An amount in minor units.
pub(in crate::web::api) type Amount = Whole<0, AMOUNT_MAX>;

answer! {
    /// An organization: whom a brief is about.
    Organization = {
        "id": "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a50", "slug": "northfield-supply", "external_id": "C-1041",
        "name": "Northfield Supply", "currency": "USD", "time_zone": "America/Chicago",
        "cut_off_weekday": 1, "cut_off_hour": 6, "billed_per_week": 41_000_000,
        "loaded_rate_minor_per_hour": 4_200, "cost_of_capital_bp": 900, "review": "hold:24",
        "money_in_subject": false, "status": "active", "next_due_at": "2026-11-30T12:00:00Z",
        "created_at": "2026-09-01T15:00:00Z"
    } {
        /// Row id.
        id: String,
        /// Name in addresses and commands.
        slug: String,
        /// The id its owner's system knows it by.
        external_id: Option<String>,
        /// Name in the brief.
        name: String,
        /// ISO 4217 code of all its amounts.
        currency: String,
        /// IANA zone of its days and hours.
        time_zone: String,
        /// Weekday of the cut-off; Monday is 1.
        cut_off_weekday: i64,
        /// Hour of the cut-off, 0 to 23.
        cut_off_hour: i64,
        /// What it bills in a week, minor units.
        billed_per_week: Option<i64>,
        /// What an hour of work costs, minor units.
        loaded_rate_minor_per_hour: Option<i64>,
        /// What capital costs in a year, basis points.
        cost_of_capital_bp: Option<i64>,
        /// How drafts are reviewed: none, hold:N (N hours) or required.
        review: String,
        /// Whether amounts may stand in a subject line.
        money_in_subject: bool,
        /// Whether it gets briefs.
        status: Code<OrganizationStatus>,
        /// The next cut-off; none until the first tick.
        next_due_at: Option<Instant>,
        /// When it was made.
        created_at: Instant,
    }
}

impl From<records::Organization> for Organization {
    fn from(row: records::Organization) -> Self {
        let review = match row.review_hours {
            Some(hours) if row.review == "hold" => format!("hold:{hours}"),
            _ => row.review,
        };
        Self {
            id: row.id,
            slug: row.slug,
            external_id: row.external_id,
            name: row.name,
            currency: row.currency,
            time_zone: row.time_zone,
            cut_off_weekday: row.cut_off_weekday,
            cut_off_hour: row.cut_off_hour,
            billed_per_week: row.billed_per_week,
            loaded_rate_minor_per_hour: row.loaded_rate_minor_per_hour,
            cost_of_capital_bp: row.cost_of_capital_bp,
            review,
            money_in_subject: row.money_in_subject,
            status: Code::new(row.status),
            next_due_at: row.next_due_at.map(Instant::of),
            created_at: Instant::of(row.created_at),
        }
    }
}

/// How drafts are reviewed, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web::api) struct ReviewWord(Review);

impl super::shape::Shape for ReviewWord {
    fn shape() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let hours = "hold:([1-9]|[1-9][0-9]|1[0-5][0-9]|16[0-8])";
        schema::text(None).pattern(Some(format!("^(none|required|{hours})$"))).into()
    }
}

impl Take for ReviewWord {
    fn take(value: &serde_json::Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        let found = value.as_str().and_then(|text| text.parse().ok());
        if found.is_none() {
            wrongs.add(at, "must be none, hold:N (N hours, 1 to 168) or required");
        }
        found.map(Self)
    }
}

request! {
    /// An organization to be added.
    NewOrganization = {
        "name": "Northfield Supply", "currency": "USD", "time_zone": "America/Chicago",
        "billed_per_week": 41_000_000, "review": "hold:24"
    } {
        /// Name in the brief.
        name: Text<1, 120>,
        /// Name in addresses: lower-case letters, digits and hyphens; made from the name where it is left out.
        slug: Option<Text<1, 64>>,
        /// ISO 4217 code.
        currency: Text<3, 3>,
        /// IANA zone.
        time_zone: Text<1, 64>,
        /// Weekday of the cut-off, Monday is 1; left out it is Monday.
        cut_off_weekday: Option<Whole<1, 7>>,
        /// Hour of the cut-off; left out it is 6.
        cut_off_hour: Option<Whole<0, 23>>,
        /// What it bills in a week, minor units.
        billed_per_week: Option<Amount>,
        /// What an hour of work costs, minor units.
        loaded_rate_minor_per_hour: Option<Amount>,
        /// What capital costs in a year, basis points.
        cost_of_capital_bp: Option<Whole<0, 100_000>>,
        /// How drafts are reviewed; none where it is left out.
        review: Option<ReviewWord>,
        /// Whether amounts may stand in a subject line; left out they may not.
        money_in_subject: Option<bool>,
    }
}

request! {
    /// What to change of an organization. What is left out stays; null takes an amount away.
    OrganizationChanges = { "review": "required", "billed_per_week": null, "status": "paused" } {
        /// Another name in the brief.
        name: Given<Text<1, 120>>,
        /// Another currency; refused once a gap is priced.
        currency: Given<Text<3, 3>>,
        /// Another zone.
        time_zone: Given<Text<1, 64>>,
        /// Another weekday of the cut-off, Monday is 1.
        cut_off_weekday: Given<Whole<1, 7>>,
        /// Another hour of the cut-off.
        cut_off_hour: Given<Whole<0, 23>>,
        /// What it bills in a week, minor units.
        billed_per_week: Change<Amount>,
        /// What an hour of work costs, minor units.
        loaded_rate_minor_per_hour: Change<Amount>,
        /// What capital costs in a year, basis points.
        cost_of_capital_bp: Change<Whole<0, 100_000>>,
        /// How drafts are reviewed.
        review: Given<ReviewWord>,
        /// Whether amounts may stand in a subject line.
        money_in_subject: Given<bool>,
        /// Whether it gets briefs.
        status: Given<Code<OrganizationStatus>>,
    }
}

query! {
    /// Which organizations.
    OrganizationsFilter {
        /// Whether they get briefs.
        status: Code<OrganizationStatus>,
    }
}

pub(super) fn operations() -> Routes {
    Routes::new().routes(routes!(list, add)).routes(routes!(show, change)).routes(routes!(end))
}

/// List organizations
#[utoipa::path(get, path = "/api/v1/organizations", tag = "organizations", params(OrganizationsFilter),
    responses((status = 200, description = "A page of them.", body = OrganizationPage)),
    security(("token" = ["read:organizations"])))]
async fn list(
    State(site): State<Site>,
    caller: Caller,
    list: List<OrganizationsFilter>,
) -> Result<Response<Body>, Fault> {
    let status = list.filter.status.as_ref().map_or("", |own| own.0.as_str());
    let page = list.page(caller.organization());
    let rows = site.engine.db.page_of_organizations(status, page).await?;
    Ok(list.answer(&site, rows, |row| &row.id, Organization::from))
}

type OrganizationPage = Page<Organization>;

/// Add an organization
#[utoipa::path(post, path = "/api/v1/organizations", tag = "organizations", request_body = NewOrganization,
    responses((status = 201, description = "It is there.", body = Organization)),
    security(("token" = ["write:organizations"])))]
async fn add(
    State(site): State<Site>,
    caller: Caller,
    Json(new): Json<NewOrganization>,
) -> Result<Response<Body>, Fault> {
    caller.must_see_all()?;
    let (day, hour) =
        (new.cut_off_weekday.map_or(1, |own| own.0), new.cut_off_hour.map_or(6, |own| own.0));
    let settings = OrganizationChange {
        name: Some(new.name.0),
        currency: Some(new.currency.0),
        time_zone: Some(new.time_zone.0),
        cut_off: Some((day, hour)),
        billed_per_week: new.billed_per_week.map(|own| Some(own.0)),
        loaded_rate_minor_per_hour: new.loaded_rate_minor_per_hour.map(|own| Some(own.0)),
        cost_of_capital_bp: new.cost_of_capital_bp.map(|own| Some(own.0)),
        review: new.review.map(|own| own.0),
        money_in_subject: new.money_in_subject,
        paused: None,
    };
    let slug = new.slug.as_ref().map(|own| own.0.as_str());
    let row = site.engine.add_organization(slug, settings, &caller.actor(), site.now()).await?;
    let location = format!("/api/v1/organizations/{}", row.slug);
    Ok(created(&site, &location, &Organization::from(row)))
}

/// Read an organization
#[utoipa::path(get, path = "/api/v1/organizations/{organization}", tag = "organizations",
    responses((status = 200, description = "The organization.", body = Organization)),
    security(("token" = ["read:organizations"])))]
async fn show(
    State(site): State<Site>,
    caller: Caller,
    One(organization): One,
) -> Result<Response<Body>, Fault> {
    let row = caller.sees(&site, &organization).await?;
    Ok(json(StatusCode::OK, &Organization::from(row)))
}

/// Change an organization
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}", tag = "organizations",
    request_body = OrganizationChanges,
    responses((status = 200, description = "The organization as it is now.", body = Organization)),
    security(("token" = ["write:organizations"])))]
async fn change(
    State(site): State<Site>,
    caller: Caller,
    One(organization): One,
    Json(wanted): Json<OrganizationChanges>,
) -> Result<Response<Body>, Fault> {
    let row = caller.sees(&site, &organization).await?;
    let (weekday, hour) = (wanted.cut_off_weekday.0, wanted.cut_off_hour.0);
    let cut_off = (weekday.is_some() || hour.is_some()).then(|| {
        (
            weekday.map_or(row.cut_off_weekday, |own| own.0),
            hour.map_or(row.cut_off_hour, |own| own.0),
        )
    });
    let settings = OrganizationChange {
        name: wanted.name.0.map(|own| own.0),
        currency: wanted.currency.0.map(|own| own.0),
        time_zone: wanted.time_zone.0.map(|own| own.0),
        cut_off,
        billed_per_week: wanted.billed_per_week.0.map(|own| own.map(|own| own.0)),
        loaded_rate_minor_per_hour: wanted
            .loaded_rate_minor_per_hour
            .0
            .map(|own| own.map(|own| own.0)),
        cost_of_capital_bp: wanted.cost_of_capital_bp.0.map(|own| own.map(|own| own.0)),
        review: wanted.review.0.map(|own| own.0),
        money_in_subject: wanted.money_in_subject.0,
        paused: wanted.status.0.map(|own| own.0 == "paused"),
    };
    let row =
        site.engine.change_organization(&row.id, settings, &caller.actor(), site.now()).await?;
    Ok(json(StatusCode::OK, &Organization::from(row)))
}

/// End an organization
///
/// Nobody gets a brief about it any more; its history stays, and it can be read as before.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/end", tag = "organizations",
    responses((status = 200, description = "The organization as it is now.", body = Organization)),
    security(("token" = ["write:organizations"])))]
async fn end(
    State(site): State<Site>,
    caller: Caller,
    One(organization): One,
) -> Result<Response<Body>, Fault> {
    let row = caller.sees(&site, &organization).await?;
    let row = site.engine.end_organization(&row.id, &caller.actor(), site.now()).await?;
    Ok(json(StatusCode::OK, &Organization::from(row)))
}

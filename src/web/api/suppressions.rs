//! `/suppressions`: addresses that get no mail.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::domain::bounce::SuppressionReason;
use crate::domain::line::clean;
use crate::engine::administration::NewSuppression;
use crate::store::address_hash::AddressHash;
use crate::store::listings;
use crate::store::suppressions::SuppressionRow;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

use super::caller::Caller;
use super::deliveries::Why;
use super::fault::Fault;
use super::page::{List, Page, json};
use super::sent::{Json, One};
use super::shape::{Code, Email, Instant, Text, Word, Wrongs, answer, query, request};
use super::{Routes, created, problems, routes};

answer! {
    /// An address that gets no mail, or got none for a while.
    Suppression = {
        "id": "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a55",
        "address_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "email": "old.box@northfield.example", "reason": "hard_bounce", "detail": "5.1.1", "source": "smtp",
        "since": "2026-10-05T13:00:04Z", "expires_at": null, "lifted_at": null, "lifted_why": null
    } {
        /// Row id.
        id: String,
        /// SHA-256 of the address in lower case, hexadecimal.
        address_sha256: String,
        /// The address, for tokens that may read people; none where nobody has it any more.
        email: Option<String>,
        /// Why.
        reason: Code<SuppressionReason>,
        /// The same in codes or words.
        detail: Option<String>,
        /// Who said so.
        source: String,
        /// Since when.
        since: Instant,
        /// When it ends by itself.
        expires_at: Option<Instant>,
        /// When it was lifted.
        lifted_at: Option<Instant>,
        /// Why it was.
        lifted_why: Option<String>,
    }
}

request! {
    /// An address to be suppressed.
    NewSuppressionBody = { "email": "old.box@northfield.example", "reason": "operator", "detail": "asked by telephone" } {
        /// The address, whether anybody has it or not.
        email: Email,
        /// Why.
        reason: Word<SuppressionReason>,
        /// The same in words of one line, without addresses.
        detail: Option<Text<1, 200>>,
        /// When it ends by itself; for good where it is left out.
        expires_at: Option<Instant>,
    }
}

query! {
    /// Which entries.
    SuppressionsFilter {
        /// Those about the readers of an organization: its slug, external id or row id.
        organization: Text<1, 200>,
        /// For a reason.
        reason: Word<SuppressionReason>,
        /// Of an address.
        email: Email,
        /// true: those that were lifted too.
        lifted: bool,
    }
}

pub(super) fn operations() -> Routes {
    Routes::new().routes(routes!(list, add)).routes(routes!(show)).routes(routes!(lift))
}

type SuppressionPage = Page<Suppression>;

/// List suppressed addresses
#[utoipa::path(get, path = "/api/v1/suppressions", tag = "suppressions", params(SuppressionsFilter),
    responses((status = 200, description = "A page of them.", body = SuppressionPage)),
    security(("token" = ["read:suppressions"])))]
async fn list(
    State(site): State<Site>,
    caller: Caller,
    list: List<SuppressionsFilter>,
) -> Result<Response<Body>, Fault> {
    let named = list.filter.organization.as_ref().map(|own| own.0.as_str());
    let organization = caller.narrowed(&site, named).await?;
    let reason = list.filter.reason.map_or("", |own| own.0.as_str());
    let address = list.filter.email.as_ref().map(|own| AddressHash::of(&own.0));
    let address = address.as_ref().map_or("", AddressHash::as_str);
    let (is_lifted_too, page) =
        (list.filter.lifted == Some(true), list.page(organization.as_deref()));
    let rows = site.engine.db.page_of_suppressions(reason, is_lifted_too, address, page).await?;
    Ok(list.answer(&site, rows, |row| &row.id, |row| told(row, &caller)))
}

/// Suppress an address
///
/// One that is suppressed already stays so for its first reason, unless this one is graver: then that is a
/// conflict.
#[utoipa::path(post, path = "/api/v1/suppressions", tag = "suppressions", request_body = NewSuppressionBody,
    responses((status = 201, description = "It gets no mail any more.", body = Suppression)),
    security(("token" = ["write:suppressions"])))]
async fn add(
    State(site): State<Site>,
    caller: Caller,
    Json(new): Json<NewSuppressionBody>,
) -> Result<Response<Body>, Fault> {
    caller.must_see_all()?;
    let now = site.now();
    let detail = new.detail.map(|own| clean(&own.0, 200)).filter(|own| !own.is_empty());
    if detail.as_ref().is_some_and(|own| own.contains('@')) {
        let why = "must hold no address: the list is kept when a person is forgotten";
        return Err(Fault::invalid(Wrongs::one("detail", why)));
    }
    let expires_at = new.expires_at.map(|own| own.0);
    if expires_at.is_some_and(|at| at <= now) {
        let why = "lies in the past; name an instant that is to come, or leave it out";
        return Err(Fault::invalid(Wrongs::one("expires_at", why)));
    }
    let new = NewSuppression { email: new.email.0, reason: new.reason.0, detail, expires_at };
    let is_new = site.engine.suppress(&new, &caller.actor(), now).await?;
    let address = AddressHash::of(&new.email);
    let page = listings::Page { organization: None, after: "", limit: 1 };
    let rows = site.engine.db.page_of_suppressions("", false, address.as_str(), page).await?;
    let row = rows.into_iter().next().ok_or(Problem::Broken)?;
    if !is_new {
        let detail = format!("The address is suppressed already: {}.", row.reason);
        return Err(Fault::new(problems::CONFLICT, detail));
    }
    let location = format!("/api/v1/suppressions/{}", row.id);
    Ok(created(&site, &location, &told(row, &caller)))
}

/// Read an entry
#[utoipa::path(get, path = "/api/v1/suppressions/{suppression}", tag = "suppressions",
    responses((status = 200, description = "The entry.", body = Suppression)),
    security(("token" = ["read:suppressions"])))]
async fn show(
    State(site): State<Site>,
    caller: Caller,
    One(id): One,
) -> Result<Response<Body>, Fault> {
    Ok(json(StatusCode::OK, &told(one(&site, &caller, &id).await?, &caller)))
}

/// Lift a suppression
///
/// The address may get mail again. The entry stays, with why it was lifted.
#[utoipa::path(post, path = "/api/v1/suppressions/{suppression}/lift", tag = "suppressions", request_body = Why,
    responses((status = 200, description = "The entry as it is now.", body = Suppression)),
    security(("token" = ["write:suppressions"])))]
async fn lift(
    State(site): State<Site>,
    caller: Caller,
    One(id): One,
    Json(why): Json<Why>,
) -> Result<Response<Body>, Fault> {
    caller.must_see_all()?;
    one(&site, &caller, &id).await?;
    let why = why.line()?;
    if why.contains('@') {
        let detail = "must hold no address: the list is kept when a person is forgotten";
        return Err(Fault::invalid(Wrongs::one("why", detail)));
    }
    site.engine.lift_suppression(&id, &why, &caller.actor(), site.now()).await?;
    Ok(json(StatusCode::OK, &told(one(&site, &caller, &id).await?, &caller)))
}

async fn one(site: &Site, caller: &Caller, id: &str) -> Result<SuppressionRow, Fault> {
    let row = site.engine.db.seen_suppression(id, caller.organization()).await?;
    row.ok_or_else(|| Fault::missing("suppression", id))
}

fn told(row: SuppressionRow, caller: &Caller) -> Suppression {
    Suppression {
        email: caller.address(row.address().map(str::to_owned)),
        id: row.id,
        address_sha256: row.address_sha256,
        reason: Code::new(row.reason),
        detail: row.detail,
        source: row.source,
        since: Instant::of(row.since),
        expires_at: row.expires_at.map(Instant::of),
        lifted_at: row.lifted_at.map(Instant::of),
        lifted_why: row.lifted_why,
    }
}

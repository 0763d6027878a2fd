//! `/people`: the only resource that holds addresses.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::domain::address::EmailAddress;
use crate::domain::bounce::SuppressionReason;
use crate::domain::codes::Channel;
use crate::domain::line::DisplayName;
use crate::store::address_hash::AddressHash;
use crate::store::listings::PersonRow;
use crate::store::people::{NewPerson, PersonChange};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

use super::caller::Caller;
use super::fault::Fault;
use super::page::{List, Page, json};
use super::sent::{Json, One};
use super::shape::{
    At, Change, Code, Email, Given, Instant, Shape, Take, Text, Wrongs, answer, query, request,
    schema,
};
use super::{Routes, created, nothing, routes};

answer! {
    /// A person who gets mail, or may.
    Person = {
        "id": "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a51", "email": "anna.ruiz@northfield.example",
        "name": "Anna Ruiz", "time_zone": null, "locale": "en", "suppressed_reason": null,
        "created_at": "2026-09-01T15:00:00Z"
    } {
        /// Row id.
        id: String,
        /// Where the mail goes.
        email: String,
        /// As they are greeted; may be empty.
        name: String,
        /// Their zone, where it differs from the organization's.
        time_zone: Option<String>,
        /// Language tag.
        locale: String,
        /// Why the address gets no mail; none where it does.
        suppressed_reason: Option<Code<SuppressionReason>>,
        /// When they were first known.
        created_at: Instant,
    }
}

/// A language tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::api) struct Locale(String);

impl Shape for Locale {
    fn shape() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let pattern = "^[A-Za-z0-9]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$";
        schema::text(None).pattern(Some(pattern)).into()
    }
}

impl Take for Locale {
    fn take(value: &serde_json::Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        let parts: Vec<&str> = value.as_str().unwrap_or_default().split('-').collect();
        let is_part = |part: &&str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        if parts.len() <= 5 && parts[0].len() >= 2 && parts.iter().all(is_part) {
            return Some(Self(parts.join("-")));
        }
        wrongs.add(at, "must be a language tag such as en or de-CH");
        None
    }
}

request! {
    /// A person to be added. They get no mail by that.
    NewPersonBody = { "email": "anna.ruiz@northfield.example", "name": "Anna Ruiz" } {
        /// Where the mail goes.
        email: Email,
        /// As they are greeted.
        name: Option<Text<1, 64>>,
        /// IANA zone, where it differs from the organization's.
        time_zone: Option<Text<1, 64>>,
        /// Language tag; en where it is left out.
        locale: Option<Locale>,
    }
}

request! {
    /// What to change of a person. What is left out stays.
    PersonChanges = { "name": "Anna Ruiz-Lindqvist", "time_zone": null } {
        /// A new address.
        email: Given<Email>,
        /// A new name.
        name: Given<Text<1, 64>>,
        /// A new zone; null takes it away.
        time_zone: Change<Text<1, 64>>,
        /// A new language tag.
        locale: Given<Locale>,
    }
}

query! {
    /// Which people.
    PeopleFilter {
        /// Those who get an organization's mails or look after it.
        organization: Text<1, 200>,
        /// The one with this address, in any case of letters.
        email: Email,
    }
}

pub(super) fn operations() -> Routes {
    Routes::new().routes(routes!(list, add)).routes(routes!(show, change, forget))
}

type PersonPage = Page<Person>;

/// List people
///
/// Without those who were forgotten. A token of one organization sees who agreed to its mails and who
/// looks after it.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", params(PeopleFilter),
    responses((status = 200, description = "A page of them.", body = PersonPage)),
    security(("token" = ["read:people"])))]
async fn list(
    State(site): State<Site>,
    caller: Caller,
    list: List<PeopleFilter>,
) -> Result<Response<Body>, Fault> {
    let named = list.filter.organization.as_ref().map(|own| own.0.as_str());
    let organization = caller.narrowed(&site, named).await?;
    let key = list.filter.email.as_ref().map(|own| own.0.lookup_key()).unwrap_or_default();
    let rows = site.engine.db.page_of_people(&key, list.page(organization.as_deref())).await?;
    let reasons = reasons(&site, &rows).await?;
    Ok(list.answer(&site, rows, |row| &row.id, |row| told(row, &reasons)))
}

/// Add a person
#[utoipa::path(post, path = "/api/v1/people", tag = "people", request_body = NewPersonBody,
    responses((status = 201, description = "They are known.", body = Person)),
    security(("token" = ["write:people"])))]
async fn add(
    State(site): State<Site>,
    caller: Caller,
    Json(new): Json<NewPersonBody>,
) -> Result<Response<Body>, Fault> {
    caller.must_see_all()?;
    let new = NewPerson {
        email: new.email.0,
        name: name(new.name.as_ref().map(|own| own.0.as_str()))?,
        time_zone: new.time_zone.map(|own| own.0),
        locale: new.locale.map(|own| own.0),
    };
    let row = site.engine.add_person(new, &caller.actor(), site.now()).await?;
    let person = one(&site, &caller, &row.id).await?;
    Ok(created(&site, &format!("/api/v1/people/{}", row.id), &person))
}

/// Read a person
#[utoipa::path(get, path = "/api/v1/people/{person}", tag = "people",
    responses((status = 200, description = "The person.", body = Person)),
    security(("token" = ["read:people"])))]
async fn show(
    State(site): State<Site>,
    caller: Caller,
    One(person): One,
) -> Result<Response<Body>, Fault> {
    Ok(json(StatusCode::OK, &one(&site, &caller, &person).await?))
}

/// Change a person
#[utoipa::path(patch, path = "/api/v1/people/{person}", tag = "people", request_body = PersonChanges,
    responses((status = 200, description = "The person as they are now.", body = Person)),
    security(("token" = ["write:people"])))]
async fn change(
    State(site): State<Site>,
    caller: Caller,
    One(person): One,
    Json(wanted): Json<PersonChanges>,
) -> Result<Response<Body>, Fault> {
    caller.must_see_all()?;
    let email = address(&site, &caller, &person).await?;
    let change = PersonChange {
        email: wanted.email.0.map(|own| own.0),
        name: name(wanted.name.0.as_ref().map(|own| own.0.as_str()))?,
        time_zone: wanted.time_zone.0.map(|own| own.map(|own| own.0)),
        locale: wanted.locale.0.map(|own| own.0),
    };
    site.engine.change_person(&email, change, &caller.actor(), site.now()).await?;
    Ok(json(StatusCode::OK, &one(&site, &caller, &person).await?))
}

/// Forget a person
///
/// The address and the name are erased, and all that they get ends. There is no way back; what was sent
/// stays counted, without the address, which gets no mail any more.
#[utoipa::path(delete, path = "/api/v1/people/{person}", tag = "people",
    responses((status = 204, description = "They are forgotten.")),
    security(("token" = ["write:people"])))]
async fn forget(
    State(site): State<Site>,
    caller: Caller,
    One(person): One,
) -> Result<Response<Body>, Fault> {
    caller.must_see_all()?;
    let email = address(&site, &caller, &person).await?;
    site.engine.forget_person(&email, Channel::Api, &caller.actor(), site.now()).await?;
    Ok(nothing())
}

/// A name that can be greeted.
pub(super) fn name(text: Option<&str>) -> Result<Option<DisplayName>, Fault> {
    let Some(text) = text else { return Ok(None) };
    let name = DisplayName::new(text);
    let wrong = || Fault::invalid(Wrongs::one("name", "holds nothing that can be printed"));
    name.map(Some).ok_or_else(wrong)
}

async fn found(site: &Site, caller: &Caller, id: &str) -> Result<PersonRow, Fault> {
    let row = site.engine.db.seen_person(id, caller.organization()).await?;
    row.ok_or_else(|| Fault::missing("person", id))
}

async fn address(site: &Site, caller: &Caller, id: &str) -> Result<EmailAddress, Fault> {
    let row = found(site, caller, id).await?;
    EmailAddress::parse(&row.email).map_err(|error| {
        tracing::error!(person = row.id, %error, "a stored address is none");
        Problem::Broken.into()
    })
}

async fn one(site: &Site, caller: &Caller, id: &str) -> Result<Person, Fault> {
    let row = found(site, caller, id).await?;
    let reasons = reasons(site, std::slice::from_ref(&row)).await?;
    Ok(told(row, &reasons))
}

/// Why addresses get no mail, by hash.
async fn reasons(site: &Site, rows: &[PersonRow]) -> Result<HashMap<String, String>, Fault> {
    let hashes: Vec<AddressHash> =
        rows.iter().map(|row| AddressHash::of_key(&row.email_canonical)).collect();
    Ok(site.engine.db.reasons_of(&hashes).await?.into_iter().collect())
}

fn told(row: PersonRow, reasons: &HashMap<String, String>) -> Person {
    let hash = AddressHash::of_key(&row.email_canonical);
    Person {
        suppressed_reason: reasons.get(hash.as_str()).map(Code::new),
        id: row.id,
        email: row.email,
        name: row.name,
        time_zone: row.time_zone,
        locale: row.locale,
        created_at: Instant::of(row.created_at),
    }
}

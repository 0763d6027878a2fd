//! `/deliveries`: what became of each mail.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::domain::codes::{DeliveryState, EditionKind, Role};
use crate::domain::line::clean;
use crate::store::deliveries::DeliveryRow;
use crate::store::listings::DeliveryFilter;
use crate::store::organizations;
use crate::web::shell::state::Site;

use super::caller::Caller;
use super::fault::Fault;
use super::page::{List, Page, json};
use super::sent::{Json, One};
use super::shape::words::DeliveryKind;
use super::shape::{Code, Instant, Text, Word, Wrongs, answer, query, request};
use super::{Routes, Week, routes};

answer! {
    /// What became of one mail.
    Delivery = {
        "id": "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a54", "iso_week": "2026-W48", "kind": "brief",
        "organization": "northfield-supply", "role": "leader", "email": "anna.ruiz@northfield.example",
        "edition_kind": "leader", "subject": "ERP cutover: 66 of 100, up 3, 9 weeks left", "state": "sent",
        "reason": null, "send_at": "2026-11-23T13:00:00Z", "next_attempt_at": null, "attempts": 1, "resends": 0,
        "message_id": "<d0a6f1d2c3b4a54@brief.example>", "handed_over_at": "2026-11-23T13:00:02Z"
    } {
        /// Row id.
        id: String,
        /// The week of its run.
        iso_week: String,
        /// Brief or correction.
        kind: Code<DeliveryKind>,
        /// Slug, where it is about one organization.
        organization: Option<String>,
        /// What the subscriber is.
        role: Code<Role>,
        /// The address, for tokens that may read people; none once forgotten.
        email: Option<String>,
        /// Kind of the edition; none where there was nothing to send.
        edition_kind: Option<Code<EditionKind>>,
        /// Subject.
        subject: Option<String>,
        /// State.
        state: Code<DeliveryState>,
        /// Why.
        reason: Option<String>,
        /// The subscriber's hour.
        send_at: Instant,
        /// When it is due again.
        next_attempt_at: Option<Instant>,
        /// Hand-overs.
        attempts: i64,
        /// Copies that may have gone out beyond the first.
        resends: i64,
        /// Message-ID.
        message_id: Option<String>,
        /// When it was handed over.
        handed_over_at: Option<Instant>,
    }
}

request! {
    /// Why something is stopped or lifted.
    Why = { "why": "wrong figures at Northfield" } {
        /// In words of one line, for whoever asks later.
        why: Text<1, 200>,
    }
}

impl Why {
    /// The words on one line.
    pub(super) fn line(&self) -> Result<String, Fault> {
        let line = clean(&self.why.0, 200);
        if line.is_empty() {
            return Err(Fault::invalid(Wrongs::one("why", "holds nothing that can be printed")));
        }
        Ok(line)
    }
}

query! {
    /// Which deliveries.
    DeliveriesFilter {
        /// Those of an organization: its slug, external id or row id.
        organization: Text<1, 200>,
        /// Of an ISO week, as in 2026-W48.
        week: Week,
        /// In a state.
        state: Word<DeliveryState>,
        /// Of a subscription, by row id.
        subscription: Text<1, 64>,
        /// Of an edition, by row id.
        edition: Text<1, 64>,
    }
}

pub(super) fn operations() -> Routes {
    Routes::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(retry))
        .routes(routes!(cancel))
}

type DeliveryPage = Page<Delivery>;

/// List deliveries
#[utoipa::path(get, path = "/api/v1/deliveries", tag = "deliveries", params(DeliveriesFilter),
    responses((status = 200, description = "A page of them.", body = DeliveryPage)),
    security(("token" = ["read:deliveries"])))]
async fn list(
    State(site): State<Site>,
    caller: Caller,
    list: List<DeliveriesFilter>,
) -> Result<Response<Body>, Fault> {
    let named = list.filter.organization.as_ref().map(|own| own.0.as_str());
    let organization = caller.narrowed(&site, named).await?;
    let filter = DeliveryFilter {
        week: list.filter.week.as_ref().map_or("", |own| own.0.as_str()),
        state: list.filter.state.map_or("", |own| own.0.as_str()),
        subscription: list.filter.subscription.as_ref().map_or("", |own| own.0.as_str()),
        edition: list.filter.edition.as_ref().map_or("", |own| own.0.as_str()),
    };
    let page = list.page(organization.as_deref());
    let rows = site.engine.db.page_of_deliveries(filter, page).await?;
    Ok(list.answer(&site, rows, |row| &row.id, |row| told(row, &caller)))
}

/// Read a delivery
#[utoipa::path(get, path = "/api/v1/deliveries/{delivery}", tag = "deliveries",
    responses((status = 200, description = "The delivery.", body = Delivery)),
    security(("token" = ["read:deliveries"])))]
async fn show(
    State(site): State<Site>,
    caller: Caller,
    One(id): One,
) -> Result<Response<Body>, Fault> {
    Ok(json(StatusCode::OK, &told(one(&site, &caller, &id).await?, &caller)))
}

/// Queue a delivery again
///
/// A failed, uncertain or queued one, as long as it is news and its message is kept.
#[utoipa::path(post, path = "/api/v1/deliveries/{delivery}/retry", tag = "deliveries",
    responses((status = 200, description = "The delivery as it is now.", body = Delivery)),
    security(("token" = ["write:deliveries"])))]
async fn retry(
    State(site): State<Site>,
    caller: Caller,
    One(id): One,
) -> Result<Response<Body>, Fault> {
    let row = one(&site, &caller, &id).await?;
    let organization = about(&site, &row).await?;
    let (actor, now) = (caller.actor(), site.now());
    site.engine.retry_delivery(&id, organization.as_deref(), &actor, now).await?;
    Ok(json(StatusCode::OK, &told(one(&site, &caller, &id).await?, &caller)))
}

/// Stop a delivery
///
/// One that is held, queued or uncertain. What has left cannot be called back.
#[utoipa::path(post, path = "/api/v1/deliveries/{delivery}/cancel", tag = "deliveries", request_body = Why,
    responses((status = 200, description = "The delivery as it is now.", body = Delivery)),
    security(("token" = ["write:deliveries"])))]
async fn cancel(
    State(site): State<Site>,
    caller: Caller,
    One(id): One,
    Json(why): Json<Why>,
) -> Result<Response<Body>, Fault> {
    let row = one(&site, &caller, &id).await?;
    let (why, organization) = (why.line()?, about(&site, &row).await?);
    let (actor, now) = (caller.actor(), site.now());
    site.engine.cancel_delivery(&id, organization.as_deref(), &why, &actor, now).await?;
    Ok(json(StatusCode::OK, &told(one(&site, &caller, &id).await?, &caller)))
}

async fn one(site: &Site, caller: &Caller, id: &str) -> Result<DeliveryRow, Fault> {
    let row = site.engine.db.seen_delivery(id, caller.organization()).await?;
    row.ok_or_else(|| Fault::missing("delivery", id))
}

/// Row id of the organization that a delivery is about.
async fn about(site: &Site, row: &DeliveryRow) -> Result<Option<String>, Fault> {
    match &row.organization {
        Some(slug) => Ok(Some(organizations::find(&site.engine.db, slug).await?.id)),
        None => Ok(None),
    }
}

fn told(row: DeliveryRow, caller: &Caller) -> Delivery {
    Delivery {
        id: row.id,
        iso_week: row.iso_week,
        kind: Code::new(row.kind),
        organization: row.organization,
        role: Code::new(row.role),
        email: caller.address(row.email),
        edition_kind: row.edition.map(Code::new),
        subject: row.subject,
        state: Code::new(row.state),
        reason: row.reason,
        send_at: Instant::of(row.send_at),
        next_attempt_at: row.next_attempt_at.map(Instant::of),
        attempts: row.attempts,
        resends: row.resends,
        message_id: row.message_id,
        handed_over_at: row.handed_over_at.map(Instant::of),
    }
}

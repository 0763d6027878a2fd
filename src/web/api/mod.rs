//! `/api`: what programs read and write, and the pages that say how.
//!
//! **Invariants:** every operation stands in the document with the scope that it needs, and is reached by
//! no token without that scope; a token of one organization sees that one, and everything else looks like
//! what is not there; a write goes the same way as one by hand, under the token's name, and is in the audit
//! log; a fault is said in one form, and says nothing of what is inside.
//!
//! Reading order: `shape` (how values are read and written), `fault` and `problems`, `caller`, `sent`,
//! `page`, `frame` with `once` and `throttle` (what stands around), `document`, then one file a resource.

mod assessments;
mod browse;
mod caller;
mod deliveries;
mod document;
mod editions;
mod events;
mod facts;
mod fault;
mod frame;
mod gaps;
mod implementations;
mod once;
mod organizations;
mod page;
mod people;
mod problems;
mod reviews;
mod sent;
mod shape;
mod subscribe;
mod subscriptions;
mod suppressions;
mod throttle;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{ETAG, HeaderValue, LOCATION};
use axum::http::{Response, StatusCode};
use axum::middleware;
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::domain::time::monday_of;
use crate::web::shell::state::Site;

use document::Guide;
pub(in crate::web) use frame::{RequestId, drawn};
use shape::query::Plain;
use shape::{At, Shape, Take, Wrongs, schema};
use throttle::Throttle;

/// Operations with what the document says of them.
type Routes = OpenApiRouter<Site>;

/// The operations, and the pages that tell of them.
pub(in crate::web) fn routes(site: &Site) -> Router<Site> {
    let (operations, told) = operations().split_for_parts();
    // What the routes say of themselves always has a JSON form.
    let told = serde_json::to_value(&told).unwrap_or_default();
    let settings = &site.engine.settings;
    let url = settings.web.public_url.trim_end_matches('/');
    let document = Arc::new(document::complete(told, &settings.mail.product_name, url));
    let api = frame::Api {
        site: site.clone(),
        guide: Arc::new(Guide::of(&document)),
        throttle: Arc::new(Throttle::new(settings.api.per_minute)),
    };
    let frame = middleware::from_fn_with_state(api, frame::frame);
    operations.layer(frame).merge(browse::routes(document))
}

fn operations() -> Routes {
    Routes::new()
        .merge(organizations::operations())
        .merge(facts::operations())
        .merge(implementations::operations())
        .merge(gaps::operations())
        .merge(events::operations())
        .merge(assessments::operations())
        .merge(people::operations())
        .merge(subscriptions::operations())
        .merge(subscribe::operations())
        .merge(editions::operations())
        .merge(reviews::operations())
        .merge(deliveries::operations())
        .merge(suppressions::operations())
}

/// Something new, with where it is from now on.
fn created(site: &Site, path: &str, value: &impl Serialize) -> Response<Body> {
    let mut response = page::json(StatusCode::CREATED, value);
    if let Ok(location) = HeaderValue::from_str(&site.path(path)) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// Done, and nothing to show.
fn nothing() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// The same answer with the version of what it shows.
fn tagged(mut response: Response<Body>, version: &str) -> Response<Body> {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// An ISO week.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Week(String);

impl Shape for Week {
    fn shape() -> RefOr<Schema> {
        schema::text(None).pattern(Some("^[0-9]{4}-W[0-9]{2}$")).into()
    }
}

impl Take for Week {
    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        let found = value.as_str().filter(|text| monday_of(text).is_some());
        if found.is_none() {
            wrongs.add(at, "must be an ISO week, as in 2026-W48");
        }
        found.map(|text| Self(text.to_owned()))
    }
}

impl Plain for Week {}

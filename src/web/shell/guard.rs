//! What surrounds every page: a limit of time, the headers that keep it in its place, and the page for
//! what went wrong.

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{Request, Response};
use axum::middleware::Next;
use axum::response::IntoResponse;

use crate::clock::new_id;
use crate::web::api::{self, RequestId};

use super::pages;
use super::problem::Problem;
use super::state::Site;

/// How long an answer may take, the reading of the form included.
const PATIENCE: Duration = Duration::from_secs(20);
/// The same where files are sent and imported.
const LONG_PATIENCE: Duration = Duration::from_secs(120);

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// On every answer, whatever it is.
const ALWAYS: [(HeaderName, &str); 4] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // A link's token must not reach another site, nor its log.
    (REFERRER_POLICY, "no-referrer"),
    (
        PERMISSIONS,
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
    (OPENER, "same-origin"),
];

/// On every answer that says nothing else.
const UNLESS_SAID: [(HeaderName, &str); 5] = [
    (RESOURCE, "same-origin"),
    (X_FRAME_OPTIONS, "DENY"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    (CACHE_CONTROL, "no-store"),
    (ROBOTS, "noindex, nofollow"),
];

/// Passes a request on and dresses its answer.
pub(in crate::web) async fn guard(
    State(site): State<Site>,
    request: Request<Body>,
    next: Next,
) -> Response<Body> {
    let of_program = request.uri().path().starts_with("/api/").then(new_id);
    let mut request = request;
    if let Some(id) = &of_program {
        request.extensions_mut().insert(RequestId(id.clone()));
    }
    let patience = patience(request.uri().path());
    let answered = tokio::time::timeout(patience, next.run(request)).await;
    let mut response = answered.unwrap_or_else(|_| Problem::Busy.into_response());
    if let Some(id) = &of_program {
        response = api::drawn(&site.base, id, response);
    } else if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = drawn(&site, &problem, response);
    }
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in UNLESS_SAID {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if site.is_https {
        let a_year = HeaderValue::from_static("max-age=31536000");
        headers.insert(STRICT_TRANSPORT_SECURITY, a_year);
    }
    response
}

fn patience(path: &str) -> Duration {
    let is_import = path.starts_with("/desk/") && path.split('/').any(|part| part == "import");
    if is_import { LONG_PATIENCE } else { PATIENCE }
}

/// The page of a problem, with the headers that stood on it already.
fn drawn(site: &Site, problem: &Problem, bare: Response<Body>) -> Response<Body> {
    let (heading, words) = problem.words();
    let mut response = pages::problem(site, problem.status(), heading, words);
    for (name, value) in bare.headers() {
        if !response.headers().contains_key(name) {
            response.headers_mut().insert(name.clone(), value.clone());
        }
    }
    response
}

/// Lets search engines have a page.
pub(in crate::web) fn for_everybody(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(ROBOTS, HeaderValue::from_static("all"));
    response
}

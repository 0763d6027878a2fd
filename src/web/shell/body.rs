//! Answers with a body.

use askama::Template;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;

use super::problem::Problem;

/// A page.
pub(in crate::web) fn html(status: StatusCode, page: &impl Template) -> Response<Body> {
    match page.render() {
        Ok(text) => answer(status, "text/html; charset=utf-8", text),
        Err(error) => {
            tracing::error!(%error, "a template failed");
            Problem::Broken.into_response()
        }
    }
}

/// A value.
pub(in crate::web) fn json(status: StatusCode, value: &serde_json::Value) -> Response<Body> {
    answer(status, "application/json", value.to_string())
}

/// Sends the browser on to another page, by a request of its own (RFC 9110 15.4.4). A path that no
/// header can hold leads to the front page.
pub(in crate::web) fn see_other(path: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let to = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, to);
    response
}

/// Any text.
pub(in crate::web) fn answer(
    status: StatusCode,
    content_type: &'static str,
    text: impl Into<Body>,
) -> Response<Body> {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

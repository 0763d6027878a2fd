//! Answers for machines.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Response, StatusCode};
use serde::Serialize;

use crate::metrics::CONTENT_TYPE as METRICS;

/// A sentence.
pub(super) fn sentence(status: StatusCode, words: &'static str) -> Response<Body> {
    answer(status, "text/plain; charset=utf-8", words.into())
}

/// The metrics.
pub(super) fn metrics(text: String) -> Response<Body> {
    answer(StatusCode::OK, METRICS, text.into())
}

/// A value.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    // Plain values always have a JSON form.
    let text = serde_json::to_string(value).unwrap_or_default();
    answer(status, "application/json", text.into())
}

fn answer(status: StatusCode, content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

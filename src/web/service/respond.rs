//! Answers for machines, and the headers that each of them carries.

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, Request, Response, StatusCode};
use axum::middleware::Next;
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

/// Puts the strict headers on every answer.
pub(super) async fn strict(request: Request<Body>, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    let strict: [(HeaderName, &'static str); 5] = [
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in strict {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

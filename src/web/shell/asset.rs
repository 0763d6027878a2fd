//! What is the same for everybody and may be kept.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::http::{Response, StatusCode};

use super::body::answer;

/// The style sheet of every page.
const STYLE: &str = include_str!("../../../templates/web/site/style.css");

/// Links with tokens are nobody's but their readers'.
const ROBOTS: &str = "User-agent: *\nDisallow: /u/\nDisallow: /p/\nDisallow: /w/\nDisallow: /a/\nDisallow: /confirm/\n";

pub(in crate::web) async fn style() -> Response<Body> {
    kept(answer(StatusCode::OK, "text/css; charset=utf-8", STYLE), "public, max-age=3600")
}

pub(in crate::web) async fn robots() -> Response<Body> {
    kept(answer(StatusCode::OK, "text/plain; charset=utf-8", ROBOTS), "public, max-age=86400")
}

/// Lets others keep an answer for a while.
pub(in crate::web) fn kept(mut response: Response<Body>, how: &'static str) -> Response<Body> {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(how));
    response
}

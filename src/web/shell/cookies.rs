//! The two cookies of those who sign in: what the asking browser is known by, and what a session is.
//!
//! Both are out of a script's reach, are sent to this site alone, and follow a link from elsewhere but
//! no form from elsewhere (RFC 6265bis 5.6, 4.1.3: `__Host-`).

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use axum::http::{HeaderMap, Response};
use cookie::{Cookie, SameSite};

use super::state::Site;

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Which {
    /// Of the browser that asked for a link.
    Asked,
    /// Of who is signed in.
    Session,
}

impl Which {
    /// Its name. Browsers take one that begins with `__Host-` only over https and for this host alone.
    const fn name(self, is_https: bool) -> &'static str {
        match (self, is_https) {
            (Self::Asked, true) => "__Host-brief-asked",
            (Self::Asked, false) => "brief-asked",
            (Self::Session, true) => "__Host-brief-session",
            (Self::Session, false) => "brief-session",
        }
    }
}

/// The value of a cookie that a request carries.
pub(in crate::web) fn read(site: &Site, headers: &HeaderMap, which: Which) -> Option<String> {
    let name = which.name(site.is_https);
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let found = lines.flat_map(Cookie::split_parse).flatten().find(|own| own.name() == name)?;
    Some(found.value().to_owned())
}

/// Has the browser keep a cookie for so long; an empty value takes it away.
pub(in crate::web) fn set(
    site: &Site,
    response: &mut Response<Body>,
    which: Which,
    value: &str,
    keeps: Duration,
) {
    let age = i64::try_from(keeps.as_secs()).unwrap_or(i64::MAX);
    let cookie = Cookie::build((which.name(site.is_https), value))
        .path("/")
        .http_only(true)
        .secure(site.is_https)
        .same_site(SameSite::Lax)
        .max_age(cookie::time::Duration::seconds(if value.is_empty() { 0 } else { age }))
        .build();
    // Names and values are of letters, digits, dashes and underscores.
    if let Ok(line) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(SET_COOKIE, line);
    }
}

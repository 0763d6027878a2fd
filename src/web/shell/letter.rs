//! A mail's HTML inside a page of the desk: in a frame of its own, in which it can do nothing.

use axum::body::Body;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue, X_FRAME_OPTIONS};
use axum::http::{Response, StatusCode};

use super::body::answer;

/// What a mail may do in a frame: its own looks, a logo of ours, pictures within itself. The sandbox repeats the
/// frame's, for whoever opens the address by itself.
const MAIL: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
                    frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";
/// What a page with such a frame may do: as every page, and frames of this site.
const PAGE: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; \
                    frame-ancestors 'none'";
/// Links open beside the page, and not inside the small frame.
pub(in crate::web) const BASE: &str = "<base target=\"_blank\">";

/// A mail for a frame of one of our pages. The one thing added to it says where its links open.
pub(in crate::web) fn framed(mut html: String) -> Response<Body> {
    let at = html.find("</head>").unwrap_or_default();
    html.insert_str(at, BASE);
    let mut response = answer(StatusCode::OK, "text/html; charset=utf-8", html);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(MAIL));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}

/// Lets a page have frames of this site.
pub(in crate::web) fn with_frames(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE));
    response
}

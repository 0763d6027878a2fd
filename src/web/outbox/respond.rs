//! Answers and the headers that each of them carries.

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use axum::middleware::Next;

/// What a page of the viewer may do: its own style, frames of its own, nothing else.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; img-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// What a mail's HTML may do: inline style and pictures inside itself. The sandbox repeats the
/// frame's, for whoever opens the address by itself.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
     form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/// A page of the viewer.
pub fn page(status: StatusCode, html: String) -> Response<Body> {
    answer(status, "text/html; charset=utf-8", html.into())
}

/// The viewer's own style sheet.
pub fn style(css: &'static str) -> Response<Body> {
    answer(StatusCode::OK, "text/css; charset=utf-8", css.into())
}

/// A mail's HTML, for a frame.
pub fn mail_html(html: String) -> Response<Body> {
    let mut response = answer(StatusCode::OK, "text/html; charset=utf-8", html.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(MAIL_POLICY));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}

/// A mail as a file to keep. `name` is a [`MailName`](super::folder::MailName): plain ASCII.
pub fn download(name: &str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = answer(StatusCode::OK, "message/rfc822", bytes.into());
    let disposition = format!("attachment; filename=\"{name}.eml\"");
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    response
}

fn answer(status: StatusCode, content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// Refuses a request for a host that is not this machine, and puts the strict headers on every
/// answer that has no milder ones of its own.
///
/// A page on the net may make a browser ask loopback under the page's own name (DNS rebinding);
/// the name in `Host` gives it away.
pub async fn guard(request: Request<Body>, next: Next) -> Response<Body> {
    let mut response = if is_loopback(request.headers()) {
        next.run(request).await
    } else {
        let why =
            "This viewer answers on this machine only: use its address, 127.0.0.1 or localhost.\n";
        answer(StatusCode::MISDIRECTED_REQUEST, "text/plain; charset=utf-8", why.into())
    };
    let strict: [(HeaderName, &'static str); 5] = [
        (CONTENT_SECURITY_POLICY, PAGE_POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in strict {
        let own = response.headers_mut().entry(name);
        own.or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Whether a request names this machine in `Host`.
pub fn is_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let Some(host) = host else {
        return false;
    };
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

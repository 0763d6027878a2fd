//! Who may read the metrics.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use axum::http::header::{FORWARDED, HeaderName, VIA};

use crate::config::MetricsFor;
use crate::web::outbox::is_loopback;

/// What a proxy adds: then the peer is the proxy, and the reader is somebody else.
const BY_PROXY: [HeaderName; 4] = [
    FORWARDED,
    VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-real-ip"),
];

/// Why this request gets no metrics, if so.
pub(super) fn refusal(of: MetricsFor, request: &Request) -> Option<(StatusCode, &'static str)> {
    match of {
        MetricsFor::All => None,
        MetricsFor::Off => {
            Some((StatusCode::NOT_FOUND, "Metrics are switched off (web.metrics = \"off\").\n"))
        }
        MetricsFor::Loopback if is_from_here(request) => None,
        MetricsFor::Loopback => Some((
            StatusCode::FORBIDDEN,
            "Metrics are for this machine: ask 127.0.0.1 directly, or set web.metrics = \"all\".\n",
        )),
    }
}

fn is_from_here(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let is_peer = peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
    let is_relayed = BY_PROXY.iter().any(|name| request.headers().contains_key(name));
    is_peer && !is_relayed && is_loopback(request.headers())
}

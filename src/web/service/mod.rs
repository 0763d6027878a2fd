//! What a monitor asks of the service: `/metrics`, `/healthz`, `/readyz`.
//!
//! **Invariants:** no answer holds an address, a name, a path or what the database said; `/metrics`
//! answers strangers only where `web.metrics` says so; nothing here writes.

mod access;
mod respond;
mod serve;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use axum::middleware;
use axum::routing::get;
use serde::Serialize;

use crate::engine::Engine;
use crate::engine::service::{Ailment, Status};
use crate::web::shell::strict::strict;

pub use serve::{ListenError, Listening, Pages, listen};

/// What the pages show.
#[derive(Debug, Clone)]
pub struct ServiceState {
    /// The engine.
    pub engine: Arc<Engine>,
    /// What its loops are doing.
    pub status: Arc<Status>,
}

/// The three pages. To be served with
/// [`into_make_service_with_connect_info`](Router::into_make_service_with_connect_info) of a
/// [`SocketAddr`](std::net::SocketAddr): a peer that is not known counts as a stranger.
pub fn service_router(state: ServiceState) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .with_state(state)
        .layer(middleware::from_fn(strict))
}

async fn metrics(State(state): State<ServiceState>, request: Request) -> Response<Body> {
    match access::refusal(state.engine.settings.web.metrics, &request) {
        Some((status, why)) => respond::sentence(status, why),
        None => respond::metrics(state.engine.scrape(&state.status).await),
    }
}

#[derive(Serialize)]
struct Health {
    alive: bool,
    problems: Vec<Ailment>,
}

async fn healthz(State(state): State<ServiceState>) -> Response<Body> {
    let engine = &state.engine;
    let progress = engine.metrics.delivery.progress_at();
    let problems = state.status.stuck(progress, engine.clock.now());
    let alive = problems.is_empty();
    respond::json(status_of(alive), &Health { alive, problems })
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    problems: Vec<Ailment>,
}

async fn readyz(State(state): State<ServiceState>) -> Response<Body> {
    let problems = state.engine.unready(&state.status).await;
    let ready = problems.is_empty();
    respond::json(status_of(ready), &Readiness { ready, problems })
}

const fn status_of(well: bool) -> StatusCode {
    if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

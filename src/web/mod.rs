//! Pages over HTTP: for readers, for those who sign in, for programs, for monitors, the hooks of mail providers, and the viewer of the file
//! outbox.

mod answers;
mod api;
mod desk;
pub mod hooks;
pub mod outbox;
pub mod service;
mod shell;
mod site;
mod trend;

use std::sync::Arc;

use axum::Router;
use axum::middleware;

use crate::engine::{Engine, EngineError};
use hooks::hooks_router;
use service::{ServiceState, service_router};
use shell::guard;
pub use shell::problem::NOT_WHOLE;
use shell::problem::Problem;
use shell::state::Site;

/// Everything that the service answers on `web.listen`.
///
/// # Errors
/// When the keys of links cannot be read or made.
pub fn all_pages(state: ServiceState) -> Result<Router, EngineError> {
    let site = site_router(Arc::clone(&state.engine))?;
    let hooks = hooks_router(Arc::clone(&state.engine));
    Ok(service_router(state).merge(hooks).merge(site))
}

/// The pages for people: for readers, and for those who sign in. To be served with
/// [`into_make_service_with_connect_info`](Router::into_make_service_with_connect_info) of a
/// [`SocketAddr`](std::net::SocketAddr): without it all clients count as one.
///
/// # Errors
/// When the keys of links cannot be read or made.
pub fn site_router(engine: Arc<Engine>) -> Result<Router, EngineError> {
    let site = Site::new(engine)?;
    let guard = middleware::from_fn_with_state(site.clone(), guard::guard);
    Ok(site::routes()
        .merge(answers::routes())
        .merge(desk::routes())
        .merge(trend::routes())
        .merge(api::routes(&site))
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::Method)
        .layer(guard)
        .with_state(site))
}

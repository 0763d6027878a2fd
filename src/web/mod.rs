//! Pages over HTTP: for readers, for monitors, the hooks of mail providers, and the viewer of the file
//! outbox.

pub mod hooks;
pub mod outbox;
pub mod service;
mod shell;
pub mod site;

use std::sync::Arc;

use axum::Router;

use crate::engine::EngineError;
use hooks::hooks_router;
use service::{ServiceState, service_router};
pub use shell::problem::NOT_WHOLE;
use site::site_router;

/// Everything that the service answers on `web.listen`.
///
/// # Errors
/// When the keys of links cannot be read or made.
pub fn all_pages(state: ServiceState) -> Result<Router, EngineError> {
    let site = site_router(Arc::clone(&state.engine))?;
    let hooks = hooks_router(Arc::clone(&state.engine));
    Ok(service_router(state).merge(hooks).merge(site))
}

//! Pages over HTTP: for readers, for monitors, and the viewer of the file outbox.

pub mod hooks;
pub mod outbox;
pub mod service;
pub mod site;

use std::sync::Arc;

use axum::Router;

use crate::engine::EngineError;
use service::{ServiceState, service_router};
use site::site_router;

/// Everything that the service answers on `web.listen`.
///
/// # Errors
/// When the keys of links cannot be read or made.
pub fn all_pages(state: ServiceState) -> Result<Router, EngineError> {
    let site = site_router(Arc::clone(&state.engine))?;
    Ok(service_router(state).merge(site))
}

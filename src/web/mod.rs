//! Pages over HTTP.

pub mod outbox;
pub mod service;

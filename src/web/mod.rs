//! Pages over HTTP.

pub mod hooks;
pub mod outbox;
pub mod service;

//! Pages over HTTP.

pub mod outbox;

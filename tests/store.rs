//! The database behaves the same on both engines, and refuses what must not happen.

mod support;

#[path = "store/schema.rs"]
mod schema;

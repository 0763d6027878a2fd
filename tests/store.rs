//! The database behaves the same on both engines, and refuses what must not happen.

mod support;

#[path = "store/administration.rs"]
mod administration;
#[path = "store/backup.rs"]
mod backup;
#[path = "store/histories.rs"]
mod histories;
#[path = "store/operator.rs"]
mod operator;
#[path = "store/sample.rs"]
mod sample;
#[path = "store/schema.rs"]
mod schema;
#[path = "store/snapshots.rs"]
mod snapshots;
#[path = "store/statements.rs"]
mod statements;
#[path = "store/suppressions.rs"]
mod suppressions;

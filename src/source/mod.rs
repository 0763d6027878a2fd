//! Databases of others, read before cut-offs by the statements that the operator wrote.
//!
//! ```text
//! connect read-only ──► each query: columns, then rows as text ──► tables in files ──► as an import is
//! ```
//! **Invariants:** nothing is ever written over there: the session is read-only, whatever its user may
//! do; every query has a limit of time and of rows; the connection is closed before anything is
//! written here, so that a slow database holds up nobody; a message about it holds no password.
//!
//! Reading order: [`fetch`](fetch()) (all that a source answers), `connection` (one for three engines),
//! `cell` (values as text), [`take`](take()) (tables into events), [`check`](check()).

mod cell;
mod check;
mod connection;
mod error;
mod fetch;
mod mysql;
mod organization;
mod place;
mod postgres;
mod sqlite;
mod take;
mod trouble;

pub use check::{Checked, QueryChecked, check};
pub use error::SourceError;
pub use fetch::{Fetched, bound, fetch, reach};
pub use organization::named;
pub use place::{engine, place};
pub use take::take;

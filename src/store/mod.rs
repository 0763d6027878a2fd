//! The only room that knows SQL: two engines, one text.
//!
//! **Invariant:** nothing outside this room writes a statement, and nothing in it reads a clock or
//! makes a figure. What a voided import wrote is invisible to every reader here. Histories
//! (`gap_event`, `exposure`, …) are only ever added to; the database itself refuses anything else.
//!
//! Reading order: [`sql`] (how a statement is written once), [`Db::open`], [`row`] (how a
//! value is read), then one file for each subject.

mod db;
mod error;
mod health;
mod open;
pub mod row;
pub mod sql;

pub use db::{Db, Tx};
pub use error::StoreError;
pub use sql::Sql;

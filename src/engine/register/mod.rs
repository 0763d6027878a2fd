//! The one way in by which people and programs write by hand: gaps, assessments, sessions and
//! implementations of one organization.
//!
//! **Invariants:** each write is one transaction, all or nothing, with its row in the audit log; it is
//! bound by the rules of [`crate::domain::register`]; whatever belongs to another organization is not
//! found. Who may write at all is for the caller to say ([`crate::domain::access`]).
//!
//! Reading order: [`RegisterError`], `book` (the one transaction), `gaps` and `add`, `assess`, `sessions`,
//! `implementations`, then what pages read: [`GapView`], [`GapLine`], [`Grid`], [`SessionView`].

mod add;
mod answer;
mod assess;
mod behind;
mod book;
mod confirm;
mod error;
mod gaps;
mod grid;
mod hold;
mod implement;
mod implementations;
mod list;
mod promises;
mod rows;
mod sessions;
mod trail;
mod view;

pub(in crate::engine) use book::Book;
pub use error::RegisterError;
pub use grid::{CellView, Grid, GridRow};
pub use implementations::ImplementationView;
pub use list::{GapFilter, GapLine, OwnerFilter};
pub use sessions::{PromiseView, SessionView};
pub use view::{AnswerView, EventView, GapView, PriceView};

/// What a write came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// What it is called from now on: a gap's external id, a session's row id, an implementation's slug,
    /// an assessment's row id.
    pub id: String,
    /// Its version now; empty for an assessment, which does not change.
    pub version: String,
    /// Whether anything was written: a change that changes nothing is none.
    pub is_changed: bool,
    /// External ids of gaps that were added by it.
    pub gaps: Vec<String>,
}

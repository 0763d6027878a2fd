//! The way in: CSV and JSON files, and tables fetched from elsewhere, become gaps, histories, people
//! and subscriptions.
//!
//! **Invariants:** a file is one transaction and one batch; a row is taken whole or is in the rejects
//! file with its line, column and reason; the same files again write nothing; what a batch wrote can
//! be taken back as a whole. Memory does not grow with the number of rows, apart from a digest of
//! each key.
//!
//! Reading order: [`run`](run()) (a command), [`command`] (its files, or tables), [`mod@file`] (one file), [`read`] (bytes to rows), [`map`]
//! (their columns to ours), [`cells`] (what a cell means), [`kinds`] (what a row means), [`report`].

pub mod cells;
pub mod command;
mod context;
pub mod error;
pub mod file;
pub mod first;
mod folded;
pub mod formula;
pub mod header;
pub mod inputs;
pub mod kind;
pub mod kinds;
pub mod map;
pub mod only;
pub mod read;
mod rejects;
pub mod report;
mod run;
pub mod sources;
pub mod text;
pub mod times;
pub mod told;
pub mod upload;

pub use error::ImportError;
pub use report::{FileReport, ImportReport};
pub use run::{ImportOptions, run};

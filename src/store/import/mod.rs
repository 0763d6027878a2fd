//! What an import writes and reads: batches, rows by the ids of their source, and the way back.

mod base;
mod batch;
mod built_on;
mod lookup;
mod reads;
mod rows;
mod void;
mod write;

pub use base::Base;
pub use batch::{
    Batch, BatchCounts, BatchKind, begin_batch, find_batch, finish_batch, list_batches,
};
pub use lookup::*;
pub use reads::*;
pub use rows::*;
pub use void::{Voided, void_batch};
pub use write::*;

use crate::store::Sql;

/// Every statement of this room under its name.
#[must_use]
pub fn statements() -> Vec<(&'static str, Sql)> {
    let mut all = Vec::new();
    for part in [
        batch::STATEMENTS,
        built_on::STATEMENTS,
        lookup::STATEMENTS,
        reads::STATEMENTS,
        void::STATEMENTS,
        write::STATEMENTS,
    ] {
        all.extend_from_slice(part);
    }
    all
}

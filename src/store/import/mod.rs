//! What an import writes and reads: batches, rows by the ids of their source, and the way back.

/// Declares readers, each of the rows of one statement by a list of keys.
macro_rules! reads_by_keys {
    ($( $(#[$meta:meta])* $name:ident: $sql:ident -> $row:ty ),+ $(,)?) => { $(
        $(#[$meta])*
        ///
        /// # Errors
        /// Whatever the database says.
        pub async fn $name<K: AsRef<str>>(tx: &mut Tx, keys: &[K]) -> Result<Vec<$row>, StoreError> {
            if keys.is_empty() {
                return Ok(Vec::new());
            }
            let keys = list(keys);
            Ok(in_tx!(tx, conn => sqlx::query_as($sql.sqlite).bind(keys).fetch_all(conn).await)?)
        }
    )+ };
}

mod base;
mod batch;
mod built_on;
mod due;
mod lookup;
mod reads;
mod rows;
mod touched;
mod void;
mod write;

pub use base::Base;
pub use batch::{
    Batch, BatchCounts, BatchKind, begin_batch, find_batch, finish_batch, list_batches,
};
pub use due::{follow_cut_offs, follow_slots};
pub use lookup::*;
pub use reads::*;
pub use rows::*;
pub use void::{Voided, void_batch, void_in};
pub use write::*;

use crate::store::Sql;

/// Every statement of this room, by module.
pub(crate) const STATEMENTS: &[(&str, &[(&str, Sql)])] = &[
    ("import/batch", batch::STATEMENTS),
    ("import/built_on", built_on::STATEMENTS),
    ("import/due", due::STATEMENTS),
    ("import/lookup", lookup::STATEMENTS),
    ("import/reads", reads::STATEMENTS),
    ("import/touched", touched::STATEMENTS),
    ("import/void", void::STATEMENTS),
    ("import/write", write::STATEMENTS),
    ("import/write", write::ROWS),
];

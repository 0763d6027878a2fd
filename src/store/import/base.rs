//! The rows that an import may change in place, each with the statements that write and read it.
//!
//! Every change of such a row is kept as an `import_revision` (before and after), so that voiding
//! the import can put it back.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::Sql;

/// A row that can change, by its table.
pub trait Base: Serialize + DeserializeOwned + PartialEq + Clone + Send + Sync {
    /// Table name, as in `import_revision`.
    const TABLE: &'static str;
    /// Writes new rows from a JSON array of objects, under the batch `$2`.
    const INSERT: Sql;
    /// Overwrites rows by id from a JSON array of objects.
    const UPDATE: Sql;
    /// Reads rows by id.
    const BY_ID: Sql;
    /// Primary key.
    fn id(&self) -> &str;
}

// The statements of this file and of `rows` come from lists of columns and are listed by name in
// `write::ROWS`, which the table of all statements takes up like those of `statements!`.

/// One value of the JSON object `e.r`, as its column's type.
macro_rules! value {
    (text $column:ident) => {
        concat!("e.r ->> '", stringify!($column), "'")
    };
    (whole $column:ident) => {
        concat!("CAST(e.r ->> '", stringify!($column), "' AS BIGINT)")
    };
    (flag $column:ident) => {
        concat!("CAST(e.r ->> '", stringify!($column), "' AS BOOLEAN)")
    };
}
pub(super) use value;

/// A statement over the elements of the JSON array `$1`, each as `e.r`. `OFFSET 0` keeps PostgreSQL
/// from parsing an element again for each of its columns.
macro_rules! over_rows {
    ($head:expr, $tail:expr) => {
        Sql {
            sqlite: concat!($head, " FROM (SELECT value AS r FROM json_each($1)) e", $tail),
            postgres: concat!(
                $head,
                " FROM (SELECT value::jsonb AS r FROM json_each($1) OFFSET 0) e",
                $tail
            ),
        }
    };
}
pub(super) use over_rows;

/// Declares a base row: its struct, and its statements from the list of columns. `$batch` are the
/// columns that are written once: the import and the instant of making, where a table has them.
macro_rules! base_row {
    ($(#[$meta:meta])* $name:ident, $table:literal, $batch:literal, $batch_value:literal,
     { $( $(#[$doc:meta])* $column:ident : $type:ty = $form:ident ),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
        pub struct $name {
            /// Primary key.
            pub id: String,
            $( $(#[$doc])* pub $column: $type, )+
        }

        impl Base for $name {
            const TABLE: &'static str = $table;
            const INSERT: Sql = over_rows!(
                concat!(
                    "INSERT INTO ", $table, " (id", $( ", ", stringify!($column) ),+, $batch, ") ",
                    "SELECT e.r ->> 'id'", $( ", ", value!($form $column) ),+,
                    $batch_value
                ),
                " WHERE CAST($2 AS TEXT) IS NOT NULL"
            );
            const UPDATE: Sql = over_rows!(
                concat!(
                    "UPDATE ", $table, " SET ",
                    base_row!(@sets $( $form $column ),+)
                ),
                concat!(" WHERE ", $table, ".id = e.r ->> 'id'")
            );
            const BY_ID: Sql = Sql {
                sqlite: concat!(
                    "SELECT id", $( ", ", stringify!($column) ),+, " FROM ", $table,
                    " WHERE id IN (SELECT value FROM json_each($1))"
                ),
                postgres: concat!(
                    "SELECT id", $( ", ", stringify!($column) ),+, " FROM ", $table,
                    " WHERE id IN (SELECT value FROM json_each($1))"
                ),
            };
            fn id(&self) -> &str {
                &self.id
            }
        }
    };
    (@sets $form:ident $column:ident) => { concat!(stringify!($column), " = ", value!($form $column)) };
    (@sets $form:ident $column:ident, $( $forms:ident $columns:ident ),+) => {
        concat!(stringify!($column), " = ", value!($form $column), ", ", base_row!(@sets $( $forms $columns ),+))
    };
}
pub(super) use base_row;

//! A statement, written once for both engines wherever SQL allows.
//!
//! What makes one text possible: `$1` works on both; every number is BIGINT or INTEGER; a list is
//! bound as one JSON array and unfolded by `json_each($1)` (built into SQLite, defined by our
//! migration on PostgreSQL); sums are cast; no constraint is known by its name.

use super::{Db, Tx};

/// The text of a statement on each engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sql {
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

impl Sql {
    /// One text for both.
    #[must_use]
    pub const fn both(text: &'static str) -> Self {
        Self { sqlite: text, postgres: text }
    }

    /// Two texts, for what truly differs.
    #[must_use]
    pub const fn each(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite, postgres }
    }

    /// The text for the engine that `db` is.
    #[must_use]
    pub const fn on(&self, db: &Db) -> &'static str {
        match db {
            Db::Sqlite(..) => self.sqlite,
            Db::Postgres(..) => self.postgres,
        }
    }

    /// The text for the engine that `tx` runs on.
    #[must_use]
    pub const fn within(&self, tx: &Tx) -> &'static str {
        match tx {
            Tx::Sqlite(..) => self.sqlite,
            Tx::Postgres(..) => self.postgres,
        }
    }
}

/// Declares the statements of a module: a constant for each, and `STATEMENTS` with all of them, so
/// that a test can have both engines prepare every one.
///
/// `NAME = "text"` serves both engines, `NAME = "sqlite text", "postgres text"` where they differ.
#[macro_export]
macro_rules! statements {
    ($( $(#[$meta:meta])* $name:ident = $first:expr $(, $second:expr)? ; )+) => {
        $( $(#[$meta])* pub(crate) const $name: $crate::store::Sql = $crate::statements!(@sql $first $(, $second)?); )+

        /// Every statement of this module under its name.
        pub(crate) const STATEMENTS: &[(&str, $crate::store::Sql)] = &[$((stringify!($name), $name)),+];
    };
    (@sql $both:expr) => { $crate::store::Sql::both($both) };
    (@sql $sqlite:expr, $postgres:expr) => { $crate::store::Sql::each($sqlite, $postgres) };
}

/// What a reader adds to a history's WHERE so that voided imports are not seen: the table's
/// `batch_id` is the argument.
#[macro_export]
macro_rules! not_voided {
    ($batch_id:literal) => {
        concat!(
            "(",
            $batch_id,
            " IS NULL OR ",
            $batch_id,
            " NOT IN (SELECT v.id FROM import_batch v WHERE v.voided_at IS NOT NULL))"
        )
    };
}

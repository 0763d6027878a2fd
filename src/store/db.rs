//! The database of either engine, a transaction on it, and the count of what was asked of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use super::StoreError;

/// Runs one expression on whichever engine a [`Db`] is, with the pool under the given name.
///
/// The body is compiled once for each engine with concrete types. One use is one statement: it is
/// what [`Db::queries`] counts.
#[macro_export]
macro_rules! each_engine {
    ($db:expr, $pool:ident => $body:expr) => {{
        let db: &$crate::store::Db = $db;
        db.count(1);
        match db {
            $crate::store::Db::Sqlite($pool, _) => $body,
            $crate::store::Db::Postgres($pool, _) => $body,
        }
    }};
}

/// The same inside a [`Tx`]: the name stands for `&mut` the engine's own connection.
#[macro_export]
macro_rules! in_tx {
    ($tx:expr, $conn:ident => $body:expr) => {{
        let tx: &mut $crate::store::Tx = $tx;
        tx.count(1);
        match tx {
            $crate::store::Tx::Sqlite(inner, _) => {
                let $conn = &mut **inner;
                $body
            }
            $crate::store::Tx::Postgres(inner, _) => {
                let $conn = &mut **inner;
                $body
            }
        }
    }};
}

/// How many statements were executed, shared by all clones of one database, and how many connections
/// were made, where that is counted.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    statements: Arc<AtomicU64>,
    connections: Arc<AtomicU64>,
}

impl Meter {
    /// The same count of statements, and one of its own for connections.
    pub(super) fn of_own_connections(&self) -> Self {
        Self { statements: Arc::clone(&self.statements), connections: Arc::default() }
    }

    /// Counts a connection.
    pub(super) fn connected(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }
}

/// An open database. Cheap to clone: clones share the pool and the statement count.
#[derive(Debug, Clone)]
pub enum Db {
    /// A file on this machine; one writer at a time.
    Sqlite(SqlitePool, Meter),
    /// A server that several workers share.
    Postgres(PgPool, Meter),
}

impl Db {
    /// Statements executed so far through [`each_engine!`] and [`in_tx!`], transactions included.
    #[must_use]
    pub fn queries(&self) -> u64 {
        self.meter().statements.load(Ordering::Relaxed)
    }

    /// Connections made so far by a database that [`Db::for_delivery`] gave, on a server: more than
    /// one are a connection that was lost, also where the pool made the next one by itself.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.meter().connections.load(Ordering::Relaxed)
    }

    /// Adds to the statement count; [`each_engine!`] does it, a loop that executes does it itself.
    pub fn count(&self, statements: u64) {
        self.meter().statements.fetch_add(statements, Ordering::Relaxed);
    }

    const fn meter(&self) -> &Meter {
        match self {
            Self::Sqlite(_, meter) | Self::Postgres(_, meter) => meter,
        }
    }

    /// Whether this is PostgreSQL, for what only one engine has.
    #[must_use]
    pub const fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(..))
    }

    /// Begins a transaction that will write. On SQLite it takes the write lock at once
    /// (`BEGIN IMMEDIATE`): a transaction that reads first and writes later would fail with a busy
    /// snapshot that no timeout waits for.
    ///
    /// Do not drop the future of this call half way (a known defect of the pool on PostgreSQL
    /// leaves the connection inside a transaction): run it in a task of its own where a caller may
    /// go away.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another writer held the lock for longer than the busy timeout,
    /// [`StoreError::Unavailable`] without a connection.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(pool, meter) => {
                Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?, meter.clone())
            }
            Self::Postgres(pool, meter) => Tx::Postgres(pool.begin().await?, meter.clone()),
        })
    }

    /// Begins a transaction that only reads and sees one state of the database throughout.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub async fn begin_read(&self) -> Result<Tx, StoreError> {
        const ONE_STATE: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        Ok(match self {
            Self::Sqlite(pool, meter) => Tx::Sqlite(pool.begin().await?, meter.clone()),
            Self::Postgres(pool, meter) => {
                Tx::Postgres(pool.begin_with(ONE_STATE).await?, meter.clone())
            }
        })
    }

    /// Lets go of every connection; on SQLite this folds the write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool, _) => pool.close().await,
            Self::Postgres(pool, _) => pool.close().await,
        }
    }
}

/// A transaction. Dropped without [`commit`](Tx::commit), it never happened.
#[derive(Debug)]
pub enum Tx {
    /// On a file.
    Sqlite(Transaction<'static, Sqlite>, Meter),
    /// On a server.
    Postgres(Transaction<'static, Postgres>, Meter),
}

impl Tx {
    /// Adds to the statement count of the database this transaction is on.
    pub fn count(&self, statements: u64) {
        let (Self::Sqlite(_, meter) | Self::Postgres(_, meter)) = self;
        meter.statements.fetch_add(statements, Ordering::Relaxed);
    }

    /// Whether this is PostgreSQL.
    #[must_use]
    pub const fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(..))
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// Whatever the engine says; then nothing of it happened, unless the connection broke while
    /// the answer was on its way.
    pub async fn commit(self) -> Result<(), StoreError> {
        super::witness::committing();
        match self {
            Self::Sqlite(inner, _) => inner.commit().await?,
            Self::Postgres(inner, _) => inner.commit().await?,
        }
        Ok(())
    }

    /// Takes it back.
    ///
    /// # Errors
    /// Whatever the engine says; nothing of it happened in any case.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(inner, _) => inner.rollback().await?,
            Self::Postgres(inner, _) => inner.rollback().await?,
        }
        Ok(())
    }
}

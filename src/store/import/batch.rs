//! Batches: one file, one transaction, one row here.

use jiff::Timestamp;

use crate::store::row::{Place, millis};
use crate::store::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements};

statements! {
    BEGIN = "INSERT INTO import_batch (id, started_at, path, kind, sha256) VALUES ($1, $2, $3, $4, $5)";
    FINISH = "UPDATE import_batch SET finished_at = $2, rows_read = $3, rows_written = $4, rows_rejected = $5 WHERE id = $1";
    LIST = "SELECT id, started_at, finished_at, path, kind, sha256, rows_read, rows_written, rows_rejected, voided_at, \
            voided_why FROM import_batch ORDER BY started_at DESC, id DESC";
    FIND = "SELECT id, started_at, finished_at, path, kind, sha256, rows_read, rows_written, rows_rejected, voided_at, \
            voided_why FROM import_batch WHERE id = $1 OR id LIKE $2 ORDER BY id LIMIT 2";
}

/// A new batch.
#[derive(Debug, Clone, Copy)]
pub struct BatchKind<'a> {
    /// Its id.
    pub id: &'a str,
    /// When it began, by the clock.
    pub at: Timestamp,
    /// The file.
    pub path: &'a str,
    /// What the file holds.
    pub kind: &'a str,
    /// Of the file's bytes, in hexadecimal.
    pub sha256: &'a str,
}

/// What came of a batch.
#[derive(Debug, Clone, Copy, Default)]
pub struct BatchCounts {
    /// Rows of the file.
    pub read: u64,
    /// Rows that were written or changed something.
    pub written: u64,
    /// Rows in the rejects file.
    pub rejected: u64,
}

/// One import, as `brief imports` lists it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Batch {
    /// Id, for `brief imports void ID`.
    pub id: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The file.
    pub path: String,
    /// What the file held.
    pub kind: String,
    /// Of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// Rows of the file.
    pub rows_read: i64,
    /// Rows that were written or changed something.
    pub rows_written: i64,
    /// Rows in the rejects file.
    pub rows_rejected: i64,
    /// When it was taken back.
    pub voided_at: Option<Timestamp>,
    /// Why.
    pub voided_why: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Raw {
    id: String,
    started_at: i64,
    finished_at: Option<i64>,
    path: String,
    kind: String,
    sha256: String,
    rows_read: i64,
    rows_written: i64,
    rows_rejected: i64,
    voided_at: Option<i64>,
    voided_why: Option<String>,
}

impl Raw {
    fn batch(self) -> Result<Batch, StoreError> {
        let place = Place { table: "import_batch", row: &self.id };
        Ok(Batch {
            started_at: place.instant("started_at", self.started_at)?,
            finished_at: place.instant_if("finished_at", self.finished_at)?,
            voided_at: place.instant_if("voided_at", self.voided_at)?,
            id: self.id,
            path: self.path,
            kind: self.kind,
            sha256: self.sha256,
            rows_read: self.rows_read,
            rows_written: self.rows_written,
            rows_rejected: self.rows_rejected,
            voided_why: self.voided_why,
        })
    }
}

/// Opens a batch in the transaction that will hold all of it.
///
/// # Errors
/// Whatever the database says.
pub async fn begin_batch(tx: &mut Tx, batch: BatchKind<'_>) -> Result<(), StoreError> {
    in_tx!(tx, conn => sqlx::query(BEGIN.sqlite)
        .bind(batch.id)
        .bind(millis(batch.at))
        .bind(batch.path)
        .bind(batch.kind)
        .bind(batch.sha256)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Writes down what came of it; what it gave to a suppressed address is suppressed, and what it says
/// was agreed to stands in the history of consent.
///
/// # Errors
/// Whatever the database says.
pub async fn finish_batch(
    tx: &mut Tx,
    id: &str,
    at: Timestamp,
    counts: BatchCounts,
) -> Result<(), StoreError> {
    tx.reflect_suppressions_of_batch(id).await?;
    tx.record_consents_of_batch(id, at).await?;
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    in_tx!(tx, conn => sqlx::query(FINISH.sqlite)
        .bind(id)
        .bind(millis(at))
        .bind(count(counts.read))
        .bind(count(counts.written))
        .bind(count(counts.rejected))
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Every import, newest first.
///
/// # Errors
/// Whatever the database says.
pub async fn list_batches(db: &Db) -> Result<Vec<Batch>, StoreError> {
    let raw: Vec<Raw> =
        each_engine!(db, pool => sqlx::query_as(LIST.sqlite).fetch_all(pool).await)?;
    raw.into_iter().map(Raw::batch).collect()
}

/// An import by its id or the unmistakable beginning of it.
///
/// # Errors
/// [`StoreError::NotFound`] where none or more than one begins so.
pub async fn find_batch(tx: &mut Tx, id: &str) -> Result<Batch, StoreError> {
    let not_found =
        |hint| StoreError::NotFound { what: "import", name: id.chars().take(60).collect(), hint };
    if id.len() < 8 || !id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') {
        return Err(not_found("see `brief imports` for the ids; give at least 8 characters"));
    }
    let mut raw: Vec<Raw> = in_tx!(tx, conn => sqlx::query_as(FIND.sqlite)
        .bind(id)
        .bind(format!("{id}%"))
        .fetch_all(conn).await)?;
    match (raw.pop(), raw.is_empty()) {
        (Some(one), true) => one.batch(),
        (Some(_), false) => Err(not_found("several begin so: give more of the id")),
        (None, _) => Err(not_found("see `brief imports` for the ids")),
    }
}

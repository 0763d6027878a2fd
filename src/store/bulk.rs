//! Writing many rows at once: what an import, a seed and the freezing of an edition stand on.

use sqlx::{Database, QueryBuilder};

use super::records::Record;
use super::{StoreError, Tx};

/// Values in one statement. SQLite allows 32,766 and PostgreSQL 65,535; beyond a few thousand a
/// longer statement is no faster on either.
const MAX_VALUES: usize = 6_000;

/// What happens to a row whose key is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Existing {
    Refuse,
    Keep,
}

/// Inserts every row, in order. Returns how many.
///
/// # Errors
/// [`StoreError::Conflict`] when a key is there already, [`StoreError::Refused`] when a row breaks
/// a rule of the schema; then the transaction should be dropped.
pub async fn insert<T: Record>(tx: &mut Tx, rows: &[T]) -> Result<u64, StoreError> {
    write(tx, rows, Existing::Refuse).await
}

/// Inserts the rows whose keys are not there yet (`ON CONFLICT DO NOTHING`). Returns how many.
///
/// # Errors
/// [`StoreError::Refused`] when a row breaks a rule of the schema.
pub async fn insert_missing<T: Record>(tx: &mut Tx, rows: &[T]) -> Result<u64, StoreError> {
    write(tx, rows, Existing::Keep).await
}

async fn write<T: Record>(tx: &mut Tx, rows: &[T], existing: Existing) -> Result<u64, StoreError> {
    let chunk = (MAX_VALUES / T::COLUMNS.len()).max(1);
    let mut written = 0;
    for rows in rows.chunks(chunk) {
        // Only full chunks repeat word for word and are worth keeping prepared.
        let repeats = rows.len() == chunk || rows.len() == 1;
        tx.count(1);
        written += match tx {
            Tx::Sqlite(inner, _) => {
                let mut query = statement::<sqlx::Sqlite, T>(existing, rows, T::bind_sqlite);
                let done = query.build().persistent(repeats).execute(&mut **inner).await?;
                done.rows_affected()
            }
            Tx::Postgres(inner, _) => {
                let mut query = statement::<sqlx::Postgres, T>(existing, rows, T::bind_postgres);
                let done = query.build().persistent(repeats).execute(&mut **inner).await?;
                done.rows_affected()
            }
        };
    }
    Ok(written)
}

/// Table and columns come from constants of the program; values are bound.
fn statement<E: Database, T: Record>(
    existing: Existing,
    rows: &[T],
    bind: impl Fn(&T, &mut sqlx::query_builder::Separated<'_, E, &'static str>),
) -> QueryBuilder<E> {
    let mut query = QueryBuilder::new("INSERT INTO ");
    query.push(T::TABLE).push(" (").push(T::COLUMNS.join(", ")).push(") ");
    query.push_values(rows, |mut values, row| bind(row, &mut values));
    if existing == Existing::Keep {
        query.push(" ON CONFLICT DO NOTHING");
    }
    query
}

impl super::Db {
    /// Tells the engine's planner what the tables hold now; worth it after a large import or seed.
    ///
    /// # Errors
    /// Whatever the engine says.
    pub async fn analyze(&self) -> Result<(), StoreError> {
        crate::each_engine!(self, pool => { sqlx::query("ANALYZE").execute(pool).await?; });
        Ok(())
    }
}

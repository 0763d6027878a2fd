//! Small values that outlive a process and that all processes see: the emergency stop, what a
//! restore said.

use jiff::Timestamp;

use crate::{each_engine, in_tx, statements};

use super::row::millis;
use super::{Db, StoreError, Tx};

statements! {
    /// One value.
    GET = "SELECT value FROM setting WHERE key = $1";
    /// All of them.
    ALL = "SELECT key, value FROM setting ORDER BY key";
    /// Writes one.
    SET = "INSERT INTO setting (key, value, changed_at) VALUES ($1, $2, $3)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at";
    /// Writes one unless it is there.
    CLAIM = "INSERT INTO setting (key, value, changed_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING";
    /// Writes one in the place of what was read.
    REPLACE = "UPDATE setting SET value = $3, changed_at = $4 WHERE key = $1 AND value = $2";
    /// Takes one away.
    REMOVE = "DELETE FROM setting WHERE key = $1";
}

/// The value under `key`, if any.
///
/// # Errors
/// Whatever the engine says.
pub async fn get(db: &Db, key: &str) -> Result<Option<String>, StoreError> {
    Ok(each_engine!(db, pool => {
        sqlx::query_scalar(GET.on(db)).bind(key).fetch_optional(pool).await?
    }))
}

/// The same within a transaction.
///
/// # Errors
/// Whatever the engine says.
pub async fn get_within(tx: &mut Tx, key: &str) -> Result<Option<String>, StoreError> {
    let sql = GET.within(tx);
    Ok(in_tx!(tx, conn => sqlx::query_scalar(sql).bind(key).fetch_optional(conn).await?))
}

/// Every key and value, by key.
///
/// # Errors
/// Whatever the engine says.
pub async fn all(db: &Db) -> Result<Vec<(String, String)>, StoreError> {
    Ok(each_engine!(db, pool => sqlx::query_as(ALL.on(db)).fetch_all(pool).await?))
}

/// Writes `value` under `key`, whatever was there.
///
/// # Errors
/// Whatever the engine says.
pub async fn set(db: &Db, key: &str, value: &str, now: Timestamp) -> Result<(), StoreError> {
    each_engine!(db, pool => {
        sqlx::query(SET.on(db)).bind(key).bind(value).bind(millis(now)).execute(pool).await?;
    });
    Ok(())
}

/// The same within a transaction.
///
/// # Errors
/// Whatever the engine says.
pub async fn set_within(
    tx: &mut Tx,
    key: &str,
    value: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = SET.within(tx);
    in_tx!(tx, conn => {
        sqlx::query(sql).bind(key).bind(value).bind(millis(now)).execute(conn).await.map(drop)
    })?;
    Ok(())
}

/// Writes `value` under `key` unless something is there. Returns whether it was written: of several
/// that try, one succeeds.
///
/// # Errors
/// Whatever the engine says.
pub async fn claim(db: &Db, key: &str, value: &str, now: Timestamp) -> Result<bool, StoreError> {
    let written = each_engine!(db, pool => {
        sqlx::query(CLAIM.on(db)).bind(key).bind(value).bind(millis(now)).execute(pool).await?
            .rows_affected()
    });
    Ok(written == 1)
}

/// Writes `value` in the place of what was `read` under `key`, nothing included. Returns whether that
/// was still there: of several that read the same, one succeeds.
///
/// # Errors
/// Whatever the engine says.
pub async fn replace(
    db: &Db,
    key: &str,
    read: Option<&str>,
    value: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(read) = read else {
        return claim(db, key, value, now).await;
    };
    let written = each_engine!(db, pool => {
        sqlx::query(REPLACE.on(db)).bind(key).bind(read).bind(value).bind(millis(now))
            .execute(pool).await?.rows_affected()
    });
    Ok(written == 1)
}

/// Takes `key` away. Returns whether it was there.
///
/// # Errors
/// Whatever the engine says.
pub async fn remove(db: &Db, key: &str) -> Result<bool, StoreError> {
    let gone = each_engine!(db, pool => {
        sqlx::query(REMOVE.on(db)).bind(key).execute(pool).await?.rows_affected()
    });
    Ok(gone > 0)
}

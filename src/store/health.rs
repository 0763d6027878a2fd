//! Questions that `brief doctor` and `brief migrate` ask of a database.

use jiff::Timestamp;

use super::open::MIGRATIONS;
use super::row::Place;
use super::{Db, StoreError};
use crate::{each_engine, in_tx, statements};

statements! {
    /// Whether any migration was ever applied.
    HAS_MIGRATIONS = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'",
        "SELECT COUNT(*) FROM information_schema.tables \
        WHERE table_name = '_sqlx_migrations' AND table_schema = ANY (current_schemas(false))";
    /// The migrations that were applied.
    APPLIED = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
    /// The time of the machine the database runs on, in milliseconds.
    SERVER_TIME = "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)",
        "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
    /// A row that is taken back at once.
    PROBE = "INSERT INTO setting (key, value, changed_at) VALUES ($1, '', $2)";
    /// The zones that organizations live in.
    ZONES = "SELECT DISTINCT time_zone FROM organization WHERE voided_at IS NULL ORDER BY time_zone";
}

impl Db {
    /// Names of the migrations that this database has not seen, oldest first. Empty when the schema
    /// is that of this program.
    ///
    /// # Errors
    /// Whatever the engine says.
    pub async fn pending_migrations(&self) -> Result<Vec<&'static str>, StoreError> {
        let n_tables: i64 = each_engine!(self, pool => {
            sqlx::query_scalar(HAS_MIGRATIONS.on(self)).fetch_one(pool).await
        })?;
        let applied: Vec<i64> = if n_tables == 0 {
            Vec::new()
        } else {
            each_engine!(self, pool => sqlx::query_scalar(APPLIED.on(self)).fetch_all(pool).await)?
        };
        let pending = MIGRATIONS.iter().filter(|(version, ..)| !applied.contains(version));
        Ok(pending.map(|(_, name, ..)| *name).collect())
    }

    /// What time the database's machine thinks it is. A SQLite file has no machine of its own:
    /// there it is this one's.
    ///
    /// # Errors
    /// Whatever the engine says.
    pub async fn server_time(&self) -> Result<Timestamp, StoreError> {
        let milliseconds: i64 = each_engine!(self, pool => {
            sqlx::query_scalar(SERVER_TIME.on(self)).fetch_one(pool).await
        })?;
        let place = Place { table: "the server's clock", row: "" };
        place.instant("now", milliseconds)
    }

    /// Writes a row and takes it back, which shows that disk, rights and locks allow it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] or [`StoreError::Unavailable`], as any write would have.
    pub async fn check_writable(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let text = PROBE.within(&tx);
        in_tx!(&mut tx, conn => {
            sqlx::query(text)
                .bind(format!("probe.{}", crate::clock::new_id()))
                .bind(now.as_millisecond())
                .execute(conn)
                .await
                .map(|_| ())
        })?;
        tx.rollback().await
    }

    /// Every time zone that an organization lives in.
    ///
    /// # Errors
    /// Whatever the engine says.
    pub async fn time_zones(&self) -> Result<Vec<String>, StoreError> {
        let zones = each_engine!(self, pool => {
            sqlx::query_scalar(ZONES.on(self)).fetch_all(pool).await
        })?;
        Ok(zones)
    }
}

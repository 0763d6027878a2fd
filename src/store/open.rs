//! Opening a database by its URL and bringing its schema up to date.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, SqlSafeStr};

use super::db::Meter;
use super::{Db, StoreError};

/// Every change of the schema, oldest first: number, name, text for SQLite, text for PostgreSQL.
/// One that was released is never edited; a new one is added.
pub(super) const MIGRATIONS: &[(i64, &str, &str, &str)] = &[
    (
        1,
        "init",
        include_str!("../../migrations/sqlite/0001_init.sql"),
        include_str!("../../migrations/postgres/0001_init.sql"),
    ),
    (
        2,
        "slim_outbox",
        include_str!("../../migrations/sqlite/0002_slim_outbox.sql"),
        include_str!("../../migrations/postgres/0002_slim_outbox.sql"),
    ),
    (
        3,
        "alerts",
        include_str!("../../migrations/sqlite/0003_alerts.sql"),
        include_str!("../../migrations/postgres/0003_alerts.sql"),
    ),
    (
        4,
        "journal",
        include_str!("../../migrations/sqlite/0004_journal.sql"),
        include_str!("../../migrations/postgres/0004_journal.sql"),
    ),
    (
        5,
        "breakers",
        include_str!("../../migrations/sqlite/0005_breakers.sql"),
        include_str!("../../migrations/postgres/0005_breakers.sql"),
    ),
    (
        6,
        "buckets",
        include_str!("../../migrations/sqlite/0006_buckets.sql"),
        include_str!("../../migrations/postgres/0006_buckets.sql"),
    ),
    (
        7,
        "retention",
        include_str!("../../migrations/sqlite/0007_retention.sql"),
        include_str!("../../migrations/postgres/0007_retention.sql"),
    ),
    (
        8,
        "consent",
        include_str!("../../migrations/sqlite/0008_consent.sql"),
        include_str!("../../migrations/postgres/0008_consent.sql"),
    ),
    (
        9,
        "suppressions",
        include_str!("../../migrations/sqlite/0009_suppressions.sql"),
        include_str!("../../migrations/postgres/0009_suppressions.sql"),
    ),
    (
        10,
        "desk",
        include_str!("../../migrations/sqlite/0010_desk.sql"),
        include_str!("../../migrations/postgres/0010_desk.sql"),
    ),
    (
        11,
        "register",
        include_str!("../../migrations/sqlite/0011_register.sql"),
        include_str!("../../migrations/postgres/0011_register.sql"),
    ),
    (
        12,
        "sources",
        include_str!("../../migrations/sqlite/0012_sources.sql"),
        include_str!("../../migrations/postgres/0012_sources.sql"),
    ),
    (
        13,
        "api",
        include_str!("../../migrations/sqlite/0013_api.sql"),
        include_str!("../../migrations/postgres/0013_api.sql"),
    ),
    (
        14,
        "brands",
        include_str!("../../migrations/sqlite/0014_brands.sql"),
        include_str!("../../migrations/postgres/0014_brands.sql"),
    ),
    (
        15,
        "uploads",
        include_str!("../../migrations/sqlite/0015_uploads.sql"),
        include_str!("../../migrations/postgres/0015_uploads.sql"),
    ),
    (
        16,
        "nudges",
        include_str!("../../migrations/sqlite/0016_nudges.sql"),
        include_str!("../../migrations/postgres/0016_nudges.sql"),
    ),
    (
        17,
        "withdrawals",
        include_str!("../../migrations/sqlite/0017_withdrawals.sql"),
        include_str!("../../migrations/postgres/0017_withdrawals.sql"),
    ),
];

/// Older servers lack what the statements use.
const OLDEST_POSTGRES: i32 = 130_000;
/// How long a statement waits for another writer of the same file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a caller waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);
/// Rows that the thread of a connection may read ahead: with few, two threads take turns for each.
const ROW_BUFFER: usize = 512;
/// Readers beside the one writer.
const SQLITE_CONNECTIONS: u32 = 6;
/// Workers of one process, with room for the web.
const POSTGRES_CONNECTIONS: u32 = 16;

impl Db {
    /// Opens `sqlite://PATH` (made if it is not there, folders included) or `postgres://…`.
    ///
    /// Does not touch the schema: see [`migrate`](Self::migrate).
    ///
    /// # Errors
    /// [`StoreError::Setup`] with what is wrong with the URL or the file and what to do; passwords
    /// are never part of it. [`StoreError::Unavailable`] when the server does not answer.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => open_sqlite(url).await,
            Some("postgres" | "postgresql") => open_postgres(url).await,
            _ => Err(StoreError::Setup(
                "database.url must begin with sqlite:// (a file, for example \
                 sqlite://var/brief.db) or postgres:// (a server)"
                    .to_owned(),
            )),
        }
    }

    /// Applies the migrations that this database has not seen. Harmless when there are none, and
    /// safe when several processes start at once.
    ///
    /// # Errors
    /// [`StoreError::Setup`] when the database was made by a newer version or a migration fails.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        // SQLite has no lock around a migration: of two processes that start on an empty file, one
        // finds a table made that it was about to make. Each time the other one has applied another
        // migration since, so that there are no more such times than migrations.
        let mut result = self.apply().await;
        for _ in MIGRATIONS {
            let may_be_the_other = matches!(
                (&result, self),
                (
                    Err(MigrateError::ExecuteMigration(..) | MigrateError::Execute(_)),
                    Self::Sqlite(..)
                )
            );
            if !may_be_the_other {
                break;
            }
            result = self.apply().await;
        }
        result.map_err(|error| match error {
            MigrateError::VersionMissing(version) => StoreError::Setup(format!(
                "this database holds migration {version}, which this program does not know; \
                 use the newer program that made it"
            )),
            MigrateError::VersionMismatch(version) => StoreError::Setup(format!(
                "migration {version} in this database is not the one in this program; \
                 restore the database from a backup or use the program that made it"
            )),
            other => {
                StoreError::Setup(format!("the schema could not be brought up to date: {other}"))
            }
        })
    }

    async fn apply(&self) -> Result<(), MigrateError> {
        match self {
            Self::Sqlite(pool, _) => migrator(|m| m.2).run(pool).await,
            Self::Postgres(pool, _) => migrator(|m| m.3).run(pool).await,
        }
    }
}

impl Db {
    /// The same database for the groups of one delivery, over one connection of its own that is made
    /// when it is first used; the caller closes it.
    ///
    /// On a file the connection keeps the pages that it wrote, where another one would have to read
    /// them again after each commit. On a server every statement goes along an index: nothing is
    /// analyzed while the outbox fills, and a plan made for an empty one reads all of it each time.
    #[must_use]
    pub fn for_delivery(&self) -> Self {
        const ALONG_THE_INDEX: &str = "SET enable_seqscan = off; SET enable_bitmapscan = off; \
            SET enable_hashjoin = off; SET enable_mergejoin = off; SET plan_cache_mode = force_generic_plan";
        match self {
            Self::Sqlite(pool, meter) => {
                let options = (*pool.connect_options()).clone();
                let own =
                    SqlitePoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE_TIMEOUT);
                Self::Sqlite(own.connect_lazy_with(options), meter.clone())
            }
            Self::Postgres(pool, meter) => {
                let options = (*pool.connect_options()).clone();
                let own = meter.of_own_connections();
                let counted = own.clone();
                // It is closed with the delivery: no other one is made unless it is lost.
                let pool = PgPoolOptions::new()
                    .max_connections(1)
                    .idle_timeout(None)
                    .max_lifetime(None)
                    .acquire_timeout(ACQUIRE_TIMEOUT)
                    .after_connect(move |connection, _| {
                        counted.connected();
                        Box::pin(async move { connection.execute(ALONG_THE_INDEX).await.map(drop) })
                    });
                Self::Postgres(pool.connect_lazy_with(options), own)
            }
        }
    }
}

fn migrator(
    text: impl Fn(&(i64, &'static str, &'static str, &'static str)) -> &'static str,
) -> Migrator {
    let migrations = MIGRATIONS.iter().map(|m| {
        Migration::new(m.0, m.1.into(), MigrationType::Simple, text(m).into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}

async fn open_sqlite(url: &str) -> Result<Db, StoreError> {
    let setup = |problem: String| StoreError::Setup(format!("database.url {url}: {problem}"));
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(setup(
            "every connection would see a database of its own; name a file".to_owned(),
        ));
    }
    let options = SqliteConnectOptions::from_str(url).map_err(|e| setup(e.to_string()))?;
    let file = options.get_filename().to_path_buf();
    if file.as_os_str().is_empty() || file.is_dir() {
        return Err(setup("name a file, for example sqlite://var/brief.db".to_owned()));
    }
    if let Some(folder) = file.parent().filter(|f| *f != Path::new("")) {
        std::fs::create_dir_all(folder)
            .map_err(|e| setup(format!("folder {} cannot be made: {e}", folder.display())))?;
    }
    let options = options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        // Without it REPLACE would delete from a history without asking its triggers.
        .pragma("recursive_triggers", "ON")
        .statement_cache_capacity(256)
        .row_buffer_size(ROW_BUFFER)
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        .max_connections(SQLITE_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options)
        .await
        .map_err(|error| match error {
            sqlx::Error::Database(e) => setup(format!("the file cannot be used: {}", e.message())),
            other => other.into(),
        })?;
    Ok(Db::Sqlite(pool, Meter::default()))
}

async fn open_postgres(url: &str) -> Result<Db, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|e| StoreError::Setup(format!("database.url is not a postgres URL: {e}")))?;
    let place = format!(
        "postgres server {}:{}, database {}",
        options.get_host(),
        options.get_port(),
        options.get_database().unwrap_or("(of the same name as the user)"),
    );
    let options = options
        .application_name("back-office-brief")
        .statement_cache_capacity(256)
        .disable_statement_logging();
    // A pool tries again until its time is up; a server that refuses should be told of at once.
    let mut first = tokio::time::timeout(ACQUIRE_TIMEOUT, options.connect())
        .await
        .map_err(|_| StoreError::Unavailable(format!("{place}: no answer in {ACQUIRE_TIMEOUT:?}")))?
        .map_err(|error| match StoreError::from(error) {
            StoreError::Other(sqlx::Error::Database(e)) => {
                StoreError::Setup(format!("{place}: {}", e.message()))
            }
            other => StoreError::Unavailable(format!("{place}: {other}")),
        })?;
    let version: i32 = sqlx::query_scalar("SELECT current_setting('server_version_num')::int")
        .fetch_one(&mut first)
        .await?;
    first.close().await?;
    if version < OLDEST_POSTGRES {
        return Err(StoreError::Setup(format!(
            "{place}: PostgreSQL {} is too old; version 13 or later is needed",
            version / 10_000
        )));
    }
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_lazy_with(options);
    Ok(Db::Postgres(pool, Meter::default()))
}

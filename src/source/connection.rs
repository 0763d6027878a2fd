//! One connection to somebody else's database, whichever engine it is.

use std::time::Duration;

use secrecy::ExposeSecret;
use sqlx::Connection as _;
use sqlx::mysql::MySqlConnection;
use sqlx::postgres::PgConnection;

use super::cell::Column;
use super::trouble::{Meaning, Trouble};
use super::{mysql, postgres, sqlite};
use crate::config::Source;
use crate::import::read::{Table, TableWriter};

/// How long reaching a database may take.
pub(super) const CONNECT: Duration = Duration::from_secs(10);
/// How much longer than its own limit a server is waited for.
pub(super) const GRACE: Duration = Duration::from_secs(5);
/// How long letting go of a database may take.
const CLOSE: Duration = Duration::from_secs(2);

/// A connection that only reads.
pub(super) struct Connection {
    engine: Engine,
    limit: Duration,
    max_rows: u64,
}

enum Engine {
    Postgres(PgConnection),
    MySql(MySqlConnection),
    Sqlite(sqlite::Reading),
}

/// Where the rows of a query go, up to a limit.
pub(super) struct Sink<'w> {
    writer: &'w mut TableWriter,
    max_rows: u64,
    limit: Duration,
}

impl Connection {
    /// Reaches a source.
    pub async fn open(source: &Source) -> Result<Self, Trouble> {
        let (limit, max_rows) = (source.statement_timeout, source.max_rows);
        let opening = Self::engine(source);
        let engine = tokio::time::timeout(CONNECT, opening)
            .await
            .map_err(|_| Trouble::no_answer(CONNECT))??;
        Ok(Self { engine, limit, max_rows })
    }

    async fn engine(source: &Source) -> Result<Engine, Trouble> {
        let (url, limit) = (source.url.expose_secret(), source.statement_timeout);
        let refused = |error: sqlx::Error, meaning: fn(&sqlx::Error) -> Meaning| {
            Trouble::of_connection(&error, meaning(&error))
        };
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("postgres" | "postgresql") => {
                let own = postgres::connect(url, limit).await;
                own.map(Engine::Postgres).map_err(|error| refused(error, postgres::meaning))
            }
            Some("mysql" | "mariadb") => {
                let own = mysql::connect(url, limit, source.max_rows).await;
                own.map(Engine::MySql).map_err(|error| refused(error, mysql::meaning))
            }
            _ => {
                let own = sqlite::connect(url, limit).await;
                own.map(Engine::Sqlite).map_err(|error| refused(error, sqlite::meaning))
            }
        }
    }

    /// The columns that a statement answers.
    pub async fn columns(&mut self, sql: &str) -> Result<Vec<Column>, Trouble> {
        let limit = self.limit;
        let asking = async {
            let refused = |error: sqlx::Error, meaning: fn(&sqlx::Error) -> Meaning| {
                Trouble::of_query(&error, meaning(&error), limit)
            };
            match &mut self.engine {
                Engine::Postgres(own) => {
                    postgres::columns(own, sql).await.map_err(|e| refused(e, postgres::meaning))
                }
                Engine::MySql(own) => {
                    mysql::columns(own, sql).await.map_err(|e| refused(e, mysql::meaning))
                }
                Engine::Sqlite(own) => {
                    sqlite::columns(own, sql).await.map_err(|e| refused(e, sqlite::meaning))
                }
            }
        };
        let columns = tokio::time::timeout(limit + GRACE, asking)
            .await
            .map_err(|_| Trouble::too_slow(limit))??;
        if columns.is_empty() {
            return Err(Trouble::new(
                "it answers no columns",
                "ask by one SELECT that answers the columns of its kind",
            ));
        }
        Ok(columns)
    }

    /// Everything that a statement answers.
    pub async fn rows(&mut self, sql: &str, columns: &[Column]) -> Result<Table, Trouble> {
        let names = columns.iter().map(|column| column.name.clone()).collect();
        let mut writer = TableWriter::new(names).map_err(|e| Sink::unwritable(&e))?;
        let (limit, max_rows) = (self.limit, self.max_rows);
        let mut sink = Sink { writer: &mut writer, max_rows, limit };
        // A file has no server that keeps the time.
        let patience = if matches!(self.engine, Engine::Sqlite(_)) { limit } else { limit + GRACE };
        let reading = async {
            match &mut self.engine {
                Engine::Postgres(own) => postgres::rows(own, sql, columns, &mut sink).await,
                Engine::MySql(own) => mysql::rows(own, sql, columns, &mut sink).await,
                Engine::Sqlite(own) => sqlite::rows(own, sql, columns, &mut sink).await,
            }
        };
        tokio::time::timeout(patience, reading).await.map_err(|_| Trouble::too_slow(limit))??;
        writer.finish().map_err(|e| Sink::unwritable(&e))
    }

    /// Lets go of it. What does not answer any more is left to find out by itself.
    pub async fn close(self) {
        let closing = async {
            match self.engine {
                Engine::Postgres(own) => own.close().await,
                Engine::MySql(own) => own.close().await,
                Engine::Sqlite(own) => {
                    drop(own);
                    Ok(())
                }
            }
        };
        // There is nothing to do about a farewell that was not heard.
        let _ = tokio::time::timeout(CLOSE, closing).await;
    }
}

impl Sink<'_> {
    /// One more row.
    pub fn take(&mut self, cells: Vec<String>) -> Result<(), Trouble> {
        if self.writer.rows() >= self.max_rows {
            return Err(Trouble::new(
                format!("it answers more than {} rows", self.max_rows),
                "leave out in the query what no brief needs, or raise max_rows",
            ));
        }
        self.writer.add(&cells).map_err(|e| Self::unwritable(&e))
    }

    /// The database ended the answer.
    pub fn refused(&self, error: &sqlx::Error, meaning: Meaning) -> Trouble {
        Trouble::of_query(error, meaning, self.limit)
    }

    /// Rows that have not the columns that were announced.
    pub fn other_shape() -> Trouble {
        Trouble::new(
            "its rows do not all have the same columns",
            "write one statement, not several",
        )
    }

    /// A value that is no text.
    pub fn no_text(column: &str) -> Trouble {
        Trouble::at(
            column,
            "one of its values is not text in UTF-8",
            "cast it in the query, or leave it out",
        )
    }

    fn unwritable(error: &std::io::Error) -> Trouble {
        Trouble::new(
            format!("its rows cannot be kept ({error})"),
            "make room in the folder for temporary files, or ask for less",
        )
    }
}

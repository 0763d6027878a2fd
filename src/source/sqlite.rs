//! SQLite: a file opened for reading only. There is no server to end a statement, so a flag does.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::TryStreamExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions, Decode, Executor, Row, SqlSafeStr, Sqlite,
    Statement, TypeInfo, ValueRef,
};

use super::cell::{Column, Form};
use super::connection::Sink;
use super::trouble::{Meaning, Trouble};

/// How long a statement waits for a writer of the same file.
const BUSY: Duration = Duration::from_secs(5);
/// Steps of a statement between two looks at the flag.
const STEPS: i32 = 10_000;

/// A file that is read, and the flag that ends what runs on it.
pub(super) struct Reading {
    pub connection: SqliteConnection,
    end: Arc<AtomicBool>,
}

/// What runs is ended with whoever asked for it.
impl Drop for Reading {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Relaxed);
    }
}

/// Opens the file and begins to read.
pub(super) async fn connect(url: &str, limit: Duration) -> Result<Reading, sqlx::Error> {
    let options = SqliteConnectOptions::from_str(url)?
        .read_only(true)
        .create_if_missing(false)
        .busy_timeout(BUSY.min(limit))
        .disable_statement_logging();
    let mut connection = options.connect().await?;
    let end = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&end);
    connection
        .lock_handle()
        .await?
        .set_progress_handler(STEPS, move || !seen.load(Ordering::Relaxed));
    sqlx::raw_sql("PRAGMA query_only = ON; BEGIN").execute(&mut connection).await?;
    Ok(Reading { connection, end })
}

/// The columns of a statement's answer. Values have types here, columns have none.
pub(super) async fn columns(reading: &mut Reading, sql: &str) -> Result<Vec<Column>, sqlx::Error> {
    let sql = AssertSqlSafe(sql.to_owned()).into_sql_str();
    let statement = (&mut reading.connection).prepare(sql).await?;
    Ok(statement.columns().iter().map(|c| Column::new(c.name(), Form::Plain)).collect())
}

/// Every row of a statement's answer.
pub(super) async fn rows(
    reading: &mut Reading,
    sql: &str,
    columns: &[Column],
    sink: &mut Sink<'_>,
) -> Result<(), Trouble> {
    let mut rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch(&mut reading.connection);
    while let Some(row) = rows.try_next().await.map_err(|e| sink.refused(&e, meaning(&e)))? {
        if row.len() != columns.len() {
            return Err(Sink::other_shape());
        }
        sink.take(cells(&row, columns)?)?;
    }
    Ok(())
}

fn cells(row: &SqliteRow, columns: &[Column]) -> Result<Vec<String>, Trouble> {
    let one = |(index, column): (usize, &Column)| {
        let value = row.try_get_raw(index).map_err(|_| Sink::other_shape())?;
        if value.is_null() {
            return Ok(String::new());
        }
        let kind = value.type_info().name().to_owned();
        let text = match kind.as_str() {
            "INTEGER" | "BOOLEAN" => <i64 as Decode<Sqlite>>::decode(value).map(|n| n.to_string()),
            "REAL" => <f64 as Decode<Sqlite>>::decode(value).map(|n| n.to_string()),
            _ => <String as Decode<Sqlite>>::decode(value),
        };
        text.map_err(|_| Sink::no_text(&column.name))
    };
    columns.iter().enumerate().map(one).collect()
}

/// What its code for an error means: the low byte of an extended one.
pub(super) fn meaning(error: &sqlx::Error) -> Meaning {
    let code = error.as_database_error().and_then(|e| e.code()?.parse::<u32>().ok());
    match code.map(|code| code & 0xff) {
        Some(9) => Meaning::TooSlow,
        Some(8) => Meaning::Writes,
        Some(3 | 23) => Meaning::NotAllowed,
        _ => Meaning::Other,
    }
}

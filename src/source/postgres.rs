//! PostgreSQL: one read-only transaction, values in its own text form.

use std::str::FromStr;
use std::time::Duration;

use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions, Executor, Row, SqlSafeStr, Statement, TypeInfo,
    ValueRef,
};

use super::cell::{Column, Form, cell};
use super::connection::Sink;
use super::trouble::{Meaning, Trouble};

/// Connects and begins to read. The first statement fixes the mode of the transaction: no later one
/// can change it.
pub(super) async fn connect(url: &str, limit: Duration) -> Result<PgConnection, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("back-office-brief")
        .statement_cache_capacity(0)
        .disable_statement_logging();
    let mut connection = options.connect().await?;
    let begin = format!(
        "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL statement_timeout = {}; \
         SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'; SELECT 1",
        limit.as_millis()
    );
    sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut connection).await?;
    Ok(connection)
}

/// The columns of a statement's answer.
pub(super) async fn columns(
    connection: &mut PgConnection,
    sql: &str,
) -> Result<Vec<Column>, sqlx::Error> {
    let statement = connection.prepare(AssertSqlSafe(sql.to_owned()).into_sql_str()).await?;
    Ok(statement.columns().iter().map(|c| column(c.name(), c.type_info().name())).collect())
}

fn column(name: &str, kind: &str) -> Column {
    match kind {
        "BOOL" => Column::new(name, Form::Truth),
        "NUMERIC" => Column::new(name, Form::Decimal),
        "TIMESTAMP" => Column::new(name, Form::Civil),
        "TIMESTAMPTZ" => Column::new(name, Form::Instant),
        "BYTEA" | "INTERVAL" | "RECORD" | "MONEY" => Column::unreadable(name, kind),
        list if list.ends_with("[]") => Column::unreadable(name, kind),
        _ => Column::new(name, Form::Plain),
    }
}

/// Every row of a statement's answer.
pub(super) async fn rows(
    connection: &mut PgConnection,
    sql: &str,
    columns: &[Column],
    sink: &mut Sink<'_>,
) -> Result<(), Trouble> {
    let mut rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch(connection);
    while let Some(row) = rows.try_next().await.map_err(|e| sink.refused(&e, meaning(&e)))? {
        sink.take(cells(&row, columns)?)?;
    }
    Ok(())
}

fn cells(row: &PgRow, columns: &[Column]) -> Result<Vec<String>, Trouble> {
    let one = |(index, column): (usize, &Column)| {
        let value = row.try_get_raw(index).map_err(|_| Sink::other_shape())?;
        if value.is_null() {
            return Ok(String::new());
        }
        let text = value.as_str().map_err(|_| Sink::no_text(&column.name))?;
        Ok(cell(Some(text), column.form))
    };
    columns.iter().enumerate().map(one).collect()
}

/// What its code for an error means.
pub(super) fn meaning(error: &sqlx::Error) -> Meaning {
    let code = error.as_database_error().and_then(|e| e.code().map(|c| c.into_owned()));
    match code.as_deref() {
        Some("57014") => Meaning::TooSlow,
        Some("25006") => Meaning::Writes,
        Some("28000" | "28P01" | "42501") => Meaning::NotAllowed,
        _ => Meaning::Other,
    }
}

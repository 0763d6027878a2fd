//! MySQL and MariaDB: one read-only transaction in a read-only session, values in their text form.

use std::str::FromStr;
use std::time::Duration;

use futures_util::TryStreamExt;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlDatabaseError, MySqlRow};
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions, Decode, Executor, MySql, Row, SqlSafeStr,
    Statement, TypeInfo, ValueRef,
};

use super::cell::{Column, Form, cell, is_zero_day};
use super::connection::Sink;
use super::trouble::{Meaning, Trouble};

/// Connects and begins to read. Instants are in UTC; the statement means what it means elsewhere,
/// so `||` is left as the server has it.
pub(super) async fn connect(
    url: &str,
    limit: Duration,
    max_rows: u64,
) -> Result<MySqlConnection, sqlx::Error> {
    let url = url.replacen("mariadb://", "mysql://", 1);
    let options = MySqlConnectOptions::from_str(&url)?
        .pipes_as_concat(false)
        .statement_cache_capacity(0)
        .disable_statement_logging();
    let mut connection = options.connect().await?;
    let row = sqlx::raw_sql("SELECT VERSION()").fetch_one(&mut connection).await?;
    let version = text(&row, 0).ok().flatten().unwrap_or_default();
    let timeout = if version.contains("MariaDB") {
        format!("SET SESSION max_statement_time = {}", limit.as_secs_f64())
    } else {
        format!("SET SESSION max_execution_time = {}", limit.as_millis())
    };
    // A server too old to know it is held to its time from here.
    sqlx::raw_sql(AssertSqlSafe(timeout)).execute(&mut connection).await.ok();
    let most = format!("SET SESSION sql_select_limit = {}", max_rows.saturating_add(1));
    for begin in [
        most.as_str(),
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "SET SESSION TRANSACTION READ ONLY",
        "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    ] {
        sqlx::raw_sql(AssertSqlSafe(begin.to_owned())).execute(&mut connection).await?;
    }
    Ok(connection)
}

/// The columns of a statement's answer.
pub(super) async fn columns(
    connection: &mut MySqlConnection,
    sql: &str,
) -> Result<Vec<Column>, sqlx::Error> {
    let statement = connection.prepare(AssertSqlSafe(sql.to_owned()).into_sql_str()).await?;
    Ok(statement.columns().iter().map(|c| column(c.name(), c.type_info().name())).collect())
}

fn column(name: &str, kind: &str) -> Column {
    match kind {
        "DECIMAL" => Column::new(name, Form::Decimal),
        "DATETIME" => Column::new(name, Form::Civil),
        "TIMESTAMP" => Column::new(name, Form::Instant),
        "BIT" | "GEOMETRY" => Column::unreadable(name, kind),
        // What is called binary may be a text with an exact order: its bytes decide.
        _ => Column::new(name, Form::Plain),
    }
}

/// Every row of a statement's answer.
pub(super) async fn rows(
    connection: &mut MySqlConnection,
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

fn cells(row: &MySqlRow, columns: &[Column]) -> Result<Vec<String>, Trouble> {
    let one = |(index, column): (usize, &Column)| {
        let text = text(row, index).map_err(|is_shape| {
            if is_shape { Sink::other_shape() } else { Sink::no_text(&column.name) }
        })?;
        // Its days of zeros stand for "none".
        Ok(cell(text.as_deref().filter(|text| !is_zero_day(text)), column.form))
    };
    columns.iter().enumerate().map(one).collect()
}

/// The text of a value; the error says whether there is no such column.
fn text(row: &MySqlRow, index: usize) -> Result<Option<String>, bool> {
    let value = row.try_get_raw(index).map_err(|_| true)?;
    if value.is_null() {
        return Ok(None);
    }
    let bytes = <&[u8] as Decode<MySql>>::decode(value).map_err(|_| false)?;
    std::str::from_utf8(bytes).map(|text| Some(text.to_owned())).map_err(|_| false)
}

/// What its number of an error means.
pub(super) fn meaning(error: &sqlx::Error) -> Meaning {
    let database = error.as_database_error();
    let number = database.and_then(|e| e.try_downcast_ref::<MySqlDatabaseError>());
    match number.map(MySqlDatabaseError::number) {
        // MariaDB and MySQL each have their own; the others are of an administrator who ended it.
        Some(1_969 | 3_024 | 1_317) => Meaning::TooSlow,
        Some(1_792 | 1_290) => Meaning::Writes,
        Some(1_044 | 1_045 | 1_142 | 1_143 | 1_698) => Meaning::NotAllowed,
        _ => Meaning::Other,
    }
}

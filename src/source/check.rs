//! A look at a source that writes nothing: what each query answers, against what its kind of row needs.

use jiff::Timestamp;
use serde::Serialize;

use super::cell::Column;
use super::connection::Connection;
use super::fetch::{kind_of, map, table_name};
use super::trouble::Trouble;
use super::{Fetched, SourceError, engine, place, take};
use crate::config::{Query, Source};
use crate::domain::constants::Constants;
use crate::import::command::Manner;
use crate::import::header::Header;
use crate::import::kind::FileKind;
use crate::import::map::Map;
use crate::import::sources::Source as Table;
use crate::store::Db;

/// What was found out about a source.
#[derive(Debug, Clone, Serialize)]
pub struct Checked {
    /// Its name.
    pub name: String,
    /// Its engine.
    pub engine: &'static str,
    /// Its URL, without a password.
    pub place: String,
    /// Why nothing could be asked.
    pub problem: Option<String>,
    /// Each query.
    pub queries: Vec<QueryChecked>,
}

/// What was found out about a query.
#[derive(Debug, Clone, Default, Serialize)]
pub struct QueryChecked {
    /// The kind of its rows.
    pub kind: &'static str,
    /// The columns that it answers.
    pub columns: Vec<String>,
    /// Rows that it answered.
    pub rows: Option<u64>,
    /// Rows that would be new or change something.
    pub would_write: Option<u64>,
    /// Rows that would not be taken.
    pub rejected: u64,
    /// Some of them, in words.
    pub examples: Vec<String>,
    /// What is wrong with the query itself.
    pub problems: Vec<String>,
}

impl Checked {
    /// Whether every query can be taken. Single rows that cannot are told and are no fault of it.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problem.is_none() && self.queries.iter().all(|query| query.problems.is_empty())
    }
}

/// Reaches a source, asks every query, compares columns, and tries what its rows would do here.
/// One query that fails does not keep the others from being looked at.
///
/// # Errors
/// Our own database fails.
pub async fn check(
    db: &Db,
    source: &Source,
    constants: &Constants,
    now: Timestamp,
) -> Result<Checked, crate::store::StoreError> {
    let mut checked = Checked {
        name: source.name.clone(),
        engine: engine(source),
        place: place(source),
        problem: None,
        queries: Vec::new(),
    };
    let organization = super::organization::named(db, source).await?;
    let map = match map(source, organization.as_deref()) {
        Ok((map, _)) => map,
        Err(error) => {
            checked.problem = Some(error.to_string());
            return Ok(checked);
        }
    };
    let mut tables = Vec::new();
    let mut connection = None;
    for query in &source.queries {
        // After a query that failed a session may take no other.
        let mut open = match connection.take() {
            Some(open) => open,
            None => match Connection::open(source).await {
                Ok(open) => open,
                Err(trouble) => {
                    checked.problem =
                        Some(SourceError::new(&source.name, None, trouble).to_string());
                    return Ok(checked);
                }
            },
        };
        let (found, table) = look(&mut open, source, query, &map).await;
        checked.queries.push(found);
        if let Some(table) = table {
            tables.push(table);
            connection = Some(open);
        }
    }
    if let Some(open) = connection {
        open.close().await;
    }
    try_out(db, tables, map, constants, now, &mut checked).await;
    Ok(checked)
}

/// One query: its columns, and its rows where the columns fit.
async fn look(
    connection: &mut Connection,
    source: &Source,
    query: &Query,
    map: &Map,
) -> (QueryChecked, Option<Table>) {
    let mut found = QueryChecked { kind: query.kind, ..QueryChecked::default() };
    let told =
        |trouble: Trouble| SourceError::new(&source.name, Some(query.kind), trouble).to_string();
    let asked = async {
        let kind = kind_of(query)?;
        Ok::<_, Trouble>((kind, connection.columns(&query.sql).await?))
    };
    let (kind, columns) = match asked.await {
        Ok(asked) => asked,
        Err(trouble) => {
            found.problems.push(told(trouble));
            return (found, None);
        }
    };
    found.columns = columns.iter().map(|column| column.name.clone()).collect();
    found.problems.extend(contract(kind, &columns, map).into_iter().map(told));
    match connection.rows(&query.sql, &columns).await {
        Err(trouble) => {
            found.problems.push(told(trouble));
            (found, None)
        }
        Ok(table) => {
            found.rows = Some(table.rows());
            let is_sound = found.problems.is_empty();
            let table = Table::of_table(&table_name(source, query), kind, table);
            (found, is_sound.then_some(table))
        }
    }
}

/// Everything that is wrong with the columns of a query.
pub(super) fn contract(kind: FileKind, columns: &[Column], map: &Map) -> Vec<Trouble> {
    let map = map.kinds.get(&kind);
    let names: Vec<String> = columns.iter().map(|column| column.name.trim().to_owned()).collect();
    let mut found: Vec<Trouble> =
        columns.iter().filter(|c| !is_dropped(map, &c.name)).filter_map(Column::trouble).collect();
    found.extend(Header::problems(kind, &names, map).into_iter().map(|problem| {
        // The sentence is that of a file, and says itself what to do.
        Trouble::new(problem.replacen("the header", "the query", 1), "")
    }));
    found
}

fn is_dropped(map: Option<&crate::import::map::KindMap>, name: &str) -> bool {
    map.is_some_and(|map| map.drop.iter().any(|drop| drop == name))
}

/// What the rows would do here, taken back at the end.
async fn try_out(
    db: &Db,
    tables: Vec<Table>,
    map: Map,
    constants: &Constants,
    now: Timestamp,
    checked: &mut Checked,
) {
    if tables.is_empty() {
        return;
    }
    let name = checked.name.clone();
    let fetched = Fetched { name, tables, map, rows: 0, digest: String::new() };
    let manner = Manner::trying(now, constants);
    let report = match take(db, &fetched, manner).await {
        Ok(report) => report,
        Err(error) => {
            checked.problem = Some(error.to_string());
            return;
        }
    };
    for file in report.files {
        if let Some(query) = checked.queries.iter_mut().find(|query| query.kind == file.kind) {
            query.would_write = Some(file.written);
            query.rejected = file.rejected;
            query.examples = file.reject_examples;
            query.examples.extend(file.examples);
        }
    }
}

//! All that a source answers, as tables that an import takes.

use std::path::Path;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::SourceError;
use super::connection::{CONNECT, Connection, GRACE};
use super::trouble::Trouble;
use crate::config::{Query, Source};
use crate::import::kind::FileKind;
use crate::import::map::Map;
use crate::import::sources::Source as Table;

/// What a source answered.
#[derive(Debug)]
pub struct Fetched {
    /// Name of the source.
    pub name: String,
    /// Its tables, parents first.
    pub tables: Vec<Table>,
    /// How its columns become ours.
    pub map: Map,
    /// Rows of all tables.
    pub rows: u64,
    /// SHA-256 of all rows and of what they mean to us, in hexadecimal.
    pub digest: String,
}

/// The longest that [`fetch`] takes.
#[must_use]
pub fn bound(source: &Source) -> Duration {
    // One limit for the columns of a query and one for its rows.
    let queries = u32::try_from(source.queries.len()).unwrap_or(u32::MAX);
    CONNECT + (source.statement_timeout + GRACE) * queries.saturating_mul(2) + GRACE
}

/// Reaches a source and asks it nothing.
///
/// # Errors
/// It cannot be reached.
pub async fn reach(source: &Source) -> Result<(), SourceError> {
    match Connection::open(source).await {
        Ok(connection) => {
            connection.close().await;
            Ok(())
        }
        Err(trouble) => Err(SourceError::new(&source.name, None, trouble)),
    }
}

/// Asks a source everything, over one connection that sees one state of it. `organization` is whose
/// rows these are where a query does not say.
///
/// # Errors
/// It cannot be reached, or a query cannot be taken: which one, and why.
pub async fn fetch(source: &Source, organization: Option<&str>) -> Result<Fetched, SourceError> {
    let (map, text) = map(source, organization)?;
    let own = |query: Option<&'static str>| {
        let name = source.name.clone();
        move |trouble: Trouble| SourceError::new(&name, query, trouble)
    };
    let mut connection = Connection::open(source).await.map_err(own(None))?;
    let mut tables = Vec::new();
    for query in &source.queries {
        let table = ask(&mut connection, source, query, &map).await;
        tables.push(table.map_err(own(Some(query.kind)))?);
    }
    connection.close().await;
    let mut hasher = Sha256::new();
    for part in [text.as_str(), organization.unwrap_or_default()] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut rows = 0;
    for (table, of) in &tables {
        hasher.update(of.kind.as_str());
        hasher.update(table.sha256());
        rows += table.rows();
    }
    let digest = hasher.finalize().iter().map(|b| format!("{b:02x}")).collect();
    let tables = tables.into_iter().map(|(_, of)| of).collect();
    Ok(Fetched { name: source.name.clone(), tables, map, rows, digest })
}

/// One query's answer under its name. Columns that cannot be taken are told before a row is asked for.
async fn ask(
    connection: &mut Connection,
    source: &Source,
    query: &Query,
    map: &Map,
) -> Result<(crate::import::read::Table, Table), Trouble> {
    let kind = kind_of(query)?;
    let columns = connection.columns(&query.sql).await?;
    if let Some(trouble) = super::check::contract(kind, &columns, map).into_iter().next() {
        return Err(trouble);
    }
    let table = connection.rows(&query.sql, &columns).await?;
    let name = table_name(source, query);
    Ok((table.clone(), Table::of_table(&name, kind, table)))
}

/// `source:erp/gaps`: by this name a batch is found among the imports.
pub(super) fn table_name(source: &Source, query: &Query) -> String {
    format!("source:{}/{}", source.name, query.kind)
}

/// The kind of a query's rows.
pub(super) fn kind_of(query: &Query) -> Result<FileKind, Trouble> {
    FileKind::named(query.kind)
        .ok_or_else(|| Trouble::new("there is no such kind of row", "see docs/import.md"))
}

/// The map of a source with the organization as the default of every kind that needs one, and the
/// text that it was made from.
pub(super) fn map(
    source: &Source,
    organization: Option<&str>,
) -> Result<(Map, String), SourceError> {
    let (mut map, text) = match &source.map {
        None => (Map::default(), String::new()),
        Some(path) => read(source, path)?,
    };
    // What a database sends is text already.
    map.encoding = None;
    if let Some(organization) = organization {
        for query in &source.queries {
            if let Some(kind) = FileKind::named(query.kind) {
                map.default_organization(kind, organization);
            }
        }
    }
    Ok((map, text))
}

fn read(source: &Source, path: &Path) -> Result<(Map, String), SourceError> {
    let refuse = |problem: String| SourceError::of_import(&source.name, None, &problem);
    let text = std::fs::read_to_string(path)
        .map_err(|e| refuse(format!("its map file {} cannot be read ({e})", path.display())))?;
    let map = Map::parse(&text, path).map_err(|e| refuse(e.to_string()))?;
    Ok((map, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::KINDS;

    #[test]
    fn the_settings_know_every_kind_of_row_parents_first() {
        let settings: Vec<&str> = KINDS.iter().map(|(kind, ..)| *kind).collect();
        let ours: Vec<&str> = FileKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(settings, ours);
        for (kind, text, file) in KINDS {
            assert_eq!((text, file), (&*format!("query.{kind}"), &*format!("query.{kind}_file")));
        }
    }
}

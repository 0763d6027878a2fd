//! The tables of a source into gaps, histories, people: as the same files would be imported.

use super::{Fetched, SourceError};
use crate::import::command::{Command, Manner};
use crate::import::kind::FileKind;
use crate::import::{ImportError, ImportReport};
use crate::store::Db;

/// Imports what was fetched. A table that says nothing new leaves no batch.
///
/// # Errors
/// A table cannot be taken, or the database refused; the tables before it stay.
pub async fn take(
    db: &Db,
    fetched: &Fetched,
    manner: Manner<'_>,
) -> Result<ImportReport, SourceError> {
    let name = &fetched.name;
    let command = Command::prepare(&fetched.tables, &fetched.map, manner)
        .map_err(|error| of_import(name, &error))?;
    let report = command.run(db, &mut |_| {}).await.map_err(|error| of_import(name, &error))?;
    let refused = report.files.iter().find_map(|file| Some((file.kind, file.refused.as_ref()?)));
    match refused {
        None => Ok(report),
        Some((kind, why)) => Err(SourceError::of_import(name, Some(kind), why)),
    }
}

fn of_import(name: &str, error: &ImportError) -> SourceError {
    let query = match error {
        ImportError::Unreadable { place, .. } => {
            let kind = place.file.file_name().and_then(|kind| FileKind::named(kind.to_str()?));
            kind.map(FileKind::as_str)
        }
        _ => None,
    };
    SourceError::of_import(name, query, &error.to_string())
}

//! A whole command: find the files, look them over, import them parents first.

use std::path::PathBuf;

use jiff::Timestamp;

use super::command::{Command, Manner};
use super::error::ImportError;
use super::file::Progress;
use super::map::Map;
use super::report::ImportReport;
use super::sources::Sources;
use crate::clock::Clock;
use crate::domain::constants::Constants;
use crate::store::Db;

/// What `brief import` is asked to do.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// A map file.
    pub map: Option<PathBuf>,
    /// Try everything, write nothing.
    pub dry_run: bool,
    /// One rejected row refuses its file.
    pub strict: bool,
    /// When we were told; none means now.
    pub recorded_at: Option<Timestamp>,
    /// Where rejects files go; none means the working folder, and nowhere in a dry run.
    pub rejects: Option<PathBuf>,
    /// The model's numbers.
    pub constants: Constants,
}

/// Imports files: each is one transaction and one batch. The first file that cannot be taken stops
/// the command; those before it stay, the report says which were not tried.
///
/// # Errors
/// Nothing was written: a path, the map or a header makes no sense, or a file cannot be read.
pub async fn run(
    db: &Db,
    clock: &dyn Clock,
    options: &ImportOptions,
    progress: &mut Progress<'_>,
) -> Result<ImportReport, ImportError> {
    let map = options.map.as_deref().map(Map::read).transpose()?.unwrap_or_default();
    let now = clock.now();
    let recorded_at = options.recorded_at.unwrap_or(now);
    if recorded_at > now {
        return Err(ImportError::Misuse(format!(
            "--recorded-at {recorded_at} lies in the future; nobody has been told yet"
        )));
    }
    let found = Sources::find(&options.paths, &map)?;
    let here = (!options.dry_run).then(|| PathBuf::from("."));
    let manner = Manner {
        dry_run: options.dry_run,
        strict: options.strict,
        recorded_at,
        rejects: options.rejects.clone().or(here),
        ..Manner::trying(now, &options.constants)
    };
    let mut report = Command::prepare(&found.sources, &map, manner)?.run(db, progress).await?;
    report.ignored = found.ignored;
    Ok(report)
}

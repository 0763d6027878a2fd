//! A whole command: find the files, look them over, import them parents first.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::context::Context;
use super::error::ImportError;
use super::file::{File, Progress};
use super::first::FirstChanges;
use super::kind::FileKind;
use super::map::Map;
use super::read::Rows;
use super::rejects::Rejects;
use super::report::{FileReport, ImportReport};
use super::sources::{Source, Sources};
use super::times::Times;
use crate::clock::{Clock, new_id};
use crate::domain::constants::Constants;
use crate::store::{Db, Tx};

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
    for source in &found.sources {
        Rows::open(&source.path, source.kind, &map)?;
    }
    let times = Times::of(&map);
    let first = FirstChanges::scan(&found.sources, &map, &times)?;
    let command = Command {
        options,
        map: &map,
        times: &times,
        first: &first,
        now,
        recorded_at,
        sources: &found.sources,
    };
    let mut report = ImportReport {
        dry_run: options.dry_run,
        ignored: found.ignored,
        ..ImportReport::default()
    };
    if options.dry_run {
        command.dry(db, &mut report, progress).await?;
    } else {
        command.wet(db, &mut report, progress).await?;
    }
    Ok(report)
}

/// What holds for all files of a command.
struct Command<'a> {
    options: &'a ImportOptions,
    map: &'a Map,
    times: &'a Times,
    first: &'a FirstChanges,
    now: Timestamp,
    recorded_at: Timestamp,
    sources: &'a [Source],
}

impl Command<'_> {
    /// One transaction a file.
    async fn wet(
        &self,
        db: &Db,
        report: &mut ImportReport,
        progress: &mut Progress<'_>,
    ) -> Result<(), ImportError> {
        let mut labels = HashSet::new();
        for (index, source) in self.sources.iter().enumerate() {
            let mut tx = db.begin().await?;
            let context = self.context();
            let mut file = self.one(&context, &mut tx, source, &mut labels, progress).await;
            if file.refused.is_none() {
                match tx.commit().await {
                    Ok(()) => file.batch = Some(context.batch),
                    Err(error) => file.refused = Some(error.to_string()),
                }
            } else {
                // A transaction that is dropped never happened; this only says so early.
                tx.rollback().await.ok();
            }
            let refused = file.refused.is_some();
            report.files.push(file);
            if refused {
                return self.stop(index, report);
            }
        }
        let mut tx = db.begin_read().await?;
        self.check(&mut tx, report).await
    }

    /// One transaction for all files, taken back at the end: later files see what earlier ones hold.
    async fn dry(
        &self,
        db: &Db,
        report: &mut ImportReport,
        progress: &mut Progress<'_>,
    ) -> Result<(), ImportError> {
        let mut labels = HashSet::new();
        let mut tx = db.begin().await?;
        for (index, source) in self.sources.iter().enumerate() {
            let context = self.context();
            let file = self.one(&context, &mut tx, source, &mut labels, progress).await;
            let refused = file.refused.is_some();
            report.files.push(file);
            if refused {
                return self.stop(index, report);
            }
        }
        self.check(&mut tx, report).await?;
        tx.rollback().await?;
        Ok(())
    }

    /// Names the files behind the one that was refused.
    #[expect(clippy::unnecessary_wraps, reason = "returned where the other ways out can fail")]
    fn stop(&self, refused: usize, report: &mut ImportReport) -> Result<(), ImportError> {
        let rest = self.sources.iter().skip(refused + 1);
        report.not_tried = rest.map(|s| s.path.clone()).collect();
        Ok(())
    }

    fn context(&self) -> Context<'_> {
        Context {
            batch: new_id(),
            now: self.now,
            recorded_at: self.recorded_at,
            times: self.times,
            first: self.first,
            constants: &self.options.constants,
        }
    }

    /// One file; what stops it is in its report.
    async fn one(
        &self,
        context: &Context<'_>,
        tx: &mut Tx,
        source: &Source,
        labels: &mut HashSet<String>,
        progress: &mut Progress<'_>,
    ) -> FileReport {
        let refused = |why: String| FileReport {
            file: source.path.clone(),
            kind: source.kind.as_str(),
            refused: Some(why),
            ..FileReport::default()
        };
        let mut rejects = match self.rejects(source, labels) {
            Ok(rejects) => rejects,
            Err(error) => return refused(error.to_string()),
        };
        let written = match File::open(source, self.map, rejects.as_mut()) {
            Ok(file) => file.write(context, tx, progress).await,
            Err(error) => Err(error),
        };
        match written {
            Err(error) => refused(error.to_string()),
            Ok(mut report) => {
                if self.options.strict && report.rejected > 0 {
                    report.refused = Some(format!(
                        "{}: {} rows were rejected and --strict allows none",
                        source.path.display(),
                        report.rejected
                    ));
                }
                report
            }
        }
    }

    /// The rejects file of a source: its name is its own within a command.
    fn rejects(
        &self,
        source: &Source,
        labels: &mut HashSet<String>,
    ) -> Result<Option<Rejects>, ImportError> {
        let dir = match (&self.options.rejects, self.options.dry_run) {
            (Some(dir), _) => dir.as_path(),
            (None, false) => Path::new("."),
            (None, true) => return Ok(None),
        };
        let base = source.label();
        let mut label = base.clone();
        let mut number = 2_u32;
        while !labels.insert(label.clone()) {
            label = format!("{base}-{number}");
            number += 1;
        }
        Rejects::beside(dir, &source.path, &label).map(Some)
    }

    /// Compares the gaps files with the history that the changes files gave.
    async fn check(&self, tx: &mut Tx, report: &mut ImportReport) -> Result<(), ImportError> {
        if self.first.is_empty() {
            return Ok(());
        }
        let context = self.context();
        for (source, file) in self.sources.iter().zip(&mut report.files) {
            if source.kind == FileKind::Gaps {
                File::open(source, self.map, None)?.check(&context, tx, file).await?;
            }
        }
        Ok(())
    }
}

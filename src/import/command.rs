//! What holds for all files or tables of a command, and the way through them.

use std::collections::HashSet;
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::json;

use super::context::Context;
use super::error::ImportError;
use super::file::{File, Progress};
use super::first::FirstChanges;
use super::kind::FileKind;
use super::map::Map;
use super::only::Only;
use super::read::Rows;
use super::rejects::Rejects;
use super::report::{FileReport, ImportReport};
use super::sources::Source;
use super::times::Times;
use crate::clock::{Clock, new_id};
use crate::domain::constants::Constants;
use crate::store::audit::{Actor, Entry};
use crate::store::{Db, StoreError, Tx};

/// How a command is carried out.
#[derive(Debug, Clone)]
pub struct Manner<'a> {
    /// Try everything, write nothing.
    pub dry_run: bool,
    /// One rejected row refuses its file.
    pub strict: bool,
    /// The instant, by the clock.
    pub now: Timestamp,
    /// When we were told.
    pub recorded_at: Timestamp,
    /// Where rejects files go, if they are wanted.
    pub rejects: Option<PathBuf>,
    /// The model's numbers.
    pub constants: &'a Constants,
    /// The pull of a source that this is the import of.
    pub pull: Option<Pull<'a>>,
    /// The one organization that rows may touch; none where all may be.
    pub only: Option<&'a Only>,
    /// Whether each change and each reject is told, and the rejects file kept in memory.
    pub tells: bool,
    /// Whoever uploaded the files, for the log.
    pub by: Option<&'a Actor>,
}

impl<'a> Manner<'a> {
    /// One that only tries, now.
    #[must_use]
    pub const fn trying(now: Timestamp, constants: &'a Constants) -> Self {
        Self {
            dry_run: true,
            strict: false,
            now,
            recorded_at: now,
            rejects: None,
            constants,
            pull: None,
            only: None,
            tells: false,
            by: None,
        }
    }
}

/// A pull: the tables of a source, which is asked again and again.
#[derive(Debug, Clone, Copy)]
pub struct Pull<'a> {
    /// Tells the time at each table's end.
    pub clock: &'a dyn Clock,
    /// The next cut-off of somebody whom the source tells about: what was recorded before it and
    /// written after it would stand in no brief.
    pub cut_off: Option<Timestamp>,
    /// Whose turn it is to write, where one waits for the other.
    pub turn: Option<&'a tokio::sync::Mutex<()>>,
    /// Id of its row, which is ours as long as it is not finished.
    pub id: &'a str,
    /// When the source was read before; none the first time.
    pub read_before: Option<Timestamp>,
    /// Until when the row is ours after each table, milliseconds.
    pub lease_until: i64,
}

/// A command that knows its files and what their histories begin with.
pub struct Command<'a> {
    manner: Manner<'a>,
    map: &'a Map,
    times: Times,
    first: FirstChanges,
    sources: &'a [Source],
}

/// What has to be known of all files before the first row of one is written.
pub struct Looked {
    times: Times,
    first: FirstChanges,
}

impl Looked {
    /// Looks everything over: headers, and how histories begin, of what is told at `told_at`. Reads all of
    /// it, so it takes its time.
    ///
    /// # Errors
    /// A header makes no sense, or a file cannot be read.
    pub fn over(sources: &[Source], map: &Map, told_at: Timestamp) -> Result<Self, ImportError> {
        for source in sources {
            Rows::of(source, map)?;
        }
        let times = Times::of(map);
        let first = FirstChanges::scan(sources, map, &times, told_at)?;
        Ok(Self { times, first })
    }
}

impl<'a> Command<'a> {
    /// Looks everything over, as [`Looked::over`].
    ///
    /// # Errors
    /// As it.
    pub fn prepare(
        sources: &'a [Source],
        map: &'a Map,
        manner: Manner<'a>,
    ) -> Result<Self, ImportError> {
        let looked = Looked::over(sources, map, manner.recorded_at)?;
        Ok(Self::of(looked, sources, map, manner))
    }

    /// A command over files that were looked over.
    #[must_use]
    pub fn of(
        Looked { times, first }: Looked,
        sources: &'a [Source],
        map: &'a Map,
        manner: Manner<'a>,
    ) -> Self {
        Self { manner, map, times, first, sources }
    }

    /// Whether it only tries.
    #[must_use]
    pub const fn is_dry(&self) -> bool {
        self.manner.dry_run
    }

    /// Imports all of it.
    ///
    /// # Errors
    /// The database refused; a file that cannot be taken is in the report.
    pub async fn run(
        mut self,
        db: &Db,
        progress: &mut Progress<'_>,
    ) -> Result<ImportReport, ImportError> {
        let mut report = ImportReport { dry_run: self.manner.dry_run, ..ImportReport::default() };
        if self.manner.pull.is_some_and(|pull| pull.read_before.is_some()) {
            let mut tx = db.begin_read().await?;
            self.first.mark_known(&mut tx).await?;
        }
        if self.manner.dry_run {
            self.dry(db, &mut report, progress).await?;
        } else {
            self.wet(db, &mut report, progress).await?;
        }
        Ok(report)
    }

    /// One transaction a file.
    async fn wet(
        &self,
        db: &Db,
        report: &mut ImportReport,
        progress: &mut Progress<'_>,
    ) -> Result<(), ImportError> {
        let mut labels = HashSet::new();
        for (index, source) in self.sources.iter().enumerate() {
            let _turn = match self.manner.pull.and_then(|pull| pull.turn) {
                Some(turn) => Some(turn.lock().await),
                None => None,
            };
            let mut tx = db.begin().await?;
            let context = self.context();
            let mut file = self.one(&context, &mut tx, source, &mut labels, progress).await;
            // A source is asked again and again: what says nothing new leaves no batch.
            let is_kept = self.manner.pull.is_none() || file.written > 0;
            if file.refused.is_none() && is_kept {
                match self.commit(tx, &context.batch, &file).await {
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

    /// Makes a file durable; of a pull, only while the pull is still ours.
    async fn commit(&self, mut tx: Tx, batch: &str, file: &FileReport) -> Result<(), StoreError> {
        if let Some(pull) = &self.manner.pull {
            if pull.cut_off.is_some_and(|at| pull.clock.now() >= at) {
                return Err(StoreError::Conflict(
                    "a cut-off came while it was written; it is read again".to_owned(),
                ));
            }
            tx.keep_pull(pull.id, batch, self.manner.now, pull.lease_until).await?;
        }
        if let Some(actor) = self.manner.by {
            let organization = self.manner.only.map(|only| only.organization_id.as_str());
            tx.keep_uploaded(batch, actor, organization, self.manner.now).await?;
            let detail = json!({
                "file": file.file.display().to_string(), "kind": file.kind, "read": file.read,
                "written": file.written, "unchanged": file.unchanged, "rejected": file.rejected,
            });
            let (action, subject) = ("import.apply", batch);
            tx.audit(
                actor,
                Entry { organization, action, subject, detail: &detail },
                self.manner.now,
            )
            .await?;
        }
        tx.commit().await
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
            now: self.manner.now,
            recorded_at: self.manner.recorded_at,
            read_before: self.manner.pull.and_then(|pull| pull.read_before),
            times: &self.times,
            first: &self.first,
            constants: self.manner.constants,
            only: self.manner.only,
            tells: self.manner.tells,
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
            Ok(file) => {
                let file = file.within(self.manner.only, self.manner.tells);
                file.write(context, tx, progress).await
            }
            Err(error) => Err(error),
        };
        match written {
            Err(error) => refused(error.to_string()),
            Ok(mut report) => {
                if self.manner.strict && report.rejected > 0 {
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
        let Some(dir) = &self.manner.rejects else {
            return Ok(self.manner.tells.then(|| Rejects::in_memory(&source.path)));
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

//! An upload is tried, and applied: the same import, once without a trace and once for good.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::engine::Engine;
use crate::import::command::{Command, Looked, Manner};
use crate::import::map::Map;
use crate::import::told::{RowChange, RowReject};
use crate::import::{FileReport, ImportReport};
use crate::store::audit::Actor;
use crate::store::uploads::State;

use super::study::Opened;
use super::{UploadError, aside};

/// After this time, an upload that is being applied was given up by a process that died.
pub(super) const GIVEN_UP: SignedDuration = SignedDuration::from_mins(10);

/// What an import came to, or would.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Each kind of each file, in the order in which they are imported.
    pub files: Vec<FileOutcome>,
    /// Files that were not tried because one before them was refused.
    pub not_tried: Vec<String>,
    /// Of everything that is new, changed or rejected, and of the map: equal where the outcome is.
    pub digest: String,
    /// Whether it is not what was shown before it was applied.
    pub is_other: bool,
}

/// What one kind of one file came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileOutcome {
    /// The file's name.
    pub name: String,
    /// What it holds.
    pub kind: String,
    /// The batch; none before it is applied.
    pub batch: Option<String>,
    /// Its rows.
    pub read: u64,
    /// Rows that are new.
    pub added: u64,
    /// Rows that change something that is known.
    pub changed: u64,
    /// Rows that say what is known.
    pub unchanged: u64,
    /// Rows that the map leaves out.
    pub skipped: u64,
    /// Rows that cannot be taken.
    pub rejected: u64,
    /// Rows added to histories.
    pub events: u64,
    /// The first changes, one by one.
    pub changes: Vec<RowChange>,
    /// The first rejected rows.
    pub rejects: Vec<RowReject>,
    /// Current values that differ from the history, some of them in words.
    pub disagreements: Vec<String>,
    /// Why nothing of the file is written.
    pub refused: Option<String>,
}

/// An outcome that has not happened, with the rows that cannot be taken.
#[derive(Debug, Clone)]
pub struct Tried {
    /// What would come of it.
    pub outcome: Outcome,
    /// The rows that cannot be taken, as CSV; of the first of them at least.
    pub rejects: Vec<u8>,
}

impl FileOutcome {
    /// Changes beyond those that are told one by one.
    #[must_use]
    pub fn more(&self) -> u64 {
        (self.added + self.changed).saturating_sub(self.changes.len() as u64)
    }

    fn of(report: FileReport) -> Self {
        let name = report.file.display().to_string();
        Self {
            kind: report.kind.to_owned(),
            batch: report.batch,
            read: report.read,
            added: report.added,
            changed: report.written.saturating_sub(report.added),
            unchanged: report.unchanged,
            skipped: report.skipped,
            rejected: report.rejected,
            events: report.events,
            changes: report.changes,
            rejects: report.rejects,
            disagreements: report.examples,
            refused: report.refused.map(|why| {
                let why = why.replace("--strict allows none", "all rows or none were asked for");
                super::keep::sentence(&why, &name)
            }),
            name,
        }
    }
}

impl Outcome {
    fn of(report: ImportReport, map: &Map) -> Self {
        let mut told = Sha256::new();
        told.update(map.to_toml());
        for file in &report.files {
            told.update(format!("{} {} ", file.file.display(), file.kind));
            told.update(format!("{} {} ", file.told.hex(), file.refused.is_some()));
        }
        Self {
            digest: told.finalize().iter().map(|b| format!("{b:02x}")).collect(),
            not_tried: report.not_tried.iter().map(|path| path.display().to_string()).collect(),
            files: report.files.into_iter().map(FileOutcome::of).collect(),
            is_other: false,
        }
    }

    /// Whether a file stops the import.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.files.iter().any(|file| file.refused.is_some())
    }

    /// Rows that are new or change something.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.files.iter().map(|file| file.added + file.changed).sum()
    }

    /// Rows that cannot be taken.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.files.iter().map(|file| file.rejected).sum()
    }
}

impl Engine {
    /// What would come of an upload. Writes nothing.
    ///
    /// # Errors
    /// [`UploadError::Refused`] where the files cannot be read by their map; [`UploadError::Busy`] while
    /// others try theirs.
    pub async fn try_upload(&self, opened: &Opened) -> Result<Tried, UploadError> {
        let manner = Manner {
            strict: opened.is_strict,
            only: opened.only.as_ref(),
            tells: true,
            ..Manner::trying(self.clock.now(), &self.settings.model)
        };
        let _one = self.tries.begin().await?;
        let mut report = self.carry(opened, manner).await?;
        let mut rejects = Vec::new();
        for file in &mut report.files {
            rejects.append(&mut file.rejects_csv);
        }
        self.tries.keep(opened, self.clock.now(), &rejects);
        Ok(Tried { outcome: Outcome::of(report, &opened.map), rejects })
    }

    /// The rows of an upload that cannot be taken, as CSV: those of the try that was just shown, or of a
    /// new one. Writes nothing.
    ///
    /// # Errors
    /// As [`Engine::try_upload`].
    pub async fn upload_rejects(&self, opened: &Opened) -> Result<Vec<u8>, UploadError> {
        match self.tries.kept(opened, self.clock.now()) {
            Some(rejects) => Ok(rejects),
            None => self.try_upload(opened).await.map(|tried| tried.rejects),
        }
    }

    /// Applies an upload, once. `seen` is the digest of what was shown before.
    ///
    /// # Errors
    /// [`UploadError::Applied`] where it is being applied or was; [`UploadError::Refused`] where the files
    /// cannot be read by their map: then it stays open.
    pub async fn apply_upload(
        &self,
        opened: &Opened,
        actor: &Actor,
        seen: &str,
    ) -> Result<Outcome, UploadError> {
        let now = self.clock.now();
        let (id, person) = (&opened.id, &opened.person_id);
        if !self.db.claim_upload(id, person, now, now - GIVEN_UP).await? {
            return Err(UploadError::Applied);
        }
        let manner = Manner {
            dry_run: false,
            strict: opened.is_strict,
            only: opened.only.as_ref(),
            tells: true,
            by: Some(actor),
            ..Manner::trying(now, &self.settings.model)
        };
        let done = self.carry(opened, manner).await;
        let done = done.map(|report| Outcome::of(report, &opened.map));
        let outcome = done.map(|own| Outcome { is_other: own.digest != seen, ..own });
        let is_written =
            outcome.as_ref().is_ok_and(|own| own.files.iter().any(|file| file.batch.is_some()));
        let state = if is_written { State::Applied } else { State::Open };
        // Plain values always have a JSON form.
        let report = outcome.as_ref().ok().and_then(|own| serde_json::to_string(own).ok());
        self.db.settle_upload(id, state, report.as_deref(), self.clock.now()).await?;
        if is_written {
            self.keep_maps(opened, now).await;
        }
        outcome
    }

    async fn carry(
        &self,
        opened: &Opened,
        manner: Manner<'_>,
    ) -> Result<ImportReport, UploadError> {
        let sources = opened.sources();
        let (files, map) = (sources.clone(), opened.map.clone());
        let told_at = manner.recorded_at;
        let looked = aside(move || Ok(Looked::over(&files, &map, told_at)?)).await?;
        let command = Command::of(looked, &sources, &opened.map, manner);
        // A file takes one writer after another. A try writes nothing, so nobody queues behind it here.
        let _turn = match self.db.is_postgres() || command.is_dry() {
            true => None,
            false => Some(self.turn.lock().await),
        };
        Ok(command.run(&self.db, &mut |_| {}).await?)
    }

    /// Keeps the map of each kind for the next time; that it could not be kept stops nobody.
    async fn keep_maps(&self, opened: &Opened, now: Timestamp) {
        let organization = opened.only.as_ref().map(|only| only.organization_id.as_str());
        for (kind, own) in &opened.map.kinds {
            let one = Map { kinds: [(*kind, own.clone())].into(), ..opened.map.clone() };
            let (kind, map) = (kind.as_str(), one.to_toml());
            let kept = self.db.keep_import_map(organization, kind, &map, &opened.person_id, now);
            if let Err(error) = kept.await {
                tracing::warn!(%error, kind, "the map of an import is not kept");
            }
        }
    }
}

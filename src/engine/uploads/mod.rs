//! Imports by whoever signs in: files are kept for a day, told ours by a map, tried, applied, and taken
//! back.
//!
//! **Invariants:** an upload belongs to whoever sent it; what is shown before is a try of the same import
//! that is applied; an upload is applied once; each batch is written with its row in the audit log; an
//! import for one organization touches no other.
//!
//! Reading order: `keep` (files in), `study` (what they hold), `arrange` (the choices), `carry` (try and
//! apply; `tries`: one at a time), `undo`.

mod arrange;
mod carry;
mod keep;
mod study;
mod tries;
mod undo;

pub use crate::import::kind::FileKind;
pub use crate::import::map::Map;
pub use crate::import::only::Only;
pub use crate::import::told::{RowChange, RowReject, ValueChange};
pub use crate::import::upload::arrange::Chosen;
pub use crate::import::upload::columns::{Content, INPUTS, content};
pub use crate::import::upload::guess::DATE_FORMATS;
pub use crate::import::upload::preview::{Preview, PreviewCell, PreviewRow};
pub use crate::import::upload::survey::{MOST_WORDS, Survey};
pub use crate::store::uploads::{ListedImport, State, Which};
pub use arrange::Arranged;
pub use carry::{FileOutcome, Outcome, Tried};
pub use keep::{SentFile, waiting::Waiting};
pub use study::{Opened, OpenedFile, Study, WordTable};
pub(in crate::engine) use tries::Tries;
pub use undo::{Undo, UndoError};

use super::EngineError;
use crate::import::ImportError;
use crate::store::StoreError;

/// Why an upload cannot be taken, opened or applied.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// What is wrong with which file: sentences for whoever sent it.
    #[error("{}", .0.join(" "))]
    Refused(Vec<String>),
    /// There is no such upload of theirs.
    #[error("there is no such upload")]
    NotFound,
    /// It was theirs, and its time is over.
    #[error("the upload is too old")]
    Over,
    /// It is being applied, or was.
    #[error("the upload was applied")]
    Applied,
    /// Others try theirs, and that takes long.
    #[error("other uploads are being looked at; try again in a minute")]
    Busy,
    /// Anything else.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for UploadError {
    fn from(error: StoreError) -> Self {
        Self::Engine(error.into())
    }
}

impl From<ImportError> for UploadError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Store(error) => error.into(),
            other => Self::Refused(vec![format!("{other}.")]),
        }
    }
}

/// Runs what reads whole files apart from the tasks that answer requests.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, UploadError> + Send + 'static,
) -> Result<T, UploadError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => {
            let words = format!("reading an upload ended early: {error}");
            Err(EngineError::Refused(words).into())
        }
    }
}

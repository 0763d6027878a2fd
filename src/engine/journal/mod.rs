//! The journal: which hand-overs were made and who left, kept outside the database (DESIGN 2.8).
//!
//! ```text
//! outcome ──writer──► 2026-W48.log ──guard──► older? delivery stops ──settle──► what an operator says
//! ```
//! A database that was restored from a backup does not know what was sent after it; the journal does.
//!
//! Briefs stand in it by the ids of their deliveries, nudges by the ids of their rows; both come out the
//! same when they are planned again. Other mails may come twice and do not stand in it.
//!
//! **Invariants:** a hand-over stands in the journal before its outcome stands in the database, so
//! the journal is behind only where it could not be written, and then delivery has stopped; no
//! address stands in it; a line that makes no sense is passed over.
//!
//! Reading order: `line`, `files`, `writer`, `withdrawals` (who left), `guard`, `settle`.

mod files;
mod guard;
mod line;
mod settle;
mod withdrawals;
mod writer;

use std::io;
use std::path::{Path, PathBuf};

use crate::config;

pub use guard::Gap;
pub(in crate::engine) use guard::OLDER;
pub use line::{Ending, Entry, HandOver, Withdrawal};
pub use settle::Answer;
pub use withdrawals::Noted;
pub use writer::{Unwritten, Writer};

/// How a stop's reason begins when the journal cannot be read or written.
pub(in crate::engine) const BROKEN: &str = "the journal of hand-overs does not work";

/// The journal of this installation.
#[derive(Debug, Clone)]
pub struct Journal {
    dir: PathBuf,
    /// Files kept, the newest included.
    weeks: usize,
}

/// A file of the journal that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error(
    "{}: {path}: {problem}; make journal.dir writable, free some space, or name another directory there",
    BROKEN
)]
pub struct JournalError {
    /// Which file or directory.
    path: String,
    /// What the system said.
    problem: io::Error,
}

impl JournalError {
    fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.display().to_string();
        move |problem| Self { path, problem }
    }
}

impl Journal {
    /// The journal that the settings name. Touches nothing.
    #[must_use]
    pub fn of(settings: &config::Journal) -> Self {
        Self { dir: settings.dir.clone(), weeks: settings.weeks }
    }
}

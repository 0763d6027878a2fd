//! Why an import stops as a whole. A bad row is no error: it goes to the rejects file.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::store::StoreError;

/// A place in a file that a person can go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as it was named on the command line.
    pub file: PathBuf,
    /// Line, counted from 1, where one is known.
    pub line: Option<u64>,
    /// Column name or number, where one is known.
    pub column: Option<String>,
}

impl Place {
    /// The file as a whole.
    #[must_use]
    pub fn file(path: &Path) -> Self {
        Self { file: path.to_owned(), line: None, column: None }
    }

    /// One line of it.
    #[must_use]
    pub fn line(path: &Path, line: u64) -> Self {
        Self { line: Some(line), ..Self::file(path) }
    }

    /// One cell of it.
    #[must_use]
    pub fn cell(path: &Path, line: u64, column: impl Into<String>) -> Self {
        Self { column: Some(column.into()), ..Self::line(path, line) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        Ok(())
    }
}

/// Why nothing of a file (or of a whole command) was written.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read as what it is said to be. Says where, what and what to do.
    #[error("{place}: {reason}")]
    Unreadable {
        /// Where.
        place: Place,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The command line or the map asks for something that cannot be done.
    #[error("{0}")]
    Misuse(String),
    /// A file or folder cannot be opened, read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ImportError {
    /// A file that cannot be read as what it is said to be.
    #[must_use]
    pub fn unreadable(place: Place, reason: impl Into<String>) -> Self {
        Self::Unreadable { place, reason: reason.into() }
    }

    /// A failed system call on `path`.
    #[must_use]
    pub fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }
}

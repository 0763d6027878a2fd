//! Where the bytes of a file come from: a disk, or memory.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use crate::import::error::ImportError;
use crate::import::sources::Origin;

/// The bytes of one file, from the first.
#[derive(Debug)]
pub(in crate::import) enum Input {
    /// On disk.
    File(File),
    /// In memory.
    Bytes(Cursor<Arc<[u8]>>),
}

impl Input {
    /// Opens what a source's origin says; `path` is where it lies, or its name.
    ///
    /// # Errors
    /// A file on disk cannot be opened.
    pub(in crate::import) fn of(path: &Path, origin: &Origin) -> Result<Self, ImportError> {
        match origin {
            Origin::Bytes(bytes) => Ok(Self::Bytes(Cursor::new(Arc::clone(bytes)))),
            Origin::File | Origin::Table(_) => {
                File::open(path).map(Self::File).map_err(|e| ImportError::io(path, e))
            }
        }
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Bytes(bytes) => bytes.read(buffer),
        }
    }
}

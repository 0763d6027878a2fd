//! Keeps what came through a pipe and nobody understands, for a person to look at.
//!
//! Such a file holds addresses, unlike any row: it is readable by its owner alone, and there are never
//! many.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

use super::ours;
use crate::engine::{Engine, EngineError};
use crate::mail::inbound::read;

/// Most files that are kept; beyond them a message is counted only.
const MOST: usize = 1_000;

impl Engine {
    /// Writes a message to `bounce.unclear_dir`, once, under the name of its digest.
    ///
    /// # Errors
    /// [`EngineError::File`] when the folder cannot be written to.
    pub fn keep_unclear(&self, octets: &[u8]) -> Result<(), EngineError> {
        let Some(dir) = &self.settings.bounce.unclear_dir else { return Ok(()) };
        let failed = |path: &std::path::Path| {
            let path = path.display().to_string();
            move |problem| EngineError::File { path, problem }
        };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed(dir))?;
        if fs::read_dir(dir).map_err(failed(dir))?.count() >= MOST {
            tracing::warn!("bounce.unclear_dir is full; look at what is there and remove it");
            return Ok(());
        }
        let path = dir.join(format!("{}.eml", read(octets, &ours(&self.settings)).digest));
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        match opened.and_then(|mut file| file.write_all(octets)) {
            Err(problem) if problem.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            done => done.map_err(failed(&path)),
        }
    }
}

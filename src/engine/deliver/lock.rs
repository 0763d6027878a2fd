//! One deliverer at a time on a database file (DESIGN 2.5).
//!
//! The system lets go of the lock when the process ends, however it ends. So whoever holds it knows
//! that every row another process was handing over belongs to a dead one.

use std::fs::{File, OpenOptions, TryLockError};

use secrecy::ExposeSecret;

use crate::config::Settings;
use crate::engine::EngineError;

/// Takes the lock beside the database file; nothing on a server, where leases decide.
///
/// # Errors
/// [`EngineError::Locked`] when another process has it, [`EngineError::File`] when it cannot be made.
pub fn take(settings: &Settings) -> Result<Option<File>, EngineError> {
    let url = settings.database.url.expose_secret();
    let Some(path) = url.strip_prefix("sqlite://") else {
        return Ok(None);
    };
    let path = path.split('?').next().unwrap_or(path);
    let path = format!("{path}.deliver.lock");
    let wrong = |problem| EngineError::File { path: path.clone(), problem };
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(wrong)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(EngineError::Locked),
        Err(TryLockError::Error(problem)) => Err(wrong(problem)),
    }
}

//! The transport that writes files: one `.eml` for each delivery, complete or not there at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use super::envelope::Envelope;
use super::outcome::{Cause, CauseKind, Outcome, Reply, Stage};

/// Tells apart what this process is writing at the same time.
static WRITES: AtomicU64 = AtomicU64::new(0);

/// A folder for finished messages.
///
/// A file is named by its delivery, so that handing over again replaces it: never two for one.
#[derive(Debug, Clone)]
pub struct Outbox {
    folder: PathBuf,
}

impl Outbox {
    /// Writes into `folder`, which is made when the first message comes.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where the message of this envelope is or will be.
    #[must_use]
    pub fn path_of(&self, envelope: &Envelope) -> PathBuf {
        let name = envelope.message_id.delivery_id();
        self.folder.join(format!("{name}.eml"))
    }

    /// Writes the message and makes it durable before saying so.
    pub async fn send(&self, envelope: &Envelope, message: &[u8]) -> Outcome {
        let folder = self.folder.clone();
        let target = self.path_of(envelope);
        let message = message.to_vec();
        let shown = target.display().to_string();
        let written = tokio::task::spawn_blocking(move || write(&folder, &target, &message)).await;
        match written {
            Ok(Ok(())) => Outcome::Accepted {
                reply: Reply::new(250, [format!("2.0.0 written to {shown}").as_str()]),
            },
            Ok(Err(error)) => not_sent(&error),
            Err(stopped) => not_sent(&stopped.to_string()),
        }
    }
}

fn not_sent(text: &str) -> Outcome {
    Outcome::NotSent { stage: Stage::File, cause: Cause::new(CauseKind::File, text) }
}

/// As a Maildir does: written under another name, synced, renamed, and the folder synced too.
fn write(folder: &Path, target: &Path, message: &[u8]) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| explain("make the folder", folder, &error))?;
    let number = WRITES.fetch_add(1, Ordering::Relaxed);
    let part = folder.join(format!(".{}-{number}.part", process::id()));
    let written = write_synced(&part, message)
        .map_err(|error| explain("write", &part, &error))
        .and_then(|()| fs::rename(&part, target).map_err(|error| explain("write", target, &error)));
    if written.is_err() {
        // Best effort: the error above is what matters, and the name is never used again.
        let _ = fs::remove_file(&part);
        return written;
    }
    sync_folder(folder).map_err(|error| explain("sync", folder, &error))
}

fn write_synced(path: &Path, message: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(message)?;
    file.sync_all()
}

/// Makes the new name durable; a folder cannot be opened for that on every system.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn explain(verb: &str, path: &Path, error: &io::Error) -> String {
    let what_to_do = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "let this user write there, or set relay.url to another folder"
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a file is in the way; set relay.url to a folder"
        }
        _ => "see that the folder in relay.url can be written",
    };
    format!("cannot {verb} {}: {error}; {what_to_do}", path.display())
}

//! Whether the relay would listen, asked without sending anything.

use std::path::Path;

use jiff::Timestamp;

use super::dial;
pub use super::dial::Seen;
use super::outcome::Outcome;
use super::relay::Relay;

impl Relay {
    /// Connects, encrypts and logs in as a delivery would, and leaves again; for a folder, writes a
    /// file there and takes it away.
    ///
    /// # Errors
    /// One line that says how far it came and what was in the way, without the password.
    pub async fn check(&self) -> Result<(), String> {
        self.look(None).await.map(|_| ())
    }

    /// The same, and what was seen of an SMTP relay: its certificates as they are at `now`.
    ///
    /// # Errors
    /// As of [`Relay::check`].
    pub async fn look(&self, now: Option<Timestamp>) -> Result<Option<Seen>, String> {
        match self {
            Self::File(folder) => match check_folder(folder) {
                Ok(()) => Ok(None),
                Err(error) => Err(format!("{} cannot be written to ({error})", folder.display())),
            },
            Self::Smtp(endpoint) => match dial::dial_and_look(endpoint, now).await {
                Ok((mut open, seen)) => {
                    // Only politeness: that it was answered so far is what was asked.
                    let _ =
                        tokio::time::timeout(endpoint.timeouts.quit, open.connection.quit()).await;
                    Ok(Some(seen))
                }
                Err(outcome) => Err(explain(&outcome)),
            },
        }
    }
}

/// A folder that is not there yet is asked of the nearest one above it: a check makes nothing.
fn check_folder(folder: &Path) -> std::io::Result<()> {
    let mut above = folder.ancestors().filter(|path| *path != Path::new(""));
    let place = above.find(|path| path.exists()).unwrap_or(Path::new("."));
    let probe = place.join(format!(".{}.check", std::process::id()));
    std::fs::write(&probe, b"")?;
    std::fs::remove_file(&probe)
}

fn explain(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted { reply } => reply.to_string(),
        Outcome::Refused { stage, reply, .. } => {
            format!("refused at {}: {reply}", stage.as_str())
        }
        Outcome::NotSent { stage, cause } => format!("failed at {}: {cause}", stage.as_str()),
        Outcome::Unknown { cause } => cause.to_string(),
    }
}

//! The mailboxes that reports are delivered to, looked at while the service runs.
//!
//! **Invariant:** a message is recorded before it is removed, so that a crash between the two brings it
//! once more, which counts once.

use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Taken;
use crate::domain::bounce::Meaning;
use crate::engine::{Engine, EngineError};
use crate::mail::inbound::imap::{Connection, ImapError, Mailbox, Settled};
use crate::mail::inbound::maildir;

/// Most messages of one look at a Maildir.
const BATCH: usize = 200;
/// Longest wait after a mailbox could not be read.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Longest wait for a server to say that something came: it may forget us after half an hour (RFC
/// 2177 section 3).
const IDLE: Duration = Duration::from_secs(25 * 60);

/// What one look found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looked {
    /// Messages that were recorded and removed.
    pub recorded: usize,
    /// Messages that were left for a person or for nobody.
    pub left: usize,
}

/// What becomes of a message: what leads to a delivery of ours is kept in a row, all else stays.
const fn settled(taken: &Taken) -> Settled {
    match (taken.meaning, taken.is_matched) {
        (Meaning::Unclear, _) => Settled::ForAPerson,
        (Meaning::AutoReply, _) | (_, false) => Settled::Read,
        (_, true) => Settled::Recorded,
    }
}

impl Looked {
    fn count(&mut self, settled: Settled) {
        match settled {
            Settled::Recorded => self.recorded += 1,
            Settled::Read | Settled::ForAPerson => self.left += 1,
        }
    }
}

impl Engine {
    /// Looks at the configured mailboxes until the engine is asked to end.
    pub async fn watch_mailboxes(&self) {
        let maildir = async {
            if let Some(dir) = self.settings.bounce.maildir.as_deref() {
                self.watch_maildir(dir).await;
            }
        };
        let imap = async {
            if let Some(mailbox) = &self.settings.bounce.imap {
                self.watch_imap(mailbox).await;
            }
        };
        tokio::join!(maildir, imap);
    }

    async fn watch_maildir(&self, dir: &Path) {
        let mut failures = 0;
        while !self.stop.is_cancelled() {
            match self.look_into(dir).await {
                Ok(_) => failures = 0,
                Err(error) => {
                    failures += 1;
                    tracing::warn!(%error, failures, "bounce.maildir cannot be read; it is tried again");
                }
            }
            rest(&self.stop, self.pause(failures)).await;
        }
    }

    /// Takes in what is new in a Maildir.
    ///
    /// # Errors
    /// [`EngineError::File`] when it cannot be read or written, and whatever the database says. What
    /// was not settled stays new.
    pub async fn look_into(&self, dir: &Path) -> Result<Looked, EngineError> {
        let failed = |path: &Path| {
            let path = path.display().to_string();
            move |problem| EngineError::File { path, problem }
        };
        let mut looked = Looked::default();
        for path in maildir::new_files(dir, BATCH).map_err(failed(dir))? {
            if self.stop.is_cancelled() {
                break;
            }
            let Some(octets) = maildir::read_file(&path).map_err(failed(&path))? else { continue };
            let taken = self.receive(&octets, "maildir", self.clock.now()).await?;
            let settled = settled(&taken);
            maildir::settle(dir, &path, settled).map_err(failed(&path))?;
            looked.count(settled);
        }
        Ok(looked)
    }

    async fn watch_imap(&self, mailbox: &Mailbox) {
        let mut failures = 0;
        while !self.stop.is_cancelled() {
            if let Err(error) = self.serve_imap(mailbox, &mut failures).await {
                failures += 1;
                tracing::warn!(%error, failures, "bounce.imap_url cannot be read; it is tried again");
            }
            rest(&self.stop, self.pause(failures)).await;
        }
    }

    /// One connection, for as long as it lasts.
    async fn serve_imap(&self, mailbox: &Mailbox, failures: &mut u32) -> Result<(), Trouble> {
        let mut connection = mailbox.connect().await?;
        while !self.stop.is_cancelled() {
            let looked = self.look_at(&mut connection).await?;
            *failures = 0;
            if looked != Looked::default() {
                continue;
            }
            if !connection.can_idle() {
                break;
            }
            let waited = tokio::select! {
                waited = connection.idle(IDLE) => waited,
                () = self.stop.cancelled() => return Ok(()),
            };
            connection = waited?;
        }
        connection.end().await;
        Ok(())
    }

    /// Takes in what was not seen in a folder.
    async fn look_at(&self, connection: &mut Connection) -> Result<Looked, Trouble> {
        let mut looked = Looked::default();
        for uid in connection.unseen().await? {
            if self.stop.is_cancelled() {
                break;
            }
            let Some(octets) = connection.fetch(uid).await? else { continue };
            let taken = self.receive(&octets, "imap", self.clock.now()).await?;
            let settled = settled(&taken);
            connection.settle(uid, settled).await?;
            looked.count(settled);
        }
        Ok(looked)
    }

    /// Takes in what was not seen in the folder of a mailbox, once.
    ///
    /// # Errors
    /// In words: what the server said, or the database.
    pub async fn look_once(&self, mailbox: &Mailbox) -> Result<Looked, String> {
        let looked = async {
            let mut connection = mailbox.connect().await?;
            let looked = self.look_at(&mut connection).await?;
            connection.end().await;
            Ok::<_, Trouble>(looked)
        };
        looked.await.map_err(|trouble| trouble.to_string())
    }

    /// How long to wait before the next look: longer with each failure.
    fn pause(&self, failures: u32) -> Duration {
        let poll = self.settings.bounce.poll;
        poll.saturating_mul(2_u32.saturating_pow(failures.min(10))).min(LONGEST.max(poll))
    }
}

#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Imap(#[from] ImapError),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

async fn rest(stop: &CancellationToken, pause: Duration) {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        () = stop.cancelled() => {}
    }
}

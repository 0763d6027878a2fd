//! Sources: the databases of others are read before the cut-offs of those they tell about.
//!
//! ```text
//! each look: what is due? ──► one task a source: claim ─► fetch ─► same as before? ─► import ─► record
//!                └── nobody waits for it but `brief run --once`
//! ```
//! **Invariants:** a source is read by one process at a time, because a row says whose turn it is; what
//! goes wrong with one source concerns no other and keeps no brief from being planned; what was
//! fetched is written after the connection is closed, and only if it is not what was fetched before.
//!
//! Reading order: `due`, `pull`, `running`, `listing`.

mod due;
mod listing;
mod pull;
mod running;

pub use listing::SourceStatus;
pub use pull::{ByHand, Pulled};
pub use running::Running;

use jiff::Timestamp;

use super::{Engine, EngineError};
use crate::config::Source;

impl Engine {
    /// Begins to read every source that is due at `at`, each in a task of its own, and waits for none.
    pub(super) async fn start_due_pulls(&self, at: Timestamp) {
        match self.due_sources(at).await {
            Ok(due) => due.into_iter().for_each(|source| self.start_pull(source)),
            Err(error) => tracing::warn!(%error, "no source was read; it is tried again"),
        }
    }

    /// Reads every source that is due at `at`, all at once, and waits for them; each ends within its
    /// own limits.
    pub async fn pull_due(&self, at: Timestamp) {
        self.start_due_pulls(at).await;
        self.pulls_ended().await;
    }

    /// Waits until this process reads no source any more.
    pub async fn pulls_ended(&self) {
        self.running.ended().await;
    }

    /// The sources that have to be read at `at`.
    ///
    /// # Errors
    /// As any read.
    pub async fn due_sources(&self, at: Timestamp) -> Result<Vec<Source>, EngineError> {
        if self.settings.sources.is_empty() {
            return Ok(Vec::new());
        }
        let pulls = self.db.latest_pulls().await?;
        let moments = self.moments_until(at, due::longest_lead(&self.settings.sources)).await?;
        let is_due = |source: &&Source| {
            !self.running.is_under_way(&source.name)
                && due::is_due(source, &due::Known::of(&source.name, &pulls, &moments), at)
        };
        Ok(self.settings.sources.iter().filter(is_due).cloned().collect())
    }

    fn start_pull(&self, source: Source) {
        let Some(running) = self.running.begin(&source.name) else {
            return;
        };
        let engine = self.clone();
        tokio::spawn(async move {
            // What went wrong is in its row, its log line and the count.
            let _ = engine.pull(&source, &ByHand::default()).await;
            drop(running);
        });
    }
}

//! The mailboxes of what comes back, beside the service's loops.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::engine::Engine;

/// How long a message that is being taken in may take once the service ends.
const PATIENCE: Duration = Duration::from_secs(5);

/// A task that looks at them until the engine is asked to end.
pub(super) struct Mailboxes(JoinHandle<()>);

impl Mailboxes {
    /// Begins to look; ends at once where none is configured.
    pub(super) fn watch(engine: Arc<Engine>) -> Self {
        Self(tokio::spawn(async move { engine.watch_mailboxes().await }))
    }

    /// Waits for what is under way. What is given up stays in its mailbox.
    pub(super) async fn end(mut self) {
        if tokio::time::timeout(PATIENCE, &mut self.0).await.is_err() {
            self.0.abort();
        }
    }
}

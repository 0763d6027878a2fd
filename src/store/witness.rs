//! Whether a piece of work made anything durable, for whoever has to know when it failed half way.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

tokio::task_local! {
    /// Set once a transaction of this task was told to be made durable.
    static COMMITTED: Arc<AtomicBool>;
}

/// Does something, and tells whether it made anything durable. A commit whose answer never came counts:
/// nobody knows what became of it. Work that it gives to another task is not seen.
pub async fn watch<F: Future>(work: F) -> (F::Output, bool) {
    let committed = Arc::new(AtomicBool::new(false));
    let out = COMMITTED.scope(Arc::clone(&committed), work).await;
    (out, committed.load(Ordering::Relaxed))
}

/// A transaction is about to be made durable.
pub(super) fn committing() {
    // Most work is watched by nobody.
    let _ = COMMITTED.try_with(|committed| committed.store(true, Ordering::Relaxed));
}

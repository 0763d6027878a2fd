//! Writes that go on when the client goes away.
//!
//! The server drops what it is doing for a client that disconnects. A transaction dropped between two
//! statements is rolled back, which is right; but a connection dropped while it begins one is left
//! inside it, and a mail that has just left would not be recorded. So whatever writes runs in a task
//! of its own, and only the answer is lost.

use std::future::Future;

use crate::engine::EngineError;

use super::problem::Problem;

/// Runs `work` to its end, whoever waits for it.
///
/// # Errors
/// What the work failed with; [`Problem::Broken`] where it panicked.
pub(in crate::web) async fn detached<T, W>(work: W) -> Result<T, Problem>
where
    T: Send + 'static,
    W: Future<Output = Result<T, EngineError>> + Send + 'static,
{
    match tokio::spawn(work).await {
        Ok(done) => done.map_err(Problem::from),
        Err(error) => {
            tracing::error!(%error, "a page's work ended early");
            Err(Problem::Broken)
        }
    }
}

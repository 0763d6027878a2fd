//! Keeps a loop alive: one that panics is started anew.

use std::future::Future;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::Part;
use super::shared::Shared;
use super::trouble::Growing;

/// Runs a loop in a task of its own until it ends by itself, which it does when asked to.
///
/// Dropping this ends the task: a [`JoinSet`] takes its tasks with it.
pub(super) async fn run<F>(part: Part, shared: &Arc<Shared>, make: impl Fn(Arc<Shared>) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut wait = Growing::default();
    loop {
        let mut task = JoinSet::new();
        task.spawn(make(Arc::clone(shared)));
        match task.join_next().await {
            Some(Err(error)) if error.is_panic() => {
                tracing::error!(part = part.as_str(), "the loop panicked; it is started anew");
                shared.status.panicked(part);
                shared.rest(part, wait.longer()).await;
            }
            // Ended as asked, or torn down with the runtime.
            _ => return,
        }
    }
}

//! What the signals of the system ask for: the first SIGTERM or SIGINT ends soon, the second at once.

use std::sync::Arc;

use anyhow::Context as _;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::engine::Engine;

/// Obeys from now on, in a task of its own.
///
/// # Errors
/// Where the system gives no handler: a service that cannot be asked to end must not begin.
pub(super) fn obey(engine: &Arc<Engine>) -> anyhow::Result<()> {
    let handler = |kind| signal(kind).context("the system's signals cannot be listened to");
    let (mut terminate, mut interrupt) =
        (handler(SignalKind::terminate())?, handler(SignalKind::interrupt())?);
    let (stop, cut) = (engine.stop.clone(), engine.cut.clone());
    tokio::spawn(async move {
        either(&mut terminate, &mut interrupt).await;
        tracing::info!("asked to end; finishing what is on the wire");
        stop.cancel();
        either(&mut terminate, &mut interrupt).await;
        tracing::warn!("asked to end at once");
        cut.cancel();
    });
    Ok(())
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}

//! The end of a service: time to finish what is on the wire, and an end to that time.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::Engine;
use crate::engine::service::{Service, Wake};

/// How long after the cut what was given up may take to be recorded.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Runs the service until it was asked to end and is done. Whether everything on the wire was
/// finished and recorded; if not, leases and intents say what is to be looked after.
pub(super) async fn run(service: Service, wake: Arc<dyn Wake>, engine: &Engine) -> bool {
    let mut running = tokio::spawn(service.run(wake));
    let drain_within = engine.settings.service.drain_within;
    let over = async {
        engine.stop.cancelled().await;
        tokio::select! {
            () = tokio::time::sleep(drain_within) => {
                tracing::warn!("not everything on the wire was finished in time; giving it up");
            }
            () = engine.cut.cancelled() => {}
        }
        engine.cut.cancel();
        tokio::time::sleep(LAST_WORDS).await;
    };
    let has_ended = tokio::select! {
        // The loops end only when asked to, and a panic of one is caught and it is started anew.
        _ = &mut running => true,
        () = over => false,
    };
    has_ended && !engine.cut.is_cancelled()
}

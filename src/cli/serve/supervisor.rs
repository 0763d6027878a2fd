//! What systemd is told (`sd_notify`): ready, alive, stopping, and one line of status.
//!
//! Without `NOTIFY_SOCKET` nothing is said and nothing is lost.

use std::sync::Arc;
use std::time::Duration;

use sd_notify::NotifyState;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::engine::Engine;
use crate::engine::service::Status;

/// How often the status line is renewed where no watchdog wants to hear from us more often.
const BEAT: Duration = Duration::from_secs(20);

/// Keeps the supervisor informed until it is ended.
pub(super) struct Supervisor {
    beats: JoinHandle<()>,
    stop: CancellationToken,
}

impl Supervisor {
    /// Says that the service is ready, and from now on that it lives as long as its loops do.
    pub(super) fn start(engine: Arc<Engine>, status: Arc<Status>) -> Self {
        tell(&[NotifyState::Ready, NotifyState::Status("ready")]);
        let beat = sd_notify::watchdog_enabled().map_or(BEAT, |limit| (limit / 3).min(BEAT));
        let stop = engine.stop.clone();
        let beats = tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = tokio::time::sleep(beat) => alive(&engine, &status),
                    () = engine.stop.cancelled() => break,
                }
            }
            tell(&[NotifyState::Stopping, NotifyState::Status("finishing what is on the wire")]);
        });
        Self { beats, stop }
    }

    /// Says nothing more. That the service stops has been said then, however soon it did.
    pub(super) async fn end(self) {
        self.stop.cancel();
        // A task is lost only with the whole program.
        let _ = self.beats.await;
    }
}

/// Tells that the loops live, and what they do. A loop that is stuck keeps the watchdog waiting,
/// and the supervisor starts the service anew.
fn alive(engine: &Engine, status: &Status) {
    let stuck = status.stuck(engine.metrics.delivery.progress_at(), engine.clock.now());
    let Some(ailment) = stuck.first() else {
        let words = match status.stopped() {
            Some(why) => format!("{} mails sent; {why}", status.sent()),
            None => format!("{} mails sent", status.sent()),
        };
        return tell(&[NotifyState::Watchdog, NotifyState::Status(&words)]);
    };
    tracing::error!(part = ailment.what, "its loop makes no progress");
    tell(&[NotifyState::Status(&format!("{}: {}", ailment.what, ailment.why))]);
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "the supervisor cannot be told");
    }
}

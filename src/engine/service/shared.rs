//! What the two loops share: the engine, the bells, and how they wait.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::{AfterProof, Part, Status, Wake};
use crate::engine::{Engine, EngineError};

/// The longest wait of a loop: a wake-up that is lost costs no more (DESIGN 2.1).
pub(super) const MINUTE: Duration = Duration::from_secs(60);

/// What the loops work with.
pub(super) struct Shared {
    pub(super) engine: Arc<Engine>,
    pub(super) after_proof: Option<AfterProof>,
    pub(super) status: Arc<Status>,
    wake: Arc<dyn Wake>,
    schedule_bell: Notify,
    delivery_bell: Notify,
    /// Weeks that something was delivered for since the last proof.
    touched: Mutex<BTreeSet<String>>,
}

impl Shared {
    pub(super) fn new(
        engine: Arc<Engine>,
        wake: Arc<dyn Wake>,
        status: Arc<Status>,
        after_proof: Option<AfterProof>,
    ) -> Self {
        Self {
            engine,
            after_proof,
            status,
            wake,
            schedule_bell: Notify::new(),
            delivery_bell: Notify::new(),
            touched: Mutex::default(),
        }
    }

    /// Whether the service was asked to end.
    pub(super) fn is_stopping(&self) -> bool {
        self.engine.stop.is_cancelled()
    }

    /// Wakes a loop now, or as soon as it would wait.
    pub(super) fn ring(&self, part: Part) {
        self.bell(part).notify_one();
    }

    /// Does one round of a part and keeps its status.
    pub(super) async fn work<T>(
        &self,
        part: Part,
        round: impl Future<Output = Result<T, EngineError>>,
    ) -> Result<T, EngineError> {
        self.status.begin(part, self.engine.clock.now());
        let result = round.await;
        let trouble = result.as_ref().err().map(ToString::to_string);
        self.engine.metrics.schedule.round(trouble.is_none());
        self.status.end(part, self.engine.clock.now(), trouble);
        result
    }

    /// Waits until a part shall look again: its bell rang, its time is up, or the service ends.
    pub(super) async fn rest(&self, part: Part, at_most: Duration) {
        // The bell comes first: a loop that waits has answered every ring before.
        tokio::select! {
            biased;
            () = self.engine.stop.cancelled() => {}
            () = self.bell(part).notified() => {}
            () = self.wake.wait(part, at_most.min(MINUTE)) => {}
        }
    }

    /// Notes weeks whose proof has changed.
    pub(super) fn touch(&self, weeks: impl IntoIterator<Item = String>) {
        self.weeks().extend(weeks);
    }

    /// The weeks whose proof has changed since the last call.
    pub(super) fn take_touched(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.weeks())
    }

    fn weeks(&self) -> MutexGuard<'_, BTreeSet<String>> {
        // A set is whole after every call, whoever panicked.
        self.touched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    const fn bell(&self, part: Part) -> &Notify {
        match part {
            Part::Schedule => &self.schedule_bell,
            Part::Delivery => &self.delivery_bell,
        }
    }
}

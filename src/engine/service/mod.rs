//! The service: planning and delivering by themselves, until asked to end (DESIGN 2.1).
//!
//! Two loops that share nothing but the database and two bells, so that a long delivery never holds
//! up planning:
//!
//! ```text
//! schedule: settle reviews, drafts, plan, remind, prove ──bell──► delivery: deliver what is due
//!     ▲                                                             │
//!     └───────────────────────────── bell ──────────────────────────┘
//! ```
//! **Invariants:** a wake-up only wakes, rows decide; a lost wake-up costs a minute at most; no error
//! and no panic ends a loop; nothing new begins once [`Engine::stop`] is cancelled.
//!
//! Both loops wait through one [`Wake`] and read one clock, the engine's. The program uses
//! [`Minutes`]. A simulation gives its engine a [`ManualClock`](crate::clock::ManualClock) and the
//! service a [`ByHand`], and no minute is ever waited for:
//!
//! ```ignore
//! let wake = Arc::new(ByHand::default());
//! let stop = engine.stop.clone();
//! let service = tokio::spawn(Service::new(engine, Options::default()).run(wake.clone()));
//! for minute in quarter {
//!     clock.set(minute);
//!     wake.step().await; // both loops have looked at this instant and wait again
//! }
//! stop.cancel();
//! service.await?;
//! ```
//!
//! Reading order: `schedule`, `delivery`, `wake`, `trouble`, `status`.

mod by_hand;
mod delivery;
mod health;
mod schedule;
mod shared;
mod status;
mod supervise;
mod trouble;
mod wake;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::prove::Proof;
use super::tick::Scheduled;
use super::{Engine, EngineError};
use shared::Shared;

pub use by_hand::ByHand;
pub use health::Ailment;
pub use status::{PartStatus, Status};
pub use wake::{Minutes, Wake};

/// What is called after each proof of the schedule loop, with what was planned and what was proved:
/// the place for alarms. Its errors are handled as the loop's own.
pub type AfterProof = Arc<
    dyn Fn(Scheduled, Vec<Proof>) -> Pin<Box<dyn Future<Output = Result<(), EngineError>> + Send>>
        + Send
        + Sync,
>;

/// The two loops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Reviews, drafts, planning, reminders, proofs.
    Schedule,
    /// Delivery.
    Delivery,
}

impl Part {
    /// Its name in logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Delivery => "delivery",
        }
    }
}

/// What a service does.
#[derive(Clone)]
pub struct Options {
    /// Whether it plans and proves.
    pub schedule: bool,
    /// Whether it delivers.
    pub deliver: bool,
    /// What is called after each proof.
    pub after_proof: Option<AfterProof>,
}

impl Default for Options {
    fn default() -> Self {
        Self { schedule: true, deliver: true, after_proof: None }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { schedule, deliver, after_proof } = self;
        f.debug_struct("Options")
            .field("schedule", schedule)
            .field("deliver", deliver)
            .field("after_proof", &after_proof.is_some())
            .finish()
    }
}

/// The weekly engine, left alone.
#[derive(Debug)]
pub struct Service {
    engine: Arc<Engine>,
    options: Options,
    status: Arc<Status>,
}

impl Service {
    /// Puts a service together. Does nothing yet.
    #[must_use]
    pub fn new(engine: Arc<Engine>, options: Options) -> Self {
        let now = engine.clock.now();
        let status = Arc::new(Status::new(options.schedule, options.deliver, now));
        Self { engine, options, status }
    }

    /// What the loops are doing; stays valid while the service runs.
    #[must_use]
    pub fn status(&self) -> Arc<Status> {
        Arc::clone(&self.status)
    }

    /// Runs until [`Engine::stop`] is cancelled and what was under way is finished. Dropping it
    /// ends the loops at their next wait; leases recover what they were doing.
    pub async fn run(self, wake: Arc<dyn Wake>) {
        let stop = self.engine.stop.clone();
        let engine = Arc::clone(&self.engine);
        let shared =
            Arc::new(Shared::new(self.engine, wake, self.status, self.options.after_proof));
        let schedule = async {
            if self.options.schedule {
                supervise::run(Part::Schedule, &shared, schedule::run).await;
            }
        };
        let delivery = async {
            if self.options.deliver {
                supervise::run(Part::Delivery, &shared, delivery::run).await;
            }
        };
        tokio::join!(schedule, delivery);
        engine.pulls_ended().await;
        // With both loops switched off there is still something to serve: the pages.
        stop.cancelled().await;
    }
}

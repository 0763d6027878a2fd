//! The weekly engine: what is due is planned and frozen, what is frozen is delivered, and what was
//! delivered is proved (DESIGN 2).
//!
//! **Invariants:** rows decide, ticks only wake; a tick at T plans the latest cut-off at or before T
//! and never an older one; an edition is frozen in the same transaction as its deliveries; no mail
//! leaves before its intent is durable; every expected subscription has a row that says what became
//! of it.
//!
//! Reading order: [`tick`], [`plan`], [`compose`], [`review`], [`deliver`], [`links`], [`journal`],
//! [`prove`], `retention`, [`consent`], [`inbound`], [`sources`], `course`, [`service`], [`sign_in`],
//! [`tokens`], [`register`] (what people write by hand), [`answers`] (what readers answer from their
//! mails), [`nudges`], [`today`] (clients as they stand now), [`administration`], [`uploads`] (files imported
//! by hand).

pub mod administration;
pub mod answers;
pub mod brand;
pub mod compose;
pub mod consent;
mod course;
pub mod deliver;
mod error;
mod gauges;
pub mod idempotency;
pub mod inbound;
pub mod journal;
pub mod links;
pub mod notice;
pub mod nudges;
pub mod plan;
mod portfolio;
pub mod preview;
pub mod prove;
pub mod register;
mod retention;
pub mod review;
pub mod secret;
pub mod service;
pub mod sign_in;
pub mod sources;
pub mod tick;
pub mod today;
pub mod tokens;
pub mod uploads;
mod voice;
pub mod watch;
mod zones;

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config::Settings;
use crate::content::Content;
use crate::metrics::Metrics;
use crate::secrets::Keyring;
use crate::store::Db;

pub use error::EngineError;
use zones::Zones;

/// Everything the engine works with. Cheap to clone: clones are one engine.
#[derive(Debug, Clone)]
pub struct Engine {
    /// The database.
    pub db: Db,
    /// The settings.
    pub settings: Arc<Settings>,
    /// The one clock.
    pub clock: Arc<dyn Clock>,
    /// Insights and public issues.
    pub content: Arc<Content>,
    /// Asks the engine to end soon: nothing new is claimed or planned, mails on the wire are
    /// finished and recorded, leases are given back.
    pub stop: CancellationToken,
    /// Asks it to end at once: mails on the wire are given up and recorded as uncertain. Implies
    /// nothing without [`stop`](Self::stop).
    pub cut: CancellationToken,
    /// What it counts.
    pub metrics: Arc<Metrics>,
    /// What links and bounce addresses are signed with; read when it is first needed.
    keys: Arc<OnceLock<Arc<Keyring>>>,
    zones: Arc<Zones>,
    /// Recipient domains that turn mail away.
    domains: Arc<deliver::Domains>,
    /// When this process began, for what only concerns those that run.
    began: Timestamp,
    /// Whose turn it is to write a plan: a file takes one writer after another.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// Why the last delivery stood still.
    halt: Arc<watch::HaltNote>,
    /// What the journal could not take yet.
    unwritten: Arc<journal::Unwritten>,
    /// Who left, as the journal has it.
    noted: Arc<journal::Noted>,
    scrapes: Arc<gauges::Scrapes>,
    failing: Arc<plan::failures::Failing>,
    /// What was computed for pages.
    courses: Arc<course::Kept>,
    /// Sources that are read now.
    running: Arc<sources::Running>,
    /// Uploads that are tried now.
    tries: Arc<uploads::Tries>,
}

impl Engine {
    /// Puts an engine together. Does nothing yet.
    #[must_use]
    pub fn new(db: Db, settings: Settings, clock: Arc<dyn Clock>, content: Content) -> Self {
        Self {
            db,
            settings: Arc::new(settings),
            began: clock.now(),
            clock,
            content: Arc::new(content),
            stop: CancellationToken::new(),
            cut: CancellationToken::new(),
            metrics: Arc::default(),
            keys: Arc::default(),
            zones: Arc::default(),
            domains: Arc::default(),
            turn: Arc::default(),
            halt: Arc::default(),
            unwritten: Arc::default(),
            noted: Arc::default(),
            scrapes: Arc::default(),
            failing: Arc::default(),
            courses: Arc::default(),
            running: Arc::default(),
            tries: Arc::default(),
        }
    }

    /// The keys in `secrets.dir`, made there the first time.
    ///
    /// # Errors
    /// [`EngineError::Secrets`] when they cannot be read or made.
    pub fn keys(&self) -> Result<Arc<Keyring>, EngineError> {
        if let Some(keys) = self.keys.get() {
            return Ok(Arc::clone(keys));
        }
        let keys = Arc::new(Keyring::open(&self.settings.secrets.dir)?);
        Ok(Arc::clone(self.keys.get_or_init(|| keys)))
    }
}

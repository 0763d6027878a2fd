//! Twelve weeks as they would have been: the engine ticks through each, with its own clock.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::folder::Folder;
use crate::cli::Output;
use crate::cli::progress::Progress;
use crate::clock::ManualClock;
use crate::config::Settings;
use crate::content;
use crate::domain::time::date_of;
use crate::engine::Engine;
use crate::engine::tick::TickReport;
use crate::mail::relay::Relay;
use crate::sample::story::WEEKS;
use crate::store::Db;

/// Hours before a week's Tuesday noon at which the engine ticks: on Sunday for drafts and
/// portfolios, early and late on Monday as Monday goes round the Earth, and on Tuesday noon.
const TICKS: [i64; 5] = [60, 47, 36, 18, 0];
const WEEK_HOURS: i64 = 7 * 24;

/// The demo's weeks.
pub struct Weeks {
    clock: Arc<ManualClock>,
    /// Delivers into the folder of earlier weeks.
    before: Engine,
    /// Delivers into the outbox.
    now: Engine,
    at: Timestamp,
}

impl Weeks {
    /// Weeks up to the one that ends at `at`.
    ///
    /// # Errors
    /// When the shipped content does not pass its checks.
    pub fn new(db: &Db, folder: &Folder, at: Timestamp) -> anyhow::Result<Self> {
        let clock = Arc::new(ManualClock::at(at));
        let engine = |mails: PathBuf| -> anyhow::Result<Engine> {
            // Built-in settings: a demo is the same whatever is configured, and cannot reach a relay.
            let mut settings = Settings::built_in();
            settings.database.url = folder.database_url().into();
            settings.relay.way = Relay::File(mails);
            settings.secrets.dir = folder.secrets();
            let content = content::shipped(date_of(at, &TimeZone::UTC))?;
            Ok(Engine::new(db.clone(), settings, clock.clone(), content))
        };
        Ok(Self {
            before: engine(folder.earlier())?,
            now: engine(folder.outbox())?,
            clock,
            at,
        })
    }

    /// Ticks through all weeks. Returns the report of the last tick.
    ///
    /// # Errors
    /// What kept the engine from planning or from reading its own ledger.
    pub async fn live(&self, output: &Output) -> anyhow::Result<TickReport> {
        let progress = Progress::begin(output, "Weeks", WEEKS.unsigned_abs());
        for back in (1..WEEKS).rev() {
            self.week(&self.before, back).await?;
            progress.advance(1);
        }
        let report = self.week(&self.now, 0).await?;
        progress.advance(1);
        progress.finish();
        Ok(report)
    }

    async fn week(&self, engine: &Engine, back: i64) -> anyhow::Result<TickReport> {
        let [first @ .., last] = TICKS;
        for hours in first {
            self.tick(engine, back, hours).await?;
        }
        self.tick(engine, back, last).await
    }

    async fn tick(&self, engine: &Engine, back: i64, hours: i64) -> anyhow::Result<TickReport> {
        self.clock
            .set(self.at - SignedDuration::from_hours(back * WEEK_HOURS + hours));
        Ok(engine.tick().await?)
    }
}

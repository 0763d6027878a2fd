//! Twelve weeks as they would have been: the engine ticks through each, with its own clock.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::folder::Folder;
use crate::cli::Output;
use crate::cli::progress::Progress;
use crate::clock::{ManualClock, RunningClock};
use crate::config::Settings;
use crate::content;
use crate::domain::time::date_of;
use crate::engine::Engine;
use crate::engine::prove::Proof;
use crate::mail::relay::Relay;
use crate::sample::story::WEEKS;
use crate::store::Db;

/// Hours from the first tick of a week, Sunday 00:00 UTC, to the last, Tuesday noon. In between
/// Monday morning goes round the Earth.
const TICKING_HOURS: i64 = 60;
/// Hours between two ticks of an earlier week: well within the grace for a missed cut-off.
const BEFORE_STEP: i64 = 12;
/// Hours between two ticks of the demo's own week, so that its mails carry believable times.
const NOW_STEP: i64 = 1;
/// Hours after an earlier week's Tuesday noon at which what was due later still goes out.
const LATER: i64 = 60;
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
    pub fn new(
        db: &Db,
        folder: &Folder,
        public_url: Option<String>,
        at: Timestamp,
    ) -> anyhow::Result<Self> {
        let clock = Arc::new(ManualClock::at(at));
        let engine = |mails: PathBuf| -> anyhow::Result<Engine> {
            // Built-in settings: a demo is the same whatever is configured, and cannot reach a relay.
            let mut settings = Settings::built_in();
            settings.database.url = folder.database_url().into();
            settings.relay.way = Relay::File(mails);
            settings.relay.fallback.clear();
            settings.secrets.dir = folder.secrets();
            settings.journal.dir = folder.journal();
            settings.desk.operators.insert(super::OPERATOR.to_owned());
            if let Some(url) = &public_url {
                settings.web.public_url.clone_from(url);
            }
            let content = content::shipped(date_of(at, &TimeZone::UTC))?;
            Ok(Engine::new(db.clone(), settings, clock.clone(), content))
        };
        Ok(Self { before: engine(folder.earlier())?, now: engine(folder.outbox())?, clock, at })
    }

    /// The engine of the present week from its end on: for the pages that its mails link to, and for
    /// what is done there.
    pub fn engine(&self) -> Engine {
        let mut engine = self.now.clone();
        engine.clock = Arc::new(RunningClock::from(self.at));
        engine
    }

    /// Ticks through all weeks, and proves the last, which is `week`.
    ///
    /// # Errors
    /// What kept the engine from planning or from reading its own ledger.
    pub async fn live(&self, week: &str, output: &Output) -> anyhow::Result<Vec<Proof>> {
        let progress = Progress::begin(output, "Weeks", WEEKS.unsigned_abs());
        for back in (1..WEEKS).rev() {
            self.week(&self.before, back, BEFORE_STEP).await?;
            self.tick(&self.before, back, -LATER).await?;
            progress.advance(1);
        }
        self.week(&self.now, 0, NOW_STEP).await?;
        progress.advance(1);
        progress.finish();
        Ok(self.now.prove(&BTreeSet::from([week.to_owned()]), self.at).await?)
    }

    /// Ticks through one week.
    async fn week(&self, engine: &Engine, back: i64, step: i64) -> anyhow::Result<()> {
        let mut hours = TICKING_HOURS;
        while 0 < hours {
            self.tick(engine, back, hours).await?;
            hours -= step;
        }
        self.tick(engine, back, 0).await
    }

    async fn tick(&self, engine: &Engine, back: i64, hours: i64) -> anyhow::Result<()> {
        self.clock.set(self.at - SignedDuration::from_hours(back * WEEK_HOURS + hours));
        engine.tick().await?;
        Ok(())
    }
}

//! What a command works with: settings, the one clock, output, and the database once it is needed.

use std::sync::Arc;

use secrecy::ExposeSecret;
use tokio::sync::OnceCell;

use crate::clock::{Clock, ManualClock, SystemClock};
use crate::config::{self, Settings, Sources};
use crate::content;
use crate::engine::Engine;
use crate::store::Db;
use crate::telemetry;

use super::{Global, Output};

/// Everything a command is given.
#[derive(Debug)]
pub struct Context {
    /// The settings in force.
    pub settings: Settings,
    /// The only source of time: the machine's, or `--now`.
    pub clock: Arc<dyn Clock>,
    /// Whether the clock is `--now` and stands still.
    pub is_now_given: bool,
    /// Where results go.
    pub output: Output,
    db: OnceCell<Db>,
}

impl Context {
    /// Loads the settings, starts logging and sets the clock.
    ///
    /// # Errors
    /// Every problem of the configuration at once.
    pub fn load(global: &Global) -> anyhow::Result<Self> {
        let settings = config::load(&Sources::of_process(global.config.clone()))?;
        telemetry::start(&settings.log, global.quiet).map_err(anyhow::Error::msg)?;
        let clock: Arc<dyn Clock> = match global.now {
            Some(now) => Arc::new(ManualClock::at(now)),
            None => Arc::new(SystemClock),
        };
        Ok(Self {
            settings,
            clock,
            is_now_given: global.now.is_some(),
            output: Output::new(global),
            db: OnceCell::new(),
        })
    }

    /// The database, opened and brought up to date when it is first asked for.
    ///
    /// # Errors
    /// A database that cannot be opened, or was made by a newer program.
    pub async fn db(&self) -> anyhow::Result<&Db> {
        self.db
            .get_or_try_init(|| async {
                let db = self.open_as_it_is().await?;
                db.migrate().await?;
                Ok(db)
            })
            .await
    }

    /// The weekly engine on this database, with the shipped content and the operator's own.
    ///
    /// # Errors
    /// A database that cannot be opened, or content with problems, all of them.
    pub async fn engine(&self) -> anyhow::Result<Engine> {
        let today = crate::domain::time::date_of(self.clock.now(), &jiff::tz::TimeZone::UTC);
        let content = match &self.settings.content.dir {
            Some(dir) => content::load_from(dir, today),
            None => content::shipped(today),
        }?;
        let db = self.db().await?.clone();
        Ok(Engine::new(db, self.settings.clone(), Arc::clone(&self.clock), content))
    }

    /// The database as it is, whatever its schema: for the commands that look at the schema itself.
    ///
    /// # Errors
    /// A database that cannot be opened.
    pub async fn open_as_it_is(&self) -> anyhow::Result<Db> {
        Ok(Db::open(self.settings.database.url.expose_secret()).await?)
    }

    /// Lets go of the database, so that a SQLite file is left whole and without a log beside it.
    pub async fn close(&self) {
        if let Some(db) = self.db.get() {
            db.close().await;
        }
    }
}

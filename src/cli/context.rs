//! What a command works with: settings, the one clock, output, and the database once it is needed.

use std::sync::Arc;

use crate::clock::{Clock, ManualClock, SystemClock};
use crate::config::{self, Settings, Sources};
use crate::telemetry;

use super::{Global, Output};

/// Everything a command is given.
#[derive(Debug)]
pub struct Context {
    /// The settings in force.
    pub settings: Settings,
    /// The only source of time: the machine's, or `--now`.
    pub clock: Arc<dyn Clock>,
    /// Where results go.
    pub output: Output,
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
            output: Output::new(global),
        })
    }
}

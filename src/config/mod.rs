//! Configuration: what may be set, where each value came from, and what is wrong with it.
//!
//! Three layers, the later wins: the built-in `config/default.toml`, one file
//! (`config/local.toml`, or the one named with `--config`), the environment
//! (`BRIEF__SECTION__KEY`). With nothing set everything works on loopback (DESIGN 5).
//!
//! **Invariant:** a setting that is not in `config/default.toml` does not exist, so a misspelt key
//! is an error and not a silence. All problems are reported at once, and no problem and no listing
//! prints a password.

mod bounce;
mod build;
mod dkim;
mod environment;
mod layer;
mod networks;
mod off_loopback;
mod problem;
mod reader;
mod row;
mod settings;
mod show;
mod source;
mod values;

use std::path::{Path, PathBuf};

pub use layer::Origin;
pub use networks::Networks;
pub use problem::{ConfigError, Problem};
pub use settings::{
    Alerts, Bounce, Consent, Content, Database, Desk, EnvelopeSender, Journal, Log, LogFormat,
    Mail, MetricsFor, OnUncertain, Relay, Retention, Schedule, Secrets, Service, Settings, Web,
    WeekHour,
};
pub use show::{Shown, hide_password};
pub use source::{KINDS, Query, Source};
pub use values::{weekday, weekday_name, zone};

use layer::Layers;

/// The reference file: every key with its default and one sentence.
pub const DEFAULT_TOML: &str = include_str!("../../config/default.toml");

/// The file that is read when none is named; it may be absent.
pub const LOCAL_FILE: &str = "config/local.toml";

/// Where the settings above the defaults come from.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file named by the user; it must exist. None means [`LOCAL_FILE`] where there is one.
    pub file: Option<PathBuf>,
    /// Environment variables as name and value; only those that start with `BRIEF__` are looked at.
    pub environment: Vec<(String, String)>,
}

impl Sources {
    /// The sources of a real run: `file`, and this process's environment.
    ///
    /// Variables that are not UTF-8 are left out unless they are ours, whose value then reads as
    /// an unusable one.
    #[must_use]
    pub fn of_process(file: Option<PathBuf>) -> Self {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| {
                let name = name.into_string().ok()?;
                Some((name, value.to_string_lossy().into_owned()))
            })
            .collect();
        Self { file, environment }
    }
}

/// Reads all layers and makes settings of them.
///
/// # Errors
/// Every problem found: a file that cannot be read or parsed, unknown keys, values of the wrong
/// type or out of range, and what must be set before mail may leave this machine.
pub fn load(sources: &Sources) -> Result<Settings, ConfigError> {
    let mut layers = Layers::built_in();
    let mut problems = Vec::new();
    match &sources.file {
        Some(path) => layers.add_file(path, true, &mut problems),
        None => layers.add_file(Path::new(LOCAL_FILE), false, &mut problems),
    }
    environment::add(&mut layers, &sources.environment, &mut problems);
    let settings = build::settings(layers, &mut problems);
    match settings {
        Some(settings) if problems.is_empty() => Ok(settings),
        _ => Err(ConfigError::new(problems)),
    }
}

impl Settings {
    /// The settings with nothing set: files and SQLite under `var/`, everything on loopback.
    ///
    /// # Panics
    /// Never in a released build: a test loads the built-in file.
    #[must_use]
    pub fn built_in() -> Self {
        let mut problems = Vec::new();
        let settings = build::settings(Layers::built_in(), &mut problems);
        // The file is compiled in: it is as good in the field as in the test that loads it.
        settings.expect("the built-in defaults are valid, as a test asserts")
    }
}

#[cfg(test)]
mod tests;

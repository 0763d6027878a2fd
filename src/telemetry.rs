//! What the program logs, and how: structured lines on standard error.
//!
//! Field names are the same everywhere: `organization`, `edition`, `delivery`, `run` (ids or slugs),
//! `address` (masked, never whole), `domain`, `duration_ms`, `count`, `error`. A failure is logged
//! once, where it is handled. Nothing a reader wrote and no secret is ever a field.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::config::{Log, LogFormat};

/// Starts logging. `RUST_LOG` wins over `log.level`; `quiet` leaves errors only.
///
/// A second call in one process changes nothing.
///
/// # Errors
/// A `RUST_LOG` that is not a list of directives.
pub fn start(log: &Log, quiet: bool) -> Result<(), String> {
    let level = if quiet { LevelFilter::ERROR } else { log.level };
    let filter = match std::env::var("RUST_LOG") {
        Ok(directives) if !directives.trim().is_empty() => EnvFilter::try_new(&directives)
            .map_err(|error| {
                format!(
                    "RUST_LOG cannot be used ({error}); write a level such as info, or unset it"
                )
            })?,
        _ => EnvFilter::default().add_directive(level.into()),
    };
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A subscriber that is already there stays: tests start the library more than once.
    let _ = match log.format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    Ok(())
}

//! What the program logs, and how: structured lines on standard error.
//!
//! Field names are the same everywhere:
//!
//! | field | holds |
//! | --- | --- |
//! | `edition`, `delivery`, `run` | a row's id; of a run its ISO week |
//! | `scope` | what is planned as one: a kind and a slug or an id |
//! | `part` | a loop of the service: `schedule` or `delivery` |
//! | `kind`, `key` | what the operator is told of by mail |
//! | `cause` | why mails were not accepted: a code, an enhanced code, a stage; or why it stands still |
//! | `count` | how many it sums |
//! | `why`, `error` | a sentence, with `(address)` where an address stood |
//! | `zone` | a name that is not a time zone |
//! | `tries` | how often it was tried |
//!
//! **Invariants:** no address, no name, no password and no key is ever a field; a failure is logged
//! once, where it is handled.
//!
//! Levels, so that a week of a million mails stays readable: `error` needs a person, `warn` may,
//! `info` tells what the service did; what has one line for each mail, or for each look while
//! something lasts, is `debug`. What fails many times is summed: one line for each cause and minute
//! with its `count`, one when a state begins and one when it is over.

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

//! `brief pause`, `brief resume` and `brief assume-sent`: the emergency stop, and the way out of it.

use jiff::Timestamp;

use super::parsers;

/// Arguments of `brief pause`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief pause --why \"wrong figures at Northfield\"

Planning goes on, nothing is delivered by any worker until `brief resume`.")]
pub struct PauseArgs {
    /// Why, for whoever finds it stopped.
    #[arg(long, value_name = "TEXT", default_value = "paused by the operator")]
    pub why: String,
}

/// Arguments of `brief resume`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief resume

After a restore it also says: the database is right as it is, deliver what it holds.")]
pub struct ResumeArgs {}

/// Arguments of `brief assume-sent`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief assume-sent --until 2026-11-23T09:00:00Z

For a database restored from a backup: what was due up to TIME was delivered before the loss and is
recorded as sent, so that nobody gets it twice.")]
pub struct AssumeSentArgs {
    /// Everything due up to this instant counts as sent; RFC 3339.
    #[arg(long, value_name = "TIME", value_parser = parsers::instant)]
    pub until: Timestamp,
}

//! `brief import`: files in, events out.

use std::path::PathBuf;

use jiff::Timestamp;

use super::parsers;

/// Arguments of `brief import`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief import data/                             every CSV and JSON file of a directory
  brief import gaps.csv --dry-run                what would change
  brief import export.csv --map ours.toml        a file with other columns and words
  brief import gaps.csv --strict                 all rows or none

A file is one transaction and one batch; `brief imports void ID` takes a batch back. Importing the
same state again changes nothing; a changed state is compared, and the changes become events.")]
pub struct Args {
    /// Files or directories, CSV or JSON.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// A TOML file that renames columns, translates values, sets defaults and skips rows.
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Say what would change, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Refuse a whole file when one of its rows is rejected.
    #[arg(long)]
    pub strict: bool,
    /// Record what is new as if it had been told at TIME, RFC 3339; the default is now.
    #[arg(long, value_name = "TIME", value_parser = parsers::instant)]
    pub recorded_at: Option<Timestamp>,
}

//! `brief backup FILE`: a copy of the database while it is in use.

use std::path::PathBuf;

/// Arguments of `brief backup`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief backup backups/2026-11-23.db

Works while others write. For PostgreSQL use pg_dump, as its own tools know it best.")]
pub struct Args {
    /// The file to write; it must not exist yet.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

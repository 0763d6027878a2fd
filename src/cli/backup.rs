//! `brief backup FILE`: a copy of the database while it is in use.

use std::path::PathBuf;
use std::process::ExitCode;

use secrecy::ExposeSecret;

use crate::store::backup;

use super::Context;

/// Arguments of `brief backup`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief backup backups/2026-11-23.db

Works while others write. A SQLite backup is a database at once; a PostgreSQL one is made by pg_dump
in its custom format, to be read by pg_restore.")]
pub struct Args {
    /// The file to write; it must not exist yet.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Writes the backup.
///
/// # Errors
/// A file that exists or cannot be written; on PostgreSQL a `pg_dump` that is missing or fails.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let url = ctx.settings.database.url.expose_secret();
    backup::backup(ctx.db().await?, url, &args.file).await?;
    let sentence = format!("Written to {}.", args.file.display());
    ctx.output.done(sentence, &serde_json::json!({ "file": args.file }))?;
    Ok(ExitCode::SUCCESS)
}

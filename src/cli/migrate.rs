//! `brief migrate`: bring the database's schema up to date.

use std::process::ExitCode;

use serde_json::json;

use crate::store::Db;

use super::Context;

/// Arguments of `brief migrate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief migrate              before the first start, and after an update
  brief migrate --check      exit 1 when there is something to do

It is safe to run at any time and from several machines at once. Other commands do it by themselves.")]
pub struct Args {
    /// Change nothing: say what would be done, and exit 1 if there is anything.
    #[arg(long)]
    check: bool,
}

/// Applies what is missing and says so.
///
/// # Errors
/// A database that cannot be opened, or was made by a newer program.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let db = ctx.open_as_it_is().await?;
    let pending = db.pending_migrations().await?;
    let value = json!({ "pending": pending, "applied": !args.check && !pending.is_empty() });
    if args.check {
        ctx.output.done(sentence(&pending, "to apply"), &value)?;
        return Ok(if pending.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    migrate(&db).await?;
    ctx.output.done(sentence(&pending, "applied"), &value)?;
    Ok(ExitCode::SUCCESS)
}

async fn migrate(db: &Db) -> anyhow::Result<()> {
    // Also with nothing pending: this is what notices a database from a newer program.
    Ok(db.migrate().await?)
}

fn sentence(pending: &[&str], what: &str) -> String {
    match pending {
        [] => "The schema is up to date.".to_owned(),
        some => format!("Migrations {what}: {}.", some.join(", ")),
    }
}

//! `brief pause`, `brief resume` and `brief assume-sent`: the emergency stop, and the way out of it.

use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::json;

use crate::domain::line::clean;

use super::{Context, parsers};

/// Longest reason kept, in characters.
const WHY_MAX: usize = 280;

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

/// Stops all delivery.
///
/// # Errors
/// A database that cannot be written to.
pub async fn pause(ctx: &Context, args: PauseArgs) -> anyhow::Result<ExitCode> {
    let why = clean(&args.why, WHY_MAX);
    ctx.db().await?.pause(&why, ctx.clock.now()).await?;
    let value = json!({ "paused": true, "why": why });
    ctx.output.done(format!("Delivery is paused: {why}. `brief resume` ends it."), &value)?;
    Ok(ExitCode::SUCCESS)
}

/// Ends the stop.
///
/// # Errors
/// A database that cannot be written to.
pub async fn resume(ctx: &Context, _args: ResumeArgs) -> anyhow::Result<ExitCode> {
    let was_paused = ctx.db().await?.resume().await?;
    let sentence =
        if was_paused { "Delivery goes on at the next tick." } else { "Delivery was not paused." };
    ctx.output.done(sentence, &json!({ "paused": false, "was_paused": was_paused }))?;
    Ok(ExitCode::SUCCESS)
}

/// Records that everything due up to an instant was sent.
///
/// # Errors
/// An instant that lies ahead; a database that cannot be written to.
pub async fn assume_sent(ctx: &Context, args: AssumeSentArgs) -> anyhow::Result<ExitCode> {
    let now = ctx.clock.now();
    if args.until > now {
        anyhow::bail!("--until {} lies ahead; nothing due then can have been sent yet", args.until);
    }
    let n_sent = ctx.db().await?.assume_sent(args.until, now).await?;
    let sentence = format!(
        "{n_sent} deliveries due up to {} are recorded as sent, and so is what is planned for \
         then later. `brief resume` lets delivery go on.",
        args.until
    );
    let value = json!({ "until": args.until.to_string(), "assumed_sent": n_sent });
    ctx.output.done(sentence, &value)?;
    Ok(ExitCode::SUCCESS)
}

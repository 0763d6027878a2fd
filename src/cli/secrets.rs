//! `brief secrets`: the keys that links and bounce addresses are signed with.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use crate::secrets::{FILE, rotate};

use super::Context;

/// Arguments of `brief secrets`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief secrets rotate

The keys lie in secrets.dir and are made when they are first needed. Rotate when somebody may have
seen them: what is mailed from then on is signed with the new key. Links that were mailed before go
on working, so where a key is known to be stolen also remove its line from the file; that ends every
link that was signed with it. Processes that share a database must share the file.")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a new key that signs from now on; the old ones go on verifying.
    Rotate,
}

/// Rotates the keys and says what to do next.
///
/// # Errors
/// A file of keys that cannot be read or written, is open to others, or is damaged.
pub fn run(ctx: &Context, args: &Args) -> anyhow::Result<ExitCode> {
    let Command::Rotate = args.command;
    let number = rotate(&ctx.settings.secrets.dir)?;
    let file = ctx.settings.secrets.dir.join(FILE);
    let sentence = format!(
        "Key {number} in {} signs from now on, and the earlier ones go on verifying. Restart the \
         services that run.",
        file.display()
    );
    ctx.output.done(sentence, &json!({ "key": number, "file": file }))?;
    Ok(ExitCode::SUCCESS)
}

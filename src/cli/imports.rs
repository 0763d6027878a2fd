//! `brief imports`: the batches that were imported, and taking one back.

use std::process::ExitCode;

use crate::store::import::{Batch, Voided, list_batches, void_batch};

use super::{Context, Listed};

/// Arguments of `brief imports`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  brief imports                              every batch, latest first
  brief imports void ID --why \"old export\"

A voided batch leaves the database as if it had never been read; what was mailed stays as it was.")]
pub struct Args {
    /// What to do; without it the batches are listed.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How many batches to list, latest first.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: u32,
}

/// What can be done with a batch.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Take a whole batch back.
    Void {
        /// Id of the batch.
        id: String,
        /// Why, for whoever reads the list later.
        #[arg(long, value_name = "TEXT", default_value = "voided by the operator")]
        why: String,
    },
}

/// Lists the batches, or takes one back.
///
/// # Errors
/// An id that is not known, or a batch that later ones rest on: they are named.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let db = ctx.db().await?;
    match args.command {
        None => {
            let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
            let mut batches = list_batches(db).await?;
            batches.truncate(limit);
            ctx.output.listing(&batches, "Nothing was imported yet. See `brief import --help`.")?;
        }
        Some(Command::Void { id, why }) => {
            let voided = void_batch(db, &id, Some(&why), ctx.clock.now()).await?;
            ctx.output.done(sentence(&voided), &voided)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Listed for Batch {
    const HEAD: &'static [&'static str] =
        &["id", "at", "kind", "read", "written", "rejected", "state", "file"];

    fn cells(&self) -> Vec<String> {
        let state = match (&self.voided_at, &self.voided_why) {
            (None, _) => "in force".to_owned(),
            (Some(at), None) => format!("voided {at:.0}"),
            (Some(at), Some(why)) => format!("voided {at:.0}: {why}"),
        };
        vec![
            self.id.clone(),
            format!("{:.0}", self.started_at),
            self.kind.clone(),
            self.rows_read.to_string(),
            self.rows_written.to_string(),
            self.rows_rejected.to_string(),
            state,
            self.path.clone(),
        ]
    }
}

fn sentence(voided: &Voided) -> String {
    let mut text = format!(
        "Import {} ({}) was taken back: {} rows and {} events are out of sight, {} rows are as they were before.",
        voided.batch.id, voided.batch.kind, voided.hidden, voided.events, voided.restored
    );
    if voided.left > 0 {
        text.push_str(&format!(" {} rows were changed since and stay as they are.", voided.left));
    }
    if voided.by_hand > 0 {
        text.push_str(&format!(
            " {} rows made by hand went out of sight with them.",
            voided.by_hand
        ));
    }
    text
}

//! `brief imports`: the batches that were imported, and taking one back.

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

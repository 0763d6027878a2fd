//! `brief demo`: a believable history, this week's run, and everything to look at.

use std::path::PathBuf;

/// Arguments of `brief demo`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief demo             make it, run it, and show it on http://127.0.0.1:8080
  brief demo --no-serve  make it, run it, and end

Everything is written under DIR. No mail leaves this machine.")]
pub struct Args {
    /// Where the database and the outbox are written; made anew each time.
    #[arg(long, value_name = "DIR", default_value = "demo")]
    pub dir: PathBuf,
    /// End after the run instead of serving the pages.
    #[arg(long)]
    pub no_serve: bool,
}

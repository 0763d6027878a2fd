//! `brief completions SHELL`: a script that lets a shell complete commands and flags.

use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Output};

/// Arguments of `brief completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief completions bash > /etc/bash_completion.d/brief
  brief completions zsh > ~/.zfunc/_brief
  brief completions fish > ~/.config/fish/completions/brief.fish")]
pub struct Args {
    /// The shell to write the script for.
    shell: Shell,
}

/// Prints the script.
///
/// # Errors
/// When standard output cannot be written to.
pub fn run(output: &Output, args: &Args) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "brief", &mut script);
    output.raw(&script)?;
    Ok(ExitCode::SUCCESS)
}

//! `brief man`: the manual pages, in roff.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::CommandFactory;

use super::{Cli, Output};

/// Arguments of `brief man`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief man | man -l -                 read it
  brief man --dir ~/.local/share/man/man1   install one page for each command")]
pub struct Args {
    /// Write a page for each command into DIR instead of printing the first.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Prints the page of the program, or writes all pages.
///
/// # Errors
/// When the output or the directory cannot be written to.
pub fn run(output: &Output, args: &Args) -> anyhow::Result<ExitCode> {
    let mut command = Cli::command();
    command.build();
    match &args.dir {
        Some(dir) => write_pages(command, dir)?,
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page)?;
            output.raw(&page)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn write_pages(command: clap::Command, dir: &Path) -> anyhow::Result<()> {
    let advice = || format!("{} cannot be written to; name a directory that can", dir.display());
    std::fs::create_dir_all(dir).with_context(advice)?;
    clap_mangen::generate_to(command, dir).with_context(advice)
}

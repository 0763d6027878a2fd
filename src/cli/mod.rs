//! The command line: one file a command, each with its arguments and its handler.
//!
//! Exit codes: 0 done, 1 failed, 2 misused. A failure is one line on standard error that says
//! what, where and what to do. Listings are tables for people and `--json` for programs.

mod context;
mod output;
mod parsers;
pub mod progress;
mod show;

pub mod audit;
pub mod backup;
pub mod bounce;
pub mod completions;
pub mod config;
pub mod deliveries;
pub mod demo;
pub mod dkim;
pub mod doctor;
pub mod editions;
pub mod export;
pub mod import;
pub mod imports;
pub mod man;
pub mod migrate;
pub mod nudges;
pub mod organizations;
pub mod pause;
pub mod people;
pub mod preview;
pub mod run;
pub mod runs;
pub mod secrets;
pub mod seed;
pub mod send_test;
pub mod serve;
pub mod source;
pub mod subscriptions;
pub mod suppressions;
pub mod tokens;

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use jiff::Timestamp;

pub use context::Context;
pub use output::{Listed, Output, printable};

/// Exit code of a program whose reader went away: 128 and the number of SIGPIPE.
const READER_GONE: u8 = 141;

/// One short e-mail a week: what open back-office gaps cost, and whether you will be ready.
#[derive(Debug, Parser)]
#[command(name = "brief", version, max_term_width = 100, after_help = EXAMPLES)]
#[command(
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  brief doctor                 is everything there that the next brief depends on?
  brief organizations add \"Northfield Supply\" --currency USD --time-zone America/Chicago
  brief preview northfield-supply
  brief serve                  the service: it plans, delivers and proves by itself
  brief deliveries --state failed

With nothing configured everything stays on this machine: a SQLite file and .eml files under var/.";

/// What every command understands.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Options for every command")]
pub struct Global {
    /// Read the settings in FILE instead of config/local.toml.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print JSON with stable keys instead of tables and sentences.
    #[arg(long, global = true)]
    pub json: bool,
    /// Take TIME for the current instant, everywhere; RFC 3339, as in 2026-11-23T06:00:00Z.
    #[arg(long, global = true, value_name = "TIME", value_parser = parsers::instant)]
    pub now: Option<Timestamp>,
    /// Print results and errors only.
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// The commands, in the order of the help.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a believable history, run this week, and show the mails.
    Demo(demo::Args),
    /// Serve: plan, deliver and prove by itself, until asked to end.
    Serve(serve::Args),
    /// Do one tick: plan what is due, deliver it, print the proof.
    Run(run::Args),
    /// Take in CSV or JSON: gaps, histories, people, subscriptions.
    Import(import::Args),
    /// List what was imported, and take an import back.
    Imports(imports::Args),
    /// Show, check or read the databases that gaps and histories come from.
    Source(source::Args),
    /// Show any edition at any date; nothing is stored and nothing is sent.
    Preview(preview::Args),
    /// Send one real mail to an address outside the list, marked as a test.
    SendTest(send_test::Args),
    /// Show drafts and what was frozen; note, approve, skip, cancel or correct one.
    Editions(editions::Args),
    /// Show the weeks and whether everything expected is accounted for.
    Runs(runs::Args),
    /// Show what happened to each mail; queue or end single ones.
    Deliveries(deliveries::Args),
    /// Show what was drafted between two briefs, and what became of it.
    Nudges(nudges::Args),
    /// Stop all delivery until `brief resume`.
    Pause(pause::PauseArgs),
    /// Let delivery go on after a stop.
    Resume(pause::ResumeArgs),
    /// After a restore: record that what was due up to an instant was sent.
    AssumeSent(pause::AssumeSentArgs),
    /// Show, add, change or end organizations.
    Organizations(organizations::Args),
    /// Show, add, change or forget people.
    People(people::Args),
    /// Show, add, change or end subscriptions.
    Subscriptions(subscriptions::Args),
    /// Show, add or lift addresses that get no mail.
    Suppressions(suppressions::Args),
    /// Who wrote what by pages, mails, programs and pulls.
    Audit(audit::Args),
    /// Show, make or revoke the tokens by which programs use the API.
    Tokens(tokens::Args),
    /// Take in a message that came back, from standard input; list what came back.
    Bounce(bounce::Args),
    /// Fill the database with a large, repeatable data set.
    Seed(seed::Args),
    /// Bring the database's schema up to date.
    Migrate(migrate::Args),
    /// Write a copy of the database while it is in use.
    Backup(backup::Args),
    /// Write everything that is stored about one person or organization.
    Export(export::Args),
    /// Make a new key for the links in mails; the old ones go on working.
    Secrets(secrets::Args),
    /// Look at everything the next brief depends on, and say what to do.
    Doctor(doctor::Args),
    /// Make the keys that sign mail, and show the records to publish.
    Dkim(dkim::Args),
    /// Print the settings in force and where each came from; passwords are hidden.
    Config(config::Args),
    /// Print a completion script for a shell.
    Completions(completions::Args),
    /// Print the manual page in roff, for `man -l -`.
    Man(man::Args),
}

/// Runs the program: reads the arguments, runs the command, reports a failure.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            anyhow::anyhow!("the runtime cannot start ({error}); check the process limits")
        })
        .and_then(|runtime| runtime.block_on(run(cli)));
    outcome.unwrap_or_else(|error| report(&error))
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let global = cli.global;
    match cli.command {
        Command::Completions(args) => completions::run(&Output::new(&global), &args),
        Command::Man(args) => man::run(&Output::new(&global), &args),
        command => with_settings(&global, command).await,
    }
}

async fn with_settings(global: &Global, command: Command) -> anyhow::Result<ExitCode> {
    let ctx = match Context::load(global) {
        Err(error) if matches!(command, Command::Doctor(_)) => {
            return doctor::without_settings(&Output::new(global), &error);
        }
        Err(error) if matches!(command, Command::Bounce(_)) => {
            return Ok(bounce::try_again(&error));
        }
        loaded => loaded?,
    };
    let outcome = dispatch(&ctx, command).await;
    ctx.close().await;
    outcome
}

/// The commands that work with settings.
async fn dispatch(ctx: &Context, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(args) => demo::run(ctx, args).await,
        Command::Serve(args) => serve::run(ctx, args).await,
        Command::Run(args) => run::run(ctx, args).await,
        Command::Preview(args) => preview::run(ctx, args).await,
        Command::SendTest(args) => send_test::run(ctx, args).await,
        Command::Editions(args) => editions::run(ctx, args).await,
        Command::Runs(args) => runs::run(ctx, args).await,
        Command::Deliveries(args) => deliveries::run(ctx, args).await,
        Command::Nudges(args) => nudges::run(ctx, args).await,
        Command::Subscriptions(args) => subscriptions::run(ctx, args).await,
        Command::Suppressions(args) => suppressions::run(ctx, args).await,
        Command::Audit(args) => audit::run(ctx, args).await,
        Command::Tokens(args) => tokens::run(ctx, args).await,
        Command::Bounce(args) => bounce::run(ctx, args).await,
        Command::Backup(args) => backup::run(ctx, args).await,
        Command::Pause(args) => pause::pause(ctx, args).await,
        Command::Resume(args) => pause::resume(ctx, args).await,
        Command::AssumeSent(args) => pause::assume_sent(ctx, args).await,
        Command::Export(args) => export::run(ctx, args).await,
        Command::Organizations(args) => organizations::run(ctx, args).await,
        Command::People(args) => people::run(ctx, args).await,
        Command::Seed(args) => seed::run(ctx, args).await,
        Command::Migrate(args) => migrate::run(ctx, args).await,
        Command::Secrets(args) => secrets::run(ctx, &args),
        Command::Doctor(args) => doctor::run(ctx, args).await,
        Command::Import(args) => import::run(ctx, args).await,
        Command::Imports(args) => imports::run(ctx, args).await,
        Command::Source(args) => source::run(ctx, args).await,
        Command::Dkim(args) => dkim::run(ctx, args).await,
        Command::Config(args) => config::run(ctx, args).await,
        Command::Completions(args) => completions::run(&ctx.output, &args),
        Command::Man(args) => man::run(&ctx.output, &args),
    }
}

/// Says what went wrong, in one line, unless nobody reads us any more.
fn report(error: &anyhow::Error) -> ExitCode {
    let gone = error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>();
        io.is_some_and(|io| io.kind() == ErrorKind::BrokenPipe)
    });
    if gone {
        return ExitCode::from(READER_GONE);
    }
    output::complain(&format!("error: {error:#}"));
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// Every argument of a command and of those below it, with the path of names to it.
    fn check(command: &clap::Command, path: &str) {
        let path = format!("{path} {}", command.get_name());
        assert!(command.get_about().is_some(), "{path} says nothing about itself");
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.is_empty(), "{path} {} has no sentence", argument.get_id());
        }
        command.get_subcommands().for_each(|below| check(below, &path));
    }

    #[test]
    fn every_command_and_every_flag_has_a_sentence() {
        let mut command = Cli::command();
        command.build();
        command.clone().debug_assert();
        check(&command, "");
    }
}

//! `brief doctor`: would this installation send the next brief? Looks, and changes nothing.

mod breakers;
mod checks;
mod dkim;
mod domain;
mod journal;
mod mailboxes;
mod sources;

use std::process::ExitCode;

use serde::Serialize;

use crate::mail::authentication::finding::{Finding, Level};

use super::{Context, Output};

/// Arguments of `brief doctor`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief doctor           after setting up, and when something is odd
  brief doctor --json    for a monitor
  brief doctor --domain  what receivers see: SPF, DKIM, DMARC, MX, TLS, the public pages
  brief doctor --domain example.org --selector brief2026 --sends-from 192.0.2.1

Exits 1 when a check fails; a warning is not a failure. The relay is greeted, nothing is sent.")]
pub struct Args {
    #[command(flatten)]
    domain: domain::DomainArgs,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    /// It cannot be known from here.
    Unknown,
    Warn,
    Fail,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    check: &'static str,
    state: State,
    /// What was found.
    found: String,
    /// What to do about it; none when it is well.
    advice: Option<String>,
}

impl Check {
    fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, state: State::Ok, found: found.into(), advice: None }
    }

    fn unknown(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, state: State::Unknown, found: found.into(), advice: Some(advice.into()) }
    }

    fn warn(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, state: State::Warn, found: found.into(), advice: Some(advice.into()) }
    }

    fn fail(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, state: State::Fail, found: found.into(), advice: Some(advice.into()) }
    }
}

impl From<Finding> for Check {
    fn from(finding: Finding) -> Self {
        let state = match finding.level {
            Level::Well => State::Ok,
            Level::Unknown => State::Unknown,
            Level::Warning => State::Warn,
            Level::Failure => State::Fail,
        };
        Self { check: finding.check, state, found: finding.found, advice: finding.advice }
    }
}

/// Runs every check, or with `--domain` those of the domain, and prints what came of it.
///
/// # Errors
/// Only when the output cannot be written to; a failed check is an exit code.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    if args.domain.is_asked() {
        return report(&ctx.output, &domain::checks(ctx, &args.domain).await);
    }
    let mut found = vec![checks::configuration(&ctx.settings)];
    found.extend(checks::database(ctx).await);
    found.extend(checks::relays(&ctx.settings).await);
    found.push(dkim::check(&ctx.settings));
    found.extend(mailboxes::checks(&ctx.settings).await);
    found.extend(sources::checks(&ctx.settings.sources).await);
    found.push(checks::alerts(&ctx.settings));
    found.extend(checks::disk(&ctx.settings));
    found.push(checks::content(ctx));
    found.push(checks::secrets(&ctx.settings));
    report(&ctx.output, &found)
}

/// Reports a configuration that cannot be used: nothing else can be looked at.
///
/// # Errors
/// Only when the output cannot be written to.
pub fn without_settings(output: &Output, error: &anyhow::Error) -> anyhow::Result<ExitCode> {
    let advice = "put the configuration right; then the rest can be looked at";
    report(output, &[Check::fail("configuration", error.to_string(), advice)])
}

fn report(output: &Output, found: &[Check]) -> anyhow::Result<ExitCode> {
    if output.json {
        output.value(&found)?;
    } else {
        for check in found.iter().filter(|check| !output.quiet || check.state != State::Ok) {
            print(output, check)?;
        }
    }
    let is_broken = found.iter().any(|check| check.state == State::Fail);
    Ok(if is_broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn print(output: &Output, check: &Check) -> anyhow::Result<()> {
    let (word, colour) = match check.state {
        State::Ok => ("ok  ", "32"),
        State::Unknown => ("?   ", "36"),
        State::Warn => ("warn", "33"),
        State::Fail => ("FAIL", "31"),
    };
    let word =
        if output.color { format!("\u{1b}[{colour}m{word}\u{1b}[0m") } else { word.to_owned() };
    let found: Vec<String> = check.found.lines().map(super::printable).collect();
    output.line(format_args!(
        "{word}  {:<14}  {}",
        check.check,
        found.join("\n                      ")
    ))?;
    if let Some(advice) = &check.advice {
        output.line(format_args!("                      {}", super::printable(advice)))?;
    }
    Ok(())
}

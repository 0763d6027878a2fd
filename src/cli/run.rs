//! `brief run --once`: one tick, from what is due to the proof.

use std::process::ExitCode;

use serde::Serialize;

use crate::engine::prove::Proof;
use crate::engine::tick::TickReport;

use super::{Context, Output, show};

/// Arguments of `brief run`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief run --once                              plan what is due, deliver it, print the proof
  brief run --once --now 2026-11-23T07:00:00Z   the same as of another instant
  brief run --once --json                       the proof for a program

Exits 0 only if the run closes: everything expected was sent, or has a reason why not.")]
pub struct Args {
    /// Do one tick and end. Retries that are due later stay deferred: it never waits for one.
    #[arg(long, required = true)]
    pub once: bool,
}

/// What a program reads.
#[derive(Debug, Serialize)]
struct Report<'a> {
    at: String,
    closes: bool,
    frozen: usize,
    drafts: usize,
    held: usize,
    missed: usize,
    deliveries: u64,
    sent: u64,
    failed: u64,
    deferred: u64,
    uncertain: u64,
    skipped: u64,
    expired: u64,
    resent: u64,
    stopped: Option<&'a str>,
    queries: u64,
    runs: &'a [Proof],
}

/// Does one tick and prints the proof of every week it touched.
///
/// # Errors
/// What kept it from planning or from reading its own ledger.
pub async fn run(ctx: &Context, _: Args) -> anyhow::Result<ExitCode> {
    let engine = ctx.engine().await?;
    let report = engine.tick().await?;
    print(&ctx.output, &report, engine.db.queries())?;
    Ok(if report.closes() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints a tick: what was done, then the equation of each run.
///
/// # Errors
/// A reader that went away.
pub fn print(output: &Output, report: &TickReport, queries: u64) -> anyhow::Result<()> {
    let (plan, deliver) = (&report.plan, &report.deliver);
    if output.json {
        return output.value(&Report {
            at: report.at.to_string(),
            closes: report.closes(),
            frozen: plan.frozen,
            drafts: plan.drafts,
            held: plan.held,
            missed: plan.expired,
            deliveries: plan.deliveries,
            sent: deliver.sent,
            failed: deliver.failed,
            deferred: deliver.deferred,
            uncertain: deliver.uncertain,
            skipped: deliver.skipped,
            expired: deliver.expired,
            resent: deliver.resent,
            stopped: deliver.stopped.as_deref(),
            queries,
            runs: &report.proofs,
        });
    }
    output.line(format!(
        "{}: {} editions frozen, {} drafts, {} held, {} missed; {} deliveries planned, {} sent, \
         {} deferred, {} failed",
        report.at,
        plan.frozen,
        plan.drafts,
        plan.held,
        plan.expired,
        plan.deliveries,
        deliver.sent,
        deliver.deferred,
        deliver.failed,
    ))?;
    if let Some(why) = &deliver.stopped {
        output.line(format!("Delivery stopped: {why}"))?;
    }
    for proof in &report.proofs {
        output.line(equation(proof))?;
    }
    if report.proofs.is_empty() {
        output.line("Nothing is due, and no run is open.")?;
    }
    Ok(())
}

/// A run's equation in one line, and whether it closes.
#[must_use]
pub fn equation(proof: &Proof) -> String {
    let parts: Vec<String> = proof
        .counts
        .iter()
        .map(|c| {
            let reason = match c.reason.as_str() {
                "" => String::new(),
                reason => format!(" ({reason})"),
            };
            format!("{} {}{reason}", c.deliveries, c.state)
        })
        .collect();
    let sum = if parts.is_empty() { "0".to_owned() } else { parts.join(" + ") };
    let sign = if proof.expected == proof.accounted { "=" } else { "is not" };
    let end = if proof.closes {
        "The run closes.".to_owned()
    } else if proof.expected == proof.accounted {
        format!("The run does not close: {} due and not settled.", proof.due)
    } else {
        "The run does not close: the counts differ.".to_owned()
    };
    let later = proof
        .next_at
        .filter(|_| proof.closes)
        .map_or_else(String::new, |at| format!(" Next due {}.", show::instant(at)));
    let again = if proof.resends > 0 {
        format!(" {} sent again under the same Message-ID.", proof.resends)
    } else {
        String::new()
    };
    let corrected: i64 = proof.corrections.iter().map(|c| c.deliveries).sum();
    let corrections =
        if corrected > 0 { format!(" {corrected} corrections.") } else { String::new() };
    format!(
        "Run {}: {} expected {sign} {sum}. {end}{later}{again}{corrections}",
        proof.iso_week, proof.expected
    )
}

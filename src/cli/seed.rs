//! `brief seed`: a large, repeatable data set.

use std::process::ExitCode;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Context;
use super::progress::Progress;
use crate::domain::time::date_of;
use crate::sample::seed::{self, Plan};

/// Arguments of `brief seed`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief seed --organizations 50 --recipients 100 --weeks 12 --seed 1
  brief seed --organizations 1 --recipients 50000 --weeks 8 --seed 7 --until 2026-11-23

The same numbers give the same data. Every address ends in .example and is distinct.")]
pub struct Args {
    /// How many organizations.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub organizations: u32,
    /// How many confirmed leaders each organization has.
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub recipients: u32,
    /// How many weeks of history each has.
    #[arg(long, value_name = "W", value_parser = clap::value_parser!(u32).range(1..=520))]
    pub weeks: u32,
    /// The number that everything is made from.
    #[arg(long, value_name = "S")]
    pub seed: u64,
    /// The last day of the history, as in 2026-11-23; the default is today.
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
}

/// Writes the data set and says how much it was.
///
/// # Errors
/// A database that holds this plan already, or cannot be written.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let today = || date_of(ctx.clock.now(), &TimeZone::UTC);
    let plan = Plan {
        organizations: args.organizations,
        recipients: args.recipients,
        weeks: args.weeks,
        seed: args.seed,
        until: args.until.unwrap_or_else(today),
    };
    let db = ctx.db().await?;
    let progress =
        Progress::begin(&ctx.output, "Seeding organizations", u64::from(plan.organizations));
    let seeded = seed::write(db, &plan, |made| progress.advance(made)).await;
    progress.finish();
    let seeded = seeded.map_err(|error| match error {
        error if error.is_conflict() => anyhow::anyhow!(
            "seed {} is in this database already; use another --seed or another database",
            plan.seed
        ),
        other => other.into(),
    })?;
    db.analyze().await?;
    ctx.output.done(
        format_args!(
            "Seeded {} organizations with {} gaps and {} confirmed leaders: {} rows, up to {}.",
            seeded.organizations, seeded.gaps, seeded.subscriptions, seeded.rows, plan.until
        ),
        &seeded,
    )?;
    Ok(ExitCode::SUCCESS)
}

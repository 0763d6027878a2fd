//! `brief seed`: a large, repeatable data set.

use jiff::civil::Date;

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

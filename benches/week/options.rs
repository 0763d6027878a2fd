//! What is measured, by arguments after `--`.

use clap::{Parser, ValueEnum};

/// Measures whole weekly runs: `cargo bench --bench week -- [OPTIONS]`.
#[derive(Debug, Clone, Parser)]
#[command(name = "week", max_term_width = 100)]
pub struct Options {
    /// Where the data lie, one after the other.
    #[arg(long, value_delimiter = ',', default_value = "sqlite,postgres")]
    pub engines: Vec<Engine>,
    /// Who gets a brief, in all organizations together.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub recipients: u32,
    /// Recipients of one organization.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    pub per_organization: u32,
    /// Weeks of history that each organization has.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=520))]
    pub weeks: u32,
    /// `relay.connections` of each process.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub connections: u16,
    /// Whole runs on each engine, each on a fresh copy of the same data.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    pub repeat: u32,
    /// Processes that run at once on one database; a file is delivered from by one of them.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=16))]
    pub workers: u32,
    /// Milliseconds that a round trip to the relay takes longer.
    #[arg(long, default_value_t = 0)]
    pub delay: u64,
    /// Octets of a message of `smtp-source`, the limit that the run is held against.
    #[arg(long, default_value_t = 20_000)]
    pub limit_octets: u32,
    /// Runs in which planning and delivery are two processes, timed apart; 0 for none.
    #[arg(long, default_value_t = 1)]
    pub apart: u32,
    /// Runs the product under another program, as in "perf record -g -o week.perf"; memory and
    /// processor time are then that program's.
    #[arg(long, value_name = "COMMAND")]
    pub under: Option<String>,
    /// Cargo says that it is a bench that is run.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Where the data lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// A file, `synchronous=FULL`.
    Sqlite,
    /// A private server, `fsync=on`, `synchronous_commit=on`.
    Postgres,
}

impl Options {
    /// Organizations, the last of them perhaps smaller than the others.
    pub fn organizations(&self) -> u32 {
        self.recipients.div_ceil(self.per_organization)
    }
}

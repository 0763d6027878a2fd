//! `brief source`: the databases that gaps and histories are read from.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::config::Source;
use crate::engine::sources::{ByHand, Pulled, SourceStatus};
use crate::source::{self, Checked, QueryChecked, SourceError};

use super::{Context, Listed, show};

/// Arguments of `brief source`.
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = "\
Examples:
  brief source list                    what there is, and when it was last read
  brief source check                   what each query answers, and what could not be taken
  brief source pull erp --dry-run      what would change
  brief source pull                    read all of them now

`brief serve` and `brief run --once` read each source before the cut-offs of those it tells about.
What a reading writes is one import for each query: `brief imports` lists them and takes one back.")]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done with sources.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Show every source and when it was last read.
    List,
    /// Reach a source, ask every query, compare columns and rows with what is needed; write nothing.
    Check {
        /// Name of the source; all of them without it.
        name: Option<String>,
    },
    /// Read a source now and import what is new.
    Pull {
        /// Name of the source; all of them without it.
        name: Option<String>,
        /// Say what would change, and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Import what it answers although it is what it answered the last time.
        #[arg(long)]
        again: bool,
        /// Write the rows that cannot be taken into files in DIR.
        #[arg(long, value_name = "DIR")]
        rejects: Option<PathBuf>,
    },
}

/// Lists, checks or reads sources; exit code 1 where one cannot be read.
///
/// # Errors
/// A name that is not in the settings, or our own database.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::List => list(ctx).await,
        Command::Check { name } => check(ctx, name.as_deref()).await,
        Command::Pull { name, dry_run, again, rejects } => {
            pull(ctx, name.as_deref(), &ByHand { dry_run, again, rejects }).await
        }
    }
}

const NONE: &str = "No source is set. docs/sources.md shows how.";

async fn list(ctx: &Context) -> anyhow::Result<ExitCode> {
    let engine = ctx.engine().await?;
    let sources = engine.sources(ctx.clock.now()).await?;
    ctx.output.listing(&sources, NONE)?;
    if !ctx.output.json {
        let failing = sources.iter().filter_map(|source| source.error.as_ref());
        failing.into_iter().try_for_each(|why| ctx.output.note(why))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The sources of the settings, or the one of a name.
fn named<'c>(ctx: &'c Context, name: Option<&str>) -> Result<Vec<&'c Source>, SourceError> {
    let all = ctx.settings.sources.iter();
    let Some(name) = name else {
        return Ok(all.collect());
    };
    let found: Vec<&Source> = all.filter(|source| source.name == name).collect();
    if found.is_empty() { Err(SourceError::unknown(name)) } else { Ok(found) }
}

async fn check(ctx: &Context, name: Option<&str>) -> anyhow::Result<ExitCode> {
    let sources = named(ctx, name)?;
    let db = ctx.db().await?;
    let mut checked = Vec::new();
    for source in sources {
        let found = source::check(db, source, &ctx.settings.model, ctx.clock.now()).await?;
        if !ctx.output.json {
            told(ctx, &found)?;
        }
        checked.push(found);
    }
    if ctx.output.json {
        ctx.output.value(&checked)?;
    } else if checked.is_empty() {
        ctx.output.note(NONE)?;
    }
    Ok(code(checked.iter().all(Checked::is_sound)))
}

/// One source for people.
fn told(ctx: &Context, checked: &Checked) -> anyhow::Result<()> {
    let Checked { name, engine, place, problem, queries } = checked;
    ctx.output.line(format_args!("{name}: {engine}, {place}"))?;
    if !queries.is_empty() {
        ctx.output.listing(queries, "")?;
    }
    let mut lines: Vec<&String> = queries.iter().flat_map(|query| &query.problems).collect();
    lines.extend(problem);
    lines.iter().try_for_each(|line| ctx.output.line(super::printable(line)))?;
    for query in queries.iter().filter(|query| !query.examples.is_empty()) {
        ctx.output.line(format_args!("Of {}, for example:", query.kind))?;
        let mut examples = query.examples.iter();
        examples
            .try_for_each(|line| ctx.output.line(format_args!("  {}", super::printable(line))))?;
    }
    if checked.is_sound() {
        ctx.output.note("Every query can be taken. Nothing was written.")?;
    }
    Ok(())
}

async fn pull(ctx: &Context, name: Option<&str>, by_hand: &ByHand) -> anyhow::Result<ExitCode> {
    let sources = named(ctx, name)?;
    let engine = ctx.engine().await?;
    let mut pulled = Vec::new();
    for source in sources {
        let one = engine.pull(source, by_hand).await?;
        if !ctx.output.json {
            ctx.output.line(sentence(&one, by_hand.dry_run))?;
            if let Some(report) = &one.report {
                ctx.output.listing(&report.files, "")?;
                report.remarks().iter().try_for_each(|line| ctx.output.line(line))?;
            }
        }
        pulled.push(one);
    }
    if ctx.output.json {
        ctx.output.value(&pulled)?;
    } else if pulled.is_empty() {
        ctx.output.note(NONE)?;
    }
    Ok(code(pulled.iter().all(|one| one.error.is_none())))
}

fn sentence(pulled: &Pulled, is_dry: bool) -> String {
    let Pulled { name, read, written, rejected, report, error, .. } = pulled;
    match (error, report) {
        (Some(error), _) => super::printable(error),
        (None, None) => format!("{name}: {read} rows, the same as the last time."),
        (None, Some(_)) if is_dry => {
            format!("{name}: {read} rows, {written} would be written, {rejected} rejected.")
        }
        (None, Some(_)) => format!("{name}: {read} rows, {written} written, {rejected} rejected."),
    }
}

const fn code(is_well: bool) -> ExitCode {
    if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl Listed for SourceStatus {
    const HEAD: &'static [&'static str] =
        &["name", "engine", "queries", "about", "state", "read at", "rows", "rejected", "place"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.engine.to_owned(),
            self.queries.join(" "),
            self.organizations.to_string(),
            self.state.clone(),
            self.read_at.map_or_else(|| "-".to_owned(), |at| format!("{at:.0}")),
            show::or_dash(self.rows),
            show::or_dash(self.rejected),
            self.place.clone(),
        ]
    }
}

impl Listed for QueryChecked {
    const HEAD: &'static [&'static str] =
        &["query", "rows", "new or changed", "rejected", "columns"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.kind.to_owned(),
            show::or_dash(self.rows),
            show::or_dash(self.would_write),
            self.rejected.to_string(),
            self.columns.join(", "),
        ]
    }
}

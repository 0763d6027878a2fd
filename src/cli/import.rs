//! `brief import`: files in, events out.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;

use crate::import::{self, FileReport, ImportOptions};

use super::progress::Progress;
use super::{Context, Listed, parsers};

/// Arguments of `brief import`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief import data/                             every CSV and JSON file of a directory
  brief import gaps.csv --dry-run                what would change
  brief import export.csv --map ours.toml        a file with other columns and words
  brief import gaps.csv --strict                 all rows or none

A file is one transaction and one batch; `brief imports void ID` takes a batch back. Importing the
same state again changes nothing; a changed state is compared, and the changes become events.")]
pub struct Args {
    /// Files or directories, CSV or JSON.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// A TOML file that renames columns, translates values, sets defaults and skips rows.
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Say what would change, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Refuse a whole file when one of its rows is rejected.
    #[arg(long)]
    pub strict: bool,
    /// Record what is new as if it had been told at TIME, RFC 3339; the default is now.
    #[arg(long, value_name = "TIME", value_parser = parsers::instant)]
    pub recorded_at: Option<Timestamp>,
    /// Directory of the rejects files; the default is the working directory.
    #[arg(long, value_name = "DIR")]
    pub rejects: Option<PathBuf>,
}

/// Imports files and prints what came of each; exit code 1 where one was refused.
///
/// # Errors
/// Nothing was written: a path, the map or a header makes no sense, or a file cannot be read.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let db = ctx.db().await?;
    let total = args.paths.iter().map(|path| bytes_of(path)).sum();
    let options = ImportOptions {
        paths: args.paths,
        map: args.map,
        dry_run: args.dry_run,
        strict: args.strict,
        recorded_at: args.recorded_at,
        rejects: args.rejects,
        constants: ctx.settings.model.clone(),
    };
    let progress = Progress::begin(&ctx.output, "Importing bytes", total);
    let report = import::run(db, &*ctx.clock, &options, &mut |bytes| progress.advance(bytes)).await;
    progress.finish();
    let report = report?;
    if ctx.output.json {
        ctx.output.value(&report)?;
    } else {
        ctx.output.listing(&report.files, "")?;
        report.remarks().iter().try_for_each(|line| ctx.output.line(line))?;
    }
    Ok(if report.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The bytes of a file or of the files of a directory; only for the progress bar.
fn bytes_of(path: &Path) -> u64 {
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |m| m.len());
    if !path.is_dir() {
        return length(path);
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|e| e.path()).filter(|p| p.is_file()).map(|p| length(&p)).sum()
}

impl Listed for FileReport {
    const HEAD: &'static [&'static str] = &[
        "file",
        "kind",
        "read",
        "written",
        "unchanged",
        "skipped",
        "rejected",
        "back-dated",
        "events",
        "import",
    ];
    const WHOLE: &'static [usize] = &[0, 9];

    fn cells(&self) -> Vec<String> {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let mut cells = vec![name.into_owned(), self.kind.to_owned()];
        let counts = [
            self.read,
            self.written,
            self.unchanged,
            self.skipped,
            self.rejected,
            self.backdated,
            self.events,
        ];
        cells.extend(counts.iter().map(u64::to_string));
        cells.push(self.batch.clone().unwrap_or_else(|| "-".to_owned()));
        cells
    }
}

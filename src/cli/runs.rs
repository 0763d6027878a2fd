//! `brief runs`: the weeks, and whether everything expected is accounted for.

use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value;

use crate::engine::prove::Proof;
use crate::store::runs::{Count, RunRow};

use super::{Context, Listed, parsers, show};

/// Arguments of `brief runs`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief runs             every week, newest first
  brief runs 2026-W48    one week by state and reason

A run is closed when expected = sent + skipped + failed + expired + cancelled + held + queued +
handing_over + uncertain, and nothing that is due is still on its way.")]
pub struct Args {
    /// The run to look into: an ISO week, as in 2026-W48.
    #[arg(value_name = "ID", value_parser = parsers::week)]
    id: Option<String>,
    /// How many runs to list, newest first.
    #[arg(long, value_name = "N", default_value_t = 52)]
    limit: u32,
}

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    state: &'static str,
    expected: i64,
    counts: Value,
    opened_at: String,
    closed_at: Option<String>,
    last_checked_at: Option<String>,
}

impl From<RunRow> for Row {
    fn from(row: RunRow) -> Self {
        Self {
            state: if row.closed_at.is_some() { "closed" } else { "open" },
            // What cannot be read is shown as it stands rather than hidden.
            counts: serde_json::from_str(&row.counts).unwrap_or(Value::String(row.counts)),
            id: row.iso_week,
            expected: row.expected,
            opened_at: show::instant(row.opened_at),
            closed_at: show::instant_if(row.closed_at),
            last_checked_at: show::instant_if(row.last_checked_at),
        }
    }
}

impl Listed for Row {
    const HEAD: &'static [&'static str] =
        &["run", "state", "expected", "opened", "closed", "last checked"];
    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.state.to_owned(),
            self.expected.to_string(),
            self.opened_at.clone(),
            show::or_dash(self.closed_at.as_ref()),
            show::or_dash(self.last_checked_at.as_ref()),
        ]
    }
}

#[derive(Debug, Serialize)]
struct CountRow {
    kind: String,
    state: String,
    reason: String,
    deliveries: i64,
    due: i64,
    resends: i64,
    next_at: Option<String>,
}

impl From<Count> for CountRow {
    fn from(count: Count) -> Self {
        Self {
            kind: count.kind,
            state: count.state,
            reason: count.reason,
            deliveries: count.deliveries,
            due: count.due,
            resends: count.resends,
            next_at: show::instant_if(count.next_at),
        }
    }
}

impl Listed for CountRow {
    const HEAD: &'static [&'static str] =
        &["state", "reason", "deliveries", "due now", "resent", "next at"];
    fn cells(&self) -> Vec<String> {
        let state = match self.kind.as_str() {
            "brief" => self.state.clone(),
            other => format!("{} ({other})", self.state),
        };
        let reason = if self.reason.is_empty() { "-" } else { &self.reason };
        vec![
            state,
            reason.to_owned(),
            self.deliveries.to_string(),
            self.due.to_string(),
            self.resends.to_string(),
            show::or_dash(self.next_at.as_ref()),
        ]
    }
}

/// Lists runs, or prints one.
///
/// # Errors
/// A week that was never run.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let db = ctx.db().await?;
    let Some(id) = args.id else {
        let rows = db.runs("", i64::from(args.limit)).await?;
        let rows: Vec<Row> = rows.into_iter().map(Row::from).collect();
        ctx.output.listing(&rows, "There was no run yet; `brief run --once` does one.")?;
        return Ok(ExitCode::SUCCESS);
    };
    let run = db.runs(&id, 1).await?.into_iter().next();
    let run = run
        .map(Row::from)
        .ok_or_else(|| anyhow::anyhow!("there is no run {id}; `brief runs` lists every one"))?;
    let now = ctx.clock.now();
    let late_before = ctx.settings.alerts.late_before(now);
    let counts = db.counts(&id, now.as_millisecond(), late_before).await?;
    let proof = Proof::of(&id, run.expected, counts.clone());
    let counts: Vec<CountRow> = counts.into_iter().map(CountRow::from).collect();
    if ctx.output.json {
        ctx.output.value(&serde_json::json!({ "run": run, "deliveries": counts }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let closed = show::or_dash(run.closed_at.as_ref());
    ctx.output.line(format_args!("Run {}, opened {}, closed {closed}.", run.id, run.opened_at))?;
    ctx.output.line(super::run::equation(&proof))?;
    ctx.output.listing(&counts, "No delivery was planned for it yet.")?;
    Ok(ExitCode::SUCCESS)
}

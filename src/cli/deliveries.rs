//! `brief deliveries`: what happened to each mail, and acting on single ones.

use std::process::ExitCode;

use clap::Subcommand;
use serde::Serialize;

use crate::domain::codes::DeliveryState;
use crate::store::Db;
use crate::store::deliveries::DeliveryRow;

use super::{Context, Listed, parsers, show};

/// Arguments of `brief deliveries`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  brief deliveries --state failed --week 2026-W48
  brief deliveries retry 0193f0c2-7a10-7c3e-9a51-5d0f5d2a1b77
  brief deliveries cancel 0193f0c2-7a10-7c3e-9a51-5d0f5d2a1b77 --why \"left the company\"

States: held, queued, handing_over, sent, failed, uncertain, skipped, expired, cancelled.")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Only deliveries in this state.
    #[arg(long, value_name = "STATE", value_parser = parsers::state)]
    state: Option<DeliveryState>,
    /// Only deliveries of this ISO week, as in 2026-W48.
    #[arg(long, value_name = "WEEK", value_parser = parsers::week)]
    week: Option<String>,
    /// How many to show, newest week first.
    #[arg(long, value_name = "N", default_value_t = 200)]
    limit: u32,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Queue failed, uncertain or deferred deliveries again, due at once.
    Retry {
        /// Ids of deliveries.
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
    /// End deliveries that have not left.
    Cancel {
        /// Ids of deliveries.
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
        /// Why, for the proof and for whoever asks later.
        #[arg(long, value_name = "TEXT", default_value = "cancelled by the operator")]
        why: String,
    },
}

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    iso_week: String,
    kind: String,
    organization: Option<String>,
    role: String,
    email: Option<String>,
    edition: Option<String>,
    subject: Option<String>,
    state: String,
    reason: Option<String>,
    send_at: String,
    next_attempt_at: Option<String>,
    handed_over_at: Option<String>,
    attempts: i64,
    resends: i64,
    message_id: Option<String>,
}

impl From<DeliveryRow> for Row {
    fn from(row: DeliveryRow) -> Self {
        Self {
            id: row.id,
            iso_week: row.iso_week,
            kind: row.kind,
            organization: row.organization,
            role: row.role,
            email: row.email,
            edition: row.edition,
            subject: row.subject,
            state: row.state,
            reason: row.reason,
            send_at: show::instant(row.send_at),
            next_attempt_at: show::instant_if(row.next_attempt_at),
            handed_over_at: show::instant_if(row.handed_over_at),
            attempts: row.attempts,
            resends: row.resends,
            message_id: row.message_id,
        }
    }
}

impl Listed for Row {
    const HEAD: &'static [&'static str] =
        &["id", "week", "organization", "to", "state", "reason", "due", "tries"];
    const WHOLE: &'static [usize] = &[0, 1, 4];
    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.iso_week.clone(),
            show::or_dash(self.organization.as_ref()),
            self.email.clone().unwrap_or_else(|| "(forgotten)".to_owned()),
            self.state.clone(),
            show::or_dash(self.reason.as_ref()),
            self.next_attempt_at.clone().unwrap_or_else(|| self.send_at.clone()),
            (self.attempts + self.resends).to_string(),
        ]
    }
}

/// Lists deliveries, queues some again, or ends some.
///
/// # Errors
/// A delivery that does not exist or whose state forbids it; those before it in the list are done.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let db = ctx.db().await?;
    let now = ctx.clock.now().as_millisecond();
    let rows = match args.command {
        None => {
            let state = args.state.map_or("", DeliveryState::as_str);
            let week = args.week.as_deref().unwrap_or_default();
            let rows = db.deliveries(state, week, i64::from(args.limit)).await?;
            let rows: Vec<Row> = rows.into_iter().map(Row::from).collect();
            ctx.output.listing(&rows, "There are no such deliveries.")?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(Command::Retry { ids }) => {
            each(ctx, db, &ids, "Queued again", async |db, id| db.retry_by_hand(id, now).await)
                .await?
        }
        Some(Command::Cancel { ids, why }) => {
            each(ctx, db, &ids, "Cancelled", async |db, id| db.cancel_by_hand(id, &why, now).await)
                .await?
        }
    };
    if ctx.output.json {
        ctx.output.value(&rows)?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn each<F>(
    ctx: &Context,
    db: &Db,
    ids: &[String],
    done: &str,
    act: F,
) -> anyhow::Result<Vec<Row>>
where
    F: AsyncFn(&Db, &str) -> Result<DeliveryRow, crate::store::StoreError>,
{
    let mut rows = Vec::new();
    for id in ids {
        rows.push(Row::from(act(db, id).await?));
        ctx.output.note(format_args!("{done}: {id}."))?;
    }
    Ok(rows)
}

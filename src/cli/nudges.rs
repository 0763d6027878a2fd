//! `brief nudges`: what was drafted between two briefs, and what became of it (MODEL 6.6).

use std::process::ExitCode;

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::nudge::NudgeState;
use crate::store::nudges::{BoardRow, Order, Wanted};
use crate::store::organizations;

use super::{Context, Listed, parsers, show};

/// Arguments of `brief nudges`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief nudges --state uncertain
  brief nudges --organization northfield-supply --limit 20
  brief nudges --json | jq '.[] | select(.outcome == \"moved\")'

States: drafted, held_back, approved, handing_over, sent, answered, uncertain, refused, expired, skipped.
Consultants decide about them at /desk/nudges.")]
pub struct Args {
    /// Only nudges in this state.
    #[arg(long, value_name = "STATE", value_parser = parsers::nudge_state)]
    state: Option<NudgeState>,
    /// Only nudges about this organization.
    #[arg(long, value_name = "ORG")]
    organization: Option<String>,
    /// How many to show, newest first.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u32,
}

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    organization: String,
    gap: Option<String>,
    consultant: String,
    to: Option<String>,
    state: String,
    why: Option<String>,
    text: String,
    created_at: String,
    send_from: Option<String>,
    expires_at: Option<String>,
    sent_at: Option<String>,
    answered_at: Option<String>,
    outcome: Option<String>,
    decided_by: Option<String>,
}

impl From<BoardRow> for Row {
    fn from(row: BoardRow) -> Self {
        Self {
            id: row.id,
            organization: row.slug,
            gap: row.gap,
            consultant: row.consultant,
            to: row.recipient,
            state: row.state,
            why: row.why,
            text: row.text,
            created_at: show::instant(row.created_at),
            send_from: show::instant_if(row.send_from),
            expires_at: show::instant_if(row.expires_at),
            sent_at: show::instant_if(row.sent_at),
            answered_at: show::instant_if(row.answered_at),
            outcome: row.outcome,
            decided_by: row.decided_by,
        }
    }
}

impl Listed for Row {
    const HEAD: &'static [&'static str] =
        &["id", "organization", "gap", "to", "state", "why", "sent", "words"];
    const WHOLE: &'static [usize] = &[0, 1, 4];
    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.organization.clone(),
            show::or_dash(self.gap.as_ref()),
            show::or_dash(self.to.as_ref()),
            self.state.clone(),
            show::or_dash(self.why.as_ref()),
            show::or_dash(self.sent_at.as_ref()),
            self.text.clone(),
        ]
    }
}

/// Lists nudges, newest first.
///
/// # Errors
/// An organization that is not known; as any read.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let db = ctx.db().await?;
    let organization = match &args.organization {
        Some(name) => Some([organizations::find(db, name).await?.id]),
        None => None,
    };
    let states: Vec<&str> = match args.state {
        Some(state) => vec![state.as_str()],
        None => NudgeState::ALL.iter().map(|state| state.as_str()).collect(),
    };
    let wanted = Wanted {
        organizations: organization.as_ref().map(<[String; 1]>::as_slice),
        states: &states,
        since: Timestamp::MIN,
        order: Order::Newest,
        limit: i64::from(args.limit),
    };
    let rows: Vec<Row> = db.nudge_board(&wanted).await?.into_iter().map(Row::from).collect();
    ctx.output.listing(&rows, "There are no such nudges.")?;
    Ok(ExitCode::SUCCESS)
}

//! `brief audit`: who wrote what, by which way.

use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value;

use crate::store::organizations;
use crate::store::records::Audit;

use super::{Context, Listed, show};

/// Characters of what changed in a table; all of it stands in JSON.
const DETAIL_SHOWN: usize = 60;

/// Arguments of `brief audit`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief audit
  brief audit --organization northfield-supply --limit 20
  brief audit --json | jq '.[] | select(.action == \"gap.change\")'

Every write by a page, a mail's link, a program's token or a pull is here, with what it was before and
after. Nothing is ever removed from it.")]
pub struct Args {
    /// Only what is about this organization.
    #[arg(long, value_name = "ORG")]
    organization: Option<String>,
    /// Only what is older than the row with this id.
    #[arg(long, value_name = "ID")]
    before: Option<String>,
    /// How many to show.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u32,
}

#[derive(Debug, Serialize)]
struct Row {
    recorded_at: String,
    actor: String,
    way: String,
    action: String,
    subject: String,
    detail: Value,
    organization_id: Option<String>,
    person_id: Option<String>,
    id: String,
}

impl From<Audit> for Row {
    fn from(row: Audit) -> Self {
        Self {
            recorded_at: show::instant(row.recorded_at),
            actor: row.actor,
            way: row.way,
            action: row.action,
            subject: row.subject,
            detail: serde_json::from_str(&row.detail).unwrap_or(Value::String(row.detail)),
            organization_id: row.organization_id,
            person_id: row.person_id,
            id: row.id,
        }
    }
}

impl Listed for Row {
    const HEAD: &'static [&'static str] =
        &["when", "who", "way", "action", "about", "what changed"];
    fn cells(&self) -> Vec<String> {
        let detail = match &self.detail {
            Value::Null => "-".to_owned(),
            detail => detail.to_string().chars().take(DETAIL_SHOWN).collect(),
        };
        vec![
            self.recorded_at.clone(),
            self.actor.clone(),
            self.way.clone(),
            self.action.clone(),
            self.subject.clone(),
            detail,
        ]
    }
}

/// Shows the log, newest first.
///
/// # Errors
/// An organization that is not known; as any read.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let db = ctx.db().await?;
    let organization = match &args.organization {
        Some(name) => Some(organizations::find(db, name).await?.id),
        None => None,
    };
    let (before, limit) = (args.before.as_deref(), i64::from(args.limit));
    let rows = db.audit_log(organization.as_deref(), before, limit).await?;
    let rows: Vec<Row> = rows.into_iter().map(Row::from).collect();
    ctx.output.listing(&rows, "Nothing was written by a page, a mail, a program or a pull yet.")?;
    Ok(ExitCode::SUCCESS)
}

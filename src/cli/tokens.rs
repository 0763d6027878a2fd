//! `brief tokens`: which programs may use the API, and for what.

use std::collections::HashMap;
use std::process::ExitCode;

use clap::Subcommand;
use jiff::SignedDuration;
use serde::Serialize;

use crate::domain::grants::Grants;
use crate::engine::tokens::NewToken;
use crate::store::audit::{Actor, Way};
use crate::store::records::ApiToken;
use crate::store::{Db, organizations};

use super::{Context, Listed, parsers, show};

/// Arguments of `brief tokens`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief tokens
  brief tokens add warehouse --scope read
  brief tokens add ticket-system --scope write:gaps --scope read:facts --organization northfield-supply
  brief tokens add nightly-export --scope read --expires 365d
  brief tokens revoke warehouse

Scopes are read:RESOURCE and write:RESOURCE, with organizations, implementations, gaps, assessments,
facts (read only), people, subscriptions, editions, deliveries and suppressions; read and write alone
mean all of them. Who may write may read. Addresses of people are shown to read:people only.")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show every token, without what opens.
    List,
    /// Make a token and print it, this once.
    Add {
        /// What the program is called, in histories and in the audit log.
        name: String,
        /// What it may; give it once for each scope.
        #[arg(long, required = true, value_name = "SCOPE")]
        scope: Vec<String>,
        /// The one organization that it sees, by its slug or external id; all without it.
        #[arg(long, value_name = "ORG")]
        organization: Option<String>,
        /// For how long it is good: days such as 90d, or hours such as 12h; at most 731 days.
        #[arg(long, value_name = "SPAN", default_value = "90d", value_parser = parsers::span)]
        expires: SignedDuration,
    },
    /// End a token at once, by its name or id.
    Revoke {
        /// Its name, or its id.
        name: String,
    },
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    scopes: String,
    organization: Option<String>,
    state: &'static str,
    expires_at: String,
    last_used_at: Option<String>,
    created_by: String,
    created_at: String,
    revoked_at: Option<String>,
    id: String,
}

impl Row {
    fn of(row: ApiToken, slugs: &HashMap<String, String>, now: i64) -> Self {
        let state = match &row {
            row if row.revoked_at.is_some() => "revoked",
            row if row.expires_at <= now => "expired",
            _ => "good",
        };
        let slug = |id: String| slugs.get(&id).cloned().unwrap_or(id);
        Self {
            state,
            name: row.name,
            scopes: row.scopes,
            organization: row.organization_id.map(slug),
            expires_at: show::instant(row.expires_at),
            last_used_at: show::instant_if(row.last_used_at),
            created_by: row.created_by,
            created_at: show::instant(row.created_at),
            revoked_at: show::instant_if(row.revoked_at),
            id: row.id,
        }
    }
}

impl Listed for Row {
    const HEAD: &'static [&'static str] =
        &["name", "state", "organization", "expires", "last used", "scopes"];
    fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.state.to_owned(),
            self.organization.clone().unwrap_or_else(|| "all".to_owned()),
            self.expires_at.clone(),
            self.last_used_at.clone().unwrap_or_else(|| "never".to_owned()),
            self.scopes.clone(),
        ]
    }
}

/// Lists, makes and revokes tokens.
///
/// # Errors
/// A scope, a name or an organization that will not do, with what would be right.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let (engine, now) = (ctx.engine().await?, ctx.clock.now());
    let actor = Actor { person_id: None, name: "command".to_owned(), way: Way::Command };
    match args.command.unwrap_or(Command::List) {
        Command::List => {
            let slugs = slugs(&engine.db).await?;
            let tokens = engine.db.api_tokens().await?.into_iter();
            let rows: Vec<Row> =
                tokens.map(|row| Row::of(row, &slugs, now.as_millisecond())).collect();
            ctx.output.listing(&rows, "There are no tokens yet; `brief tokens add` makes one.")?;
        }
        Command::Add { name, scope, organization, expires } => {
            let grants = Grants::of(scope.iter().map(String::as_str))
                .map_err(|error| anyhow::anyhow!("--scope: {error}"))?;
            let new = NewToken { name, grants, organization, good_for: expires };
            let (shown, row) = engine.add_token(&new, &actor, now).await?;
            let (until, scopes) = (show::instant(row.expires_at), &row.scopes);
            ctx.output.note(format!(
                "Made the token {:?}, good until {until}, for: {scopes}. This is the only time it is shown:",
                row.name
            ))?;
            let value = serde_json::json!({
                "token": shown, "id": row.id, "name": row.name, "scopes": scopes, "expires_at": until,
            });
            if ctx.output.json { ctx.output.value(&value)? } else { ctx.output.line(&shown)? }
        }
        Command::Revoke { name } => {
            let (row, is_new) = engine.revoke_token(&name, &actor, now).await?;
            let sentence = if is_new {
                format!("Revoked {:?}: it opens nothing any more.", row.name)
            } else {
                format!("{:?} was revoked already.", row.name)
            };
            let value = serde_json::json!({ "id": row.id, "revoked": true, "is_new": is_new });
            ctx.output.done(sentence, &value)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The slugs of all organizations, by row id.
async fn slugs(db: &Db) -> anyhow::Result<HashMap<String, String>> {
    let all = organizations::list(db).await?;
    Ok(all.into_iter().map(|organization| (organization.id, organization.slug)).collect())
}

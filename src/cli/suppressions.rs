//! `brief suppressions`: addresses that get no mail, whoever asks for it.

use std::process::ExitCode;

use clap::Subcommand;
use jiff::Timestamp;
use serde::Serialize;

use crate::domain::address::EmailAddress;
use crate::domain::bounce::SuppressionReason;
use crate::domain::line::is_unprintable;
use crate::store::address_hash::AddressHash;
use crate::store::suppressions::SuppressionRow;

use super::{Context, Listed, parsers, show};

/// Characters of the hash in a table: enough to tell rows apart.
const HASH_SHOWN: usize = 12;

/// Arguments of `brief suppressions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief suppressions
  brief suppressions list --reason hard_bounce --lifted
  brief suppressions add d.ruiz@northfield.example --reason operator --why \"asked by phone\"
  brief suppressions lift d.ruiz@northfield.example --why \"the mailbox was repaired\"

Reasons: soft_bounces, hard_bounce, complaint, unsubscribed_all, operator, forgotten. The list holds
hashes of addresses: an address is shown where a person has it.")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the list, newest first.
    List {
        /// Only those for this reason.
        #[arg(long, value_name = "REASON", value_parser = parsers::reason)]
        reason: Option<SuppressionReason>,
        /// Only those of this address.
        #[arg(long, value_name = "ADDRESS", value_parser = parsers::address)]
        email: Option<EmailAddress>,
        /// Those that were lifted, too.
        #[arg(long)]
        lifted: bool,
        /// How many to show.
        #[arg(long, value_name = "N", default_value_t = 200)]
        limit: u32,
    },
    /// Suppress an address, whether anybody has it yet or not.
    Add {
        /// The address.
        #[arg(value_parser = parsers::address)]
        email: EmailAddress,
        /// Why, as one of the reasons.
        #[arg(long, value_name = "REASON", default_value = "operator", value_parser = parsers::reason)]
        reason: SuppressionReason,
        /// Why, in words for whoever asks later.
        #[arg(long, value_name = "TEXT", value_parser = words)]
        why: Option<String>,
        /// When it ends by itself, RFC 3339; for good without it.
        #[arg(long, value_name = "TIME", value_parser = parsers::instant)]
        until: Option<Timestamp>,
    },
    /// Let an address get mail again.
    Lift {
        /// The address.
        #[arg(value_parser = parsers::address)]
        email: EmailAddress,
        /// Why, for whoever asks later.
        #[arg(long, value_name = "TEXT", value_parser = words)]
        why: String,
    },
}

/// Reads words of one line.
fn words(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("it must not be empty".to_owned()),
        text if text.chars().any(is_unprintable) => {
            Err("it must not hold line breaks or control characters".to_owned())
        }
        text if text.contains('@') => {
            Err("it must hold no address: the list is kept when a person is forgotten".to_owned())
        }
        text => Ok(text.to_owned()),
    }
}

#[derive(Debug, Serialize)]
struct Row {
    email: Option<String>,
    address_sha256: String,
    reason: String,
    detail: Option<String>,
    source: String,
    since: String,
    expires_at: Option<String>,
    lifted_at: Option<String>,
    lifted_why: Option<String>,
    id: String,
}

impl From<SuppressionRow> for Row {
    fn from(row: SuppressionRow) -> Self {
        Self {
            email: row.address().map(str::to_owned),
            address_sha256: row.address_sha256,
            reason: row.reason,
            detail: row.detail,
            source: row.source,
            since: show::instant(row.since),
            expires_at: show::instant_if(row.expires_at),
            lifted_at: show::instant_if(row.lifted_at),
            lifted_why: row.lifted_why,
            id: row.id,
        }
    }
}

impl Listed for Row {
    const HEAD: &'static [&'static str] =
        &["address", "reason", "detail", "source", "since", "until", "lifted"];
    fn cells(&self) -> Vec<String> {
        let hash = || format!("sha256 {}", &self.address_sha256[..HASH_SHOWN]);
        vec![
            self.email.clone().unwrap_or_else(hash),
            self.reason.clone(),
            show::or_dash(self.detail.as_ref()),
            self.source.clone(),
            self.since.clone(),
            show::or_dash(self.expires_at.as_ref()),
            show::or_dash(self.lifted_at.as_ref()),
        ]
    }
}

/// Lists, adds and lifts.
///
/// # Errors
/// An address that is not suppressed, and what the store refuses.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let all = Command::List { reason: None, email: None, lifted: false, limit: 200 };
    let (db, now) = (ctx.db().await?, ctx.clock.now());
    match args.command.unwrap_or(all) {
        Command::List { reason, email, lifted, limit } => {
            let address = email.as_ref().map(AddressHash::of);
            let rows = db.suppressions(lifted, address.as_ref(), reason, i64::from(limit)).await?;
            let rows: Vec<Row> = rows.into_iter().map(Row::from).collect();
            ctx.output.listing(&rows, "No address is suppressed.")?;
        }
        Command::Add { email, reason, why, until } => {
            if until.is_some_and(|until| until <= now) {
                anyhow::bail!(
                    "--until lies in the past; name an instant that is to come, or leave it out"
                );
            }
            let (until, why) = (until.map(Timestamp::as_millisecond), why.as_deref());
            let now = now.as_millisecond();
            let is_new = db.suppress_by_hand(&email, reason, why, now, until).await?;
            let sentence = if is_new {
                format!("Suppressed {email}: it gets no mail until `brief suppressions lift`.")
            } else {
                format!("{email} was suppressed already.")
            };
            let value =
                serde_json::json!({ "suppressed": true, "is_new": is_new, "reason": reason });
            ctx.output.done(sentence, &value)?;
        }
        Command::Lift { email, why } => {
            db.lift_by_hand(&email, &why, now.as_millisecond()).await?;
            let sentence = format!("Lifted: {email} may get mail again.");
            ctx.output.done(sentence, &serde_json::json!({ "lifted": true }))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

//! `brief people`: the only place where addresses are.

use std::collections::HashMap;
use std::process::ExitCode;

use clap::Subcommand;
use serde::Serialize;

use crate::domain::address::EmailAddress;
use crate::domain::line::DisplayName;
use crate::store::address_hash::AddressHash;
use crate::store::people::{self, NewPerson, PersonChange};
use crate::store::records;

use super::{Context, Listed, parsers, show};

/// Arguments of `brief people`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief people
  brief people add d.ruiz@northfield.example --name \"D. Ruiz\" --time-zone America/Chicago
  brief people change d.ruiz@northfield.example --email dana.ruiz@northfield.example
  brief people end d.ruiz@northfield.example --yes")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show everyone.
    List,
    /// Add a person; nothing is sent before a subscription of theirs is confirmed.
    Add {
        /// Where mail reaches them.
        #[arg(value_parser = parsers::address)]
        email: EmailAddress,
        #[command(flatten)]
        about: About,
    },
    /// Change what is named and leave the rest as it is.
    Change {
        /// The address they are known by now.
        #[arg(value_parser = parsers::address)]
        email: EmailAddress,
        /// Their new address.
        #[arg(long = "email", value_name = "ADDRESS", value_parser = parsers::address)]
        new_email: Option<EmailAddress>,
        #[command(flatten)]
        about: About,
    },
    /// Forget a person for good: the address and the name are erased, all they get ends.
    #[command(visible_alias = "forget")]
    End {
        /// The address they are known by.
        #[arg(value_parser = parsers::address)]
        email: EmailAddress,
        /// Yes, erase it; there is no way back.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, clap::Args)]
struct About {
    /// Their name, as they are greeted.
    #[arg(long, value_parser = parsers::name)]
    name: Option<DisplayName>,
    /// Their time zone, an IANA name, where it differs from the organization's.
    #[arg(long, value_name = "ZONE", value_parser = parsers::zone)]
    time_zone: Option<String>,
    /// Their language, a tag such as en.
    #[arg(long, value_name = "TAG", value_parser = parsers::locale)]
    locale: Option<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    email: Option<String>,
    name: String,
    time_zone: Option<String>,
    locale: String,
    created_at: String,
    forgotten_at: Option<String>,
    /// Why the address gets no mail.
    suppressed_reason: Option<String>,
    id: String,
}

impl Row {
    /// A person, with what the list of suppressed addresses says.
    fn of(row: records::Person, suppressed: &HashMap<String, String>) -> Self {
        let hash = row.email_canonical.as_deref().map(AddressHash::of_key);
        let suppressed_reason = hash.and_then(|hash| suppressed.get(hash.as_str()).cloned());
        Self {
            suppressed_reason,
            email: row.email,
            name: row.name,
            time_zone: row.time_zone,
            locale: row.locale,
            created_at: show::instant(row.created_at),
            forgotten_at: show::instant_if(row.forgotten_at),
            id: row.id,
        }
    }
}

impl Listed for Row {
    const HEAD: &'static [&'static str] =
        &["email", "name", "time zone", "locale", "since", "suppressed"];
    fn cells(&self) -> Vec<String> {
        vec![
            self.email.clone().unwrap_or_else(|| "(forgotten)".to_owned()),
            self.name.clone(),
            show::or_dash(self.time_zone.as_ref()),
            self.locale.clone(),
            self.created_at.clone(),
            show::or_dash(self.suppressed_reason.as_ref()),
        ]
    }
}

/// Lists, adds, changes and forgets people.
///
/// # Errors
/// What the store refuses, with the field and what would be right.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let db = ctx.db().await?;
    let now = ctx.clock.now();
    let (done, row) = match args.command.unwrap_or(Command::List) {
        Command::List => {
            let (people, suppressed) = (people::list(db).await?, db.suppressed().await?);
            let rows: Vec<Row> = people.into_iter().map(|row| Row::of(row, &suppressed)).collect();
            let empty = "There is nobody yet; `brief people add` or `brief import` makes someone.";
            ctx.output.listing(&rows, empty)?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Add { email, about } => {
            let About { name, time_zone, locale } = about;
            let new = NewPerson { email, name, time_zone, locale };
            ("Added", people::add(db, new, now).await?)
        }
        Command::Change { email, new_email, about } => {
            let change = PersonChange {
                email: new_email,
                name: about.name,
                time_zone: about.time_zone.map(Some),
                locale: about.locale,
            };
            ("Changed", people::change(db, &email, change).await?)
        }
        Command::End { email, yes } => return forget(ctx, &email, yes).await,
    };
    let sentence = format!("{done} {}.", show::or_dash(row.email.as_ref()));
    ctx.output.done(sentence, &Row::of(row, &db.suppressed().await?))?;
    Ok(ExitCode::SUCCESS)
}

async fn forget(ctx: &Context, email: &EmailAddress, yes: bool) -> anyhow::Result<ExitCode> {
    if !yes {
        anyhow::bail!(
            "this erases the address and the name of {email} and ends all they get, with no way \
             back; repeat it with --yes"
        );
    }
    people::forget(ctx.db().await?, email, ctx.clock.now()).await?;
    let sentence =
        format!("Forgot {email}: the address and the name are erased, all they got ended.");
    ctx.output.done(sentence, &serde_json::json!({ "forgotten": true }))?;
    Ok(ExitCode::SUCCESS)
}

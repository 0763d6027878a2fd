//! `brief subscriptions`: who gets what, and when.

use std::process::ExitCode;

use clap::Subcommand;
use jiff::civil::Date;
use serde::Serialize;

use crate::config::weekday_name;
use crate::domain::address::EmailAddress;
use crate::domain::codes::{QuietChoice, Role};
use crate::domain::line::DisplayName;
use crate::store::confirmations::{Asked, Wanted};
use crate::store::subscriptions::{self, NewSubscription, SubscriptionChange};

use super::{Context, Listed, parsers, show};

/// Arguments of `brief subscriptions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief subscriptions list --organization northfield
  brief subscriptions add coo@northfield.example --organization northfield --confirmed
  brief subscriptions invite cfo@northfield.example --organization northfield
  brief subscriptions add a.mendel@advisor.example --role consultant --confirmed
  brief subscriptions change ID --weekday tue --hour 8 --quiet-weeks skip
  brief subscriptions end ID

Nothing is sent to a subscription that is not confirmed. An invitation is one mail with a link by which
its reader confirms.")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show subscriptions, ended ones included.
    List {
        /// Only those about this organization.
        #[arg(long, value_name = "ORG")]
        organization: Option<String>,
        /// Only those of the person with this address.
        #[arg(long, value_name = "ADDRESS", value_parser = parsers::address)]
        email: Option<EmailAddress>,
    },
    /// Add a subscription, and the person where the address is new.
    Add(Add),
    /// Invite somebody: one mail asks them to confirm, and nothing else is sent before.
    Invite(Who),
    /// Change what is named and leave the rest as it is.
    Change(Change),
    /// End a subscription for good.
    End {
        /// Id of the subscription.
        id: String,
    },
}

#[derive(Debug, clap::Args)]
struct Add {
    #[command(flatten)]
    who: Who,
    /// They have agreed, and you can show it; without it nothing is sent.
    #[arg(long)]
    confirmed: bool,
}

/// Who gets what, and when.
#[derive(Debug, clap::Args)]
struct Who {
    /// Where the mail goes.
    #[arg(value_parser = parsers::address)]
    email: EmailAddress,
    /// The organization, by its slug; not for consultants and public readers.
    #[arg(long, value_name = "ORG")]
    organization: Option<String>,
    /// What they are to it: leader, owner, reader, consultant or public.
    #[arg(long, default_value = "leader", value_parser = parsers::role)]
    role: Role,
    /// Their name, where they are new.
    #[arg(long, value_parser = parsers::name)]
    name: Option<DisplayName>,
    #[command(flatten)]
    slot: Slot,
    /// What they get in a week without movement: full, line or skip.
    #[arg(long, value_name = "CHOICE", default_value = "full", value_parser = parsers::quiet)]
    quiet_weeks: QuietChoice,
}

#[derive(Debug, clap::Args)]
struct Change {
    /// Id of the subscription.
    id: String,
    #[command(flatten)]
    slot: Slot,
    /// What they get in a week without movement: full, line or skip.
    #[arg(long, value_name = "CHOICE", value_parser = parsers::quiet)]
    quiet_weeks: Option<QuietChoice>,
    /// First day without mail, as in 2026-12-21.
    #[arg(long, value_name = "DATE", requires = "pause_until")]
    pause_from: Option<Date>,
    /// First day with mail again.
    #[arg(long, value_name = "DATE", requires = "pause_from")]
    pause_until: Option<Date>,
    /// End a pause now.
    #[arg(long, conflicts_with = "pause_from")]
    no_pause: bool,
    /// They have agreed, and you can show it.
    #[arg(long)]
    confirmed: bool,
}

#[derive(Debug, clap::Args)]
struct Slot {
    /// The weekday on which they get it.
    #[arg(long, value_name = "DAY", value_parser = parsers::weekday, requires = "hour")]
    weekday: Option<i64>,
    /// The hour at which they get it, 0 to 23, their local time.
    #[arg(long, requires = "weekday", value_parser = clap::value_parser!(i64).range(0..=23))]
    hour: Option<i64>,
}

impl Slot {
    fn both(&self) -> Option<(i64, i64)> {
        self.weekday.zip(self.hour)
    }
}

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    email: Option<String>,
    name: String,
    organization: Option<String>,
    role: String,
    weekday: Option<&'static str>,
    hour: Option<i64>,
    quiet: String,
    state: &'static str,
    pause_from: Option<String>,
    pause_until: Option<String>,
    confirmed_at: Option<String>,
    unsubscribed_at: Option<String>,
    ended_at: Option<String>,
    suppressed_reason: Option<String>,
}

impl From<subscriptions::Listed> for Row {
    fn from(row: subscriptions::Listed) -> Self {
        Self {
            state: state(&row),
            id: row.id,
            email: row.email,
            name: row.name,
            organization: row.organization,
            role: row.role,
            weekday: row.weekday.map(weekday_name),
            hour: row.hour,
            quiet: row.quiet,
            pause_from: row.pause_from,
            pause_until: row.pause_until,
            confirmed_at: show::instant_if(row.confirmed_at),
            unsubscribed_at: show::instant_if(row.unsubscribed_at),
            ended_at: show::instant_if(row.ended_at),
            suppressed_reason: row.suppressed_reason,
        }
    }
}

/// Why somebody gets mail or not, the strongest reason first.
fn state(row: &subscriptions::Listed) -> &'static str {
    match row {
        row if row.ended_at.is_some() => "ended",
        row if row.unsubscribed_at.is_some() => "unsubscribed",
        row if row.suppressed_reason.is_some() => "suppressed",
        row if row.confirmed_at.is_none() => "unconfirmed",
        _ => "active",
    }
}

impl Listed for Row {
    const HEAD: &'static [&'static str] =
        &["id", "email", "organization", "role", "slot", "quiet", "state"];
    fn cells(&self) -> Vec<String> {
        let slot = self.weekday.zip(self.hour).map(|(day, hour)| format!("{day} {hour:02}:00"));
        vec![
            self.id.clone(),
            self.email.clone().unwrap_or_else(|| "(forgotten)".to_owned()),
            show::or_dash(self.organization.as_ref()),
            self.role.clone(),
            slot.unwrap_or_else(|| "default".to_owned()),
            self.quiet.clone(),
            self.state.to_owned(),
        ]
    }
}

/// Lists, adds, changes and ends subscriptions.
///
/// # Errors
/// What the store refuses, with the field and what would be right.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        None => list(ctx, None, None).await?,
        Some(Command::List { organization, email }) => {
            list(ctx, organization.as_deref(), email.as_ref()).await?;
        }
        Some(Command::Add(new)) => add(ctx, new).await?,
        Some(Command::Invite(who)) => invite(ctx, who).await?,
        Some(Command::Change(wanted)) => change(ctx, wanted).await?,
        Some(Command::End { id }) => {
            let is_new = subscriptions::end(ctx.db().await?, &id, ctx.clock.now()).await?;
            let sentence = if is_new { "Ended." } else { "It had ended already." };
            let value = serde_json::json!({ "id": id, "ended": true, "is_new": is_new });
            ctx.output.done(sentence, &value)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(
    ctx: &Context,
    organization: Option<&str>,
    email: Option<&EmailAddress>,
) -> anyhow::Result<()> {
    let rows = subscriptions::list(ctx.db().await?, organization, email).await?;
    let rows: Vec<Row> = rows.into_iter().map(Row::from).collect();
    let empty =
        "There are no such subscriptions; `brief subscriptions add` or `brief import` makes one.";
    ctx.output.listing(&rows, empty)
}

async fn add(ctx: &Context, Add { who, confirmed }: Add) -> anyhow::Result<()> {
    let (db, now) = (ctx.db().await?, ctx.clock.now());
    let slot = slot(ctx, &who.slot, who.role);
    let sentence = format!("Added {} as {}.", who.email, who.role);
    let new = NewSubscription {
        email: who.email,
        name: who.name,
        organization: who.organization,
        role: who.role,
        slot,
        quiet: who.quiet_weeks,
        confirmed_at: confirmed.then_some(now),
    };
    let row = subscriptions::add(db, new, now).await?;
    let value = serde_json::json!({ "id": row.id, "confirmed": row.confirmed_at.is_some() });
    ctx.output.done(format!("{sentence} Its id is {}.", row.id), &value)
}

/// The slot that was named, or the default of the role.
fn slot(ctx: &Context, named: &Slot, role: Role) -> Option<(i64, i64)> {
    let default = ctx.settings.schedule.send;
    // A consultant without a slot of their own gets the portfolio ahead of the clients.
    named.both().or_else(|| (role != Role::Consultant).then_some((default.weekday, default.hour)))
}

/// Writes the invitation down and sends it, or leaves it to the service when no relay takes it now.
async fn invite(ctx: &Context, who: Who) -> anyhow::Result<()> {
    let (engine, now) = (ctx.engine().await?, ctx.clock.now());
    let email = who.email.clone();
    let wanted = Wanted {
        slot: slot(ctx, &who.slot, who.role),
        email: who.email,
        name: who.name,
        role: who.role,
        organization: who.organization,
        quiet: who.quiet_weeks,
    };
    match engine.invite(wanted, now).await? {
        Asked::WillAsk => {}
        Asked::Known => {
            anyhow::bail!("{email} gets it already; `brief subscriptions list` shows it")
        }
        Asked::HadLeft => anyhow::bail!(
            "{email} unsubscribed; they come back by the link in any mail they have, not by an invitation"
        ),
        Asked::Suppressed => {
            anyhow::bail!("nothing may be mailed to {email}; `brief subscriptions list` says why")
        }
    }
    let left = engine.send_confirmations(now).await? > 0;
    let what = if left { "It left." } else { "It leaves once the relay takes it." };
    let value = serde_json::json!({ "email": email.as_str(), "invited": true, "left": left });
    ctx.output
        .done(format!("Invited {email}. {what} Nothing else is sent before they confirm."), &value)
}

async fn change(ctx: &Context, wanted: Change) -> anyhow::Result<()> {
    let db = ctx.db().await?;
    let pause = wanted.pause_from.zip(wanted.pause_until);
    let change = SubscriptionChange {
        slot: wanted.slot.both(),
        quiet: wanted.quiet_weeks,
        pause: if wanted.no_pause { Some(None) } else { pause.map(Some) },
    };
    let row = subscriptions::change(db, &wanted.id, change, ctx.clock.now()).await?;
    if wanted.confirmed {
        subscriptions::confirm(db, &row.id, ctx.clock.now()).await?;
    }
    let value = serde_json::json!({ "id": row.id, "changed": true });
    ctx.output.done("Changed.", &value)
}

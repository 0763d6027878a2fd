//! `brief organizations`: who the briefs are about.

use std::process::ExitCode;

use clap::Subcommand;
use serde::Serialize;

use crate::config::weekday_name;
use crate::store::organizations::{self, OrganizationChange, Review};
use crate::store::records;

use super::{Context, Listed, parsers, show};

/// Arguments of `brief organizations`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief organizations
  brief organizations add \"Northfield Supply\" --currency USD --time-zone America/Chicago
  brief organizations change northfield-supply --review hold:24
  brief organizations end northfield-supply")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show every organization.
    List,
    /// Add an organization.
    Add {
        /// Its name, as the brief prints it.
        name: String,
        /// What commands and links call it; made from the name where none is given.
        #[arg(long)]
        slug: Option<String>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Change what is named and leave the rest as it is.
    Change {
        /// The organization, by its slug or external id.
        #[arg(value_name = "ORG")]
        organization: String,
        /// A new name.
        #[arg(long)]
        name: Option<String>,
        /// Whether it gets briefs: active or paused.
        #[arg(long, value_name = "STATUS")]
        status: Option<Status>,
        #[command(flatten)]
        settings: Settings,
    },
    /// End an organization: nobody gets a brief about it any more; its history stays.
    End {
        /// The organization, by its slug or external id.
        #[arg(value_name = "ORG")]
        organization: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Status {
    /// It gets briefs.
    Active,
    /// It gets none for now.
    Paused,
}

#[derive(Debug, clap::Args)]
struct Settings {
    /// Its currency, an ISO 4217 code such as EUR; fixed once a gap is priced.
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Its time zone, an IANA name such as Europe/Berlin.
    #[arg(long, value_name = "ZONE", value_parser = parsers::zone)]
    time_zone: Option<String>,
    /// The weekday of its cut-off.
    #[arg(long, value_name = "DAY", value_parser = parsers::weekday, requires = "cut_off_hour")]
    cut_off_weekday: Option<i64>,
    /// The hour of its cut-off, 0 to 23, local time.
    #[arg(long, value_name = "HOUR", requires = "cut_off_weekday",
          value_parser = clap::value_parser!(i64).range(0..=23))]
    cut_off_hour: Option<i64>,
    /// What it bills in a week, in minor units (cents).
    #[arg(long, value_name = "MINOR", value_parser = clap::value_parser!(i64).range(0..))]
    billed_per_week: Option<i64>,
    /// What an hour of work costs it, in minor units (cents).
    #[arg(long, value_name = "MINOR", value_parser = clap::value_parser!(i64).range(0..))]
    loaded_rate: Option<i64>,
    /// What capital costs it in a year, in hundredths of a percent.
    #[arg(long, value_name = "BP", value_parser = clap::value_parser!(i64).range(0..=100_000))]
    cost_of_capital: Option<i64>,
    /// How drafts are reviewed: none, hold:N (N hours before the cut-off) or required.
    #[arg(long, value_name = "RULE", value_parser = parsers::review)]
    review: Option<Review>,
    /// Whether amounts may stand in a subject line.
    #[arg(long, value_name = "BOOL")]
    money_in_subject: Option<bool>,
}

impl Settings {
    fn into_change(self) -> OrganizationChange {
        OrganizationChange {
            currency: self.currency.map(|code| code.to_uppercase()),
            time_zone: self.time_zone,
            cut_off: self.cut_off_weekday.zip(self.cut_off_hour),
            billed_per_week: self.billed_per_week.map(Some),
            loaded_rate_minor_per_hour: self.loaded_rate.map(Some),
            cost_of_capital_bp: self.cost_of_capital.map(Some),
            review: self.review,
            money_in_subject: self.money_in_subject,
            ..OrganizationChange::default()
        }
    }
}

#[derive(Debug, Serialize)]
struct Row {
    slug: String,
    external_id: Option<String>,
    name: String,
    currency: String,
    time_zone: String,
    cut_off_weekday: &'static str,
    cut_off_hour: i64,
    review: String,
    status: String,
    billed_per_week: Option<i64>,
    money_in_subject: bool,
    next_due_at: Option<String>,
    id: String,
}

impl From<records::Organization> for Row {
    fn from(row: records::Organization) -> Self {
        Self {
            review: row.review_hours.map_or(row.review.clone(), |n| format!("{}:{n}", row.review)),
            cut_off_weekday: weekday_name(row.cut_off_weekday),
            next_due_at: show::instant_if(row.next_due_at),
            slug: row.slug,
            external_id: row.external_id,
            name: row.name,
            currency: row.currency,
            time_zone: row.time_zone,
            cut_off_hour: row.cut_off_hour,
            status: row.status,
            billed_per_week: row.billed_per_week,
            money_in_subject: row.money_in_subject,
            id: row.id,
        }
    }
}

impl Listed for Row {
    const HEAD: &'static [&'static str] =
        &["slug", "name", "currency", "cut-off", "time zone", "review", "status", "next due"];
    fn cells(&self) -> Vec<String> {
        vec![
            self.slug.clone(),
            self.name.clone(),
            self.currency.clone(),
            format!("{} {:02}:00", self.cut_off_weekday, self.cut_off_hour),
            self.time_zone.clone(),
            self.review.clone(),
            self.status.clone(),
            show::or_dash(self.next_due_at.as_ref()),
        ]
    }
}

/// Lists, adds, changes and ends organizations.
///
/// # Errors
/// What the store refuses, with the field and what would be right.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let db = ctx.db().await?;
    let now = ctx.clock.now();
    let (done, row) = match args.command.unwrap_or(Command::List) {
        Command::List => {
            let rows = organizations::list(db).await?;
            let rows: Vec<Row> = rows.into_iter().map(Row::from).collect();
            let empty = "There are no organizations yet; `brief organizations add` or `brief import` makes one.";
            ctx.output.listing(&rows, empty)?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Add { name, slug, settings } => {
            let mut change = settings.into_change();
            let default = ctx.settings.schedule.cut_off;
            change.name = Some(name);
            change.cut_off = change.cut_off.or(Some((default.weekday, default.hour)));
            ("Added", organizations::add(db, slug.as_deref(), change, now).await?)
        }
        Command::Change { organization, name, status, settings } => {
            let change = OrganizationChange {
                name,
                paused: status.map(|status| status == Status::Paused),
                ..settings.into_change()
            };
            ("Changed", organizations::change(db, &organization, change, now).await?)
        }
        Command::End { organization } => {
            ("Ended", organizations::end(db, &organization, now).await?)
        }
    };
    let sentence = format!("{done} {} ({}).", super::printable(&row.name), row.slug);
    ctx.output.done(sentence, &Row::from(row))?;
    Ok(ExitCode::SUCCESS)
}

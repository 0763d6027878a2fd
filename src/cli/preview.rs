//! `brief preview`: any edition at any date. It cannot send.

use std::process::ExitCode;

use crate::domain::address::EmailAddress;
use crate::engine::preview::Whose;

use super::Context;

/// Arguments of `brief preview`.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("whose").required(true))]
#[command(after_help = "\
Examples:
  brief preview northfield                                  this week's brief as text
  brief preview northfield --as owner --format html > b.html
  brief preview northfield --now 2026-10-05T06:00:00Z --format json
  brief preview --consultant mendel@advisor.example         a portfolio
  brief preview --public                                    the next public issue

Nothing is stored and nothing is sent.")]
pub struct Args {
    /// The organization, by its slug.
    #[arg(value_name = "ORG", group = "whose")]
    pub organization: Option<String>,
    /// The portfolio of the consultant with this address.
    #[arg(long, value_name = "EMAIL", group = "whose")]
    pub consultant: Option<String>,
    /// The public edition.
    #[arg(long, group = "whose")]
    pub public: bool,
    /// Whose brief of the organization to show.
    #[arg(long = "as", value_name = "ROLE", default_value = "leader", requires = "organization")]
    pub role: Reader,
    /// The owner whose gaps to show, by name; without it the owner of the first gap in rank.
    #[arg(long, value_name = "NAME", requires = "organization")]
    pub owner: Option<String>,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

/// The readers of an organization's brief.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Reader {
    /// The whole brief, with links to answer.
    Leader,
    /// The verdict, then the reader's own gaps.
    Owner,
    /// The leader's brief without links to answer.
    Reader,
}

/// The forms of an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// The text part.
    Text,
    /// The HTML part.
    Html,
    /// The facts it is made from.
    Json,
    /// The whole message.
    Eml,
}

impl Reader {
    /// The edition that this reader of an organization gets.
    #[must_use]
    pub fn edition(self, organization: String, owner: Option<String>) -> Whose {
        match self {
            Self::Leader => Whose::Leader(organization),
            Self::Reader => Whose::Reader(organization),
            Self::Owner => Whose::Owner(organization, owner),
        }
    }
}

/// Prints the edition of the latest cut-off in the form that was asked for.
///
/// # Errors
/// An organization or consultant that is not known, or of whom nothing was known at that date.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let whose = match (args.organization, args.consultant) {
        (Some(organization), _) => args.role.edition(organization, args.owner),
        (None, Some(email)) => {
            let email = EmailAddress::parse(&email)
                .map_err(|problem| anyhow::anyhow!("--consultant {email:?}: {problem}"))?;
            Whose::Consultant(email)
        }
        (None, None) => Whose::Public,
    };
    let engine = ctx.engine().await?;
    let preview = engine.preview(&whose, ctx.clock.now()).await?;
    let format = if ctx.output.json { Format::Json } else { args.format };
    match format {
        Format::Text => ctx.output.raw(engine.preview_text(&preview).as_bytes())?,
        Format::Html => ctx.output.raw(engine.preview_html(&preview).as_bytes())?,
        Format::Eml => ctx.output.raw(&engine.preview_eml(&preview)?)?,
        Format::Json => {
            let facts: serde_json::Value = serde_json::from_str(&preview.body.facts)?;
            ctx.output.value(&facts)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

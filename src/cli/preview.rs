//! `brief preview`: any edition at any date. It cannot send.

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
    #[arg(
        long = "as",
        value_name = "ROLE",
        default_value = "leader",
        requires = "organization"
    )]
    pub role: Reader,
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

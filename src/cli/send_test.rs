//! `brief send-test`: one real mail to an address outside the list.

use super::preview::Reader;

/// Arguments of `brief send-test`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief send-test northfield --to me@example.org

The subject begins with [Test]. Nobody on the list gets it, and no row remembers it.")]
pub struct Args {
    /// The organization, by its slug.
    #[arg(value_name = "ORG")]
    pub organization: String,
    /// The one address it goes to.
    #[arg(long, value_name = "ADDRESS")]
    pub to: String,
    /// Whose brief to send.
    #[arg(long = "as", value_name = "ROLE", default_value = "leader")]
    pub role: Reader,
}

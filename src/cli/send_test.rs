//! `brief send-test`: one real mail to an address outside the list.

use std::process::ExitCode;

use anyhow::Context as _;

use crate::domain::address::EmailAddress;
use crate::engine::preview::outcome_in_words;
use crate::mail::outcome::Outcome;

use super::Context;
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

/// Sends the mail and says what the relay answered.
///
/// # Errors
/// An address that is not one, an organization that is not known, and whatever kept the relay from
/// taking the mail.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let to = EmailAddress::parse(&args.to).with_context(|| format!("--to {:?}", args.to))?;
    let engine = ctx.engine().await?;
    let now = ctx.clock.now();
    let whose = args.role.edition(args.organization, None);
    let preview = engine.preview(&whose, now).await?;
    let subject = preview.body.subject.clone();
    let relay = ctx.settings.relay.way.place();
    let outcome = engine.send_test(preview, &to, now).await?;
    let what = format!("\"[Test] {subject}\" for {to}");
    match (outcome_in_words(&outcome, &relay, &what), outcome) {
        (Ok(sentence), Outcome::Accepted { reply }) => {
            let value =
                serde_json::json!({"to": to.as_str(), "relay": relay, "reply": reply.to_string()});
            ctx.output.done(sentence, &value)?;
            Ok(ExitCode::SUCCESS)
        }
        (Err(words), Outcome::NotSent { .. }) => anyhow::bail!("{words}; see `brief doctor`"),
        (Ok(words) | Err(words), _) => anyhow::bail!("{words}"),
    }
}

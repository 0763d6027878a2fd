//! `brief bounce`: takes in one message that came back, and shows what came.

use std::io::Read;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use serde::Serialize;

use crate::domain::bounce::{Meaning, SuppressionReason};
use crate::mail::inbound::MOST;
use crate::store::bounces::BounceRow;

use super::{Context, Listed, output, parsers, show};

/// What a mail system waits and tries again for: EX_TEMPFAIL of sysexits.h.
const TRY_AGAIN: u8 = 75;

/// Arguments of `brief bounce`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  brief bounce < message.eml
  brief bounce list --kind sender

Postfix hands reports over by an alias in /etc/aliases, with `recipient_delimiter = +`:
  b: \"|/usr/bin/brief --config /etc/brief/brief.toml bounce\"

Exit codes: 0 taken in, whatever it was; 75 it could not be recorded (the database cannot be reached,
the settings are wrong), so give it again later; 1 nothing was given. What nobody understands is kept
under bounce.unclear_dir.")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show what came back, newest first.
    List {
        /// Only what means this: hard, soft, sender, complaint, delayed, delivered, auto_reply, unclear.
        #[arg(long, value_name = "KIND", value_parser = parsers::meaning)]
        kind: Option<Meaning>,
        /// How many to show.
        #[arg(long, value_name = "N", default_value_t = 200)]
        limit: u32,
    },
}

#[derive(Debug, Serialize)]
struct Row {
    received_at: String,
    kind: String,
    status: Option<String>,
    action: Option<String>,
    delivery: Option<String>,
    source: String,
    detail: Option<String>,
    id: String,
}

impl From<BounceRow> for Row {
    fn from(row: BounceRow) -> Self {
        Self {
            received_at: show::instant(row.received_at),
            kind: row.kind,
            status: row.status,
            action: row.action,
            delivery: row.delivery_id,
            source: row.source,
            detail: row.detail,
            id: row.id,
        }
    }
}

impl Listed for Row {
    const HEAD: &'static [&'static str] =
        &["received", "kind", "status", "source", "delivery", "detail"];
    const WHOLE: &'static [usize] = &[0, 1, 4];
    fn cells(&self) -> Vec<String> {
        vec![
            self.received_at.clone(),
            self.kind.clone(),
            show::or_dash(self.status.as_ref()),
            self.source.clone(),
            show::or_dash(self.delivery.as_ref()),
            show::or_dash(self.detail.as_ref()),
        ]
    }
}

/// What became of a message, for `--json`.
#[derive(Debug, Serialize)]
struct Told {
    kind: Meaning,
    matched: bool,
    known: bool,
    suppressed: Option<SuppressionReason>,
}

/// Takes in the message on standard input, or lists what came.
///
/// # Errors
/// When nothing is given. What keeps a message from being recorded is exit code 75 and no error.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    if let Some(Command::List { kind, limit }) = args.command {
        let kind = kind.map_or("", Meaning::as_str);
        let rows = ctx.db().await?.bounces(kind, i64::from(limit)).await?;
        let rows: Vec<Row> = rows.into_iter().map(Row::from).collect();
        ctx.output.listing(&rows, "Nothing came back.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let octets = standard_input()?;
    Ok(take_in(ctx, &octets).await.unwrap_or_else(|error| try_again(&error)))
}

/// Whatever is in the way of a message that was read, the mail system keeps it until it is mended.
pub(super) fn try_again(error: &anyhow::Error) -> ExitCode {
    output::complain(&format!("error: {error:#}; the message is to be given again later"));
    ExitCode::from(TRY_AGAIN)
}

fn standard_input() -> anyhow::Result<Vec<u8>> {
    let mut octets = Vec::new();
    std::io::stdin()
        .lock()
        .take(MOST as u64)
        .read_to_end(&mut octets)
        .context("standard input cannot be read; give the message there: brief bounce < FILE")?;
    if octets.is_empty() {
        anyhow::bail!("standard input is empty; give the message there: brief bounce < FILE");
    }
    Ok(octets)
}

async fn take_in(ctx: &Context, octets: &[u8]) -> anyhow::Result<ExitCode> {
    let engine = ctx.engine().await?;
    let taken = engine.receive(octets, "stdin", ctx.clock.now()).await?;
    if taken.meaning == Meaning::Unclear {
        // Elsewhere such a message stays where it was; a pipe has no other place for it.
        engine.keep_unclear(octets)?;
    }
    let told = Told {
        kind: taken.meaning,
        matched: taken.is_matched,
        known: taken.is_known,
        suppressed: taken.suppressed,
    };
    ctx.output.done(sentence(&told), &told)?;
    Ok(ExitCode::SUCCESS)
}

fn sentence(told: &Told) -> String {
    let kind = told.kind;
    match told.suppressed {
        _ if told.known => format!("Known already ({kind}); nothing changed."),
        Some(reason) => format!("Recorded ({kind}): the address is suppressed, {reason}."),
        None if told.matched => format!("Recorded ({kind})."),
        None => format!("Recorded ({kind}); it leads to no delivery of ours."),
    }
}

//! `brief editions`: drafts and what was frozen; their review and their correction (DESIGN 2.3).

use std::io::Read;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use serde::Serialize;

use crate::domain::brief::Corrected;
use crate::domain::line::clean;
use crate::domain::review;
use crate::engine::register::RegisterError;
use crate::engine::review::Decision;
use crate::store::audit::{Actor, Way};
use crate::store::editions::EditionRow;

use super::{Context, Listed, parsers, show};

/// Arguments of `brief editions`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  brief editions --week 2026-W48 --state draft
  brief editions note ID \"Two teams quote from different lists. Ask who decides.\" --by \"A. Mendel\"
  brief editions approve ID --by \"A. Mendel\"
  brief editions skip ID --why \"holiday\"
  brief editions cancel ID --why \"wrong go-live\"
  brief editions correct ID --why \"A file was read twice.\"
  brief editions correct ID --figure \"Price lists\" --was '$3,800' --is '$2,100'

States: draft, held, frozen, skipped, cancelled, expired. A decision takes effect at the next tick.")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Only editions of this ISO week, as in 2026-W48.
    #[arg(long, value_name = "WEEK", value_parser = parsers::week)]
    week: Option<String>,
    /// Only editions in this state.
    #[arg(long, value_name = "STATE", value_parser = ["draft", "held", "frozen", "skipped", "cancelled", "expired"])]
    state: Option<String>,
    /// Only editions about this organization.
    #[arg(long, value_name = "ORG")]
    organization: Option<String>,
    /// How many to show, newest week first.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u32,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the consultant's note for the week; empty text takes it back.
    Note {
        /// Id of the edition.
        id: String,
        /// The words, or - to read them from standard input.
        text: String,
        #[command(flatten)]
        by: By,
    },
    /// Let it be sent.
    Approve {
        /// Id of the edition.
        id: String,
        #[command(flatten)]
        by: By,
    },
    /// Send nothing about it this week.
    Skip {
        /// Id of the edition.
        id: String,
        /// Why; the proof shows it.
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
        #[command(flatten)]
        by: By,
    },
    /// Take it out of circulation: what has not left yet never will.
    Cancel {
        /// Id of the edition.
        id: String,
        /// Why; the proof shows it.
        #[arg(long, value_name = "TEXT")]
        why: String,
        #[command(flatten)]
        by: By,
    },
    /// Tell everyone who got it what was wrong: once, in a mail of its own.
    ///
    /// Without figures the facts of the same cut-off are computed anew, and what differs is told.
    Correct(Correct),
}

#[derive(Debug, clap::Args)]
struct Correct {
    /// Id of the edition that was wrong.
    id: String,
    /// The figure that was wrong, as the brief names it; may be given several times.
    #[arg(long, value_name = "NAME", requires_all = ["was", "is"])]
    figure: Vec<String>,
    /// What the brief said, one for each figure.
    #[arg(long, value_name = "TEXT", requires = "figure")]
    was: Vec<String>,
    /// What is right, one for each figure.
    #[arg(long, value_name = "TEXT", requires = "figure")]
    is: Vec<String>,
    /// One sentence that says how it happened; the mail ends with it.
    #[arg(long, value_name = "TEXT", default_value = "")]
    why: String,
    #[command(flatten)]
    by: By,
}

#[derive(Debug, clap::Args)]
struct By {
    /// Who says so; a note is signed with it.
    #[arg(long, value_name = "NAME", default_value = "the operator")]
    by: String,
}

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    iso_week: String,
    scope_kind: String,
    scope: String,
    kind: String,
    variant: String,
    state: String,
    subject: Option<String>,
    reason: Option<String>,
    as_of: String,
    cut_off_at: String,
    frozen_at: Option<String>,
}

impl From<EditionRow> for Row {
    fn from(row: EditionRow) -> Self {
        Self {
            id: row.id,
            iso_week: row.iso_week,
            scope_kind: row.scope_kind,
            scope: row.scope_name,
            kind: row.kind,
            variant: row.variant,
            state: row.state,
            subject: row.subject,
            reason: row.reason,
            as_of: row.as_of,
            cut_off_at: show::instant(row.cut_off_at),
            frozen_at: show::instant_if(row.frozen_at),
        }
    }
}

impl Listed for Row {
    const HEAD: &'static [&'static str] =
        &["id", "week", "about", "kind", "variant", "state", "subject", "reason"];
    const WHOLE: &'static [usize] = &[0, 1, 5];
    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.iso_week.clone(),
            self.scope.clone(),
            self.kind.clone(),
            self.variant.clone(),
            self.state.clone(),
            show::or_dash(self.subject.as_ref()),
            show::or_dash(self.reason.as_ref()),
        ]
    }
}

/// Lists editions, or records a note or a decision.
///
/// # Errors
/// An edition that does not exist or whose state forbids it.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let db = ctx.db().await?;
    match args.command {
        Some(Command::Note { id, text, by }) => note(ctx, &id, &text, &by.by).await?,
        Some(Command::Approve { id, by }) => decide(ctx, &id, &Decision::Approve, &by.by).await?,
        Some(Command::Skip { id, why, by }) => {
            decide(ctx, &id, &Decision::Skip(why), &by.by).await?;
        }
        Some(Command::Cancel { id, why, by }) => cancel(ctx, &id, &why, &by.by).await?,
        Some(Command::Correct(wanted)) => correct(ctx, wanted).await?,
        None => {
            let of = |text: &Option<String>| text.clone().unwrap_or_default();
            let (week, state, organization) =
                (of(&args.week), of(&args.state), of(&args.organization));
            let rows = db.editions(&week, &state, &organization, i64::from(args.limit)).await?;
            let rows: Vec<Row> = rows.into_iter().map(Row::from).collect();
            ctx.output.listing(&rows, "There are no such editions.")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn note(ctx: &Context, id: &str, text: &str, by: &str) -> anyhow::Result<()> {
    let mut words = text.to_owned();
    if text == "-" {
        words.clear();
        std::io::stdin()
            .read_to_string(&mut words)
            .context("standard input is not text; write the note as UTF-8")?;
    }
    let words = review::note(&words).map_err(|why| anyhow::anyhow!("the note {why}"))?;
    let engine = ctx.engine().await?;
    engine.add_note(id, &words, &author(by)?, None).await.map_err(told)?;
    let sentence =
        if words.is_empty() { "The note is taken back." } else { "The note is written." };
    done(ctx, id, sentence).await
}

async fn decide(ctx: &Context, id: &str, decision: &Decision, by: &str) -> anyhow::Result<()> {
    let engine = ctx.engine().await?;
    engine.decide(id, decision, &author(by)?, None).await.map_err(told)?;
    let word = decision.as_str();
    let sentence = format!("Recorded: {word}. It takes effect at the next tick.");
    done(ctx, id, &sentence).await
}

async fn cancel(ctx: &Context, id: &str, why: &str, by: &str) -> anyhow::Result<()> {
    let why = clean(why, review::REASON_CHARS);
    let engine = ctx.engine().await?;
    let n_ended = engine.cancel(id, &author(by)?, &why).await?;
    let sentence = format!("Cancelled; {n_ended} deliveries that had not left are ended.");
    done(ctx, id, &sentence).await
}

async fn correct(ctx: &Context, wanted: Correct) -> anyhow::Result<()> {
    let n_figures = wanted.figure.len();
    if wanted.was.len() != n_figures || wanted.is.len() != n_figures {
        anyhow::bail!("--figure, --was and --is go together; give all three for each figure");
    }
    let said = wanted.was.iter().zip(&wanted.is);
    let stated = wanted.figure.iter().zip(said).map(|(figure, (was, is))| Corrected {
        figure: clean(figure, review::FIGURE_CHARS),
        was: clean(was, review::FIGURE_CHARS),
        is: clean(is, review::FIGURE_CHARS),
    });
    let engine = ctx.engine().await?;
    let by = author(&wanted.by.by)?;
    let (figures, n_told) = engine.correct(&wanted.id, stated.collect(), &wanted.why, &by).await?;
    let told: Vec<String> = figures
        .iter()
        .map(|one| format!("{}: {} instead of {}", one.figure, one.is, one.was))
        .collect();
    let sentence = format!(
        "{n_told} readers are told at the next tick: {}.",
        super::printable(&told.join("; "))
    );
    let value = serde_json::json!({ "edition": wanted.id, "told": n_told, "figures": told });
    ctx.output.done(sentence, &value)
}

/// Says what was done, with the edition as it is now.
async fn done(ctx: &Context, id: &str, sentence: &str) -> anyhow::Result<()> {
    let edition = ctx.db().await?.edition(id).await?;
    ctx.output.done(sentence, &Row::from(edition))
}

fn author(by: &str) -> anyhow::Result<Actor> {
    let name = clean(by, review::NAME_CHARS);
    anyhow::ensure!(!name.is_empty(), "--by is empty; name whoever says so");
    Ok(Actor { person_id: None, name, way: Way::Command })
}

/// A refusal as a sentence of the command line.
fn told(error: RegisterError) -> anyhow::Error {
    match error {
        RegisterError::Engine(error) => error.into(),
        other => other.into(),
    }
}

//! `brief pause`, `brief resume` and `brief assume-sent`: the emergency stop, and the way out of it.

use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::json;

use crate::domain::line::clean;
use crate::engine::journal::{Answer, Journal};
use crate::store::Db;

use super::{Context, parsers};

/// Longest reason kept, in characters.
const WHY_MAX: usize = 280;

/// Arguments of `brief pause`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief pause --why \"wrong figures at Northfield\"

Planning goes on, nothing is delivered by any worker until `brief resume`.")]
pub struct PauseArgs {
    /// Why, for whoever finds it stopped.
    #[arg(long, value_name = "TEXT", default_value = "paused by the operator")]
    pub why: String,
}

/// Arguments of `brief resume`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief resume

It also closes every breaker: relays and recipient domains that are left alone for a while are tried
again at the next tick. After a restore it says: the database is right as it is, deliver what it
holds. Mails that the journal knows and the database does not then go out again.")]
pub struct ResumeArgs {}

/// Arguments of `brief assume-sent`.
#[derive(Debug, clap::Args)]
#[command(
    group = clap::ArgGroup::new("what").required(true).args(["until", "journal"]),
    after_help = "\
Examples:
  brief assume-sent --journal                        what the journal knows was delivered
  brief assume-sent --until 2026-11-23T09:00:00Z     everything due until then was delivered

For a database restored from a backup: what was delivered before the loss is recorded as sent, so
that nobody gets it twice; also what is planned only later. The journal is exact. Where several
machines deliver from one server, `brief pause` first, then run this on each of them."
)]
pub struct AssumeSentArgs {
    /// Everything due up to this instant counts as sent; RFC 3339.
    #[arg(long, value_name = "TIME", value_parser = parsers::instant)]
    pub until: Option<Timestamp>,
    /// What the journal in journal.dir knows counts as sent, and nothing else.
    #[arg(long)]
    pub journal: bool,
}

/// Stops all delivery.
///
/// # Errors
/// A database that cannot be written to.
pub async fn pause(ctx: &Context, args: PauseArgs) -> anyhow::Result<ExitCode> {
    let why = clean(&args.why, WHY_MAX);
    ctx.db().await?.pause(&why, ctx.clock.now()).await?;
    let value = json!({ "paused": true, "why": why });
    ctx.output.done(format!("Delivery is paused: {why}. `brief resume` ends it."), &value)?;
    Ok(ExitCode::SUCCESS)
}

/// Ends the stop, closes every breaker, and leaves the database as it is where the journal knows more.
///
/// # Errors
/// A database that cannot be written to, a journal that cannot be read.
pub async fn resume(ctx: &Context, _args: ResumeArgs) -> anyhow::Result<ExitCode> {
    let (db, now) = (ctx.db().await?, ctx.clock.now());
    let journal = Journal::of(&ctx.settings.journal);
    let n_left = journal.leave_out(db, now).await?;
    let n_ignored = journal.answer(db, Answer::DatabaseIsRight, now).await?;
    let was_paused = db.resume().await?;
    let closed = db.close_breakers(now).await?;
    let mut sentence = if was_paused || 0 < n_ignored || 0 < n_left {
        "Delivery goes on at the next tick.".to_owned()
    } else {
        "Delivery was not paused.".to_owned()
    };
    match closed {
        0 => {}
        1 => sentence.push_str(" One breaker was open and is closed."),
        n => sentence.push_str(&format!(" {n} breakers were open and are closed.")),
    }
    if 0 < n_ignored {
        sentence.push_str(&format!(
            " {n_ignored} mails that only the journal knows are left out of account: they go out \
             again if they are due."
        ));
    }
    sentence.push_str(&left(n_left));
    let value = json!({
        "withdrawn": n_left, "paused": false, "was_paused": was_paused, "ignored": n_ignored, "closed_breakers": closed
    });
    ctx.output.done(sentence, &value)?;
    Ok(ExitCode::SUCCESS)
}

/// Records what was sent before a restore, by the journal or up to an instant.
///
/// # Errors
/// An instant that lies ahead; a database that cannot be written to, a journal that cannot be read.
pub async fn assume_sent(ctx: &Context, args: AssumeSentArgs) -> anyhow::Result<ExitCode> {
    match args.until {
        Some(until) => assume_until(ctx, until).await,
        None => assume_journal(ctx).await,
    }
}

async fn assume_until(ctx: &Context, until: Timestamp) -> anyhow::Result<ExitCode> {
    let now = ctx.clock.now();
    if until > now {
        anyhow::bail!("--until {until} lies ahead; nothing due then can have been sent yet");
    }
    let db = ctx.db().await?;
    let assumed = db.assume_sent(until, now).await?;
    let n_sent = assumed.deliveries;
    // What it did not settle is settled by the instant when it is planned, or is not sent yet.
    let journal = Journal::of(&ctx.settings.journal);
    let n_left = journal.leave_out(db, now).await?;
    journal.answer(db, Answer::DatabaseIsRight, now).await?;
    let sentence = format!(
        "{n_sent} deliveries due up to {until} are recorded as sent, and so is what is planned for \
         then later. {}{}{}",
        doubted(assumed.nudges),
        next(db).await?,
        left(n_left)
    );
    let value = json!({
        "until": until.to_string(), "assumed_sent": n_sent, "nudges_in_doubt": assumed.nudges,
        "withdrawn": n_left
    });
    ctx.output.done(sentence, &value)?;
    Ok(ExitCode::SUCCESS)
}

async fn assume_journal(ctx: &Context) -> anyhow::Result<ExitCode> {
    let (db, now) = (ctx.db().await?, ctx.clock.now());
    let journal = Journal::of(&ctx.settings.journal);
    let n_left = journal.leave_out(db, now).await?;
    journal.answer(db, Answer::JournalIsRight, now).await?;
    let settled = db.settle_hand_overs(now.as_millisecond()).await?;
    let (n_sent, n_nudges) = (settled.weeks.len(), settled.nudges);
    let n_waiting = db.hand_overs_waiting().await?;
    let nudges = match n_nudges {
        0 => String::new(),
        1 => " and 1 nudge".to_owned(),
        n => format!(" and {n} nudges"),
    };
    let sentence = format!(
        "{n_sent} deliveries{nudges} that the journal knows are recorded as sent; {n_waiting} more \
         are as soon as they are planned. {}{}",
        next(db).await?,
        left(n_left)
    );
    let value = json!({
        "journal": true, "assumed_sent": n_sent, "waiting": n_waiting, "nudges": n_nudges,
        "withdrawn": n_left
    });
    ctx.output.done(sentence, &value)?;
    Ok(ExitCode::SUCCESS)
}

/// What became of nudges, where there were any.
fn doubted(n_nudges: u64) -> String {
    match n_nudges {
        0 => String::new(),
        1 => "1 nudge may have left: it is in doubt and not sent again. ".to_owned(),
        n => format!("{n} nudges may have left: they are in doubt and not sent again. "),
    }
}

/// Who was taken off a list once more, where there was anybody.
fn left(n_readers: u64) -> String {
    match n_readers {
        0 => String::new(),
        1 => " 1 reader who left since is off the list again.".to_owned(),
        n => format!(" {n} readers who left since are off their lists again."),
    }
}

/// What is to be done for delivery to go on.
async fn next(db: &Db) -> anyhow::Result<&'static str> {
    Ok(match db.paused().await? {
        Some(_) => "`brief resume` lets delivery go on.",
        None => "Delivery goes on at the next tick.",
    })
}

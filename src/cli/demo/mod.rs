//! `brief demo`: a believable history, this week's run, and everything to look at.

mod folder;
mod pages;
mod report;
mod weeks;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::Context;
use crate::domain::history::add_days;
use crate::domain::time::{Slot, iso_week};
use crate::engine::Engine;
use crate::sample::story;
use crate::store::Db;
use crate::web::outbox;
use crate::web::site_router;
use folder::Folder;
use weeks::Weeks;

/// The port that the outbox viewer tries first.
const VIEWER_PORT: u16 = 8025;
/// The port of the pages that the mails link to, likewise.
const PAGES_PORT: u16 = 8080;

/// How often the demo looks for what is due while it is shown.
const TICK: Duration = Duration::from_secs(2);
/// A consultant and a leader of the story.
const CONSULTANT: &str = "a.mendel@mendel-advisory.example";
const LEADER: &str = "j.whitcomb@northfield.example";
/// Who runs the demo.
const OPERATOR: &str = "operator@brief.example";

/// Arguments of `brief demo`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief demo                           make it, run it, and show the mails on http://127.0.0.1:8025
  brief demo --no-serve                make it, run it, and end
  brief demo --now 2026-11-25T09:00:00Z  the demo as of another week

Twenty invented organizations, twelve weeks of history, one week's mails. Everything is written
under DIR: brief.db, outbox/*.eml, and earlier/*.eml for the weeks before. Settings and databases
of yours are not touched, and no mail leaves this machine. With --no-serve it exits 0 only if the
run closes.")]
pub struct Args {
    /// Where the database and the outbox are written; made anew each time.
    #[arg(long, value_name = "DIR", default_value = "var/demo")]
    pub dir: PathBuf,
    /// End after the run instead of showing the mails.
    #[arg(long)]
    pub no_serve: bool,
}

/// Makes the demo, prints who got what and the proof, and shows the mails.
///
/// # Errors
/// A folder that is not a demo's, or that cannot be written; what kept the engine from working.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let folder = Folder::prepare(&args.dir)?;
    // The latest Tuesday noon in UTC: by then it has been Monday morning everywhere, and the public
    // edition of the week is due too.
    let noon = Slot::new(2, 12).ok_or_else(|| anyhow::anyhow!("Tuesday has no noon"))?;
    let (at, tuesday) = noon.latest(ctx.clock.now(), &TimeZone::UTC);
    let monday = add_days(tuesday, -1);
    let db = Db::open(&folder.database_url()).await?;
    db.migrate().await?;
    let mut tx = db.begin().await?;
    story::rows(monday)?.write(&mut tx).await?;
    tx.commit().await?;
    let week = iso_week(monday);
    let pages = if args.no_serve { None } else { Some(pages::listen(PAGES_PORT).await?) };
    let url = pages.as_ref().map(|pages| format!("http://{}", pages.address));
    let weeks = Weeks::new(&db, &folder, url, at)?;
    let proofs = weeks.live(&week, &ctx.output).await?;
    report::print(&ctx.output, &db, &week, &proofs, &folder).await?;
    if let Some(listening) = pages {
        let address = listening.address;
        let engine = weeks.engine();
        let pages = listening.answer(site_router(Arc::new(engine.clone()))?);
        let lives = tokio::spawn(live_on(engine.clone()));
        show(ctx, &folder, address).await?;
        engine.stop.cancel();
        lives.await?;
        pages.end().await;
    }
    db.close().await;
    Ok(if proofs.iter().all(|proof| proof.closes) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Does what comes due by what is done on the pages: a draft that is approved is sent.
async fn live_on(engine: Engine) {
    while !engine.stop.is_cancelled() {
        if let Err(error) = engine.tick().await {
            tracing::warn!(%error, "what was due could not be done; it is tried again");
        }
        tokio::select! {
            () = engine.stop.cancelled() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// Shows the mails until Ctrl-C.
async fn show(ctx: &Context, folder: &Folder, pages: SocketAddr) -> anyhow::Result<()> {
    let viewer = outbox::listen(VIEWER_PORT).await?;
    ctx.output
        .line(format_args!("\nThe mails are on http://{}/ (Ctrl-C ends).", viewer.address))?;
    ctx.output.line(format_args!(
        "Sign in on http://{pages}/sign-in, the link comes among the mails: as a consultant\n\
         {CONSULTANT}, a leader {LEADER},\nor the operator {OPERATOR}."
    ))?;
    let stopped = async {
        // Without a signal handler there is nothing to wait for: the viewer stays until killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    Ok(viewer.run(folder.outbox(), stopped).await?)
}

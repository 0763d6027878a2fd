//! `brief demo`: a believable history, this week's run, and everything to look at.

mod folder;
mod pages;
mod report;
mod weeks;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::Context;
use crate::domain::history::add_days;
use crate::domain::time::{Slot, iso_week};
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
        let pages = listening.answer(site_router(Arc::new(weeks.engine()))?);
        show(ctx, &folder).await?;
        pages.end().await;
    }
    db.close().await;
    Ok(if proofs.iter().all(|proof| proof.closes) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Shows the mails until Ctrl-C.
async fn show(ctx: &Context, folder: &Folder) -> anyhow::Result<()> {
    let viewer = outbox::listen(VIEWER_PORT).await?;
    ctx.output
        .line(format_args!("\nThe mails are on http://{}/ (Ctrl-C ends).", viewer.address))?;
    let stopped = async {
        // Without a signal handler there is nothing to wait for: the viewer stays until killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    Ok(viewer.run(folder.outbox(), stopped).await?)
}

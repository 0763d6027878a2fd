//! `brief serve`: the service, left alone until it is asked to end (DESIGN 4).
//!
//! ```text
//! SIGTERM ──► nothing new begins, mails on the wire are finished and recorded ──► 0
//!                └─ not done within service.drain_within, or a second signal ──► given up, recorded as
//!                   uncertain where the relay may have them
//! ```

mod drain;
mod mailboxes;
mod signals;
mod supervisor;

use std::process::ExitCode;
use std::sync::Arc;

use clap::CommandFactory;
use clap::error::ErrorKind;

use super::{Cli, Context, Output};
use crate::engine::Engine;
use crate::engine::service::{Minutes, Options, Service, Status};
use crate::web::all_pages;
use crate::web::service::{Listening, Pages, ServiceState, listen};
use mailboxes::Mailboxes;
use supervisor::Supervisor;

/// Arguments of `brief serve`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief serve                  plan, deliver, prove, and answer monitors, until SIGTERM or Ctrl-C
  brief serve --no-deliver     plan only, beside other processes that deliver

Any number of services share one PostgreSQL. On a database file one delivers at a time; the others
wait and take over. The first SIGTERM or Ctrl-C finishes what is on the wire, a second one ends at
once.")]
pub struct Args {
    /// Do not listen on web.listen: no pages, no metrics, no health checks.
    #[arg(long)]
    pub no_web: bool,
    /// Leave delivery to other processes.
    #[arg(long)]
    pub no_deliver: bool,
    /// Leave planning and proving to other processes.
    #[arg(long)]
    pub no_schedule: bool,
}

impl Args {
    /// What cannot be asked for together.
    fn misuse(&self, is_now_given: bool) -> Option<&'static str> {
        if is_now_given {
            return Some("serve follows the machine's clock; leave --now out, or use `run --once`");
        }
        let nothing = self.no_web && self.no_deliver && self.no_schedule;
        nothing.then_some("nothing is left to serve; leave one of the --no- options out")
    }
}

/// Serves until asked to end.
///
/// # Errors
/// A database that cannot be opened, content with problems, an address that cannot be listened on.
/// Whatever goes wrong later is logged, told to the operator, and tried again.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    if let Some(why) = args.misuse(ctx.is_now_given) {
        Cli::command().error(ErrorKind::ArgumentConflict, why).exit();
    }
    let engine = Arc::new(ctx.engine().await?);
    // Without them nothing leaves; better told now than at the first mail.
    engine.keys()?;
    let listening = match args.no_web {
        true => None,
        false => Some(listen(ctx.settings.web.listen).await?),
    };
    signals::obey(&engine)?;
    say(&ctx.output, &args, listening.as_ref())?;
    let options =
        Options { schedule: !args.no_schedule, deliver: !args.no_deliver, after_proof: None };
    let service = Service::new(Arc::clone(&engine), options);
    let status = service.status();
    let pages = match listening {
        Some(listening) => Some(pages(listening, &engine, &status)?),
        None => None,
    };
    let mailboxes = Mailboxes::watch(Arc::clone(&engine));
    let wake = Arc::new(Minutes::start().await);
    let supervisor = Supervisor::start(Arc::clone(&engine), Arc::clone(&status));
    let is_whole = drain::run(service, wake.clone(), &engine).await;
    wake.end().await;
    mailboxes.end().await;
    if let Some(pages) = pages {
        pages.end().await;
    }
    supervisor.end().await;
    let end = if is_whole {
        "Ended as asked; nothing is left on the wire."
    } else {
        "Ended at once; what was on the wire is uncertain and is looked after by its lease."
    };
    // Whoever read the first line may have gone; the exit code says the same.
    let _ = ctx.output.note(format_args!("{end} {} mails sent.", status.sent()));
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What this process does, in one line.
fn say(output: &Output, args: &Args, listening: Option<&Listening>) -> anyhow::Result<()> {
    let parts = [("plans", !args.no_schedule), ("delivers", !args.no_deliver)];
    let mut does: Vec<String> =
        parts.into_iter().filter(|(_, is_on)| *is_on).map(|(what, _)| what.to_owned()).collect();
    does.extend(listening.map(|at| format!("answers on http://{}", at.address)));
    output.line(format_args!("Serving: {}. Ctrl-C or SIGTERM ends it.", does.join(", ")))
}

/// Answers until it is told to end.
fn pages(
    listening: Listening,
    engine: &Arc<Engine>,
    status: &Arc<Status>,
) -> anyhow::Result<Pages> {
    let state = ServiceState { engine: Arc::clone(engine), status: Arc::clone(status) };
    Ok(listening.answer(all_pages(state)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_nothing_to_do_or_stands_still_is_refused() {
        let all = Args { no_web: false, no_deliver: false, no_schedule: false };
        let none = Args { no_web: true, no_deliver: true, no_schedule: true };
        assert_eq!(all.misuse(false), None);
        assert!(all.misuse(true).is_some());
        assert!(none.misuse(false).is_some());
    }
}

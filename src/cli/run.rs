//! `brief run --once`: one tick, from what is due to the proof.

/// Arguments of `brief run`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief run --once                              plan what is due, deliver it, print the proof
  brief run --once --now 2026-11-23T07:00:00Z   the same as of another instant
  brief run --once --json                       the proof for a program

Exits 0 only if the run closes: everything expected was sent, or has a reason why not.")]
pub struct Args {
    /// Do one tick and end. Retries that are due later stay deferred: it never waits for one.
    #[arg(long, required = true)]
    pub once: bool,
}

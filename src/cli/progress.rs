//! Progress of long work: a bar on a terminal, plain lines elsewhere, nothing when quiet.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Output;

/// Percent between two plain lines.
const STEP_PERCENT: u64 = 10;

/// Shows how far a piece of work has come. Written to standard error, so that results stay clean.
#[derive(Debug)]
pub struct Progress {
    what: String,
    total: u64,
    show: Show,
}

#[derive(Debug)]
enum Show {
    Bar(ProgressBar),
    /// The work done so far, and the percentage last written.
    Lines(Mutex<(u64, u64)>),
    Nothing,
}

impl Progress {
    /// Begins `total` steps of `what`, for example "Importing rows".
    #[must_use]
    pub fn begin(output: &Output, what: &str, total: u64) -> Self {
        let show = if output.quiet {
            Show::Nothing
        } else if io::stderr().is_terminal() {
            Show::Bar(bar(what, total))
        } else {
            Show::Lines(Mutex::new((0, 0)))
        };
        Self { what: what.to_owned(), total, show }
    }

    /// Records that `steps` more are done.
    pub fn advance(&self, steps: u64) {
        match &self.show {
            Show::Bar(bar) => bar.inc(steps),
            Show::Lines(state) => self.advance_lines(state, steps),
            Show::Nothing => {}
        }
    }

    /// Ends the work: the bar goes away, the last line says how much was done.
    pub fn finish(self) {
        if let Show::Bar(bar) = &self.show {
            bar.finish_and_clear();
        }
    }

    fn advance_lines(&self, state: &Mutex<(u64, u64)>, steps: u64) {
        let mut state = state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.0 = state.0.saturating_add(steps).min(self.total);
        let percent = state.0.saturating_mul(100).checked_div(self.total).unwrap_or(100);
        if percent >= state.1 + STEP_PERCENT || (state.0 == self.total && state.1 < 100) {
            state.1 = percent - percent % STEP_PERCENT;
            // Nobody can be told that standard error is closed.
            let _ =
                writeln!(io::stderr(), "{}: {} of {} ({percent}%)", self.what, state.0, self.total);
        }
    }
}

fn bar(what: &str, total: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let style =
        ProgressStyle::with_template("{msg} [{bar:30}] {human_pos} of {human_len}, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
    bar.set_message(what.to_owned());
    bar
}

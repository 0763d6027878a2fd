//! How much a brief may say, and what is left out first (MODEL 6.4, rule 2).

use super::Brief;
use super::words::count;

/// Most words of a leader's or owner's brief.
pub const FULL: usize = 250;
/// Most words of a portfolio.
pub const PORTFOLIO: usize = 260;
/// Most words of a quiet week's brief.
pub const QUIET: usize = 130;
/// Most words of a first week, of all closed, of a public issue and of a correction.
pub const SHORT: usize = 150;

/// What a composer may put in. The steps of [`within`] go from all to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Lines of THIS WEEK before "and n smaller changes".
    pub changes: usize,
    /// Gaps listed under PROFIT AT STAKE.
    pub gaps: usize,
    /// Whether WHY IT MATTERS stands.
    pub insight: bool,
    /// Words of the consultant's note.
    pub note_words: usize,
    /// Lines for other implementations.
    pub others: usize,
    /// Gaps of the owner's own list.
    pub own_gaps: usize,
    /// Rows of the clients' table.
    pub rows: usize,
    /// Nudges, names on pace and promises listed.
    pub nudges: usize,
    /// Whether sentences stand that only explain.
    pub details: bool,
}

/// Everything (MODEL 4.5: 4 lines, 3 gaps; MODEL 6.2: 8 rows).
pub const ALL: Limits = Limits {
    changes: 4,
    gaps: 3,
    insight: true,
    note_words: 60,
    others: 3,
    own_gaps: 6,
    rows: 8,
    nudges: 3,
    details: true,
};

/// The dropping order: smaller changes, third gap, insight; then, for texts longer than any rule
/// foresees, whatever a reader can find on the trend page.
fn steps() -> Vec<Limits> {
    let mut steps = vec![ALL];
    let mut step = |change: fn(&mut Limits)| {
        let mut next = steps.last().copied().unwrap_or(ALL);
        change(&mut next);
        steps.push(next);
    };
    step(|l| l.changes = 3);
    step(|l| l.changes = 2);
    step(|l| l.gaps = 2);
    step(|l| l.insight = false);
    step(|l| l.own_gaps = 4);
    step(|l| l.rows = 6);
    step(|l| (l.nudges, l.others) = (2, 2));
    step(|l| l.note_words = 30);
    step(|l| (l.changes, l.own_gaps) = (1, 3));
    step(|l| (l.details, l.others) = (false, 1));
    step(|l| (l.rows, l.nudges) = (4, 1));
    step(|l| (l.gaps, l.note_words) = (1, 15));
    step(|l| (l.own_gaps, l.others, l.rows) = (1, 0, 3));
    step(|l| (l.nudges, l.note_words, l.gaps) = (0, 0, 0));
    steps
}

/// The fullest brief of at most `budget` words; the shortest one where none keeps to it.
#[must_use]
pub fn within(budget: usize, compose: impl Fn(&Limits) -> Brief) -> Brief {
    let mut brief = compose(&ALL);
    for limits in steps().iter().skip(1) {
        if count(&brief) <= budget {
            break;
        }
        brief = compose(limits);
    }
    brief
}

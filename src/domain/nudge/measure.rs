//! Whether nudges help: did the gap move within seven days, more often than where one was drafted and
//! held back (MODEL 6.6). Whole numbers only; shares are compared by multiplying out.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::codes::GapStatus;
use crate::domain::constants::Constants;
use crate::domain::history::History;
use crate::domain::snapshot::Gap;

/// Below so many of either kind nothing is said.
pub const FEW: i64 = 10;
/// From so many sent on, a text that does not help is drafted no more.
pub const ENOUGH: i64 = 20;
/// What texts that somebody wrote are counted under. They are never stopped: no rule writes them.
pub const OWN_WORDS: &str = "own_words";

/// How often gaps moved within seven days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// Nudges whose seven days are over.
    pub all: i64,
    /// Of these, those whose gap moved.
    pub moved: i64,
}

/// The same for one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Which rule wrote it; [`OWN_WORDS`] where somebody changed it.
    pub key: String,
    /// What became of those that were sent.
    pub sent: Count,
}

/// What can be said of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// Too few were sent.
    TooFew,
    /// Too few were held back to compare with.
    NothingToCompare,
    /// More gaps moved than where one was held back.
    Helps,
    /// Not more, so far.
    NotYet,
    /// Not more, after so many that it is drafted no more.
    Stopped,
}

/// Compares a text with what was held back.
#[must_use]
pub fn judge(tally: &Tally, held: &Count) -> Finding {
    let sent = &tally.sent;
    if sent.all < FEW {
        return Finding::TooFew;
    }
    if held.all < FEW {
        return Finding::NothingToCompare;
    }
    let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
    if product(sent.moved, held.all) > product(held.moved, sent.all) {
        Finding::Helps
    } else if sent.all >= ENOUGH && tally.key != OWN_WORDS {
        Finding::Stopped
    } else {
        Finding::NotYet
    }
}

/// The texts that are drafted no more.
#[must_use]
pub fn stopped(tallies: &[Tally], held: &Count) -> Vec<String> {
    let out = tallies.iter().filter(|tally| judge(tally, held) == Finding::Stopped);
    out.map(|tally| tally.key.clone()).collect()
}

/// Whether a gap moved between two instants, by what had been recorded at each: its idle clock was
/// stopped by something newer, or it was closed (MODEL 2).
#[must_use]
pub fn moved(
    gap: &Gap,
    (from, until): (Timestamp, Timestamp),
    zone: &TimeZone,
    constants: &Constants,
) -> bool {
    let at = |known| {
        let history = History::known_at(gap, known, zone, constants);
        let state = history.latest();
        (state.last_movement, state.status == GapStatus::Closed)
    };
    let (before, after) = (at(from), at(until));
    after.0 > before.0 || (after.1 && !before.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(key: &str, all: i64, moved: i64) -> Tally {
        Tally { key: key.to_owned(), sent: Count { all, moved } }
    }

    #[test]
    fn a_text_is_stopped_after_twenty_that_did_not_help_and_not_before() {
        let held = Count { all: 40, moved: 10 };
        for (all, moved, finding) in [
            (9, 0, Finding::TooFew),
            (10, 0, Finding::NotYet),
            (19, 4, Finding::NotYet),
            (19, 5, Finding::Helps),
            (20, 5, Finding::Stopped),
            (20, 6, Finding::Helps),
            (200, 50, Finding::Stopped),
            (200, 51, Finding::Helps),
        ] {
            assert_eq!(judge(&tally("no_owner", all, moved), &held), finding, "{moved} of {all}");
        }
        assert_eq!(judge(&tally(OWN_WORDS, 50, 0), &held), Finding::NotYet);
        let few = Count { all: 9, moved: 9 };
        assert_eq!(judge(&tally("no_owner", 50, 0), &few), Finding::NothingToCompare);
        let all = [tally("a", 20, 5), tally("b", 20, 6), tally("c", 3, 0)];
        assert_eq!(stopped(&all, &held), ["a"]);
        assert_eq!(stopped(&all, &few), Vec::<String>::new());
        let most = tally("a", i64::MAX, i64::MAX);
        assert_eq!(judge(&most, &Count { all: i64::MAX, moved: i64::MAX }), Finding::Stopped);
    }
}

//! Whether the database knows what the journal knows.

use std::collections::{HashMap, HashSet};
use std::fmt;

use jiff::Timestamp;

use crate::engine::EngineError;
use crate::store::Db;
use crate::store::journal::Held;
use crate::store::withdrawals::Left;

use super::line::{Entry, HandOver};
use super::withdrawals::left_in;
use super::{Journal, files};

/// How a stop's reason begins when the database is older than the journal.
pub(in crate::engine) const OLDER: &str = "the database is older than the journal";

/// What the database does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// How many of those that were compared.
    pub unknown: usize,
    /// How many were compared: the last of each week's file.
    pub compared: usize,
    /// When the latest was that is not known.
    pub until: Timestamp,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { unknown, compared, until } = self;
        write!(
            f,
            "{OLDER}: {unknown} of the last {compared} mails and withdrawals, handed over up to {until}, \
             are unknown to it (a restored backup?); `brief assume-sent --journal` records what the journal knows, \
             `brief assume-sent --until {until}` everything due until then, `brief resume` delivers \
             what the database holds"
        )
    }
}

impl Journal {
    /// Compares the end of each file with the database, in one statement.
    ///
    /// # Errors
    /// A file that cannot be read; else as any read of the database.
    pub async fn gap(&self, db: &Db) -> Result<Option<Gap>, EngineError> {
        let mut last = Vec::new();
        for file in self.files()? {
            last.extend(files::tail(&file)?);
        }
        if last.is_empty() {
            return Ok(None);
        }
        let held = Ledger::read(db, &last).await?;
        let unknown = || last.iter().filter(|of| !held.knows(of));
        let until = unknown().map(Entry::at).max();
        let (unknown, compared) = (unknown().count(), last.len());
        Ok(until.map(|until| Gap { unknown, compared, until }))
    }
}

/// What the database holds of some entries.
#[derive(Debug)]
pub(super) struct Ledger {
    held: HashMap<String, Held>,
    /// Who left and is not known to have.
    unknown: HashSet<Left>,
}

impl Ledger {
    pub(super) async fn read(db: &Db, entries: &[Entry]) -> Result<Self, EngineError> {
        let hand_overs = entries.iter().filter_map(Entry::hand_over);
        let mut ids: Vec<&str> = hand_overs.map(|of| of.delivery.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        let held = db.hand_overs_held(&ids).await?;
        let held = held.into_iter().map(|held| (held.id.clone(), held)).collect();
        let unknown = db.left_unknown(&left_in(entries)).await?.into_iter().collect();
        Ok(Self { held, unknown })
    }

    pub(super) fn of(&self, hand_over: &HandOver) -> Option<&Held> {
        self.held.get(&hand_over.delivery)
    }

    /// Whether the database knows of an entry, or was told what to think of it.
    pub(super) fn knows(&self, entry: &Entry) -> bool {
        match entry {
            Entry::HandOver(own) => {
                self.of(own).is_some_and(|held| is_answered(held, own) || knows(held, own))
            }
            Entry::Withdrawal(own) => !self.unknown.contains(&own.left()),
        }
    }
}

/// Whether an operator said something of this hand-over, or of a later one of the same delivery.
pub(super) fn is_answered(held: &Held, hand_over: &HandOver) -> bool {
    held.answered_at.is_some_and(|at| hand_over.at.as_millisecond() <= at)
}

/// Whether the row counts this hand-over. One that is going on is not counted yet, but its intent is
/// there: it was durable before the data left, so that a crash is no gap.
pub(super) fn knows(held: &Held, hand_over: &HandOver) -> bool {
    let attempts = held.attempts.unwrap_or(0);
    match held.state.as_deref() {
        None => false,
        Some("sent") => true,
        Some("handing_over") => hand_over.attempt <= attempts + 1,
        Some(_) => hand_over.attempt <= attempts,
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::Ending;
    use super::*;

    fn held(state: Option<&str>, attempts: i64) -> Held {
        let state = state.map(str::to_owned);
        let attempts = state.is_some().then_some(attempts);
        Held { id: "d".to_owned(), state, attempts, answered_at: None }
    }

    fn hand_over(attempt: i64) -> HandOver {
        let at = "2026-11-23T13:00:00Z".parse().expect("an instant");
        HandOver { at, delivery: "d".to_owned(), attempt, ending: Ending::Accepted }
    }

    #[test]
    fn a_row_knows_the_hand_overs_that_it_counts_and_the_one_it_intends() {
        for (state, attempts, attempt, is_known) in [
            (None, 0, 1, false),
            (Some("queued"), 0, 1, false),
            (Some("held"), 0, 1, false),
            // Deferred before the backup, accepted after it.
            (Some("queued"), 1, 2, false),
            // Uncertain, and queued again.
            (Some("queued"), 1, 1, true),
            (Some("handing_over"), 0, 1, true),
            (Some("handing_over"), 0, 2, false),
            (Some("uncertain"), 1, 1, true),
            (Some("failed"), 2, 1, true),
            (Some("cancelled"), 0, 1, false),
            // Assumed sent: no hand-over is counted.
            (Some("sent"), 0, 1, true),
        ] {
            let found = knows(&held(state, attempts), &hand_over(attempt));
            assert_eq!(found, is_known, "{state:?} with {attempts}, hand-over {attempt}");
        }
    }

    #[test]
    fn an_answer_holds_for_what_was_handed_over_before_it() {
        let at = hand_over(1).at.as_millisecond();
        for (answered_at, is_one) in [(None, false), (Some(at - 1), false), (Some(at), true)] {
            let held = Held { answered_at, ..held(None, 0) };
            assert_eq!(is_answered(&held, &hand_over(1)), is_one);
        }
    }

    #[test]
    fn a_gap_says_how_large_it_is_and_what_ends_it() {
        let until = "2026-11-23T13:00:00Z".parse().expect("an instant");
        let said = Gap { unknown: 3, compared: 64, until }.to_string();
        for words in [
            "3 of the last 64 mails",
            "assume-sent --journal",
            "assume-sent --until 2026-11-23T13:00:00Z",
            "brief resume",
        ] {
            assert!(said.contains(words), "{words} is not in {said}");
        }
    }
}

//! What an operator says of hand-overs that the database does not know.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::engine::EngineError;
use crate::store::Db;
use crate::store::journal::{Answered, Held, Verdict};

use super::guard::Ledger;
use super::line::{Ending, Entry, HandOver};
use super::{Journal, guard};

/// What is true after a restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The journal is right: what it knows is sent.
    JournalIsRight,
    /// The database is right as it is.
    DatabaseIsRight,
}

impl Journal {
    /// Reads the whole journal and notes in the database what counts as true of each hand-over that
    /// it does not know. Returns how many there were.
    ///
    /// The notes settle what is planned now or later ([`Db::settle_hand_overs`]); so they hold for
    /// every process, and however long the files are kept.
    ///
    /// # Errors
    /// A file that cannot be read; else as any write. To be repeated then: what was noted stays.
    pub async fn answer(
        &self,
        db: &Db,
        answer: Answer,
        now: Timestamp,
    ) -> Result<u64, EngineError> {
        let mut answered = 0;
        for group in self.groups()? {
            let group = group?;
            let held = Ledger::read(db, &group).await?;
            let notes = notes(&group, &held, answer);
            answered += notes.len() as u64;
            if !notes.is_empty() {
                db.answer_hand_overs(&notes, now).await?;
            }
        }
        Ok(answered)
    }
}

/// The notes about a group, one for each delivery.
fn notes(group: &[Entry], held: &Ledger, answer: Answer) -> Vec<Answered> {
    let mut notes: HashMap<&str, Answered> = HashMap::new();
    for hand_over in group.iter().filter_map(Entry::hand_over) {
        let Some(verdict) = verdict(hand_over, held.of(hand_over), answer) else { continue };
        let note = Answered {
            id: hand_over.delivery.clone(),
            at: hand_over.at.as_millisecond(),
            attempt: hand_over.attempt,
            verdict,
        };
        notes
            .entry(hand_over.delivery.as_str())
            .and_modify(|earlier| {
                // One that was accepted stays accepted, whatever was tried after it.
                let is_sent =
                    earlier.verdict == Verdict::Sent && note.verdict == Verdict::Uncertain;
                let verdict = if is_sent { Verdict::Sent } else { note.verdict };
                *earlier = Answered { verdict, ..note.clone() };
            })
            .or_insert(note);
    }
    notes.into_values().collect()
}

/// What counts as true of one; none where the database knows, or was told already.
fn verdict(hand_over: &HandOver, held: Option<&Held>, answer: Answer) -> Option<Verdict> {
    if held.is_some_and(|held| guard::is_answered(held, hand_over)) {
        return None;
    }
    let is_known = held.is_some_and(|held| guard::knows(held, hand_over));
    let state = held.and_then(|held| held.state.as_deref());
    let is_open = matches!(state, None | Some("held" | "queued" | "handing_over" | "uncertain"));
    match (answer, hand_over.ending) {
        // Known or not: what was accepted is not in doubt, and is not sent again.
        (Answer::JournalIsRight, Ending::Accepted) if is_open => Some(Verdict::Sent),
        _ if is_known => None,
        (Answer::JournalIsRight, Ending::Uncertain) if is_open => Some(Verdict::Uncertain),
        _ => Some(Verdict::Ignored),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(state: &str, attempts: i64) -> Held {
        let state = Some(state.to_owned());
        Held { id: "d".to_owned(), state, attempts: Some(attempts), answered_at: None }
    }

    fn hand_over(attempt: i64, ending: Ending) -> HandOver {
        let at = "2026-11-23T13:00:00Z".parse().expect("an instant");
        HandOver { at, delivery: "d".to_owned(), attempt, ending }
    }

    #[test]
    fn the_journal_says_sent_of_what_was_accepted_and_leaves_a_doubt_a_doubt() {
        let of = |held: Option<&Held>, attempt, ending| {
            verdict(&hand_over(attempt, ending), held, Answer::JournalIsRight)
        };
        assert_eq!(of(None, 1, Ending::Accepted), Some(Verdict::Sent));
        assert_eq!(of(None, 1, Ending::Uncertain), Some(Verdict::Uncertain));
        for state in ["queued", "held", "handing_over", "uncertain"] {
            let row = held(state, 0);
            assert_eq!(of(Some(&row), 1, Ending::Accepted), Some(Verdict::Sent), "{state}");
        }
        let backed_up_on_the_wire = held("handing_over", 0);
        assert_eq!(of(Some(&backed_up_on_the_wire), 1, Ending::Uncertain), None);
        assert_eq!(of(Some(&held("queued", 1)), 1, Ending::Uncertain), None, "resent, and known");
        assert_eq!(of(Some(&held("sent", 1)), 1, Ending::Accepted), None);
        let cancelled = held("cancelled", 0);
        assert_eq!(of(Some(&cancelled), 1, Ending::Accepted), Some(Verdict::Ignored));
    }

    #[test]
    fn where_the_database_is_right_what_it_does_not_know_is_left_alone() {
        let of = |held: Option<&Held>| {
            verdict(&hand_over(1, Ending::Accepted), held, Answer::DatabaseIsRight)
        };
        assert_eq!(of(None), Some(Verdict::Ignored));
        assert_eq!(of(Some(&held("queued", 0))), Some(Verdict::Ignored));
        assert_eq!(of(Some(&held("sent", 1))), None);
    }

    #[test]
    fn what_was_answered_is_not_asked_again() {
        let at = hand_over(1, Ending::Accepted).at.as_millisecond();
        let row = Held { answered_at: Some(at), ..held("queued", 0) };
        for answer in [Answer::JournalIsRight, Answer::DatabaseIsRight] {
            assert_eq!(verdict(&hand_over(1, Ending::Accepted), Some(&row), answer), None);
        }
    }
}

//! What readers answer for a gap by the links in their mails: done, blocked, not mine, a number is
//! wrong (DESIGN 1).
//!
//! A link is the reader's own beginning, then what is answered, then the gap: `…/done/NS-104`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::codes::{GapStatus, UnknownCode, vocabulary};
use super::percent;

/// Most characters of what somebody says with an answer.
pub const WORDS_MAX: usize = 500;

vocabulary!(
    /// What is answered.
    AnswerKind, "answer", {
        Done = "done", Blocked = "blocked", NotMine = "not_mine", Correct = "correct",
    }
);

impl AnswerKind {
    /// What an owner is asked about each gap.
    pub const OF_AN_OWNER: [Self; 3] = [Self::Done, Self::Blocked, Self::NotMine];

    /// As it stands in a link.
    #[must_use]
    pub const fn in_link(self) -> &'static str {
        match self {
            Self::NotMine => "not-mine",
            other => other.as_str(),
        }
    }

    /// Reads what stands in a link.
    #[must_use]
    pub fn of_link(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.in_link() == word)
    }

    /// What its link is called in a mail.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Done => "Done",
            Self::Blocked => "Blocked",
            Self::NotMine => "Not mine",
            Self::Correct => "Correct a number",
        }
    }

    /// Whether it can be answered for a gap of this status. A figure can be wrong for as long as it
    /// is shown; the rest is asked about what is worked on.
    #[must_use]
    pub const fn is_asked_of(self, status: GapStatus) -> bool {
        match self {
            Self::Correct => status.is_leaking(),
            _ => is_worked_on(status),
        }
    }

    /// What follows the beginning of a reader's answer links. None for an id that an address cannot
    /// carry: a dot alone would be taken for a step up (RFC 3986 5.2.4), encoded or not.
    #[must_use]
    pub fn path(self, gap: &str) -> Option<String> {
        let is_step = matches!(gap, "" | "." | "..");
        (!is_step).then(|| format!("/{}/{}", self.in_link(), percent::encoded(gap, "-._~")))
    }
}

/// Whether somebody is to do something about a gap of this status.
#[must_use]
pub const fn is_worked_on(status: GapStatus) -> bool {
    matches!(status, GapStatus::Open | GapStatus::InProgress | GapStatus::Verifying)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_the_answer_and_the_gap_and_carries_any_id() {
        assert_eq!(AnswerKind::Done.path("NS-104").as_deref(), Some("/done/NS-104"));
        assert_eq!(
            AnswerKind::NotMine.path("a/b ?\u{e4}#%").as_deref(),
            Some("/not-mine/a%2Fb%20%3F%C3%A4%23%25")
        );
        for step in ["", ".", ".."] {
            assert_eq!(AnswerKind::Done.path(step), None, "{step:?}");
        }
    }

    #[test]
    fn what_stands_in_a_link_reads_back() {
        for kind in AnswerKind::ALL {
            assert_eq!(AnswerKind::of_link(kind.in_link()), Some(*kind));
        }
        for other in ["", "not_mine", "Done", "close"] {
            assert_eq!(AnswerKind::of_link(other), None, "{other}");
        }
    }
}

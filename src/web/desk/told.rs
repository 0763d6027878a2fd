//! What a page says after something was written. The page is asked for anew, and its address carries
//! the word for the sentence: a reload writes nothing twice.

use serde::Deserialize;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Told {
    /// Something was added.
    Added,
    /// Something was changed.
    Saved,
    /// Nothing was different.
    Same,
    /// Somebody looked, and nothing had changed.
    Confirmed,
    /// The same, but for some.
    Partly,
    /// Words were added to a history.
    Noted,
    /// A gap stands elsewhere now.
    Moved,
    /// A withdrawal was signed.
    Signed,
    /// An assessment was added.
    Assessed,
    /// An answer was dealt with.
    Seen,
    /// A brand was saved.
    Branded,
    /// A note stands in a draft.
    NoteSet,
    /// It was taken back.
    NoteGone,
    /// An edition may be sent.
    Approved,
    /// An edition is not sent.
    LeftOut,
    /// A correction is on its way.
    Corrected,
    /// What had not left of an edition will not.
    Stopped,
    /// Drafts are reviewed in another way.
    Reviewed,
    /// An upload reads as the last one did.
    Mapped,
    /// An upload was thrown away.
    Discarded,
    /// An import was taken back.
    Undone,
}

impl Told {
    const ALL: [(Self, &'static str, &'static str); 21] = [
        (Self::Added, "added", "Added. The next brief counts it."),
        (Self::Saved, "saved", "Saved. The next brief counts it."),
        (Self::Same, "same", "Nothing was different, so nothing was written."),
        (Self::Confirmed, "confirmed", "Written down: looked at, no change."),
        (
            Self::Partly,
            "partly",
            "Written down, but for the questions that say \u{201c}ask again\u{201d}: their gap is done with.",
        ),
        (Self::Noted, "noted", "The note is in the history."),
        (Self::Moved, "moved", "Moved. The next brief counts it."),
        (
            Self::Signed,
            "signed",
            "The withdrawal is signed. The gap is out of every figure, past ones too.",
        ),
        (Self::Assessed, "assessed", "Written down. The score counts it from now on."),
        (Self::Seen, "seen", "Dealt with. The answer stays in the history."),
        (Self::Branded, "branded", "Saved. Your clients see it from their next brief on."),
        (Self::NoteSet, "note", "The note stands in the brief."),
        (Self::NoteGone, "no-note", "The note is taken back."),
        (Self::Approved, "approved", "Approved."),
        (Self::LeftOut, "left-out", "Left out: nothing is sent about this week."),
        (
            Self::Corrected,
            "corrected",
            "The correction is on its way to everybody who got the brief.",
        ),
        (Self::Stopped, "stopped", "Stopped: what had not left of it will not leave."),
        (Self::Reviewed, "reviewed", "Saved. It holds from the next draft on."),
        (Self::Mapped, "mapped", "The columns and words of last time are chosen."),
        (Self::Discarded, "discarded", "Thrown away. Nothing of it was imported."),
        (
            Self::Undone,
            "undone",
            "Taken back. The next brief counts it no more; what was mailed stays as it was.",
        ),
    ];

    /// The word in the address.
    pub(in crate::web) fn word(self) -> &'static str {
        Self::ALL.iter().find(|(told, ..)| *told == self).map_or("", |(_, word, _)| word)
    }

    /// The sentence for a word of ours.
    fn sentence(word: &str) -> Option<&'static str> {
        Self::ALL.iter().find(|(_, own, _)| *own == word).map(|(.., sentence)| *sentence)
    }
}

/// What an address says was done.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Telling {
    #[serde(default)]
    told: String,
}

impl Telling {
    /// The sentence; none for a word that is not ours.
    pub(in crate::web) fn sentence(&self) -> Option<&'static str> {
        Told::sentence(&self.told)
    }
}

//! The text of a nudge: when something that comes anyway, then one act of under 10 minutes (MODEL 6.6).

use super::Recipient;
use crate::domain::brief::gap_called;
use crate::domain::codes::{Area, Category};
use crate::domain::facts::GapFacts;
use crate::domain::plain;

/// Longest nudge, words: a sentence of a brief (MODEL 6.4), and so within the 25 of MODEL 6.6.
const WORDS: usize = 22;

/// A sentence with the rule that wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// "When the next billing run starts, say which copy wins for price lists, and who keeps it."
    pub text: String,
    /// The key of the act, by which it is measured whether it helps.
    pub key: &'static str,
}

/// The nudge about a gap.
#[must_use]
pub fn sentence(gap: &GapFacts, recipient: &Recipient) -> Sentence {
    let cue = match recipient {
        Recipient::Sponsor => "When you open Friday's stand-up",
        Recipient::Owner(_) => cue(gap.area),
    };
    let (key, words) = act(gap, &gap_called(&gap.short_name));
    let full = format!("{cue}, {words}.");
    let text = if plain::count_words(&full) <= WORDS {
        full
    } else {
        format!("{cue}, {}.", act(gap, "this gap").1)
    };
    Sentence { text, key }
}

/// The act alone, as a request in a session: "Ask: name one owner for invoice exceptions."
#[must_use]
pub fn ask(gap: &GapFacts) -> String {
    format!("Ask them to {}.", act(gap, &gap_called(&gap.short_name)).1)
}

/// What a text asks for, by its key; none for a key that no rule has.
#[must_use]
pub fn label(key: &str) -> Option<&'static str> {
    let labels = [
        ("no_owner", "Name one owner"),
        ("overdue", "Set one new date"),
        ("sliding", "Choose a first step"),
        ("test_undocumented", "Let somebody use the page"),
        ("test_no_source", "Compare two records"),
        ("test_approval_memory", "Send one approval to the deputy"),
        ("test_owner_habit", "Ask the new owner to say yes"),
        ("test_report_mismatch", "Ask one reader"),
        ("idle_undocumented", "Write down three steps"),
        ("idle_no_source", "Say which copy wins"),
        ("idle_approval_memory", "Name one deputy"),
        ("idle_owner_habit", "Name who answers for it"),
        ("idle_report_mismatch", "Write down the decision"),
    ];
    labels.iter().find(|(own, _)| *own == key).map(|(_, label)| *label)
}

/// An event that comes round by itself where the gap is.
const fn cue(area: Area) -> &'static str {
    match area {
        Area::Billing => "When the next billing run starts",
        Area::Collections => "When the next reminders go out",
        Area::Payables => "When the next payment run starts",
        Area::Procurement => "When the next order waits for approval",
        Area::Payroll => "When the next payroll run starts",
        Area::Close | Area::Planning | Area::Treasury | Area::Compliance => {
            "When finance meets this week"
        }
        Area::People | Area::Onboarding | Area::MasterData => "When you open Friday's stand-up",
    }
}

/// One act by the reason of the stall, then by the cause of the gap: its key and its words.
fn act(gap: &GapFacts, name: &str) -> (&'static str, String) {
    let stalled = |reason: &str| gap.stall_reasons.iter().any(|r| r.starts_with(reason));
    if stalled("no_owner") {
        return ("no_owner", format!("name one owner for {name}"));
    }
    if stalled("unverified") {
        return test(gap.category, name);
    }
    if stalled("overdue") {
        return ("overdue", format!("set one new date for {name}, and say who keeps it"));
    }
    if stalled("sliding") {
        return ("sliding", format!("choose the first small step for {name} and its day"));
    }
    match gap.category {
        Category::Undocumented => {
            ("idle_undocumented", format!("write down the first three steps for {name}"))
        }
        Category::NoSource => {
            ("idle_no_source", format!("say which copy wins for {name}, and who keeps it"))
        }
        Category::ApprovalMemory => ("idle_approval_memory", format!("name one deputy for {name}")),
        Category::OwnerHabit => {
            ("idle_owner_habit", format!("name the one person who answers for {name}"))
        }
        Category::ReportMismatch => {
            ("idle_report_mismatch", format!("write down the one decision that needs {name}"))
        }
    }
}

/// A test that someone else can start in minutes.
fn test(category: Category, name: &str) -> (&'static str, String) {
    match category {
        Category::Undocumented => (
            "test_undocumented",
            format!("have someone who did not write the page use it for {name}"),
        ),
        Category::NoSource => {
            ("test_no_source", format!("compare two records for {name} and say whether they agree"))
        }
        Category::ApprovalMemory => {
            ("test_approval_memory", format!("send one approval to the deputy to test {name}"))
        }
        Category::OwnerHabit => {
            ("test_owner_habit", format!("ask the new owner of {name} to say yes in one line"))
        }
        Category::ReportMismatch => {
            ("test_report_mismatch", format!("ask one reader what they decided with {name}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_can_be_told_by_what_it_asks_for() {
        for category in Category::ALL {
            for prefix in ["test", "idle"] {
                let key = format!("{prefix}_{category}");
                assert!(label(&key).is_some(), "{key}");
            }
            assert_eq!(test(*category, "x").0, format!("test_{category}"));
        }
        assert_eq!(label("own_words"), None);
    }
}

//! The text of a nudge: when something that comes anyway, then one act of under 10 minutes (MODEL 6.6).

use super::Recipient;
use crate::domain::brief::gap_called;
use crate::domain::codes::{Area, Category};
use crate::domain::facts::GapFacts;
use crate::domain::plain;

/// Longest nudge, words: a sentence of a brief (MODEL 6.4), and so within the 25 of MODEL 6.6.
const WORDS: usize = 22;

/// "When the next billing run starts, say which copy wins for price lists, and who keeps it."
#[must_use]
pub fn text(gap: &GapFacts, recipient: &Recipient) -> String {
    let cue = match recipient {
        Recipient::Sponsor => "When you open Friday's stand-up",
        Recipient::Owner(_) => cue(gap.area),
    };
    let full = format!("{cue}, {}.", act(gap, &gap_called(&gap.short_name)));
    if plain::count_words(&full) <= WORDS {
        full
    } else {
        format!("{cue}, {}.", act(gap, "this gap"))
    }
}

/// The act alone, as a request in a session: "Ask: name one owner for invoice exceptions."
#[must_use]
pub fn ask(gap: &GapFacts) -> String {
    format!("Ask them to {}.", act(gap, &gap_called(&gap.short_name)))
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

/// One act by the reason of the stall, then by the cause of the gap.
fn act(gap: &GapFacts, name: &str) -> String {
    let stalled = |reason: &str| gap.stall_reasons.iter().any(|r| r.starts_with(reason));
    if stalled("no_owner") {
        return format!("name one owner for {name}");
    }
    if stalled("unverified") {
        return test(gap.category, name);
    }
    if stalled("overdue") {
        return format!("set one new date for {name}, and say who keeps it");
    }
    if stalled("sliding") {
        return format!("choose the first small step for {name} and its day");
    }
    match gap.category {
        Category::Undocumented => format!("write down the first three steps for {name}"),
        Category::NoSource => format!("say which copy wins for {name}, and who keeps it"),
        Category::ApprovalMemory => format!("name one deputy for {name}"),
        Category::OwnerHabit => format!("name the one person who answers for {name}"),
        Category::ReportMismatch => format!("write down the one decision that needs {name}"),
    }
}

/// A test that someone else can start in minutes.
fn test(category: Category, name: &str) -> String {
    match category {
        Category::Undocumented => {
            format!("have someone who did not write the page use it for {name}")
        }
        Category::NoSource => format!("compare two records for {name} and say whether they agree"),
        Category::ApprovalMemory => format!("send one approval to the deputy to test {name}"),
        Category::OwnerHabit => format!("ask the new owner of {name} to say yes in one line"),
        Category::ReportMismatch => format!("ask one reader what they decided with {name}"),
    }
}

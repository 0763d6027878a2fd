//! What the codes of the model are called where a reader meets them outside a sentence.

use crate::domain::codes::{Basis, Category, GapStatus, LeakZone};

/// A pattern as the head of a column: short, for a narrow screen.
#[must_use]
pub const fn pattern(category: Category) -> &'static str {
    match category {
        Category::Undocumented => "Written",
        Category::NoSource => "Source",
        Category::ApprovalMemory => "Approver",
        Category::OwnerHabit => "Owner",
        Category::ReportMismatch => "Report",
    }
}

/// A pattern in a few words.
#[must_use]
pub const fn pattern_in_full(category: Category) -> &'static str {
    match category {
        Category::Undocumented => "described, never written down or tried",
        Category::NoSource => "several versions of the data, none agreed to win",
        Category::ApprovalMemory => "approvals and escalations in one head",
        Category::OwnerHabit => "an owner on paper, a habit in practice",
        Category::ReportMismatch => "a report beside what is decided on",
    }
}

/// A zone as the head of a row.
#[must_use]
pub const fn zone(zone: LeakZone) -> &'static str {
    match zone {
        LeakZone::Finance => "Finance",
        LeakZone::Process => "Process",
        LeakZone::Tools => "Tools",
        LeakZone::Customers => "Customers",
        LeakZone::People => "People",
    }
}

/// Where a gap stands.
#[must_use]
pub const fn status(status: GapStatus) -> &'static str {
    match status {
        GapStatus::Open => "open",
        GapStatus::InProgress => "in progress",
        GapStatus::Verifying => "in test",
        GapStatus::Closed => "closed",
        GapStatus::Accepted => "risk accepted",
        GapStatus::Withdrawn => "withdrawn, not signed",
    }
}

/// What a severity means.
#[must_use]
pub const fn severity(number: u8) -> &'static str {
    match number {
        1 => "note",
        2 => "deficiency",
        3 => "significant",
        _ => "blocks go-live",
    }
}

/// Where the inputs of a price come from.
#[must_use]
pub const fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Measured => "measured",
        Basis::Estimated => "estimated by your team",
        Basis::Benchmark => "an industry figure",
    }
}

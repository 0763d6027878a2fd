//! What the codes of the model are called on the desk, and the choices that its forms offer.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::brief::numbers::{capitalized, full_date};
use crate::domain::codes::{
    Area, Basis, Category, EventKind, ExposureKind, GapStatus, ImplementationKind,
    ImplementationStatus, LeakZone, Severity,
};
use crate::domain::portfolio::Need;

/// One choice of a list: what is sent, and what is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Choice {
    /// Value.
    pub(in crate::web) value: String,
    /// Words.
    pub(in crate::web) label: String,
}

impl Choice {
    pub(in crate::web) fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

fn choices<T: Copy>(
    all: &[T],
    value: fn(T) -> &'static str,
    label: fn(T) -> String,
) -> Vec<Choice> {
    all.iter().map(|one| Choice::new(value(*one), label(*one))).collect()
}

/// "Master data".
pub(in crate::web) fn area(area: Area) -> String {
    capitalized(area.words())
}

pub(in crate::web) fn areas() -> Vec<Choice> {
    choices(Area::ALL, Area::as_str, area)
}

/// A pattern as the head of a column.
pub(in crate::web) const fn pattern(category: Category) -> &'static str {
    match category {
        Category::Undocumented => "Not written",
        Category::NoSource => "No source",
        Category::ApprovalMemory => "One head",
        Category::OwnerHabit => "No owner",
        Category::ReportMismatch => "Report",
    }
}

/// A pattern in a few words.
pub(in crate::web) const fn pattern_in_full(category: Category) -> &'static str {
    match category {
        Category::Undocumented => "Described, never written down or tried",
        Category::NoSource => "Several versions of the data, none agreed to win",
        Category::ApprovalMemory => "Approvals and escalations in one head",
        Category::OwnerHabit => "An owner on paper, a habit in practice",
        Category::ReportMismatch => "A report beside what is decided on",
    }
}

pub(in crate::web) fn patterns() -> Vec<Choice> {
    choices(Category::ALL, Category::as_str, |one| pattern_in_full(one).to_owned())
}

/// Where a gap stands.
pub(in crate::web) const fn status(status: GapStatus) -> &'static str {
    match status {
        GapStatus::Open => "Open",
        GapStatus::InProgress => "In progress",
        GapStatus::Verifying => "In test",
        GapStatus::Closed => "Closed",
        GapStatus::Accepted => "Risk accepted",
        GapStatus::Withdrawn => "Withdrawn",
    }
}

pub(in crate::web) fn statuses() -> Vec<Choice> {
    choices(GapStatus::ALL, GapStatus::as_str, |one| status(one).to_owned())
}

/// What a severity means (MODEL 1a).
pub(in crate::web) const fn severity(severity: Severity) -> &'static str {
    match severity.number() {
        1 => "note",
        2 => "deficiency",
        3 => "significant",
        _ => "material",
    }
}

pub(in crate::web) fn severities() -> Vec<Choice> {
    [
        ("1", "1 note: worth fixing"),
        ("2", "2 deficiency: errors happen and are caught late"),
        ("3", "3 significant: errors can reach customers, cash or filings"),
        ("4", "4 material: would stop the platform at go-live"),
    ]
    .map(|(value, label)| Choice::new(value, label))
    .to_vec()
}

pub(in crate::web) fn zones() -> Vec<Choice> {
    choices(LeakZone::ALL, LeakZone::as_str, |one| capitalized(one.as_str()))
}

/// How a price is worked out.
pub(in crate::web) const fn exposure(kind: ExposureKind) -> &'static str {
    match kind {
        ExposureKind::Rework => "Rework: hours times a rate",
        ExposureKind::Error => "Errors: how many, how often wrong, what one costs",
        ExposureKind::Leakage => "Leakage: a share of what is billed",
        ExposureKind::LateCash => "Late cash: days late on what is billed",
        ExposureKind::Event => "Events: how often in a year, what one costs",
        ExposureKind::Direct => "A direct amount in a period",
        ExposureKind::Unpriced => "Not priced",
    }
}

pub(in crate::web) fn exposures() -> Vec<Choice> {
    choices(ExposureKind::ALL, ExposureKind::as_str, |one| exposure(one).to_owned())
}

/// Where the inputs of a price come from.
pub(in crate::web) const fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Measured => "Measured",
        Basis::Estimated => "Estimated by the team",
        Basis::Benchmark => "An industry figure",
    }
}

pub(in crate::web) fn bases() -> Vec<Choice> {
    choices(Basis::ALL, Basis::as_str, |one| basis(one).to_owned())
}

/// What a platform is.
pub(in crate::web) const fn implementation(kind: ImplementationKind) -> &'static str {
    match kind {
        ImplementationKind::Erp => "ERP",
        ImplementationKind::Close => "Close",
        ImplementationKind::Billing => "Billing",
        ImplementationKind::Automation => "Automation",
        ImplementationKind::Offshoring => "Offshoring",
        ImplementationKind::Ai => "AI",
        ImplementationKind::Other => "Other",
    }
}

pub(in crate::web) fn implementations() -> Vec<Choice> {
    choices(ImplementationKind::ALL, ImplementationKind::as_str, |one| {
        implementation(one).to_owned()
    })
}

pub(in crate::web) fn standings() -> Vec<Choice> {
    choices(ImplementationStatus::ALL, ImplementationStatus::as_str, |one| {
        capitalized(one.as_str())
    })
}

/// What a kind of event is called in a history.
pub(in crate::web) const fn event(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Opened => "Opened",
        EventKind::Status => "Status",
        EventKind::Reopened => "Reopened",
        EventKind::Severity => "Severity",
        EventKind::Owner => "Owner",
        EventKind::DueOn => "Due",
        EventKind::NextStep => "Next step",
        EventKind::Exposure => "Price",
        EventKind::Evidence => "Evidence",
        EventKind::WithdrawConfirmed => "Withdrawal signed",
        EventKind::Confirmed => "Looked at, no change",
        EventKind::Note => "Note",
    }
}

/// Why a client needs the consultant.
pub(in crate::web) fn need(need: Need, blocker_in_days: Option<i64>, stalled: i64) -> String {
    match need {
        Need::BlockerNearGoLive => match blocker_in_days {
            Some(0) => "blocker open, live today".to_owned(),
            Some(1) => "blocker open, live tomorrow".to_owned(),
            Some(days) => format!("blocker open, live in {days} days"),
            None => "blocker open near go-live".to_owned(),
        },
        Need::NeverAssessed => "never assessed".to_owned(),
        Need::Late => "late at this pace".to_owned(),
        Need::NoDate => "no date for go-live".to_owned(),
        Need::StalledGap if stalled == 1 => "1 stalled gap".to_owned(),
        Need::StalledGap => format!("{stalled} stalled gaps"),
        Need::DraftWaiting => "draft to approve".to_owned(),
    }
}

/// "26 November 2026, 10:04", in a zone.
pub(super) fn minute(at: Timestamp, zone: &TimeZone) -> String {
    let local = zone.to_datetime(at);
    format!("{}, {:02}:{:02}", full_date(local.date()), local.hour(), local.minute())
}

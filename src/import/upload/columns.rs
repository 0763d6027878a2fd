//! What a column of ours holds, cell by cell: what can be said of it without a database.

use jiff::tz::TimeZone;

use crate::domain::codes::{
    Area, Basis, Category, EventKind, ExposureKind, GapStatus, ImplementationKind,
    ImplementationStatus, QuietChoice, Role,
};
use crate::import::context::address;
use crate::import::kind::FileKind;
use crate::import::map::{Fault, Row};
use crate::import::times::{FIRST_EXISTENCE, Times, shown};

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Words of our own.
    Words(Vec<&'static str>),
    /// A day.
    Day,
    /// An instant.
    Instant,
    /// A whole number.
    Whole(i64, i64),
    /// An e-mail address.
    Address,
    /// Text of at most so many characters.
    Text(usize),
}

/// The columns that inputs of estimates may come in, beside `exposure_inputs`.
pub const INPUTS: [&str; 13] = [
    "exposure_inputs.amount_minor",
    "exposure_inputs.period_days",
    "exposure_inputs.hours_centi_per_week",
    "exposure_inputs.rate_minor_per_hour",
    "exposure_inputs.volume_per_week",
    "exposure_inputs.error_rate_bp",
    "exposure_inputs.cost_minor_per_error",
    "exposure_inputs.billed_minor_per_week",
    "exposure_inputs.leak_bp",
    "exposure_inputs.days_late_tenths",
    "exposure_inputs.annual_cost_of_capital_bp",
    "exposure_inputs.events_milli_per_year",
    "exposure_inputs.loss_minor_per_event",
];

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Content {
    Content::Words(all.iter().map(|one| word(*one)).collect())
}

/// What a column of a kind holds.
#[must_use]
pub fn content(kind: FileKind, column: &str) -> Content {
    match (kind, column) {
        (FileKind::Gaps | FileKind::Assessments | FileKind::Areas, "area") => {
            words(Area::ALL, Area::as_str)
        }
        (FileKind::Gaps | FileKind::Assessments, "category") => {
            words(Category::ALL, Category::as_str)
        }
        (FileKind::Gaps, "severity") => Content::Words(vec!["1", "2", "3", "4"]),
        (FileKind::Gaps, "status") => words(GapStatus::ALL, GapStatus::as_str),
        (FileKind::Gaps, "exposure_kind") => words(ExposureKind::ALL, ExposureKind::as_str),
        (FileKind::Gaps, "exposure_basis") => words(Basis::ALL, Basis::as_str),
        (FileKind::Changes, "kind") => words(EventKind::ALL, EventKind::as_str),
        (FileKind::Implementations, "kind") => {
            words(ImplementationKind::ALL, ImplementationKind::as_str)
        }
        (FileKind::Implementations, "status") => {
            words(ImplementationStatus::ALL, ImplementationStatus::as_str)
        }
        (FileKind::Subscriptions, "role") => words(Role::ALL, Role::as_str),
        (FileKind::Subscriptions, "quiet") => words(QuietChoice::ALL, QuietChoice::as_str),
        (FileKind::Promises, "done") => Content::Words(vec!["yes", "no"]),
        (_, "email" | "owner_email") | (FileKind::Sessions, "consultant") => Content::Address,
        (_, "effective_at" | "recorded_at" | "starts_at" | "confirmed_at") => Content::Instant,
        (_, "due") => Content::Day,
        (_, name) if name.ends_with("_on") || name == "existed_since" => Content::Day,
        (_, "weight") => Content::Whole(1, 5),
        (_, "level") => Content::Whole(0, 5),
        (_, "target_score") => Content::Whole(0, 100),
        (_, "cut_off_hour" | "hour") => Content::Whole(0, 23),
        (_, "billed_per_week" | "benefit_per_week") => Content::Whole(0, i64::MAX),
        (FileKind::Gaps, "title") => Content::Text(60),
        (FileKind::Gaps, "short_name") => Content::Text(32),
        (FileKind::Gaps, "next_step") => Content::Text(500),
        (_, "external_id" | "name" | "owner" | "verifier" | "assessor" | "actor") => {
            Content::Text(200)
        }
        _ => Content::Text(usize::MAX),
    }
}

/// Whether a word stands for itself in a column of ours.
#[must_use]
pub fn is_understood(kind: FileKind, column: &str, word: &str) -> bool {
    match (content(kind, column), column) {
        (Content::Words(own), "status") if kind == FileKind::Gaps => {
            // `accepted:2027-01-31` is one of ours, too.
            own.contains(&word.split(':').next().unwrap_or_default())
        }
        (Content::Words(_), "done") => {
            ["true", "yes", "1", "done", "false", "no", "0"].contains(&word.to_lowercase().as_str())
        }
        (Content::Words(own), _) => own.contains(&word.trim()),
        _ => true,
    }
}

/// Everything that is wrong with the cells of a row by themselves.
#[must_use]
pub fn faults(row: &Row, times: &Times) -> Vec<Fault> {
    row.kind.columns().iter().filter_map(|column| fault(row, column.name, times).err()).collect()
}

fn fault(row: &Row, column: &str, times: &Times) -> Result<(), Fault> {
    match content(row.kind, column) {
        Content::Words(own) => match row.text(column) {
            Some(word) if !is_understood(row.kind, column, word) => Err(Fault::at(
                column,
                format!("{:?} is not understood; it is one of: {}", shown(word), own.join(" ")),
            )),
            _ => Ok(()),
        },
        Content::Day if column == "existed_since" => {
            row.date_from(column, times, FIRST_EXISTENCE).map(drop)
        }
        Content::Day => row.date(column, times).map(drop),
        Content::Instant => row.instant(column, times, &TimeZone::UTC).map(drop),
        Content::Whole(_, i64::MAX) => row.money(column).map(drop),
        Content::Whole(least, most) => row.whole(column, least..=most).map(drop),
        Content::Address => address(row, column).map(drop),
        Content::Text(most) => row.short(column, most).map(drop),
    }
}

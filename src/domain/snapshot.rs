//! What was known about one organization at a cut-off: the only input of the facts (MODEL 2).
//!
//! Rows recorded after the cut-off are not in a snapshot, nor rows of a voided import. Dates are
//! civil dates in the organization's zone, instants are UTC, money is in minor units.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::address::EmailAddress;
use super::brand::Consultant;
use super::codes::{
    Area, Basis, Category, EventKind, ExposureKind, ImplementationKind, ImplementationStatus,
    LeakZone,
};
use super::one_line::{cut_at_word, one_line};

/// One organization with everything recorded about it up to a cut-off.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Who the brief is about.
    pub organization: Organization,
    /// Its implementations, cancelled ones included.
    pub implementations: Vec<Implementation>,
    /// Its gaps in any order.
    pub gaps: Vec<Gap>,
    /// Every look at a cell (area by category), in any order.
    pub looks: Vec<Look>,
    /// Scores as they were mailed: implementation id and `as_of` to milli-points.
    pub reported: BTreeMap<(String, Date), i64>,
    /// Insights already sent to this organization: id and ISO-week age in weeks, youngest kept.
    pub insights_sent: BTreeMap<String, u32>,
    /// When the brief before this one was frozen, if any was.
    pub previous_sent_at: Option<Timestamp>,
    /// Cut-off of the brief before this one, if any was planned: for a portfolio that of the portfolio
    /// before, the same for all clients.
    pub previous_cut_off: Option<Timestamp>,
    /// The consultant's note for this week, if one was written.
    pub note: Option<Note>,
    /// Of the consultants who look after it the one who was linked first: in whose name it comes.
    pub consultant: Option<Consultant>,
    /// The sources that told something about it, by name.
    pub feeds: Vec<Feed>,
}

/// Somebody who can be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The name; may be empty.
    pub name: String,
    /// The address.
    pub email: EmailAddress,
}

/// A database of somebody else's that figures of an organization come from, as known at a cut-off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its name in the settings.
    pub source: String,
    /// When it was last read.
    pub read_at: Option<Timestamp>,
    /// When it last told something new about this organization.
    pub told_at: Timestamp,
    /// Whether it could not be read since.
    pub is_failing: bool,
}

/// The organization's own settings.
#[derive(Debug, Clone)]
pub struct Organization {
    /// Row id.
    pub id: String,
    /// Name in commands, links and file names.
    pub slug: String,
    /// Name in the brief.
    pub name: String,
    /// ISO 4217 code.
    pub currency: String,
    /// IANA zone that turns instants into the dates of everything.
    pub time_zone: String,
    /// What it bills in a week, minor units; gives "1.9% of billing".
    pub billed_per_week: Option<i64>,
    /// Whether amounts may stand in a subject line (MODEL 6.5).
    pub money_in_subject: bool,
}

/// A platform or mandate that the organization gets ready for.
#[derive(Debug, Clone)]
pub struct Implementation {
    /// Row id.
    pub id: String,
    /// Name in commands and facts.
    pub slug: String,
    /// Name in the brief.
    pub name: String,
    /// What it is.
    pub kind: ImplementationKind,
    /// Where it stands at the cut-off.
    pub status: ImplementationStatus,
    /// First day of configuration, as known at the cut-off.
    pub configuration_starts_on: Option<Date>,
    /// Go-live, as known at the cut-off.
    pub go_live_on: Option<Date>,
    /// Score to reach, milli-points.
    pub target_milli: i64,
    /// What the platform brings in a week once live, minor units.
    pub benefit_per_week: Option<i64>,
    /// Scope: each area with its weight 1 to 5.
    pub areas: Vec<(Area, i64)>,
    /// How its dates came to be what they are.
    pub events: Vec<ImplementationEvent>,
}

/// One change of an implementation's dates. Append-only.
#[derive(Debug, Clone)]
pub struct ImplementationEvent {
    /// `go_live_on`, `configuration_starts_on` or `status`.
    pub field: String,
    /// Value before, if any.
    pub from: Option<String>,
    /// Value after, if any.
    pub to: Option<String>,
    /// When it was true.
    pub effective_on: Date,
    /// When we were told.
    pub recorded_at: Timestamp,
}

/// One gap with its whole history.
#[derive(Debug, Clone)]
pub struct Gap {
    /// Row id.
    pub id: String,
    /// The id its owner knows it by; last key of every ordering.
    pub external_id: String,
    /// The one implementation it belongs to; none means every one with its area.
    pub implementation_id: Option<String>,
    /// Place.
    pub area: Area,
    /// Cause.
    pub category: Category,
    /// Zone that groups its money.
    pub leak_zone: LeakZone,
    /// Written so that it reads after "Open:".
    pub title: String,
    /// Noun phrase of at most 32 characters that the brief calls it by.
    pub short_name: Option<String>,
    /// Gaps in one group count once, by the largest figure (MODEL 3).
    pub exposure_group: Option<String>,
    /// Since when it existed, where that is known to be earlier than `opened_on`.
    pub existed_since: Option<Date>,
    /// First day of its cost.
    pub opened_on: Date,
    /// Append-only history, in any order.
    pub events: Vec<GapEvent>,
    /// Estimates, in any order; the latest effective one counts.
    pub exposures: Vec<Exposure>,
}

/// One thing that happened to a gap.
#[derive(Debug, Clone)]
pub struct GapEvent {
    /// Row id; breaks ties between events of one instant, so row order never matters.
    pub id: String,
    /// What it says.
    pub kind: EventKind,
    /// Value before: a code, a date as ISO 8601, or a name.
    pub from: Option<String>,
    /// Value after. For `status` to accepted, the end date may follow a colon: `accepted:2027-01-31`.
    pub to: Option<String>,
    /// When it was true.
    pub effective_on: Date,
    /// When we were told.
    pub recorded_at: Timestamp,
    /// Who did it, where known.
    pub actor: Option<String>,
}

/// One estimate of what a gap costs in a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// Since when it applies.
    pub effective_on: Date,
    /// When we were told.
    pub recorded_at: Timestamp,
    /// Formula.
    pub kind: ExposureKind,
    /// Low, likely and high per week, minor units.
    pub per_week: Bounds,
    /// Where the inputs come from.
    pub basis: Basis,
}

/// Low, likely and high of one quantity, minor units. Invariant: `low <= likely <= high` for
/// anything accepted at the door.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Bounds {
    /// The least it is thought to be.
    pub low: i64,
    /// What it is thought to be.
    pub likely: i64,
    /// The most it is thought to be.
    pub high: i64,
}

/// One look at a cell in an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Index into [`Snapshot::implementations`].
    pub implementation: usize,
    /// Row of the assessment grid.
    pub area: Area,
    /// Column of the assessment grid.
    pub category: Category,
    /// The day it was looked at.
    pub held_on: Date,
    /// When we were told.
    pub recorded_at: Timestamp,
}

/// What the consultant says on top of the figures.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Note {
    /// Who signs it, as it stands in "FROM A. MENDEL".
    pub author: String,
    /// Their words.
    pub text: String,
}

impl Gap {
    /// What the brief calls it: the short name, or the title cut at a word (MODEL 2).
    #[must_use]
    pub fn called(&self) -> String {
        let name = self.short_name.as_deref().filter(|n| !n.trim().is_empty());
        let name = one_line(name.unwrap_or(&self.title));
        cut_at_word(&name, SHORT_NAME_CHARS)
    }
}

/// Longest name that a brief calls a gap by (MODEL 2).
pub const SHORT_NAME_CHARS: usize = 32;

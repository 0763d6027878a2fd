//! What may be asked of the register. In a change `None` leaves a thing as it is, and where it may be
//! taken away an inner `None` does that. Text is as it was typed; the rules clean it.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::{Map, Value};

use crate::domain::codes::{
    Area, Basis, Category, ExposureKind, GapStatus, ImplementationKind, ImplementationStatus,
    LeakZone,
};

/// One person who owns a gap: a name, an address, or both. An address alone must be of somebody whose
/// name is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owner {
    /// As it stands in the brief.
    pub name: String,
    /// The address. One that is not known yet becomes a person, who gets no mail by that.
    pub email: Option<String>,
}

/// What is done next, and by when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NextStep {
    /// In a sentence.
    pub text: String,
    /// The day.
    pub on: Option<Date>,
}

/// An estimate of what a gap costs in a week (MODEL 3). The figures are worked out from the inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Formula; unpriced takes the price away.
    pub kind: ExposureKind,
    /// Its named inputs, each a whole number or `[low, likely, high]`.
    pub inputs: Map<String, Value>,
    /// Where they come from.
    pub basis: Basis,
    /// The same in words.
    pub source: Option<String>,
}

/// What was shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// In words.
    pub text: String,
    /// Where it lies: an https address.
    pub url: Option<String>,
}

/// A gap to be added.
#[derive(Debug, Clone)]
pub struct NewGap {
    /// The id its owner's system knows it by; made from the organization's slug where none is given.
    pub external_id: Option<String>,
    /// Slug, external id or row id of the one implementation it belongs to; none means every one with
    /// its area.
    pub implementation: Option<String>,
    /// Place.
    pub area: Area,
    /// Cause.
    pub category: Category,
    /// Zone that groups its money; by the area where none is given.
    pub leak_zone: Option<LeakZone>,
    /// 1 to 4.
    pub severity: i64,
    /// Reads after "Open:"; at most 60 characters.
    pub title: String,
    /// Noun phrase of at most 32 characters that the brief calls it by.
    pub short_name: Option<String>,
    /// More words.
    pub description: String,
    /// One person.
    pub owner: Option<Owner>,
    /// Due date.
    pub due_on: Option<Date>,
    /// What is done next.
    pub next_step: Option<NextStep>,
    /// Who may close it: never its owner.
    pub verifier: Option<String>,
    /// What it costs.
    pub estimate: Option<Estimate>,
    /// Gaps in one group count once.
    pub exposure_group: Option<String>,
    /// Since when it existed, where that is known to be earlier.
    pub existed_since: Option<Date>,
    /// First day of its cost: today where none is given.
    pub opened_on: Option<Date>,
}

impl NewGap {
    /// A gap of which no more is known than where and why it is, how bad, and its title.
    #[must_use]
    pub fn new(area: Area, category: Category, severity: i64, title: &str) -> Self {
        Self {
            external_id: None,
            implementation: None,
            area,
            category,
            leak_zone: None,
            severity,
            title: title.to_owned(),
            short_name: None,
            description: String::new(),
            owner: None,
            due_on: None,
            next_step: None,
            verifier: None,
            estimate: None,
            exposure_group: None,
            existed_since: None,
            opened_on: None,
        }
    }
}

/// What to change of a gap: all of it or nothing.
#[derive(Debug, Clone, Default)]
pub struct GapChange {
    /// Another title.
    pub title: Option<String>,
    /// Another short name.
    pub short_name: Option<Option<String>>,
    /// Other words.
    pub description: Option<String>,
    /// Another place.
    pub area: Option<Area>,
    /// Another cause.
    pub category: Option<Category>,
    /// Another zone.
    pub leak_zone: Option<LeakZone>,
    /// Slug, external id or row id of another implementation.
    pub implementation: Option<Option<String>>,
    /// Another group.
    pub exposure_group: Option<Option<String>>,
    /// Another day since when it existed.
    pub existed_since: Option<Option<Date>>,
    /// Who may close it.
    pub verifier: Option<Option<String>>,
    /// Where it stands from now on. Closing needs evidence, withdrawing a reason, accepting the two
    /// fields below.
    pub status: Option<GapStatus>,
    /// Who takes the risk, for `accepted`.
    pub accepted_by: Option<String>,
    /// Last day of that.
    pub accepted_until: Option<Date>,
    /// Why, for `withdrawn`; may be given with any status.
    pub reason: Option<String>,
    /// Signs a withdrawal that somebody else made: the gap leaves the whole series.
    pub is_withdrawal_confirmed: bool,
    /// 1 to 4.
    pub severity: Option<i64>,
    /// Another owner, or nobody.
    pub owner: Option<Option<Owner>>,
    /// Another due date.
    pub due_on: Option<Option<Date>>,
    /// What is done next.
    pub next_step: Option<Option<NextStep>>,
    /// What it costs.
    pub estimate: Option<Estimate>,
    /// What was shown.
    pub evidence: Option<Evidence>,
    /// Words for the history.
    pub note: Option<String>,
    /// The day from which it is so: today where none is given, never later than tomorrow.
    pub effective_on: Option<Date>,
    /// The version that was looked at; another one by now refuses the change as a conflict.
    pub expected: Option<String>,
}

/// A row and a column of the assessment grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Row.
    pub area: Area,
    /// Column.
    pub category: Category,
}

/// The gap that a shortfall is.
#[derive(Debug, Clone)]
pub enum GapLink {
    /// One that is known, by its external id.
    Known(String),
    /// One to be added in the same write. Its area and category are those of the cell.
    New(Box<NewGap>),
}

/// One answer of an assessment.
#[derive(Debug, Clone)]
pub struct NewAnswer {
    /// To which question.
    pub cell: Cell,
    /// 0 to 5. Level 2, 1 and 0 demand a gap of severity 1, 2 and 3 or more.
    pub level: i64,
    /// In words.
    pub note: Option<String>,
    /// The gap that a shortfall is.
    pub gap: Option<GapLink>,
}

/// An assessment to be added.
#[derive(Debug, Clone, Default)]
pub struct NewAssessment {
    /// Slug, external id or row id of the implementation.
    pub implementation: String,
    /// When it was held: today where no day is given.
    pub held_on: Option<Date>,
    /// Who looked; whoever writes it where none is given.
    pub assessor: Option<String>,
    /// The answers, each cell once.
    pub answers: Vec<NewAnswer>,
}

/// Cells that were looked at and found unchanged.
#[derive(Debug, Clone, Default)]
pub struct ConfirmedCells {
    /// Slug, external id or row id of the implementation.
    pub implementation: String,
    /// When that was: today where no day is given.
    pub held_on: Option<Date>,
    /// Who looked; whoever writes it where none is given.
    pub assessor: Option<String>,
    /// Which cells.
    pub cells: Vec<Cell>,
}

/// When a session begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begins {
    /// At an instant.
    At(Timestamp),
    /// At a time of day in the organization's zone.
    Local(DateTime),
}

/// A promise to be added or changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PromiseChange {
    /// Row id; none adds a promise.
    pub id: Option<String>,
    /// The words.
    pub text: Option<String>,
    /// Who promised.
    pub owner: Option<String>,
    /// By when.
    pub due_on: Option<Option<Date>>,
    /// Whether it was kept.
    pub is_done: Option<bool>,
    /// Takes it out of the session.
    pub is_removed: bool,
}

/// A session to be added.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Address or row id of the consultant; whoever writes it where none is given.
    pub consultant: Option<String>,
    /// When it begins.
    pub begins: Begins,
    /// What was said.
    pub notes: String,
    /// What was promised.
    pub promises: Vec<PromiseChange>,
}

/// What to change of a session.
#[derive(Debug, Clone, Default)]
pub struct SessionChange {
    /// Another beginning.
    pub begins: Option<Begins>,
    /// Other notes.
    pub notes: Option<String>,
    /// Promises that are new or change; the others stay.
    pub promises: Vec<PromiseChange>,
    /// The version that was looked at.
    pub expected: Option<String>,
}

/// An implementation to be added.
#[derive(Debug, Clone)]
pub struct NewImplementation {
    /// Name in the brief.
    pub name: String,
    /// Name in links; made from the name where none is given.
    pub slug: Option<String>,
    /// The id its owner's system knows it by.
    pub external_id: Option<String>,
    /// What it is.
    pub kind: ImplementationKind,
    /// Where it stands.
    pub status: ImplementationStatus,
    /// Score to reach, whole points; that of the model where none is given.
    pub target: Option<i64>,
    /// What it brings in a week once live, minor units.
    pub benefit_per_week: Option<i64>,
    /// Since when it is mandated.
    pub mandated_on: Option<Date>,
    /// First day of configuration.
    pub configuration_starts_on: Option<Date>,
    /// Go-live.
    pub go_live_on: Option<Date>,
    /// Scope: areas with their weights 1 to 5.
    pub areas: Vec<(Area, i64)>,
}

impl NewImplementation {
    /// A planned one of which no more is known than its name and kind.
    #[must_use]
    pub fn new(name: &str, kind: ImplementationKind) -> Self {
        Self {
            name: name.to_owned(),
            slug: None,
            external_id: None,
            kind,
            status: ImplementationStatus::Planned,
            target: None,
            benefit_per_week: None,
            mandated_on: None,
            configuration_starts_on: None,
            go_live_on: None,
            areas: Vec::new(),
        }
    }
}

/// What to change of an implementation.
#[derive(Debug, Clone, Default)]
pub struct ImplementationChange {
    /// Another name.
    pub name: Option<String>,
    /// Another kind.
    pub kind: Option<ImplementationKind>,
    /// Another score to reach, whole points.
    pub target: Option<i64>,
    /// Another benefit, minor units a week.
    pub benefit_per_week: Option<Option<i64>>,
    /// Another day of the mandate.
    pub mandated_on: Option<Option<Date>>,
    /// Another first day of configuration.
    pub configuration_starts_on: Option<Option<Date>>,
    /// Another go-live.
    pub go_live_on: Option<Option<Date>>,
    /// Where it stands from now on.
    pub status: Option<ImplementationStatus>,
    /// The whole scope anew.
    pub areas: Option<Vec<(Area, i64)>>,
    /// The day from which dates and status are so: today where none is given.
    pub effective_on: Option<Date>,
    /// The version that was looked at.
    pub expected: Option<String>,
}

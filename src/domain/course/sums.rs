//! What the figures are made of: each gap's, and the totals'.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::codes::{Area, Basis, Category, ExposureKind, GapStatus, LeakZone, Severity};
use crate::domain::snapshot::Bounds;

/// One gap with all that its figures came from. Money in minor units, points in milli.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GapSums {
    /// The id its owner knows it by.
    pub external_id: String,
    /// Whole title.
    pub title: String,
    /// What the brief calls it.
    pub short_name: String,
    /// Place.
    pub area: Area,
    /// Cause.
    pub category: Category,
    /// Zone.
    pub leak_zone: LeakZone,
    /// 1 to 4.
    pub severity: Severity,
    /// Where it stands; an accepted gap past its end date reads as open.
    pub status: GapStatus,
    /// Since when.
    pub status_since: Date,
    /// One person's name.
    pub owner: Option<String>,
    /// First day of its cost.
    pub opened_on: Date,
    /// Due date.
    pub due_on: Option<Date>,
    /// The next step, as written.
    pub next_step: Option<String>,
    /// Whole weeks without movement.
    pub idle_weeks: i64,
    /// Times it was taken up again.
    pub reopenings: i64,
    /// Newest record about it.
    pub updated_on: Date,
    /// Who told of the gap itself, and when.
    pub told: ToldBy,
    /// The estimate in force; none where it is not priced.
    pub price: Option<Price>,
    /// The group in which it is counted once.
    pub group: Option<Group>,
    /// The days that cost something, oldest first, each stretch at one price.
    pub stretches: Vec<Stretch>,
    /// What it has cost so far.
    pub cost_so_far: i64,
    /// What its closing protects; none while it is not closed.
    pub protected: Option<Protected>,
    /// Its own points.
    pub points_milli: i64,
    /// Score without it minus score; zero where it is in no scope.
    pub worth_milli: i64,
}

/// Who recorded something, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldBy {
    /// When.
    pub recorded_at: Timestamp,
    /// Its civil date in the organization's zone.
    pub recorded_on: Date,
    /// The person.
    pub who: Option<String>,
    /// The file it was imported from.
    pub import: Option<String>,
}

/// An estimate with its inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Price {
    /// Formula.
    pub kind: ExposureKind,
    /// Integers, each a number or `[low, likely, high]`; empty where the figure came without them.
    pub inputs: Map<String, Value>,
    /// Low, likely and high a week.
    pub per_week: Bounds,
    /// Where the inputs come from.
    pub basis: Basis,
    /// The same in somebody's words.
    pub source_note: Option<String>,
    /// Since when it applies.
    pub since: Date,
    /// Who told of it, and when.
    pub told: ToldBy,
}

/// A group of gaps that is counted once, by its largest figure (MODEL 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its gaps that cost something now.
    pub leaking: i64,
    /// Whether this gap's figure is the one that counts.
    pub is_counted: bool,
}

/// Days in a row at one price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// The first day.
    pub from: Date,
    /// The first day after it.
    pub until: Date,
    /// How many.
    pub days: i64,
    /// Likely, a week.
    pub per_week: i64,
}

/// What a closing protects (MODEL 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Protected {
    /// The day of the closing.
    pub closed_on: Date,
    /// What fell away with it, a week.
    pub fall: i64,
    /// Days that are claimed for it so far.
    pub days: i64,
    /// Whether the claim has run out: it is normal operation now.
    pub is_over: bool,
    /// From the closing to today.
    pub to_date: i64,
}

/// What the totals are made of: each gap, and each group once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MoneySums {
    /// What each costs a week, the dearest first; what costs nothing is left out.
    pub per_week: Vec<Part>,
    /// What each has cost so far, likewise.
    pub so_far: Vec<Part>,
    /// The week's total by where money leaks.
    pub zones: Vec<(LeakZone, i64)>,
}

/// A summand with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What the gap is called, or the group.
    pub name: String,
    /// Minor units.
    pub minor: i64,
}

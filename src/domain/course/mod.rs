//! The course of an organization over time: what a brief says of one week, for as many as are known.
//!
//! A brief tells eight weekly points; a [`Told`] has up to [`WEEKS`] of them, restated by all that is
//! known now, each beside what was mailed then (MODEL 4.3). What is open, what it costs and what it
//! counts is of today. The forecast is made from the weekly points alone, and counts its weeks from the
//! last of them: so it says what the last brief said until something changes.
//!
//! [`compose::course`](super::compose::course) makes one; [`what_if`] asks what closing gaps would do;
//! [`why`](super::why) tells how each figure came about.

pub mod grid;
pub mod paper;
pub mod sums;
pub mod what_if;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::facts::{ChangeFacts, Facts};
use super::forecast::Rates;
use super::history::days_between;
use grid::Grid;
use sums::{GapSums, MoneySums};
use what_if::Scene;

/// Most weekly points that are told: two years.
pub const WEEKS: usize = 104;

/// Everything that is told of one organization.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    /// What a brief of today would be made from, with the forecast of the weekly points.
    pub facts: Facts,
    /// One for each of the facts' implementations, in their order.
    pub courses: Vec<Course>,
    /// What moved, week by week, the newest first.
    pub weeks: Vec<Moves>,
    /// Every gap that is not void: those that leak by money, then the unsigned withdrawals, then the
    /// closed ones.
    pub gaps: Vec<GapSums>,
    /// What the totals are made of.
    pub money: MoneySums,
}

/// One implementation over time.
#[derive(Debug, Clone, Serialize)]
pub struct Course {
    /// The days of the cut-offs and today, oldest first; never empty.
    pub points: Vec<Point>,
    /// The day from which the forecast counts its weeks: the last cut-off's.
    pub counted_from: Date,
    /// The pace with its range; none below two points.
    pub rates: Option<Rates>,
    /// The areas by the five patterns.
    pub grid: Grid,
    /// What a closing is tried out on.
    #[serde(skip)]
    pub scene: Scene,
}

/// One day of a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Point {
    /// The day.
    pub as_of: Date,
    /// By all that is known now, milli-points.
    pub score_milli: i64,
    /// Weighted open load by all that is known now, milli.
    pub load_milli: i64,
    /// Weighted coverage, 0 to 10,000.
    pub coverage_bp: i64,
    /// What was mailed in the week that ends with this day.
    pub reported: Option<Reported>,
}

/// A score as it was mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reported {
    /// The day of its brief.
    pub on: Date,
    /// Milli-points.
    pub score_milli: i64,
}

/// The counted changes of one week, by when they were recorded (MODEL 4.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moves {
    /// Recorded after this instant.
    pub from: Timestamp,
    /// And up to this one: the cut-off, or now.
    pub to: Timestamp,
    /// The civil date of the latter.
    pub until: Date,
    /// Whether the week is not over yet.
    pub is_open: bool,
    /// In the order of the model.
    pub changes: Vec<ChangeFacts>,
}

impl Course {
    /// The point of today.
    #[must_use]
    pub fn last(&self) -> &Point {
        &self.points[self.points.len() - 1] // A course has today's point at least.
    }

    /// The point of a week ago or before, which a change is told against.
    #[must_use]
    pub fn before(&self) -> Option<&Point> {
        let today = self.last().as_of;
        self.points.iter().rev().find(|point| days_between(point.as_of, today) >= 7)
    }

    /// The newest score that was mailed.
    #[must_use]
    pub fn last_reported(&self) -> Option<Reported> {
        self.points.iter().rev().find_map(|point| point.reported)
    }
}

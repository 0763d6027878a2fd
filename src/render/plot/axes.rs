//! The box that a course is drawn in: days to the right, values up.

use jiff::civil::Date;

use super::{HEIGHT, Mark, WIDTH};
use crate::domain::brief::numbers;
use crate::domain::history::{add_days, days_between};
use crate::domain::money::grouped;

/// Where the box begins and ends.
pub const LEFT: i64 = 360;
pub const RIGHT: i64 = WIDTH - 100;
pub const TOP: i64 = 200;
pub const BOTTOM: i64 = HEIGHT - 280;

/// Most days that are named under a picture.
const DAYS_NAMED: usize = 5;
/// Most lines across, the lowest not counted.
const ROWS: i64 = 4;

/// A span of days and of values.
#[derive(Debug, Clone)]
pub struct Axes {
    first: Date,
    days: i64,
    top_milli: i64,
    step_milli: i64,
}

impl Axes {
    /// From one day to another that is at least a week later, and from zero to at least `most_milli`.
    pub fn new(first: Date, last: Date, most_milli: i64) -> Self {
        let step_milli = step(most_milli.max(1_000));
        let rows = (most_milli.max(1_000) + step_milli - 1) / step_milli;
        Self {
            first,
            days: days_between(first, last).max(7),
            top_milli: step_milli * rows,
            step_milli,
        }
    }

    /// The same for a score, whose scale ends at 100.
    pub fn of_score(first: Date, last: Date) -> Self {
        let days = days_between(first, last).max(7);
        Self { first, days, top_milli: 100_000, step_milli: 25_000 }
    }

    /// Whether a day is in the box.
    pub fn holds(&self, day: Date) -> bool {
        (0..=self.days).contains(&days_between(self.first, day))
    }

    /// The last day in the box.
    pub fn last(&self) -> Date {
        add_days(self.first, self.days)
    }

    pub fn x(&self, day: Date) -> i64 {
        let days = days_between(self.first, day).clamp(0, self.days);
        LEFT + days * (RIGHT - LEFT) / self.days
    }

    pub fn y(&self, milli: i64) -> i64 {
        let height = i128::from(BOTTOM - TOP) * i128::from(milli.clamp(0, self.top_milli));
        // No more than the height of the box.
        BOTTOM - i64::try_from(height / i128::from(self.top_milli)).unwrap_or(0)
    }

    /// Lines across.
    pub fn rows(&self) -> Vec<Mark> {
        let rows = self.top_milli / self.step_milli;
        let row = |n: i64| {
            let milli = n * self.step_milli;
            let words = grouped(i128::from(milli / 1_000));
            Mark { x: LEFT - 50, y: self.y(milli), words, anchor: "end" }
        };
        (0..=rows).map(row).collect()
    }

    /// Firsts of months under the picture, a January by its year.
    pub fn days(&self) -> Vec<Mark> {
        let months = self.months();
        let every = months.len().div_ceil(DAYS_NAMED).max(1);
        // Halves and quarters of a year are read more easily than fifths.
        let every = [1, 2, 3, 6, 12].into_iter().find(|own| *own >= every).unwrap_or(every);
        let is_named = |day: &Date| {
            let month = i64::from(day.year()) * 12 + i64::from(day.month()) - 1;
            month.rem_euclid(i64::try_from(every).unwrap_or(12)) == 0
        };
        let named = |day: Date| {
            let words = match day.month() {
                1 => day.year().to_string(),
                _ => numbers::short_date(day, day).trim_start_matches("1 ").to_owned(),
            };
            let x = self.x(day);
            // At the edge half of a word would stand outside.
            let anchor = if x > RIGHT - 50 { "end" } else { "middle" };
            Mark { x, y: BOTTOM, words, anchor }
        };
        months.into_iter().filter(is_named).map(named).collect()
    }

    fn months(&self) -> Vec<Date> {
        let mut months = Vec::new();
        let mut day = self.first;
        while months.len() < 1_200 {
            let next = add_days(day.last_of_month(), 1);
            if !self.holds(next) || next <= day {
                break;
            }
            months.push(next);
            day = next;
        }
        months
    }
}

/// The smallest of 1, 2, 5, 10, 20, … points of which a few reach so high.
fn step(most_milli: i64) -> i64 {
    let mut unit = 1_000_i64;
    loop {
        for of in [1, 2, 5] {
            let step = unit.saturating_mul(of);
            if step.saturating_mul(ROWS) >= most_milli {
                return step;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

//! Days counted from the demo's Monday, as dates and instants of one zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::history::add_days;
use crate::domain::time::instant;

const MINUTE: i64 = 60_000;

/// A Monday and a zone.
#[derive(Debug, Clone)]
pub struct Calendar {
    monday: Date,
    zone: TimeZone,
}

impl Calendar {
    pub fn new(monday: Date, zone: TimeZone) -> Self {
        Self { monday, zone }
    }

    /// The date `day` days after the Monday.
    pub fn date(&self, day: i64) -> Date {
        add_days(self.monday, day)
    }

    /// An instant of that day, in milliseconds.
    pub fn at(&self, day: i64, hour: i8, minute: i64) -> i64 {
        instant(self.date(day), hour, &self.zone).as_millisecond() + minute * MINUTE
    }

    /// When something that was true on `day` was told to us: late that afternoon, on a Monday
    /// before the week's brief is made.
    pub fn told(&self, day: i64) -> i64 {
        if day.rem_euclid(7) == 0 { self.at(day, 5, 40) } else { self.at(day, 16, 20) }
    }

    /// The Monday of the week that follows `day`, or `day` itself where it is one.
    pub fn monday_from(day: i64) -> i64 {
        day + (-day).rem_euclid(7)
    }
}

//! The hours in which a nudge may come: those in which an office works, where its reader is (MODEL 6.6).

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use crate::domain::brief::numbers::weekday_date;
use crate::domain::history::add_days;
use crate::domain::time::{date_of, instant};

/// Days that are looked through for an open hour: a weekend and a change of clocks lie within.
const AHEAD: i64 = 9;

/// From one whole hour to another, Monday to Friday, in local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// The first hour, 0 to 22.
    pub from: i8,
    /// The hour at which they end, later than `from`, 1 to 23.
    pub until: i8,
}

impl Hours {
    /// Whether an instant lies within.
    #[must_use]
    pub fn are_open(self, at: Timestamp, zone: &TimeZone) -> bool {
        self.on(date_of(at, zone), zone).is_some_and(|(opens, ends)| opens <= at && at < ends)
    }

    /// The first instant within, at or after one.
    #[must_use]
    pub fn opening(self, from: Timestamp, zone: &TimeZone) -> Timestamp {
        let first = date_of(from, zone);
        let days = (0..AHEAD).map(|days| add_days(first, days));
        let mut open = days.filter_map(|day| self.on(day, zone)).filter(|(_, ends)| from < *ends);
        open.next().map_or(from, |(opens, _)| opens.max(from))
    }

    /// "Wednesday 2 December, between 9 and 17 in Chicago": the first day on which a nudge can go that
    /// may not go before an instant.
    #[must_use]
    pub fn in_words(self, from: Timestamp, zone: &TimeZone, zone_name: &str) -> String {
        let opens = zone.to_datetime(self.opening(from, zone));
        let day = weekday_date(opens.date(), date_of(from, zone));
        let begins = if opens.minute() > 0 || opens.hour() > self.from {
            format!("{:02}:{:02}", opens.hour(), opens.minute())
        } else {
            self.from.to_string()
        };
        format!("{day}, between {begins} and {} in {}", self.until, place(zone_name))
    }

    fn on(self, day: Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let works = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        works.then(|| (instant(day, self.from, zone), instant(day, self.until, zone)))
    }
}

/// The place that a zone is named for: "Chicago".
#[must_use]
pub fn place(zone_name: &str) -> String {
    zone_name.rsplit('/').next().unwrap_or(zone_name).replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICE: Hours = Hours { from: 9, until: 17 };

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn it_waits_for_the_morning_and_for_monday() {
        let chicago = TimeZone::get("America/Chicago").expect("a zone");
        for (from, opens, words) in [
            (
                "2026-12-02T12:00:00Z",
                "2026-12-02T15:00:00Z",
                "Wednesday 2 December, between 9 and 17 in Chicago",
            ),
            (
                "2026-12-02T15:30:00Z",
                "2026-12-02T15:30:00Z",
                "Wednesday 2 December, between 09:30 and 17 in Chicago",
            ),
            (
                "2026-12-02T23:00:00Z",
                "2026-12-03T15:00:00Z",
                "Thursday 3 December, between 9 and 17 in Chicago",
            ),
            (
                "2026-12-04T23:00:00Z",
                "2026-12-07T15:00:00Z",
                "Monday 7 December, between 9 and 17 in Chicago",
            ),
        ] {
            assert_eq!(OFFICE.opening(at(from), &chicago), at(opens), "{from}");
            assert!(OFFICE.are_open(at(opens), &chicago));
            assert_eq!(OFFICE.are_open(at(from), &chicago), from == opens);
            assert_eq!(OFFICE.in_words(at(from), &chicago, "America/Chicago"), words);
        }
        assert!(!OFFICE.are_open(at("2026-12-02T23:00:00Z"), &chicago), "17:00 is over");
        assert!(!OFFICE.are_open(at("2026-12-05T16:00:00Z"), &chicago), "Saturday");
    }

    #[test]
    fn it_is_the_same_hour_before_and_after_a_change_of_clocks() {
        let berlin = TimeZone::get("Europe/Berlin").expect("a zone");
        assert_eq!(OFFICE.opening(at("2027-03-26T18:00:00Z"), &berlin), at("2027-03-29T07:00:00Z"));
        assert_eq!(OFFICE.opening(at("2026-10-23T18:00:00Z"), &berlin), at("2026-10-26T08:00:00Z"));
        assert_eq!(place("America/Argentina/Buenos_Aires"), "Buenos Aires");
        assert_eq!(place("UTC"), "UTC");
    }
}

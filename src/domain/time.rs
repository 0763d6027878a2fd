//! Weeks and weekly slots in civil time (DESIGN 2.1, 2.2; MODEL 4.6).
//!
//! A slot is a weekday and an hour in a named zone. In the gap of a clock change it moves forward to
//! the first valid instant; in the fold it is the first of the two.

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::history::add_days;

/// ISO week of a date, `2026-W48`. The year is the week's, not the date's.
#[must_use]
pub fn iso_week(date: Date) -> String {
    let week = date.iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}

/// Whole weeks from one ISO week to a later one, by their Mondays; none if either is not a week.
#[must_use]
pub fn weeks_between(earlier: &str, later: &str) -> Option<i64> {
    let days = super::history::days_between(monday_of(earlier)?, monday_of(later)?);
    Some(days / 7)
}

/// The Monday of an ISO week written `2026-W48`.
#[must_use]
pub fn monday_of(iso_week: &str) -> Option<Date> {
    let (year, week) = iso_week.split_once("-W")?;
    let date =
        jiff::civil::ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday);
    date.ok().map(Date::from)
}

/// A weekly moment in somebody's own time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    weekday: Weekday,
    hour: i8,
}

impl Slot {
    /// A slot from an ISO weekday (1 Monday to 7 Sunday) and an hour (0 to 23); none outside them.
    #[must_use]
    pub fn new(weekday: i64, hour: i64) -> Option<Self> {
        let weekday = Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
        let hour = i8::try_from(hour).ok().filter(|h| (0..24).contains(h))?;
        Some(Self { weekday, hour })
    }

    /// Monday 07:00, the slot of a subscription that names none (DESIGN 2.2).
    pub const MONDAY_SEVEN: Self = Self { weekday: Weekday::Monday, hour: 7 };

    /// The occurrence in an ISO week written `2026-W48`; none where that is not a week.
    #[must_use]
    pub fn in_week(self, iso_week: &str, zone: &TimeZone) -> Option<Timestamp> {
        let monday = monday_of(iso_week)?;
        let offset = i64::from(self.weekday.to_monday_zero_offset());
        Some(self.on(add_days(monday, offset), zone))
    }

    /// When a weekly moment that was next at `pending` in the zone `before` comes next, now that it
    /// has been moved to this slot: in the same week, at once where that has passed. So a move
    /// neither loses the week nor gives it twice.
    #[must_use]
    pub fn in_place_of(
        self,
        pending: Timestamp,
        before: &TimeZone,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Timestamp {
        let week = iso_week(date_of(pending, before));
        self.in_week(&week, zone).map_or(now, |at| at.max(now))
    }

    /// Minutes from Monday midnight UTC to this slot in the week of `near`: orders slots of several
    /// zones.
    #[must_use]
    pub fn minutes_into_week(self, zone: &TimeZone, near: Timestamp) -> i64 {
        let offset = zone.to_offset(near).seconds();
        let days = i64::from(self.weekday.to_monday_zero_offset());
        days * 1_440 + i64::from(self.hour) * 60 - i64::from(offset) / 60
    }

    /// The instant of this slot on a date that has its weekday.
    fn on(self, date: Date, zone: &TimeZone) -> Timestamp {
        instant(date, self.hour, zone)
    }

    /// The slot's date in the ISO week that `date` lies in.
    fn date_in_week_of(self, date: Date) -> Date {
        let monday = add_days(date, -i64::from(date.weekday().to_monday_zero_offset()));
        add_days(monday, i64::from(self.weekday.to_monday_zero_offset()))
    }

    /// The latest occurrence at or before `now`, with its civil date.
    #[must_use]
    pub fn latest(self, now: Timestamp, zone: &TimeZone) -> (Timestamp, Date) {
        let this_week = self.date_in_week_of(zone.to_datetime(now).date());
        // A zone may skip a whole day, so that one week back is not always enough.
        for back in [1, 0, -1, -2] {
            let date = add_days(this_week, 7 * back);
            let at = self.on(date, zone);
            if at <= now {
                return (at, date);
            }
        }
        let date = add_days(this_week, -21);
        (self.on(date, zone), date)
    }

    /// The first occurrence at or after `from`.
    #[must_use]
    pub fn first_from(self, from: Timestamp, zone: &TimeZone) -> Timestamp {
        let this_week = self.date_in_week_of(zone.to_datetime(from).date());
        for ahead in [-1, 0, 1] {
            let at = self.on(add_days(this_week, 7 * ahead), zone);
            if at >= from {
                return at;
            }
        }
        self.on(add_days(this_week, 14), zone)
    }

    /// The first occurrence after the one at `previous`.
    #[must_use]
    pub fn next_after(self, previous: Timestamp, zone: &TimeZone) -> Timestamp {
        let just_after = Timestamp::from_millisecond(previous.as_millisecond() + 1);
        self.first_from(just_after.unwrap_or(previous), zone)
    }
}

/// The instant of an hour of a civil date: gap forward to the first valid instant, fold to the first.
#[must_use]
pub fn instant(date: Date, hour: i8, zone: &TimeZone) -> Timestamp {
    let time = Time::new(hour.clamp(0, 23), 0, 0, 0).unwrap_or(Time::midnight());
    let ambiguous = zone.to_ambiguous_timestamp(date.to_datetime(time));
    if let AmbiguousOffset::Gap { .. } = ambiguous.offset() {
        let before = ambiguous.earlier().unwrap_or(Timestamp::MIN);
        if let Some(transition) = zone.following(before).next() {
            return transition.timestamp();
        }
    }
    ambiguous.compatible().unwrap_or(Timestamp::MAX)
}

/// Civil date of an instant in a zone.
#[must_use]
pub fn date_of(at: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(at).date()
}

/// The first Friday that leaves at least two working days: what "by Friday" means in an action.
#[must_use]
pub fn next_friday(as_of: Date) -> Date {
    let offset = i64::from(as_of.weekday().to_monday_zero_offset());
    let this_friday = add_days(as_of, 4 - offset);
    if offset <= 2 { this_friday } else { add_days(this_friday, 7) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    #[test]
    fn a_gap_moves_forward_to_the_first_valid_instant() {
        // Apia left out 30 December 2011 altogether.
        let apia = instant("2011-12-30".parse().unwrap(), 7, &zone("Pacific/Apia"));
        assert_eq!(apia.to_string(), "2011-12-30T10:00:00Z");
        // Lord Howe jumps by half an hour at 02:00.
        let howe = instant("2026-10-04".parse().unwrap(), 2, &zone("Australia/Lord_Howe"));
        assert_eq!(howe.to_string(), "2026-10-03T15:30:00Z");
        let berlin = instant("2026-03-29".parse().unwrap(), 2, &zone("Europe/Berlin"));
        assert_eq!(berlin.to_string(), "2026-03-29T01:00:00Z");
    }

    #[test]
    fn a_fold_uses_the_first_of_two() {
        let berlin = instant("2026-10-25".parse().unwrap(), 2, &zone("Europe/Berlin"));
        assert_eq!(berlin.to_string(), "2026-10-25T00:00:00Z");
    }

    #[test]
    fn the_week_is_the_iso_week_and_its_year() {
        assert_eq!(iso_week("2027-01-01".parse().unwrap()), "2026-W53");
        assert_eq!(monday_of("2026-W53").unwrap().to_string(), "2026-12-28");
        assert_eq!(weeks_between("2026-W48", "2027-W01"), Some(6));
        assert_eq!(monday_of("2026-48"), None);
    }

    #[test]
    fn slots_follow_one_another_a_week_apart_in_local_time_over_ten_years() {
        for name in [
            "America/Chicago",
            "Europe/Berlin",
            "Asia/Kathmandu",
            "Africa/Casablanca",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Pacific/Chatham",
        ] {
            let (zone, slot) = (zone(name), Slot::new(1, 7).unwrap());
            let mut at = slot.first_from("2020-01-01T00:00:00Z".parse().unwrap(), &zone);
            for _ in 0..520 {
                let next = slot.next_after(at, &zone);
                assert_eq!(slot.latest(next, &zone).0, next);
                assert_eq!(
                    super::super::history::days_between(date_of(at, &zone), date_of(next, &zone)),
                    7
                );
                assert_eq!(zone.to_datetime(next).hour(), 7, "{name} {next}");
                at = next;
            }
        }
    }

    #[test]
    fn by_friday_leaves_two_working_days() {
        let friday = |day: &str| next_friday(day.parse().unwrap()).to_string();
        assert_eq!(friday("2026-11-23"), "2026-11-27");
        assert_eq!(friday("2026-11-25"), "2026-11-27");
        assert_eq!(friday("2026-11-26"), "2026-12-04");
        assert_eq!(friday("2026-11-29"), "2026-12-04");
    }
}

//! What another program says about zones: Python's `zoneinfo`, minute by minute.
//!
//! `tests/data/offsets.csv` has the offset of each zone from each of its changes on, and
//! `tests/data/slots.csv` every hour of every weekday near a change, both written by the script
//! below (Python 3.11, tzdata 2026f). The hours that are near no change follow from the offsets by
//! one subtraction, which [`Zone::first`] does.
//!
//! ```python
//! import datetime as d, zoneinfo
//! UTC, MINUTE = d.timezone.utc, d.timedelta(minutes=1)
//! ZONES = {  # zone: the years whose slots are listed one by one
//!     "Africa/Cairo": [2023, 2026, 2027], "Africa/Casablanca": [2018, 2025, 2026, 2027],
//!     "America/Mexico_City": [2022, 2026, 2027], "America/New_York": [2020, 2026, 2027],
//!     "America/Nuuk": [2023, 2026, 2027], "America/Sao_Paulo": [2018, 2019, 2026, 2027],
//!     "America/St_Johns": [2011, 2026, 2027], "Antarctica/Troll": [2026, 2027],
//!     "Asia/Amman": [2022, 2026, 2027], "Asia/Gaza": [2026, 2027], "Asia/Kathmandu": [2026, 2027],
//!     "Asia/Kolkata": [2026, 2027], "Asia/Pyongyang": [2015, 2018, 2026, 2027],
//!     "Asia/Tehran": [2022, 2026, 2027], "Australia/Lord_Howe": [2026, 2027],
//!     "Europe/Istanbul": [2015, 2016, 2026, 2027], "Europe/London": [2020, 2026, 2027],
//!     "Pacific/Apia": [2011, 2021, 2026, 2027], "Pacific/Chatham": [2026, 2027],
//!     "Pacific/Kiritimati": [2026, 2027], "Pacific/Pago_Pago": [2026, 2027], "UTC": [2026, 2027],
//! }
//! def offset(zone, t):
//!     return t.astimezone(zone).utcoffset()
//! def changes(zone, start, end):
//!     t, found = start, []
//!     while t < end:
//!         n = t + d.timedelta(hours=1)
//!         if offset(zone, n) != offset(zone, t):
//!             m = t
//!             while offset(zone, m) == offset(zone, t):
//!                 m += MINUTE
//!             found.append(m)
//!         t = n
//!     return found
//! def first(zone, naive):  # the first instant whose local time is not before `naive`
//!     t = naive.replace(tzinfo=UTC) - d.timedelta(hours=40)
//!     while t.astimezone(zone).replace(tzinfo=None) < naive:
//!         t += MINUTE
//!     return t
//! def text(t):
//!     return t.strftime("%Y-%m-%dT%H:%M:%SZ")
//! offsets, slots = [], []
//! for name, years in ZONES.items():
//!     zone = zoneinfo.ZoneInfo(name)
//!     start, end = d.datetime(2010, 1, 1, tzinfo=UTC), d.datetime(2032, 1, 1, tzinfo=UTC)
//!     all_of = changes(zone, start, end)
//!     for t in [start] + all_of:
//!         offsets.append(f"{name},{text(t)},{int(offset(zone, t) / MINUTE)}")
//!     for t in all_of:
//!         near = (t + offset(zone, t)).replace(tzinfo=None, minute=0)
//!         before = (t - MINUTE + offset(zone, t - MINUTE)).replace(tzinfo=None, minute=0)
//!         low, high = min(near, before), max(near, before)
//!         n = low - d.timedelta(hours=2)
//!         while n <= high + d.timedelta(hours=2):
//!             if n.year in years:
//!                 y, w, day = n.isocalendar()
//!                 slots.append(f"{name},{y}-W{w:02},{day},{n.hour},{text(first(zone, n))}")
//!             n += d.timedelta(hours=1)
//! for path, head, rows in [("offsets", "zone,at,minutes", offsets), ("slots", "zone,week,weekday,hour,at", slots)]:
//!     with open(f"tests/data/{path}.csv", "w") as file:
//!         file.write("\n".join([head, *rows]) + "\n")
//! ```

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};
use jiff::tz::TimeZone;

/// Years whose every week is looked at, beside 2026 (which has 53) and 2027: those in which a zone
/// gave its clock changes up, took them up, or lost a day.
const SPECIAL: [(&str, &[i16]); 15] = [
    ("Africa/Cairo", &[2023]),
    ("Africa/Casablanca", &[2018, 2025]),
    ("America/Mexico_City", &[2022]),
    ("America/New_York", &[2020]),
    ("America/Nuuk", &[2023]),
    ("America/Sao_Paulo", &[2018, 2019]),
    ("America/St_Johns", &[2011]),
    ("Asia/Amman", &[2022]),
    ("Asia/Pyongyang", &[2015, 2018]),
    ("Asia/Tehran", &[2022]),
    ("Europe/Istanbul", &[2015, 2016]),
    ("Europe/London", &[2020]),
    ("Pacific/Apia", &[2011, 2021]),
    ("Pacific/Kiritimati", &[2020]),
    ("UTC", &[2020]),
];

/// A zone as the table has it.
pub struct Zone {
    pub name: String,
    /// Offset in minutes from an instant on.
    offsets: Vec<(Timestamp, i64)>,
}

/// Every zone of the table.
pub fn zones() -> Vec<Zone> {
    let mut zones: BTreeMap<String, Vec<(Timestamp, i64)>> = BTreeMap::new();
    for row in rows(include_str!("../data/offsets.csv")) {
        let offset = (row[1].parse().unwrap(), row[2].parse().unwrap());
        zones.entry(row[0].to_owned()).or_default().push(offset);
    }
    zones.into_iter().map(|(name, offsets)| Zone { name, offsets }).collect()
}

/// One zone of the table.
pub fn zone(name: &str) -> Zone {
    zones().into_iter().find(|z| z.name == name).expect("a zone of the table")
}

/// A slot near a change of the clock.
pub struct Near {
    pub zone: String,
    pub week: String,
    pub weekday: i64,
    pub hour: i64,
    pub at: Timestamp,
}

/// Every slot near a change, in order of zone and time.
pub fn near_changes() -> Vec<Near> {
    let near = |row: Vec<&str>| Near {
        zone: row[0].to_owned(),
        week: row[1].to_owned(),
        weekday: row[2].parse().unwrap(),
        hour: row[3].parse().unwrap(),
        at: row[4].parse().unwrap(),
    };
    rows(include_str!("../data/slots.csv")).map(near).collect()
}

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().skip(1).map(|line| line.split(',').collect())
}

impl Zone {
    /// The same as the program under test knows it, from the data it was built with: what the
    /// machine has installed changes with every decree.
    pub fn known(&self) -> TimeZone {
        jiff::tz::TimeZoneDatabase::bundled().get(&self.name).expect("a zone")
    }

    /// The years whose every week is looked at.
    pub fn years(&self) -> Vec<i16> {
        let special = SPECIAL.iter().find(|(name, _)| *name == self.name);
        let mut years = special.map(|(_, years)| years.to_vec()).unwrap_or_default();
        years.extend([2026, 2027]);
        years
    }

    /// The first instant at which local time is not before `naive`.
    pub fn first(&self, naive: DateTime) -> Timestamp {
        let naive = TimeZone::UTC.to_timestamp(naive).unwrap();
        let ends = self.offsets.iter().skip(1).map(|(at, _)| *at).chain([Timestamp::MAX]);
        for ((start, minutes), end) in self.offsets.iter().zip(ends) {
            let at = (naive - jiff::SignedDuration::from_mins(*minutes)).max(*start);
            if at < end {
                return at;
            }
        }
        panic!("after the end of time");
    }

    /// Local time of an instant.
    pub fn local(&self, at: Timestamp) -> DateTime {
        let (_, minutes) = self.offsets.iter().rev().find(|(from, _)| *from <= at).unwrap();
        TimeZone::UTC.to_datetime(at + jiff::SignedDuration::from_mins(*minutes))
    }
}

/// A weekday (Monday is 1) and hour of an ISO week as a local time, whether or not a clock shows it.
pub fn naive(week: (i16, i8), weekday: i8, hour: i8) -> DateTime {
    let weekday = Weekday::from_monday_one_offset(weekday).unwrap();
    let date = Date::from(ISOWeekDate::new(week.0, week.1, weekday).unwrap());
    date.at(hour, 0, 0, 0)
}

/// The ISO weeks of a year, from the last of the year before to the first of the year after.
pub fn weeks_around(year: i16) -> Vec<(i16, i8)> {
    let monday = |week| ISOWeekDate::new(year, week, Weekday::Monday);
    let last = if monday(53).is_ok() { 53 } else { 52 };
    let first = Date::from(monday(1).unwrap());
    let before = first.yesterday().unwrap().iso_week_date();
    let mut weeks = vec![(before.year(), before.week())];
    weeks.extend((1..=last).map(|week| (year, week)));
    weeks.push((year + 1, 1));
    weeks
}

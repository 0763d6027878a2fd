//! Every weekday and hour over whole years, in zones that change their clocks in every way there is.

use std::collections::BTreeSet;

use back_office_brief::domain::time::{Slot, instant, iso_week, monday_of, weeks_between};
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::table::{Zone, naive, near_changes, weeks_around, zone, zones};

const MILLISECOND: SignedDuration = SignedDuration::from_millis(1);

/// Every slot of a week.
fn every_slot() -> impl Iterator<Item = (i8, i8)> {
    (1..=7).flat_map(|weekday| (0..24).map(move |hour| (weekday, hour)))
}

/// The occurrences of a slot around a year, one a week.
fn expected(zone: &Zone, year: i16, (weekday, hour): (i8, i8)) -> Vec<(String, Timestamp)> {
    let at = |week: (i16, i8)| {
        let name = format!("{:04}-W{:02}", week.0, week.1);
        (name, zone.first(naive(week, weekday, hour)))
    };
    weeks_around(year).into_iter().map(at).collect()
}

fn slot((weekday, hour): (i8, i8)) -> Slot {
    Slot::new(weekday.into(), hour.into()).unwrap()
}

#[test]
fn the_table_has_the_zones_it_should_and_every_kind_of_change() {
    let names: BTreeSet<String> = zones().into_iter().map(|z| z.name).collect();
    assert_eq!(names.len(), 22);
    let of = |zone: &str, week: &str, weekday, hour| {
        let mut near = near_changes().into_iter();
        let found = near.find(|n| {
            (n.zone.as_str(), n.week.as_str(), n.weekday, n.hour) == (zone, week, weekday, hour)
        });
        found.unwrap().at.to_string()
    };
    // By hand: half an hour forward and back, a whole day, two hours, a gap that is not on the hour.
    assert_eq!(of("Australia/Lord_Howe", "2026-W40", 7, 2), "2026-10-03T15:30:00Z");
    assert_eq!(of("Australia/Lord_Howe", "2026-W14", 7, 2), "2026-04-04T15:30:00Z");
    assert_eq!(of("Pacific/Apia", "2011-W52", 5, 7), "2011-12-30T10:00:00Z");
    assert_eq!(of("Antarctica/Troll", "2026-W13", 7, 2), "2026-03-29T01:00:00Z");
    assert_eq!(of("Pacific/Chatham", "2026-W39", 7, 3), "2026-09-26T14:00:00Z");
}

#[test]
fn hours_near_a_change_are_where_a_clock_on_the_wall_has_them() {
    for near in near_changes() {
        let zone = zone(&near.zone).known();
        let slot = Slot::new(near.weekday, near.hour).unwrap();
        let what = format!("{} {} {} {}:00", near.zone, near.week, near.weekday, near.hour);
        assert_eq!(slot.in_week(&near.week, &zone), Some(near.at), "{what}");
        let date = monday_of(&near.week).unwrap() + (near.weekday - 1).days();
        assert_eq!(instant(date, i8::try_from(near.hour).unwrap(), &zone), near.at, "{what}");
        assert_eq!(slot.latest(near.at, &zone), (near.at, date), "{what}");
        assert_eq!(slot.first_from(near.at, &zone), near.at, "{what}");
        assert!(slot.latest(near.at - MILLISECOND, &zone).0 < near.at, "{what}");
        assert!(slot.next_after(near.at, &zone) > near.at, "{what}");
    }
}

#[test]
fn each_slot_comes_once_a_week_all_year_and_over_its_turn() {
    let mut cases = 0;
    for zone in zones() {
        let known = zone.known();
        for year in zone.years() {
            for day_hour in every_slot() {
                let (slot, all) = (slot(day_hour), expected(&zone, year, day_hour));
                let mut at = slot.first_from(all[0].1 - MILLISECOND, &known);
                for (week, due) in &all {
                    assert_eq!(at, *due, "{} {week} {day_hour:?}", zone.name);
                    assert_eq!(slot.in_week(week, &known), Some(*due));
                    at = slot.next_after(at, &known);
                    cases += 1;
                }
            }
        }
    }
    assert!(cases > 500_000, "{cases}");
}

/// Ticks at awkward moments; a planner that takes the latest cut-off at each of them.
#[test]
fn a_tick_at_any_moment_finds_the_one_cut_off_of_its_week() {
    let hours = |h| SignedDuration::from_hours(h);
    for zone in zones() {
        let known = zone.known();
        let of_zone = |n: &crate::table::Near| n.zone == zone.name;
        let near: BTreeSet<(i8, i8)> = near_changes()
            .iter()
            .filter(|n| of_zone(n))
            .map(|n| (i8::try_from(n.weekday).unwrap(), i8::try_from(n.hour).unwrap()))
            .collect();
        let some = every_slot().enumerate().filter(|(n, s)| n % 13 == 0 || near.contains(s));
        for (_, day_hour) in some {
            for year in zone.years() {
                let (slot, all) = (slot(day_hour), expected(&zone, year, day_hour));
                for pair in all.windows(2) {
                    let ((week, due), (_, next)) = (&pair[0], &pair[1]);
                    for now in [*due, *due + hours(1), *due + hours(49), *next - MILLISECOND] {
                        let (at, date) = slot.latest(now, &known);
                        assert_eq!(at, *due, "{} {week} {day_hour:?} at {now}", zone.name);
                        assert_eq!(iso_week(date), *week);
                        assert_eq!(slot.first_from(now + MILLISECOND, &known), *next);
                    }
                }
            }
        }
    }
}

#[test]
fn the_hour_is_the_local_one_unless_no_clock_showed_it() {
    for zone in zones() {
        for year in zone.years() {
            for day_hour in every_slot() {
                for week in weeks_around(year) {
                    let naive = naive(week, day_hour.0, day_hour.1);
                    let at = slot(day_hour).in_week(&iso_week(naive.date()), &zone.known());
                    let local = zone.local(at.unwrap());
                    // In a gap: the first minute after it, and no clock shows the hour itself.
                    let is_gap = zone.local(at.unwrap() - MILLISECOND) < naive
                        && zone.local(at.unwrap()) > naive;
                    assert!(local == naive || is_gap, "{} {naive} {local}", zone.name);
                }
            }
        }
    }
}

#[test]
fn samoas_week_without_a_friday_still_has_seven_slots_in_order() {
    let apia = zone("Pacific/Apia").known();
    let of = |day, hour| Slot::new(day, hour).unwrap().in_week("2011-W52", &apia).unwrap();
    // Thursday 29 December ended at 10:00 UTC on the 30th, and Saturday 31 began.
    assert_eq!(of(4, 23).to_string(), "2011-12-30T09:00:00Z");
    for hour in 0..24 {
        assert_eq!(of(5, hour).to_string(), "2011-12-30T10:00:00Z", "Friday {hour}:00");
    }
    assert_eq!(of(6, 0).to_string(), "2011-12-30T10:00:00Z");
    assert_eq!(of(6, 1).to_string(), "2011-12-30T11:00:00Z");
    let friday = Slot::new(5, 7).unwrap();
    let before = friday.in_week("2011-W51", &apia).unwrap();
    assert_eq!(friday.next_after(before, &apia), of(5, 7));
    assert_eq!(friday.next_after(of(5, 7), &apia).to_string(), "2012-01-05T17:00:00Z");
    let (at, day) = friday.latest(of(6, 9), &apia);
    assert_eq!((at, iso_week(day).as_str()), (of(5, 7), "2011-W52"));
}

#[test]
fn years_of_53_weeks_and_their_neighbours_are_counted_through() {
    for (year, weeks) in [(2019, 52), (2020, 53), (2021, 52), (2025, 52), (2026, 53), (2027, 52)] {
        assert!(monday_of(&format!("{year}-W{weeks}")).is_some(), "{year}");
        assert_eq!(monday_of(&format!("{year}-W{}", weeks + 1)), None, "{year}");
        let (first, after) = (format!("{year}-W01"), format!("{}-W01", year + 1));
        assert_eq!(weeks_between(&first, &after), Some(weeks), "{year}");
    }
    // The days around the turns of the years, from a calendar on the wall.
    for (day, week) in [
        ("2020-12-27", "2020-W52"),
        ("2020-12-28", "2020-W53"),
        ("2021-01-03", "2020-W53"),
        ("2021-01-04", "2021-W01"),
        ("2024-12-30", "2025-W01"),
        ("2026-12-27", "2026-W52"),
        ("2026-12-28", "2026-W53"),
        ("2027-01-03", "2026-W53"),
        ("2027-01-04", "2027-W01"),
        ("2027-12-31", "2027-W52"),
        ("2028-01-02", "2027-W52"),
        ("2028-01-03", "2028-W01"),
    ] {
        assert_eq!(iso_week(day.parse().unwrap()), week, "{day}");
    }
}

//! Clock changes, week 53, the turn of the year, and dates at the ends of the calendar.

use back_office_brief::domain::codes::{EditionKind, EventKind, ExposureKind};
use back_office_brief::domain::compose::{self, Request};
use back_office_brief::domain::constants::Constants;
use back_office_brief::domain::facts::Facts;
use back_office_brief::domain::snapshot::Snapshot;
use back_office_brief::domain::time::{date_of, instant};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::{self, day, price, push, set_status};
use crate::{assessed, facts, priced_gap};

/// The facts at 06:00 local time of a day, after a brief a week of civil time before.
fn local_facts(snapshot: &Snapshot, zone: &str, as_of: Date) -> Facts {
    let zone = TimeZone::get(zone).unwrap();
    let mut snapshot = snapshot.clone();
    let week_before = back_office_brief::domain::history::add_days(as_of, -7);
    snapshot.previous_cut_off = Some(instant(week_before, 6, &zone));
    let cut_off = instant(as_of, 6, &zone);
    assert_eq!(date_of(cut_off, &zone), as_of);
    compose::facts(&Request {
        snapshot: &snapshot,
        zone: &zone,
        cut_off,
        as_of,
        kind: EditionKind::Leader,
        variant: "full-en",
        constants: &Constants::default(),
        insights: &[],
    })
}

#[test]
fn a_clock_change_does_not_change_a_week_of_cost() {
    // Chicago went back on 1 November 2026, Berlin forward on 29 March.
    for (zone, changed) in [("America/Chicago", "2026-11-02"), ("Europe/Berlin", "2026-03-30")] {
        let as_of = day(changed);
        let opened = back_office_brief::domain::history::add_days(as_of, -7);
        let snapshot = assessed(None, "2026-03-02", vec![priced_gap("g1", opened)]);
        let facts = local_facts(&snapshot, zone, as_of);
        assert_eq!(facts.exposure.cost_so_far, 100_000, "{zone}");
        assert_eq!(facts.week.weeks_covered, 1, "{zone}");
    }
}

#[test]
fn a_change_told_in_the_hour_of_a_clock_change_is_in_one_brief() {
    let zone = "America/Chicago";
    let mut gap = priced_gap("g1", day("2026-09-07"));
    set_status(&mut gap, "closed", day("2026-11-01"));
    // 01:30 happened twice on 1 November; this is the second time.
    gap.events.last_mut().unwrap().recorded_at = "2026-11-01T07:30:00Z".parse().unwrap();
    let snapshot = assessed(None, "2026-09-07", vec![gap]);
    let told = |on| local_facts(&snapshot, zone, day(on)).changes.len();
    assert_eq!((told("2026-10-26"), told("2026-11-02"), told("2026-11-09")), (0, 1, 0));
}

#[test]
fn the_week_is_that_of_the_date_in_the_organizations_zone() {
    let snapshot = assessed(None, "2026-11-02", vec![priced_gap("g1", day("2026-11-02"))]);
    let week = |on| local_facts(&snapshot, "Pacific/Auckland", day(on)).edition.iso_week;
    // Monday 06:00 in Auckland is still Sunday in UTC.
    assert_eq!(week("2026-11-23"), "2026-W48");
    assert_eq!(week("2026-12-28"), "2026-W53");
    assert_eq!(week("2027-01-01"), "2026-W53");
    assert_eq!(week("2027-01-04"), "2027-W01");
}

#[test]
fn the_turn_of_the_year_is_a_week_like_any_other() {
    let mut gap = priced_gap("g1", day("2026-12-21"));
    push(&mut gap, EventKind::DueOn, None, Some("2026-12-28"), day("2026-12-21"));
    let snapshot = assessed(Some(day("2027-01-18")), "2026-12-21", vec![gap]);
    let facts = model::facts(&snapshot, day("2027-01-04"));
    assert_eq!(facts.exposure.cost_so_far, 200_000);
    assert_eq!(facts.implementations[0].weeks_left, Some(2));
    assert_eq!(facts.gaps[0].stall_reasons, ["overdue_7d"]);
    let days: Vec<_> =
        facts.implementations[0].points.iter().map(|p| p.as_of.to_string()).collect();
    assert_eq!(days, ["2026-12-21", "2026-12-28", "2027-01-04"]);
}

#[test]
fn a_date_that_a_zone_left_out_does_no_harm() {
    // Apia had no 30 December 2011.
    let mut gap = priced_gap("g1", day("2011-12-23"));
    set_status(&mut gap, "closed", day("2011-12-30"));
    let snapshot = assessed(None, "2011-12-01", vec![gap]);
    let facts = local_facts(&snapshot, "Pacific/Apia", day("2012-01-02"));
    assert_eq!(facts.exposure.cost_so_far, 100_000);
}

#[test]
fn dates_at_the_ends_of_the_calendar_are_counted_without_panic() {
    let ends = [Date::MIN, day("0001-01-01"), day("1948-05-14"), Date::MAX];
    for opened_on in ends {
        for other in ends {
            let mut gap = model::gap(
                "g1",
                back_office_brief::domain::codes::Area::Billing,
                back_office_brief::domain::codes::Category::NoSource,
                day("2026-10-05"),
            );
            gap.opened_on = opened_on;
            gap.existed_since = Some(other);
            price(&mut gap, ExposureKind::Event, [1, 2, 3], day("2026-10-05"));
            gap.exposures[0].effective_on = other;
            push(&mut gap, EventKind::DueOn, None, Some(&other.to_string()), day("2026-10-05"));
            set_status(&mut gap, "accepted", day("2026-10-06"));
            set_status(&mut gap, "closed", day("2026-10-07"));
            for event in &mut gap.events[2..] {
                event.effective_on = other;
            }
            let mut snapshot = assessed(Some(other), "2026-10-05", vec![gap]);
            snapshot.looks[0].held_on = opened_on;
            snapshot.looks[1].held_on = other;
            snapshot.implementations[0].configuration_starts_on = Some(opened_on);
            let told = facts(&snapshot);
            assert!((0..=100_000).contains(&told.implementations[0].score_milli));
            assert!(told.implementations[0].points.len() <= 8);
            serde_json::to_string(&told).unwrap();
        }
    }
}

#[test]
fn cost_since_1948_is_counted_in_days() {
    let gap = priced_gap("g1", day("1948-05-14"));
    let told = facts(&assessed(None, "2026-11-02", vec![gap]));
    // 28,682 days at 1,000.00 a week.
    assert_eq!(told.exposure.cost_so_far, 409_742_857);
    assert_eq!(told.exposure.cost_since, Some(day("1948-05-14")));
    assert_eq!(told.implementations[0].points.len(), 8);
}

//! Sums: ranges stay ranges, parts add up, groups count once, and each change is told once.

use back_office_brief::domain::changes::{Window, changes};
use back_office_brief::domain::codes::{Area, Category, EventKind};
use back_office_brief::domain::constants::Constants;
use back_office_brief::domain::cost;
use back_office_brief::domain::history::{History, add_days};
use back_office_brief::domain::snapshot::Gap;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::generate::{any_organization, as_of};
use crate::model::{self, at, day};

fn histories(gaps: &[Gap]) -> Vec<History<'_>> {
    let constants = Constants::default();
    gaps.iter().map(|gap| History::of(gap, &TimeZone::UTC, &constants)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_total_is_a_range_and_its_effects_add_up(snapshot in any_organization()) {
        let exposure = model::facts(&snapshot, as_of()).exposure;
        prop_assert!(exposure.low <= exposure.likely && exposure.likely <= exposure.high);
        let effects = &exposure.by_effect;
        prop_assert_eq!(effects.lost + effects.time + effects.cash, exposure.likely);
        prop_assert!(exposure.priced_gaps <= exposure.open_gaps);
        prop_assert!(exposure.cost_so_far >= 0 && exposure.protected_to_date >= 0);
        prop_assert!(exposure.cost_so_far == 0 || exposure.cost_since.is_some());
        if let Some(since) = exposure.cost_since_go_live {
            prop_assert!(since <= exposure.cost_so_far);
        }
    }

    /// A group costs at least its largest member and at most all of them, on any day and over time.
    #[test]
    fn a_group_never_exceeds_its_members(mut snapshot in any_organization()) {
        for gap in &mut snapshot.gaps {
            gap.exposure_group = Some("one run".to_owned());
        }
        let mut lone = snapshot.gaps.clone();
        lone.iter_mut()
            .for_each(|gap| gap.exposure_group = None);
        let (grouped, apart) = (histories(&snapshot.gaps), histories(&lone));
        for ago in [0, 7, 30, 90, 190] {
            let on = add_days(as_of(), -ago);
            let together = cost::per_week(&cost::pools(&grouped), on);
            let sum = cost::per_week(&cost::pools(&apart), on);
            let largest = apart.iter().filter(|h| h.is_leaking(on)).map(|h| h.bounds_at(on).likely).max();
            prop_assert_eq!(together.likely, largest.unwrap_or(0));
            prop_assert!(together.low <= sum.low && together.likely <= sum.likely && together.high <= sum.high);
        }
        let together = cost::so_far(&cost::pools(&grouped), None, as_of());
        let sum = cost::so_far(&cost::pools(&apart), None, as_of());
        // Lone gaps are rounded one by one, the group once.
        prop_assert!(together.likely <= sum.likely + 5);
        prop_assert!(together.low <= together.likely && together.likely <= together.high);
    }

    /// The cost of two spells is that of both together, but for one rounding each.
    #[test]
    fn cost_adds_up_over_time(snapshot in any_organization(), ago in 0..200_i64) {
        let histories = histories(&snapshot.gaps);
        let pools = cost::pools(&histories);
        let middle = add_days(as_of(), -ago);
        let before = cost::so_far(&pools, None, middle).likely;
        let after = cost::so_far(&pools, Some(middle), as_of()).likely;
        let all = cost::so_far(&pools, None, as_of()).likely;
        prop_assert!((before + after - all).abs() <= 5, "{before} + {after} is not {all}");
    }

    /// A closing told at any instant, boundaries included, is in exactly one of two adjacent windows.
    #[test]
    fn each_change_is_told_in_exactly_one_of_two_adjacent_windows(
        minutes in 1..=14 * 24 * 60_i64,
        boundary in prop_oneof![Just(None), (1..14 * 24 * 60_i64).prop_map(Some)],
        dated_before in 0..30_i64,
    ) {
        let start = at(day("2026-11-09"), 6);
        let told = start + SignedDuration::from_mins(minutes);
        let middle = boundary.map_or(told, |b| start + SignedDuration::from_mins(b));
        let end = start + SignedDuration::from_hours(14 * 24);
        let mut gap = model::gap("g1", Area::Billing, Category::NoSource, day("2026-09-07"));
        let on = add_days(day("2026-11-09"), -dated_before);
        model::push(&mut gap, EventKind::Status, Some("verifying"), Some("closed"), on);
        gap.events.last_mut().unwrap().recorded_at = told;
        let snapshot = model::snapshot(Vec::new(), vec![gap]);
        let windows = [Window { from: start, to: middle }, Window { from: middle, to: end }];
        let found = windows.map(|w| changes(&snapshot, w, &TimeZone::UTC, &Constants::default()).len());
        prop_assert_eq!(found[0] + found[1], 1);
        prop_assert_eq!(found[0] == 1, told <= middle);
    }

    #[test]
    fn every_record_is_in_exactly_one_week(snapshot in any_organization()) {
        let records = snapshot.gaps.iter().flat_map(|g| &g.events).map(|e| e.recorded_at);
        let week = SignedDuration::from_hours(7 * 24);
        for record in records {
            let mut to = at(as_of(), 6);
            let mut weeks = 0;
            for _ in 0..60 {
                weeks += usize::from(Window { from: to - week, to }.holds(record));
                to -= week;
            }
            prop_assert_eq!(weeks, 1);
        }
    }
}

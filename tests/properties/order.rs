//! The order of rows never matters, and facts survive being stored.

use back_office_brief::domain::facts::Facts;
use back_office_brief::domain::snapshot::{ImplementationEvent, Snapshot};
use proptest::prelude::*;

use crate::generate::{any_organization, as_of};
use crate::model::{self, at, day};

/// Puts a list into one of its orders, by a seed.
fn reorder<T>(rows: &mut [T], seed: &mut u64) {
    for last in (1..rows.len()).rev() {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let chosen = usize::try_from(*seed >> 33).unwrap() % (last + 1);
        rows.swap(last, chosen);
    }
}

/// All rows of a snapshot in another order; the looks name implementations by their place.
fn reordered(snapshot: &Snapshot, seed: &mut u64) -> Snapshot {
    let mut other = snapshot.clone();
    reorder(&mut other.gaps, seed);
    for gap in &mut other.gaps {
        reorder(&mut gap.events, seed);
        reorder(&mut gap.exposures, seed);
    }
    reorder(&mut other.looks, seed);
    for implementation in &mut other.implementations {
        reorder(&mut implementation.events, seed);
        reorder(&mut implementation.areas, seed);
    }
    if seed.is_multiple_of(2) && other.implementations.len() == 2 {
        other.implementations.swap(0, 1);
        other.looks.iter_mut().for_each(|look| look.implementation = 1 - look.implementation);
    }
    other
}

/// A go-live that moved twice on one day, told at one instant.
fn moved_twice(field: &str, to: &str) -> ImplementationEvent {
    ImplementationEvent {
        field: field.to_owned(),
        from: None,
        to: Some(to.to_owned()),
        effective_on: day("2026-11-20"),
        recorded_at: at(day("2026-11-20"), 5),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_row_order_gives_equal_facts(mut snapshot in any_organization(), mut seed in any::<u64>()) {
        for implementation in &mut snapshot.implementations {
            let mut first = moved_twice("go_live_on", "2027-02-01");
            first.recorded_at = at(day("2026-10-01"), 5);
            implementation.events = vec![
                first,
                moved_twice("go_live_on", "2027-03-01"),
                moved_twice("go_live_on", "2027-04-01"),
                moved_twice("configuration_starts_on", "2026-12-01"),
            ];
        }
        let expected = model::facts(&snapshot, as_of());
        for _ in 0..4 {
            let other = reordered(&snapshot, &mut seed);
            prop_assert_eq!(&model::facts(&other, as_of()), &expected);
        }
    }

    /// Everything happened, and was told, on one day: only the ids order the events.
    #[test]
    fn equal_dates_in_any_row_order_give_equal_facts(mut snapshot in any_organization(), mut seed in any::<u64>()) {
        let one_day = day("2026-11-18");
        for gap in &mut snapshot.gaps {
            gap.opened_on = one_day;
            for event in &mut gap.events {
                (event.effective_on, event.recorded_at) = (one_day, at(one_day, 5));
            }
            for estimate in &mut gap.exposures {
                (estimate.effective_on, estimate.recorded_at) = (one_day, at(one_day, 5));
            }
        }
        let expected = model::facts(&snapshot, as_of());
        for _ in 0..4 {
            let other = reordered(&snapshot, &mut seed);
            prop_assert_eq!(&model::facts(&other, as_of()), &expected);
        }
    }

    #[test]
    fn stored_facts_read_back_as_they_were(snapshot in any_organization()) {
        let facts = model::facts(&snapshot, as_of());
        let stored = serde_json::to_string(&facts).unwrap();
        let read: Facts = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(&read, &facts);
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), stored);
    }
}

//! The score: its bounds, and what can never raise or lower it.

use back_office_brief::domain::codes::{Area, Category, EventKind};
use back_office_brief::domain::constants::Constants;
use back_office_brief::domain::facts::Facts;
use back_office_brief::domain::history::{History, add_days};
use back_office_brief::domain::snapshot::Snapshot;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::generate::{any_gap, any_organization, as_of, look_at};
use crate::model::{self, push, set_status};

fn facts(snapshot: &Snapshot) -> Facts {
    model::facts(snapshot, as_of())
}

/// Every implementation's score at the cut-off.
fn scores(snapshot: &Snapshot) -> Vec<i64> {
    let facts = facts(snapshot);
    facts.implementations.iter().map(|i| i.score_milli).collect()
}

/// No score of `after` is above its counterpart of `before`.
fn assert_not_raised(before: &[i64], after: &[i64]) -> Result<(), TestCaseError> {
    prop_assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(after) {
        prop_assert!(after <= before, "{before} rose to {after}");
    }
    Ok(())
}

/// The first gap with more done to it at the cut-off's date.
fn with(
    snapshot: &Snapshot,
    change: impl FnOnce(&mut back_office_brief::domain::snapshot::Gap),
) -> Snapshot {
    let mut changed = snapshot.clone();
    change(&mut changed.gaps[0]);
    changed
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_score_lies_between_0_and_100(snapshot in any_organization()) {
        for told in facts(&snapshot).implementations {
            for point in &told.points {
                prop_assert!((0..=100_000).contains(&point.score_milli));
                prop_assert!((0..=10_000).contains(&point.coverage_bp));
                prop_assert!(point.load_milli >= 0);
            }
            prop_assert!((0..=100).contains(&told.score_printed));
            prop_assert!(told.score_milli <= told.score_if_all_closed_milli);
            if !told.open_material.is_empty() {
                prop_assert!(told.score_milli <= 79_000);
            }
        }
    }

    #[test]
    fn adding_a_gap_never_raises_any_week(snapshot in any_organization(), gap in any_gap("g9")) {
        let before = facts(&snapshot);
        let mut more = snapshot.clone();
        more.gaps.push(gap);
        let after = facts(&more);
        for (before, after) in before.implementations.iter().zip(&after.implementations) {
            for point in &before.points {
                let same_day = after.points.iter().find(|p| p.as_of == point.as_of);
                prop_assert!(same_day.unwrap().score_milli <= point.score_milli);
            }
        }
    }

    #[test]
    fn closing_never_lowers(snapshot in any_organization()) {
        // A signed withdrawal took the gap out; closing it then would bring it back into the list.
        prop_assume!(!History::of(&snapshot.gaps[0], &TimeZone::UTC, &Constants::default()).is_void);
        let closed = with(&snapshot, |gap| set_status(gap, "closed", as_of()));
        assert_not_raised(&scores(&closed), &scores(&snapshot))?;
    }

    #[test]
    fn raising_severity_never_raises(snapshot in any_organization()) {
        let state = History::of(&snapshot.gaps[0], &TimeZone::UTC, &Constants::default());
        for severity in state.latest().severity.number()..=4 {
            let severity = severity.to_string();
            let worse = with(&snapshot, |gap| {
                push(gap, EventKind::Severity, None, Some(&severity), as_of());
            });
            assert_not_raised(&scores(&snapshot), &scores(&worse))?;
        }
    }

    #[test]
    fn idling_never_raises(snapshot in any_organization()) {
        let moved = with(&snapshot, |gap| push(gap, EventKind::Evidence, None, None, as_of()));
        assert_not_raised(&scores(&moved), &scores(&snapshot))?;
    }

    #[test]
    fn reopening_never_raises(snapshot in any_organization()) {
        let reopened = with(&snapshot, |gap| {
            set_status(gap, "closed", as_of());
            push(gap, EventKind::Reopened, Some("closed"), Some("open"), as_of());
        });
        assert_not_raised(&scores(&snapshot), &scores(&reopened))?;
    }

    #[test]
    fn time_alone_never_raises(snapshot in any_organization(), days in 1..300_i64) {
        let later = model::facts(&snapshot, add_days(as_of(), days));
        // Which implementation is told first may change as a go-live passes.
        for told in facts(&snapshot).implementations {
            let then = later.implementations.iter().find(|i| i.slug == told.slug).unwrap();
            prop_assert!(then.score_milli <= told.score_milli);
        }
    }

    #[test]
    fn withdrawing_without_a_second_signature_never_raises(snapshot in any_organization()) {
        let withdrawn = with(&snapshot, |gap| set_status(gap, "withdrawn", as_of()));
        assert_not_raised(&scores(&snapshot), &scores(&withdrawn))?;
    }

    #[test]
    fn a_signed_withdrawal_is_as_if_the_gap_had_never_been(snapshot in any_organization()) {
        let signed = with(&snapshot, |gap| {
            set_status(gap, "withdrawn", as_of());
            push(gap, EventKind::WithdrawConfirmed, None, None, as_of());
            gap.events.last_mut().unwrap().actor = Some("somebody else".to_owned());
        });
        let mut without = snapshot.clone();
        without.gaps.remove(0);
        let (signed, without) = (facts(&signed), facts(&without));
        prop_assert_eq!(signed.implementations, without.implementations);
        prop_assert_eq!(signed.exposure, without.exposure);
        prop_assert!(signed.gaps.iter().all(|g| g.external_id != snapshot.gaps[0].external_id));
        prop_assert_eq!(signed.gaps.len(), without.gaps.len());
    }

    #[test]
    fn nothing_looked_at_scores_0(mut snapshot in any_organization()) {
        snapshot.looks.clear();
        for told in facts(&snapshot).implementations {
            prop_assert_eq!(told.score_milli, 0);
            prop_assert!(told.points.iter().all(|p| p.score_milli == 0));
        }
    }

    #[test]
    fn one_hundred_means_all_looked_at_lately_and_nothing_open(
        mut snapshot in any_organization(),
        ages in proptest::collection::vec(0..70_i64, 4),
        close in any::<bool>(),
    ) {
        for (area, age) in [Area::Billing, Area::Payables, Area::Close, Area::MasterData].into_iter().zip(&ages) {
            for number in 0..2 {
                look_at(&mut snapshot, number, area, Category::ALL, add_days(as_of(), -age));
            }
        }
        if close {
            snapshot.gaps.iter_mut().for_each(|gap| set_status(gap, "closed", as_of()));
        }
        let facts = facts(&snapshot);
        for told in &facts.implementations {
            let fresh = told.areas.iter().all(|a| a.coverage_bp == 10_000);
            let clean = told.areas.iter().all(|a| a.points_milli == 0);
            let whole = !told.areas.is_empty() && fresh && clean;
            prop_assert_eq!(told.score_milli == 100_000, whole);
            for area in told.areas.iter().filter(|_| whole) {
                prop_assert!(area.oldest_look_on.unwrap() >= add_days(as_of(), -56));
            }
        }
    }
}

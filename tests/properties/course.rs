//! The course over time says what the brief says, and what explains a figure adds up to it.

use std::collections::BTreeSet;

use back_office_brief::domain::codes::{EditionKind, GapStatus};
use back_office_brief::domain::compose::{self, CourseRequest, Request};
use back_office_brief::domain::constants::Constants;
use back_office_brief::domain::course::Told;
use back_office_brief::domain::course::paper::Papers;
use back_office_brief::domain::history::add_days;
use back_office_brief::domain::snapshot::Snapshot;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::generate::{any_organization, as_of};
use crate::model::{self, at};

/// The course as of six o'clock on a day, with Monday's cut-offs at six.
fn told(snapshot: &Snapshot, today: Date) -> Told {
    let mondays = (0..104).map(|week| add_days(as_of(), -7 * week));
    let cut_offs: Vec<(Timestamp, Date)> = mondays.map(|day| (at(day, 6), day)).collect();
    let cut_offs: Vec<_> = cut_offs.into_iter().filter(|(_, day)| *day <= today).collect();
    compose::course(&CourseRequest {
        request: Request {
            snapshot,
            zone: &TimeZone::UTC,
            cut_off: at(today, 6),
            as_of: today,
            kind: EditionKind::Leader,
            variant: "full-en",
            constants: &Constants::default(),
            insights: &[],
        },
        cut_offs: &cut_offs,
        papers: &Papers::default(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// At a cut-off the page and the brief are made from the same figures.
    #[test]
    fn at_a_cut_off_it_says_what_the_brief_says(snapshot in any_organization()) {
        let told = told(&snapshot, as_of());
        let facts = model::facts(&snapshot, as_of());
        prop_assert_eq!(&told.facts.implementations, &facts.implementations);
        prop_assert_eq!(&told.facts.exposure, &facts.exposure);
        prop_assert_eq!(&told.facts.gaps, &facts.gaps);
        for (course, of) in told.courses.iter().zip(&facts.implementations) {
            let last = &course.points[course.points.len() - of.points.len()..];
            for (point, brief) in last.iter().zip(&of.points) {
                prop_assert_eq!(
                    (point.as_of, point.score_milli, point.load_milli, point.coverage_bp),
                    (brief.as_of, brief.score_milli, brief.load_milli, brief.coverage_bp)
                );
            }
        }
        let days: Vec<Date> = told.weeks.iter().map(|week| week.until).collect();
        let mut sorted = days.clone();
        sorted.sort_unstable();
        sorted.dedup();
        sorted.reverse();
        prop_assert_eq!(days, sorted, "each week is told once, the newest first");
    }

    /// A day later nothing but time has passed: the dates are those of the brief.
    #[test]
    fn between_two_cut_offs_the_weeks_are_counted_from_the_last(snapshot in any_organization()) {
        let today = add_days(as_of(), 2);
        let told = told(&snapshot, today);
        for (course, of) in told.courses.iter().zip(&told.facts.implementations) {
            prop_assert_eq!(course.last().as_of, today);
            prop_assert_eq!(course.last().score_milli, of.score_milli);
            prop_assert_eq!(course.last().load_milli, of.load_milli);
            if let Some(ready) = of.ready_on {
                let days = i64::from((ready - course.counted_from).get_days());
                prop_assert_eq!(days % 7, 0);
            }
        }
    }

    /// What explains a figure comes to the figure.
    #[test]
    fn what_explains_a_figure_adds_up_to_it(snapshot in any_organization()) {
        let told = told(&snapshot, as_of());
        let exposure = &told.facts.exposure;
        let sum = |parts: &[back_office_brief::domain::course::sums::Part]| -> i64 {
            parts.iter().map(|part| part.minor).sum()
        };
        prop_assert_eq!(sum(&told.money.per_week), exposure.likely);
        prop_assert_eq!(sum(&told.money.so_far), exposure.cost_so_far);
        prop_assert_eq!(told.money.zones.iter().map(|(_, minor)| minor).sum::<i64>(), exposure.likely);
        let protected: i64 = told.gaps.iter().filter_map(|gap| gap.protected).map(|own| own.to_date).sum();
        prop_assert_eq!(protected, exposure.protected_to_date);
        for gap in &told.gaps {
            let days: i128 = gap.stretches.iter().map(|s| i128::from(s.days) * i128::from(s.per_week)).sum();
            prop_assert_eq!(i128::from(gap.cost_so_far), (2 * days + 7) / 14, "{}", gap.external_id);
            prop_assert!(gap.stretches.windows(2).all(|pair| pair[0].until <= pair[1].from));
            let own = told.facts.gaps.iter().find(|own| own.external_id == gap.external_id);
            prop_assert_eq!(own.is_none(), gap.status == GapStatus::Closed);
            if let Some(own) = own {
                prop_assert_eq!(own.points_milli, gap.points_milli);
                prop_assert_eq!(own.likely_per_week, gap.price.as_ref().map(|price| price.per_week.likely));
            }
        }
        let open: usize = told.courses.iter().map(|c| c.grid.rows.len()).sum();
        let areas: usize = told.facts.implementations.iter().map(|i| i.areas.len()).sum();
        prop_assert_eq!(open, areas);
    }

    /// What if they closed today is what is so once they are closed today.
    #[test]
    fn a_closing_that_is_tried_out_does_what_a_closing_does(
        snapshot in any_organization(), ticks in 1..32_usize
    ) {
        let before = told(&snapshot, as_of());
        let ids: Vec<String> = before.facts.gaps.iter()
            .filter(|gap| gap.status != GapStatus::Withdrawn)
            .map(|gap| gap.external_id.clone()).collect();
        let asked: BTreeSet<String> = ids.iter().enumerate()
            .filter(|(n, _)| ticks & (1 << n) != 0).map(|(_, id)| id.clone()).collect();
        let mut closed = snapshot.clone();
        for gap in closed.gaps.iter_mut().filter(|gap| asked.contains(&gap.external_id)) {
            // Later than whatever else was recorded for today.
            model::set_status(gap, "closed", as_of());
            let last = gap.events.last_mut().unwrap();
            last.recorded_at = at(as_of(), 6);
            last.id = format!("zz-{}", last.id);
        }
        let after = told(&closed, as_of());
        for (n, course) in before.courses.iter().enumerate() {
            let of = &before.facts.implementations[n];
            let tried = course.scene.closing(of, &asked, course.counted_from, &Constants::default());
            let Some(real) = after.facts.implementations.iter().find(|own| own.slug == of.slug) else {
                continue;
            };
            prop_assert_eq!(tried.after.score_milli, real.score_milli);
            prop_assert_eq!(tried.after.load_milli, real.load_milli);
            prop_assert_eq!(tried.after.allowed_milli, real.allowed_milli);
            prop_assert_eq!(&tried.after.open_material, &real.open_material);
            // Money is of the whole organization: it is the same where all of them are in scope.
            if tried.closed.len() == asked.len() {
                let (was, is) = (&before.facts.exposure, &after.facts.exposure);
                prop_assert_eq!(tried.per_week.likely, is.likely);
                prop_assert_eq!(tried.saved_per_week, was.likely - is.likely);
            }
        }
    }
}

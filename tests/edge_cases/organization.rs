//! New organizations, several implementations, cancelled ones and none.

use back_office_brief::domain::brief::compose_leader;
use back_office_brief::domain::codes::{Area, Category, EventKind, ImplementationStatus, Verdict};
use back_office_brief::domain::history::add_days;
use back_office_brief::domain::snapshot::{ImplementationEvent, Look};

use crate::model::{self, at, day};
use crate::{assessed, facts, priced_gap, today};

#[test]
fn a_new_organization_has_a_first_week_of_at_most_7_days_and_no_trend() {
    let mut gap = priced_gap("g1", day("2026-11-18"));
    gap.existed_since = Some(day("2024-01-01"));
    let facts = facts(&assessed(Some(day("2027-02-01")), "2026-11-20", vec![gap]));
    let told = &facts.implementations[0];
    assert!(facts.week.first && !facts.week.quiet);
    assert_eq!(facts.edition.window_from, at(day("2026-11-16"), 6));
    assert_eq!((told.points.len(), told.change_points), (1, None));
    assert_eq!((told.ready_on, told.trend), (None, None));
    assert_eq!(facts.week.weeks_covered, 1);
    // We do not bill the past to a leader on a guess: five days from opening, not since 2024.
    assert_eq!(facts.exposure.cost_so_far, 71_429);
}

#[test]
fn a_second_week_has_a_trend_in_points() {
    let snapshot = assessed(None, "2026-11-09", vec![priced_gap("g1", day("2026-11-09"))]);
    let facts = facts(&snapshot);
    assert!(!facts.week.first);
    assert_eq!(facts.implementations[0].change_points, Some(0));
}

#[test]
fn without_an_implementation_the_back_office_is_told_at_weight_1_without_a_go_live() {
    let mut other = priced_gap("g2", day("2026-09-07"));
    other.area = Area::Payroll;
    let facts =
        facts(&model::snapshot(Vec::new(), vec![priced_gap("g1", day("2026-09-07")), other]));
    let [told] = &facts.implementations[..] else { panic!("one implementation") };
    assert_eq!((told.slug.as_str(), told.name.as_str()), ("back-office", "Back office"));
    assert_eq!((told.go_live_on, told.verdict), (None, Verdict::NotAssessed));
    let scope: Vec<_> = told.areas.iter().map(|a| (a.area, a.weight)).collect();
    assert_eq!(scope, [(Area::Billing, 1), (Area::Payroll, 1)]);
    assert_eq!(facts.exposure.open_gaps, 2);
}

#[test]
fn of_several_implementations_the_nearest_coming_go_live_is_told_first() {
    let platform = |slug: &str, go_live: Option<&str>| {
        model::implementation(slug, &[(Area::Billing, 1)], go_live.map(day))
    };
    let implementations = vec![
        platform("undated", None),
        platform("long-live", Some("2026-01-01")),
        platform("far", Some("2027-06-01")),
        platform("just-live", Some("2026-11-23")),
        platform("near", Some("2026-11-24")),
    ];
    let facts = facts(&model::snapshot(implementations, Vec::new()));
    let order: Vec<_> = facts.implementations.iter().map(|i| i.slug.as_str()).collect();
    assert_eq!(order, ["near", "far", "undated", "just-live", "long-live"]);
}

#[test]
fn a_gap_counts_in_its_own_implementation_or_in_every_one_with_its_area() {
    let mut own = priced_gap("own", day("2026-11-16"));
    own.implementation_id = Some("row-two".to_owned());
    let shared = priced_gap("shared", day("2026-11-16"));
    let platform = |slug| model::implementation(slug, &[(Area::Billing, 1)], None);
    let mut snapshot = model::snapshot(vec![platform("one"), platform("two")], vec![own, shared]);
    for implementation in 0..2 {
        for category in Category::ALL {
            snapshot.looks.push(Look {
                implementation,
                area: Area::Billing,
                category: *category,
                held_on: day("2026-11-02"),
                recorded_at: at(day("2026-11-02"), 5),
            });
        }
    }
    let facts = facts(&snapshot);
    let scores: Vec<_> = facts.implementations.iter().map(|i| i.score_milli).collect();
    assert_eq!(scores, [66_667, 50_000]);
    // The money of a shared gap counts once.
    assert_eq!(facts.exposure.likely, 200_000);
}

#[test]
fn a_cancelled_implementation_leaves_the_brief_and_its_gaps_stay() {
    let mut gap = priced_gap("g1", day("2026-09-07"));
    gap.implementation_id = Some("row-erp".to_owned());
    let mut snapshot = assessed(Some(day("2027-02-01")), "2026-11-18", vec![gap]);
    snapshot.implementations[0].status = ImplementationStatus::Cancelled;
    let event = |to: &str, on: &str| ImplementationEvent {
        field: "go_live_on".to_owned(),
        from: None,
        to: Some(to.to_owned()),
        effective_on: day(on),
        recorded_at: at(day(on), 5),
    };
    snapshot.implementations[0].events =
        vec![event("2027-01-01", "2026-09-01"), event("2027-02-01", "2026-11-18")];
    let alone = facts(&snapshot);
    assert_eq!(alone.implementations[0].slug, "back-office");
    assert_eq!((alone.exposure.open_gaps, alone.exposure.likely), (1, 100_000));
    assert!(alone.changes.is_empty(), "{:?}", alone.changes);
    let other = model::implementation("close", &[(Area::Billing, 1)], None);
    snapshot.implementations.push(other);
    let beside = facts(&snapshot);
    assert_eq!(beside.implementations.len(), 1);
    assert_eq!(beside.implementations[0].load_milli, 0, "its gaps do not move over");
    assert_eq!(beside.gaps.len(), 1);
    assert_eq!(beside.exposure.likely, 100_000);
}

#[test]
fn a_week_without_a_counted_change_is_quiet_and_quiet_weeks_are_counted() {
    let mut snapshot = assessed(None, "2026-10-05", vec![priced_gap("g1", day("2026-10-05"))]);
    model::push(
        &mut snapshot.gaps[0],
        EventKind::Severity,
        Some("3"),
        Some("1"),
        day("2026-11-04"),
    );
    model::push(&mut snapshot.gaps[0], EventKind::Note, None, None, day("2026-11-18"));
    let quiet = facts(&snapshot).week;
    // The change was told on 9 November; 16 and 23 November had nothing to tell.
    assert_eq!((quiet.quiet, quiet.quiet_weeks), (true, 2));
    let third = model::facts(&snapshot, day("2026-11-30")).week;
    assert_eq!((third.quiet, third.quiet_weeks), (true, 3));
    model::push(&mut snapshot.gaps[0], EventKind::Owner, Some("R. Roe"), None, day("2026-11-19"));
    let told = facts(&snapshot).week;
    assert_eq!((told.quiet, told.quiet_weeks), (false, 0));
}

#[test]
fn quiet_weeks_are_counted_as_far_as_they_go() {
    let mut snapshot = assessed(None, "2026-01-05", vec![priced_gap("g1", day("2026-01-05"))]);
    // Told on 12 January; a note now and then is no counted change.
    model::push(&mut snapshot.gaps[0], EventKind::Note, None, None, day("2026-03-18"));
    let at_week = |weeks: i64| model::facts(&snapshot, add_days(day("2026-01-05"), 7 * weeks)).week;
    for weeks in [1, 2, 13, 14, 20, 46] {
        assert_eq!(at_week(weeks).quiet_weeks, weeks, "told on 5 January");
    }
    let brief = compose_leader(&model::facts(&snapshot, day("2026-05-25")));
    assert!(brief.verdict.text.starts_with("Not updated since 18 March."), "{:?}", brief.verdict);
    model::push(&mut snapshot.gaps[0], EventKind::Confirmed, None, None, day("2026-05-20"));
    let brief = compose_leader(&model::facts(&snapshot, day("2026-05-25")));
    let text = "20th week without movement: about $20,000.";
    assert!(brief.verdict.text.starts_with(text), "{:?}", brief.verdict);
}

#[test]
fn a_window_counts_as_the_whole_weeks_that_it_covers() {
    let mut snapshot = assessed(None, "2026-10-05", vec![priced_gap("g1", day("2026-10-05"))]);
    let mut after = |cut_off: &str| {
        snapshot.previous_cut_off = Some(at(day(cut_off), 6));
        facts(&snapshot).week.quiet_weeks
    };
    // Seven weeks without a change since 5 October, whatever the briefs were.
    assert_eq!(after("2026-11-16"), 7);
    assert_eq!(after("2026-11-09"), 7, "a brief was missed: two weeks");
    assert_eq!(after("2026-10-05"), 7, "all of them were");
    // The cut-off moved: some days are no week.
    assert_eq!(after("2026-11-20"), 6);
    assert_eq!(after("2026-11-13"), 6, "ten days are one");
    snapshot.previous_cut_off = Some(at(day("2026-11-16"), 7));
    assert_eq!(facts(&snapshot).week.quiet_weeks, 6 + 1, "an hour is no matter");
}

#[test]
fn after_a_missed_brief_the_window_covers_both_weeks() {
    let mut snapshot = assessed(None, "2026-09-07", vec![priced_gap("g1", day("2026-09-07"))]);
    model::set_status(&mut snapshot.gaps[0], "verifying", day("2026-11-12"));
    assert!(facts(&snapshot).changes.is_empty());
    snapshot.previous_cut_off = Some(at(day("2026-11-09"), 6));
    let facts = facts(&snapshot);
    assert_eq!(facts.week.weeks_covered, 2);
    assert_eq!(facts.changes.len(), 1);
    assert!(facts.edition.as_of == today());
}

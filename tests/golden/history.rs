//! T1: naming an old gap restates the past.

use back_office_brief::domain::codes::{Area, Category, EventKind};
use back_office_brief::domain::snapshot::Snapshot;
use jiff::civil::Date;
use serde_json::Value;

use crate::model::{self, day, push, set_status};
use crate::readiness::snapshot as assessed;
use crate::{date, int, ints, text};

/// The last `weeks` scores of the only implementation.
fn series(snapshot: &Snapshot, as_of: Date, weeks: usize) -> Vec<i64> {
    let facts = model::facts(snapshot, as_of);
    let points = &facts.implementations[0].points;
    points[points.len() - weeks..].iter().map(|p| p.score_milli).collect()
}

pub fn restated(case: &Value) {
    let (given, expect) = (&case["given"], &case["expect"]);
    let as_of = date(&given["as_of"]);
    let weeks = usize::try_from(int(&given["weeks"])).unwrap();
    // The two gaps stand in the case as sentences; these are the sentences.
    assert_eq!(
        text(&given["g1"]),
        "billing sev3 open until 2026-11-09, verifying until 2026-11-16, then closed"
    );
    assert_eq!(text(&given["g2"]), "close sev3, existed_since 2026-10-05, recorded 2026-11-20");
    let first = day("2026-10-05");
    let mut closed = model::gap("g1", Area::Billing, Category::NoSource, first);
    push(&mut closed, EventKind::Severity, None, Some("3"), first);
    set_status(&mut closed, "verifying", day("2026-11-09"));
    set_status(&mut closed, "closed", day("2026-11-16"));
    let recorded = day("2026-11-20");
    let mut named = model::gap("g2", Area::Close, Category::OwnerHabit, recorded);
    push(&mut named, EventKind::Severity, None, Some("3"), recorded);
    named.existed_since = Some(first);

    let mut snapshot = assessed(given);
    snapshot.gaps = vec![closed];
    let reported = series(&snapshot, as_of, weeks);
    assert_eq!(reported, ints(&expect["reported_milli"]));
    assert_eq!(
        reported[weeks - 1] - reported[weeks - 2],
        int(&expect["change_this_week_reported_basis"])
    );

    // What last week's brief said, so that this week's can correct it.
    let last_week = model::day("2026-11-16");
    snapshot.gaps.push(named);
    snapshot
        .reported
        .insert((snapshot.implementations[0].id.clone(), last_week), reported[weeks - 2]);
    assert_eq!(series(&snapshot, as_of, weeks), ints(&expect["restated_milli"]));
    let facts = model::facts(&snapshot, as_of);
    assert_eq!(
        facts.implementations[0].change_points,
        Some(int(&expect["change_this_week_restated_basis"]))
    );
    let restated = facts.week.restated.unwrap();
    assert_eq!((restated.reported_printed, restated.restated_printed), (100, 87));
    assert_eq!(restated.old_gaps_named, 1);
}

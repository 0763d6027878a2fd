//! Organizations in any state: scopes, looks, gaps with histories, estimates and groups.

use back_office_brief::domain::codes::{Area, Basis, Category, EventKind, ExposureKind, GapStatus};
use back_office_brief::domain::history::add_days;
use back_office_brief::domain::snapshot::{Gap, GapEvent, Snapshot};
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::model::{self, at, day};

const AREAS: [Area; 4] = [Area::Billing, Area::Payables, Area::Close, Area::MasterData];

/// The day of every generated organization's cut-off.
pub fn as_of() -> Date {
    day("2026-11-23")
}

fn days_ago(days: i64) -> Date {
    add_days(as_of(), -days)
}

/// Events as (days after opening, days until told, kind, value).
type RawEvent = (i64, i64, u8, i64);
/// Estimates as (days after opening, kind, low, to likely, to high, basis).
type RawEstimate = (i64, usize, i64, i64, i64, usize);

fn event(gap: &Gap, number: usize, raw: &RawEvent) -> GapEvent {
    let (after, lag, kind, value) = *raw;
    let on = add_days(gap.opened_on, after).min(as_of());
    let status = GapStatus::ALL[usize::try_from(value).unwrap() % 6].as_str();
    let (kind, to, actor) = match kind {
        0..=3 => (EventKind::Status, Some(status.to_owned()), "first person"),
        4 => (EventKind::Reopened, Some("open".to_owned()), "first person"),
        5 => (EventKind::Severity, Some((value % 4 + 1).to_string()), "x"),
        6 => (EventKind::Owner, Some("R. Roe".to_owned()), "x"),
        7 => (EventKind::Owner, None, "x"),
        8 => (EventKind::DueOn, Some(add_days(on, 3 * value).to_string()), "x"),
        9 => (EventKind::Evidence, None, "x"),
        10 => (EventKind::WithdrawConfirmed, None, "second person"),
        _ => (EventKind::Note, None, "x"),
    };
    GapEvent {
        id: format!("{}-{number:04}", gap.external_id),
        kind,
        from: None,
        to,
        effective_on: on,
        recorded_at: at(add_days(on, lag).min(as_of()), 5),
        actor: Some(actor.to_owned()),
    }
}

/// A gap with any history, in one of four areas.
pub fn any_gap(id: &'static str) -> impl Strategy<Value = Gap> {
    let place = (0..4_usize, 0..5_usize, 1..=4_i64, 0..200_i64, option::of(1..90_i64));
    let kinds = ExposureKind::ALL.len();
    let estimate = (0..200_i64, 0..kinds, 0..9_000_i64, 0..9_000_i64, 0..9_000_i64, 0..3_usize);
    (
        place,
        vec((0..200_i64, 0..20_i64, 0..13_u8, 0..12_i64), 0..8),
        vec(estimate, 0..3),
        option::of(0..2_u8),
        option::weighted(0.2, 0..2_u8),
    )
        .prop_map(move |(place, events, estimates, group, link)| {
            let (area, category, severity, opened_ago, existed) = place;
            let opened_on = days_ago(opened_ago);
            let mut gap = model::gap(id, AREAS[area], Category::ALL[category], opened_on);
            let severity = severity.to_string();
            model::push(&mut gap, EventKind::Severity, None, Some(&severity), opened_on);
            gap.existed_since = existed.map(|days| add_days(opened_on, -days));
            gap.exposure_group = group.map(|n| format!("group-{n}"));
            gap.implementation_id = link.map(|n| format!("row-platform-{n}"));
            for raw in &events {
                let event = event(&gap, gap.events.len(), raw);
                gap.events.push(event);
            }
            for raw in &estimates {
                estimated(&mut gap, raw);
            }
            gap
        })
}

fn estimated(gap: &mut Gap, raw: &RawEstimate) {
    let (after, kind, low, to_likely, to_high, basis) = *raw;
    let on = add_days(gap.opened_on, after).min(as_of());
    let likely = low + to_likely;
    let bounds = match ExposureKind::ALL[kind] {
        ExposureKind::Unpriced => [0; 3],
        _ => [low, likely, likely + to_high],
    };
    model::price(gap, ExposureKind::ALL[kind], bounds, on);
    gap.exposures.last_mut().unwrap().basis = Basis::ALL[basis];
}

/// An organization with up to two implementations, up to five gaps, and looks of any age. An
/// implementation without areas takes its scope from the gaps.
pub fn any_organization() -> impl Strategy<Value = Snapshot> {
    let platform =
        (vec((0..4_usize, 1..=5_i64), 0..4), option::of(-60..400_i64), option::of(1..5_000_i64));
    let gaps = (any_gap("g1"), any_gap("g2"), any_gap("g3"), any_gap("g4"), any_gap("g5"));
    (
        vec(platform, 0..=2),
        gaps,
        1..=5_usize,
        vec((0..2_usize, 0..4_usize, 0..300_i64), 0..8),
        vec((0..2_usize, 0..4_usize, 0..5_usize, 0..300_i64), 0..12),
    )
        .prop_map(|(platforms, gaps, count, areas_looked_at, cells_looked_at)| {
            let implementations = (0..).zip(platforms).map(|(n, (areas, go_live, benefit))| {
                let areas: Vec<_> = areas.iter().map(|(a, weight)| (AREAS[*a], *weight)).collect();
                let go_live_on = go_live.map(|days| add_days(as_of(), days));
                let slug = format!("platform-{n}");
                let mut platform = model::implementation(&slug, &areas, go_live_on);
                platform.benefit_per_week = benefit;
                platform
            });
            let mut gaps = vec![gaps.0, gaps.1, gaps.2, gaps.3, gaps.4];
            gaps.truncate(count);
            let mut snapshot = model::snapshot(implementations.collect(), gaps);
            for (n, area, ago) in areas_looked_at {
                look_at(&mut snapshot, n, AREAS[area], Category::ALL, days_ago(ago));
            }
            for (n, area, category, ago) in cells_looked_at {
                let cell = [Category::ALL[category]];
                look_at(&mut snapshot, n, AREAS[area], &cell, days_ago(ago));
            }
            snapshot
        })
}

/// Looks for one implementation; one that does not exist is not looked at.
pub fn look_at(
    snapshot: &mut Snapshot,
    number: usize,
    area: Area,
    categories: &[Category],
    on: Date,
) {
    if number >= snapshot.implementations.len() {
        return;
    }
    let before = snapshot.looks.len();
    model::look(snapshot, area, categories, on);
    for look in &mut snapshot.looks[before..] {
        look.implementation = number;
    }
}

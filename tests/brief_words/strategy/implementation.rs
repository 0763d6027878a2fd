//! Implementations with any verdict.

use back_office_brief::domain::codes::{Area, Verdict};
use back_office_brief::domain::facts::{
    AreaFacts, ImplementationFacts, PathFacts, RelookFacts, WithoutFacts,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{Change, count, date, money, name};
use crate::fixture::{area, northfield};

fn ids() -> impl Strategy<Value = Vec<String>> {
    vec((1..9).prop_map(|n: i32| format!("G-{n}")), 0..5)
}

fn areas() -> impl Strategy<Value = Vec<AreaFacts>> {
    vec((select(Area::ALL), 1..=5_i64, option::of(date()), any::<bool>()), 0..12).prop_map(|all| {
        all.into_iter()
            .map(|(code, weight, look, looked_at)| AreaFacts {
                oldest_look_on: look,
                looked_at: looked_at || look.is_some(),
                ..area(code, weight, None)
            })
            .collect()
    })
}

fn forecast() -> impl Strategy<Value = Change<ImplementationFacts>> {
    let when = (option::of(date()), option::of(date()), option::of(date()), option::of(date()));
    let counts = [option::of(count()), option::of(count()), option::of(count())];
    (select(Verdict::ALL), when, counts, 0..=8_i64).prop_map(|(verdict, when, counts, used)| {
        Change::by(move |of: &mut ImplementationFacts| {
            (of.verdict, of.points_used) = (verdict, used);
            (of.go_live_on, of.ready_on, of.earliest_on, of.latest_on) = when;
            [of.weeks_until_forecast, of.weeks_late, of.weeks_early] = counts;
        })
    })
}

fn score() -> impl Strategy<Value = Change<ImplementationFacts>> {
    let paces = [option::of(any::<i64>()), option::of(any::<i64>())];
    let weeks = [option::of(count()), option::of(count())];
    let scores = [0..=100_000_i64, 0..=100_000_i64];
    (scores, option::of(-100..=100_i64), paces, weeks, option::of(money())).prop_map(
        |([score, all_closed], change, paces, weeks, delay)| {
            Change::by(move |of: &mut ImplementationFacts| {
                (of.score_milli, of.score_printed) = (score, (score + 500) / 1_000);
                (of.score_if_all_closed_milli, of.change_points) = (all_closed, change);
                [of.pace_milli_per_week, of.required_milli_per_week] = paces;
                [of.weeks_left, of.weeks_since_go_live] = weeks;
                of.delay_cost = delay;
            })
        },
    )
}

fn outlook() -> impl Strategy<Value = Change<ImplementationFacts>> {
    let path = option::of((ids(), 0..=100_000_i64, "G-[1-9]"));
    let relook = option::of((date(), vec(select(Area::ALL), 0..6)));
    (ids(), path, relook, areas(), 0..=8_usize).prop_map(
        |(material, path, relook, areas, points)| {
            Change::by(move |of: &mut ImplementationFacts| {
                of.open_material = material.clone();
                of.path_to_target = path.clone().map(|(gaps, score_after_milli, gap)| PathFacts {
                    gaps,
                    score_after_milli,
                    exact: true,
                    without: Some(WithoutFacts { gap, stops_at_milli: 79_000 }),
                });
                of.relook_by = relook.clone().map(|(by, areas)| RelookFacts { by, areas });
                of.areas = areas.clone();
                of.points.truncate(points);
            })
        },
    )
}

pub fn implementation() -> impl Strategy<Value = ImplementationFacts> {
    let slug = select(vec!["erp", "back-office"]);
    (name(), slug, forecast(), score(), outlook()).prop_map(
        |(name, slug, forecast, score, outlook)| {
            let mut of = northfield().implementations.remove(0);
            (of.name, of.slug) = (name, slug.to_owned());
            forecast.make(&mut of);
            score.make(&mut of);
            outlook.make(&mut of);
            of
        },
    )
}

//! Readiness, trend and forecast of one implementation (MODEL 4).

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::domain::arithmetic::to_i64;
use crate::domain::codes::{GapStatus, Severity, Trend};
use crate::domain::constants::Constants;
use crate::domain::cost;
use crate::domain::facts::{
    AreaFacts, GapFacts, ImplementationFacts, PathFacts, PointFacts, RelookFacts, WithoutFacts,
};
use crate::domain::forecast::{self, Forecast, forecast};
use crate::domain::history::{add_days, days_between};
use crate::domain::path::{Board, Candidate};
use crate::domain::readiness::{
    AreaPoint, allowed_load, load_milli, printed, score_milli, weighted_coverage_bp,
};
use crate::domain::relook::relook_by;
use crate::domain::stall::implementation_is_stalled;

use super::Workings;
use super::scope::Scope;

/// Weekly points that a brief shows.
pub(super) const POINTS_SHOWN: usize = 8;
/// Weeks of history that are searched for the baseline: ten years.
const WEEKS_SEARCHED: i64 = 520;

/// Everything but the path to target, which needs the ranking.
pub fn facts(workings: &Workings<'_>, scope: &Scope<'_>) -> ImplementationFacts {
    let constants = workings.request.constants;
    let as_of = workings.request.as_of;
    let (areas, capped) = scope.point_at(&workings.histories, as_of, constants);
    let score = score_milli(&areas, capped, constants);
    let points = points(workings, scope);
    let series = points.iter().map(|p| (p.load_milli, p.coverage_bp)).collect();
    let loads = loads_from_baseline(workings, scope, series, points.first().map(|p| p.as_of));
    let target_milli =
        scope.implementation.map_or(constants.default_target_milli, |i| i.target_milli);
    let allowed = allowed_load(&areas, target_milli, constants).map(|a| a.load_milli);
    let said = forecast(
        &forecast::Input {
            loads: &loads,
            load_milli: load_milli(&areas),
            allowed_milli: allowed,
            as_of,
            go_live: scope.go_live_on,
        },
        constants,
    );
    let pace = forecast::pace_milli(&loads);
    let previous = points.len().checked_sub(2).map(|i| printed(points[i].score_milli));
    let members: Vec<_> = scope.members.iter().map(|i| &workings.histories[*i]).collect();
    ImplementationFacts {
        slug: scope.implementation.map_or("back-office", |i| &i.slug).to_owned(),
        name: scope.implementation.map_or("Back office", |i| &i.name).to_owned(),
        configuration_starts_on: scope.implementation.and_then(|i| i.configuration_starts_on),
        target_milli,
        score_milli: score,
        score_printed: printed(score),
        change_points: previous.map(|before| printed(score) - before),
        coverage_bp: weighted_coverage_bp(&areas),
        allowed_milli: allowed,
        relook_by: relook(scope, as_of, constants),
        delay_cost: delay_cost(scope, said.weeks_late),
        trend: pace.map(|pace| trend(pace, load_milli(&areas), constants)),
        score_if_all_closed_milli: score_milli(&emptied(&areas), false, constants),
        areas: area_facts(scope, &areas, as_of),
        stalled: implementation_is_stalled(&loads, &members, as_of, constants),
        points,
        ..forecasted(said, scope, load_milli(&areas))
    }
}

/// The fields that come straight from the forecast; the rest is filled in by the caller.
fn forecasted(said: Forecast, scope: &Scope<'_>, load: i64) -> ImplementationFacts {
    ImplementationFacts {
        slug: String::new(),
        name: String::new(),
        configuration_starts_on: None,
        go_live_on: scope.go_live_on,
        weeks_left: said.weeks_left,
        weeks_since_go_live: said.weeks_since_go_live,
        target_milli: 0,
        score_milli: 0,
        score_printed: 0,
        change_points: None,
        coverage_bp: 0,
        load_milli: load,
        allowed_milli: None,
        pace_milli_per_week: said.pace_milli_per_week,
        required_milli_per_week: said.required_milli_per_week,
        ratio_pct: said.ratio_pct,
        verdict: said.verdict,
        points_used: said.points_used,
        weeks_until_forecast: said.weeks_until_forecast,
        ready_on: said.ready_on,
        earliest_on: said.earliest_on,
        latest_on: said.latest_on,
        weeks_late: said.weeks_late,
        weeks_early: said.weeks_early,
        path_to_target: None,
        relook_by: None,
        delay_cost: None,
        points: Vec::new(),
        trend: None,
        areas: Vec::new(),
        score_if_all_closed_milli: 0,
        open_material: Vec::new(),
        in_scope: None,
        stalled: false,
    }
}

/// Which way the load moves: by more than 2% of it in a week, or flat (MODEL 4.5).
fn trend(pace: i64, load: i64, constants: &Constants) -> Trend {
    let threshold = i128::from(load) * i128::from(constants.trend_pct);
    match i128::from(pace) * 100 {
        pace if pace > threshold => Trend::Improving,
        pace if pace < -threshold => Trend::Slipping,
        _ => Trend::Flat,
    }
}

/// The weekly points shown, oldest first; the last is the cut-off's.
fn points(workings: &Workings<'_>, scope: &Scope<'_>) -> Vec<PointFacts> {
    let constants = workings.request.constants;
    let as_of = workings.request.as_of;
    let first = scope.first_day(&workings.histories).unwrap_or(as_of);
    let mut points = Vec::new();
    let mut day = as_of;
    while points.len() < POINTS_SHOWN && (day >= first || points.is_empty()) {
        let (areas, capped) = scope.point_at(&workings.histories, day, constants);
        let reported = scope
            .implementation
            .and_then(|i| workings.request.snapshot.reported.get(&(i.id.clone(), day)).copied());
        points.push(PointFacts {
            as_of: day,
            score_milli: score_milli(&areas, capped, constants),
            reported_milli: reported,
            load_milli: load_milli(&areas),
            coverage_bp: weighted_coverage_bp(&areas),
        });
        day = add_days(day, -7);
    }
    points.reverse();
    points
}

/// The loads of a weekly series from the first week of enough coverage on. Where the `oldest` of them
/// has too little, older weeks are asked for their coverage, since the baseline may lie there.
///
/// `series` are (load, weighted coverage in basis points), oldest first.
pub(super) fn loads_from_baseline(
    workings: &Workings<'_>,
    scope: &Scope<'_>,
    mut series: Vec<(i64, i64)>,
    oldest: Option<Date>,
) -> Vec<i64> {
    let constants = workings.request.constants;
    let is_covered = |coverage: i64| coverage >= constants.baseline_coverage_bp;
    let uncovered = oldest.filter(|_| series.first().is_some_and(|(_, own)| !is_covered(*own)));
    if let (Some(oldest), Some(first)) = (uncovered, scope.first_day(&workings.histories)) {
        let weeks = (days_between(first, oldest) / 7).clamp(0, WEEKS_SEARCHED);
        let reached_before = (1..=weeks)
            .any(|week| is_covered(scope.coverage_at(add_days(oldest, -7 * week), constants)));
        if reached_before && let Some(point) = series.first_mut() {
            point.1 = point.1.max(constants.baseline_coverage_bp);
        }
    }
    forecast::from_baseline(&series, constants)
}

/// What going live so many weeks late costs, where somebody said what the platform brings.
pub(super) fn delay_cost(scope: &Scope<'_>, weeks_late: Option<i64>) -> Option<i64> {
    let benefit = scope.implementation.and_then(|i| i.benefit_per_week)?;
    weeks_late.map(|weeks| cost::of_delay(weeks, benefit))
}

/// The same areas with every gap closed.
fn emptied(areas: &[AreaPoint]) -> Vec<AreaPoint> {
    areas.iter().map(|a| AreaPoint { points_milli: 0, ..*a }).collect()
}

fn area_facts(scope: &Scope<'_>, areas: &[AreaPoint], as_of: Date) -> Vec<AreaFacts> {
    let looks = scope.latest_looks(as_of);
    areas
        .iter()
        .zip(looks)
        .map(|(point, (_, cells))| AreaFacts {
            area: point.area,
            weight: point.weight,
            coverage_bp: point.coverage_bp,
            oldest_look_on: cells
                .iter()
                .copied()
                .collect::<Option<Vec<_>>>()
                .and_then(|all| all.into_iter().min()),
            looked_at: cells.iter().any(Option::is_some),
            points_milli: point.points_milli,
        })
        .collect()
}

fn relook(scope: &Scope<'_>, as_of: Date, constants: &Constants) -> Option<RelookFacts> {
    let live = scope.go_live_on.is_some_and(|day| day <= as_of);
    let go_live = scope.go_live_on.filter(|_| !live);
    relook_by(&scope.latest_looks(as_of), as_of, go_live, constants)
        .map(|(by, areas)| RelookFacts { by, areas })
}

/// The gaps of an implementation that a closing would take away, by rank.
#[derive(Debug, Default)]
pub(super) struct Closable {
    /// External ids.
    pub ids: Vec<String>,
    /// What each holds the score down by, in the same order.
    pub candidates: Vec<Candidate>,
    /// Withdrawals that cap the score and want a signature, not a closing.
    pub other_materials: usize,
    /// External ids of the material ones among all of them.
    pub material: Vec<String>,
    /// External ids of all of them, such withdrawals included.
    pub all: Vec<String>,
}

/// The gaps in scope that are not closed.
pub(super) fn closable(
    workings: &Workings<'_>,
    scope: &Scope<'_>,
    ranked: &[GapFacts],
) -> Closable {
    let as_of = workings.request.as_of;
    let in_scope: BTreeMap<&str, _> = scope
        .members
        .iter()
        .map(|i| &workings.histories[*i])
        .map(|h| (h.gap.external_id.as_str(), h))
        .collect();
    let mut out = Closable::default();
    for gap in ranked {
        let Some(part) = in_scope.get(gap.external_id.as_str()).and_then(|h| scope.part(h, as_of))
        else {
            continue;
        };
        out.all.push(gap.external_id.clone());
        if gap.severity == Severity::MATERIAL {
            out.material.push(gap.external_id.clone());
        }
        if gap.status == GapStatus::Withdrawn {
            out.other_materials += usize::from(part.caps);
            continue;
        }
        out.ids.push(gap.external_id.clone());
        out.candidates.push(Candidate {
            area: gap.area,
            points_milli: part.points_milli,
            material: part.caps,
            worth_milli: gap.worth_milli,
        });
    }
    out
}

/// Adds what needs the ranking: the path to target, the gaps in scope and the material ones, by rank.
pub fn add_path(
    workings: &Workings<'_>,
    scope: &Scope<'_>,
    facts: &mut ImplementationFacts,
    ranked: &[GapFacts],
) {
    let constants = workings.request.constants;
    let (areas, _) = scope.point_at(&workings.histories, workings.request.as_of, constants);
    let Closable { ids, candidates, other_materials, material, all } =
        closable(workings, scope, ranked);
    facts.open_material = material;
    facts.in_scope = Some(all);
    let board = Board::new(&areas, &candidates, other_materials, facts.target_milli, constants);
    facts.path_to_target = board.path().map(|path| PathFacts {
        gaps: path.close.iter().map(|i| ids[*i].clone()).collect(),
        score_after_milli: path.score_after_milli,
        exact: path.exact,
        without: board
            .without(&path)
            // A stop that prints as the target would read as no stop at all.
            .filter(|(_, stops_at)| printed(*stops_at) < printed(facts.target_milli))
            .map(|(kept, stops_at_milli)| WithoutFacts { gap: ids[kept].clone(), stops_at_milli }),
    });
}

/// The score with one gap closed minus the score: what the gap is "worth".
pub fn worth_milli(
    areas: &[AreaPoint],
    materials: usize,
    area: crate::domain::codes::Area,
    part: &super::scope::Part,
    constants: &Constants,
) -> i64 {
    let without: Vec<AreaPoint> = areas
        .iter()
        .map(|a| AreaPoint {
            points_milli: a.points_milli - if a.area == area { part.points_milli } else { 0 },
            ..*a
        })
        .collect();
    let left = materials - usize::from(part.caps);
    let after = score_milli(&without, left > 0, constants);
    to_i64(i128::from(after) - i128::from(score_milli(areas, materials > 0, constants)))
}

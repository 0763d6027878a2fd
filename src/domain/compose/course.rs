//! The course of an organization over time, from the same workings as its facts (MODEL 4.3, 4.5).

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::changes::{Window, changes, week_before};
use crate::domain::codes::Category;
use crate::domain::cost;
use crate::domain::course::grid::{Cell, Grid, Row};
use crate::domain::course::paper::Papers;
use crate::domain::course::what_if::{Scene, take};
use crate::domain::course::{Course, Moves, Point, Reported, Told, WEEKS};
use crate::domain::facts::{Facts, GapFacts, ImplementationFacts, PointFacts};
use crate::domain::forecast::{self, forecast};
use crate::domain::history::{add_days, days_between};
use crate::domain::readiness::{cell, fresh_pct, load_milli, score_milli, weighted_coverage_bp};

use super::scope::Scope;
use super::{Request, Workings, implementation, names, sums};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct CourseRequest<'a> {
    /// All that is known now, as of today.
    pub request: Request<'a>,
    /// The organization's cut-offs at or before now with their civil dates, the newest first.
    pub cut_offs: &'a [(Timestamp, Date)],
    /// What is in no snapshot.
    pub papers: &'a Papers,
}

/// Everything that is told of an organization over time.
#[must_use]
pub fn course(asked: &CourseRequest<'_>) -> Told {
    let workings = Workings::of(&asked.request);
    let mut facts = super::facts_from(&workings);
    let pools = cost::pools(&workings.histories);
    let mut courses = Vec::new();
    for (scope, of) in workings.scopes.iter().zip(&mut facts.implementations) {
        let points = points(&workings, scope, asked);
        courses.push(of_implementation(&workings, scope, points, asked, of));
    }
    let told = sums::gaps(&workings, &pools, asked.papers, &facts);
    let priced = sums::priced(&workings, &pools);
    for (course, scope) in courses.iter_mut().zip(&workings.scopes) {
        course.scene = scene(&workings, scope, &facts.gaps, &course.scene.loads);
        course.scene.pools.clone_from(&priced);
    }
    Told {
        weeks: weeks(&workings, asked, &facts),
        money: sums::money(&workings, &pools, &told),
        gaps: told,
        courses,
        facts,
    }
}

/// The weekly points, and today's where no cut-off is today.
fn points(workings: &Workings<'_>, scope: &Scope<'_>, asked: &CourseRequest<'_>) -> Vec<Point> {
    let today = workings.request.as_of;
    let first = scope.first_day(&workings.histories).unwrap_or(today);
    let mut days: Vec<Date> = asked.cut_offs.iter().take(WEEKS).map(|(_, day)| *day).collect();
    days.retain(|day| *day >= first && *day <= today);
    days.sort_unstable();
    days.dedup();
    if days.last() != Some(&today) {
        days.push(today);
    }
    let mut points: Vec<Point> = days.iter().map(|day| point(workings, scope, *day)).collect();
    if let Some(implementation) = scope.implementation {
        let mut after = add_days(days[0], -7); // Today's is always among them.
        for point in &mut points {
            let mailed = asked.papers.mailed(&implementation.id, after, point.as_of);
            point.reported = mailed.map(|(on, score_milli)| Reported { on, score_milli });
            after = point.as_of;
        }
    }
    points
}

fn point(workings: &Workings<'_>, scope: &Scope<'_>, day: Date) -> Point {
    let constants = workings.request.constants;
    let (areas, capped) = scope.point_at(&workings.histories, day, constants);
    Point {
        as_of: day,
        score_milli: score_milli(&areas, capped, constants),
        load_milli: load_milli(&areas),
        coverage_bp: weighted_coverage_bp(&areas),
        reported: None,
    }
}

/// The course of one implementation; what its facts say of the forecast is replaced by what the weekly
/// points say.
fn of_implementation(
    workings: &Workings<'_>,
    scope: &Scope<'_>,
    points: Vec<Point>,
    asked: &CourseRequest<'_>,
    of: &mut ImplementationFacts,
) -> Course {
    let constants = workings.request.constants;
    let today = workings.request.as_of;
    let is_weekly = |point: &&Point| asked.cut_offs.iter().any(|(_, day)| *day == point.as_of);
    let mut weekly: Vec<&Point> = points.iter().filter(is_weekly).collect();
    if weekly.is_empty() {
        weekly.extend(points.last());
    }
    let series: Vec<(i64, i64)> = weekly.iter().map(|p| (p.load_milli, p.coverage_bp)).collect();
    let oldest = weekly.first().map(|point| point.as_of);
    let loads = implementation::loads_from_baseline(workings, scope, series, oldest);
    let is_live = scope.go_live_on.is_some_and(|day| day <= today);
    let last_cut_off = weekly.last().map_or(today, |point| point.as_of);
    let counted_from = if is_live { today } else { last_cut_off };
    let input = forecast::Input {
        loads: &loads,
        load_milli: of.load_milli,
        allowed_milli: of.allowed_milli,
        as_of: counted_from,
        go_live: scope.go_live_on,
    };
    take(of, &forecast(&input, constants));
    of.delay_cost = implementation::delay_cost(scope, of.weeks_late);
    let shown = &points[points.len().saturating_sub(implementation::POINTS_SHOWN)..];
    of.points = shown.iter().map(as_facts).collect();
    let rates = forecast::rates_milli(&loads);
    let scene = Scene { loads, ..Scene::default() };
    Course { grid: grid(workings, scope), points, counted_from, rates, scene }
}

fn as_facts(point: &Point) -> PointFacts {
    PointFacts {
        as_of: point.as_of,
        score_milli: point.score_milli,
        reported_milli: point.reported.map(|reported| reported.score_milli),
        load_milli: point.load_milli,
        coverage_bp: point.coverage_bp,
    }
}

/// What a closing is tried out on.
fn scene(workings: &Workings<'_>, scope: &Scope<'_>, ranked: &[GapFacts], loads: &[i64]) -> Scene {
    let closable = implementation::closable(workings, scope, ranked);
    let today = workings.request.as_of;
    let (areas, _) = scope.point_at(&workings.histories, today, workings.request.constants);
    Scene {
        areas,
        ids: closable.ids,
        candidates: closable.candidates,
        other_materials: closable.other_materials,
        loads: loads.to_vec(),
        benefit_per_week: scope.implementation.and_then(|i| i.benefit_per_week),
        pools: Vec::new(),
    }
}

/// The areas by the five patterns, as of today.
fn grid(workings: &Workings<'_>, scope: &Scope<'_>) -> Grid {
    let (today, constants) = (workings.request.as_of, workings.request.constants);
    let looks = scope.latest_looks(today);
    let mut rows: Vec<Row> = scope
        .areas
        .iter()
        .zip(looks)
        .map(|((area, weight), (_, looked))| {
            let cell = |category: &Category| {
                let looked_on = looked[cell(*category)];
                let age = looked_on.map(|day| days_between(day, today));
                let fresh_pct = age.map_or(0, |age| fresh_pct(age, constants));
                Cell { category: *category, open: 0, points_milli: 0, looked_on, fresh_pct }
            };
            Row { area: *area, weight: *weight, cells: Category::ALL.iter().map(cell).collect() }
        })
        .collect();
    for history in scope.members.iter().map(|member| &workings.histories[*member]) {
        let row = rows.iter_mut().find(|row| row.area == history.gap.area);
        let (Some(row), Some(part)) = (row, scope.part(history, today)) else { continue };
        let own = row.cells.iter_mut().find(|own| own.category == history.gap.category);
        if let Some(own) = own.filter(|_| history.closed_on(today).is_none()) {
            own.open += 1;
            own.points_milli = own.points_milli.saturating_add(part.points_milli);
        }
    }
    Grid { rows }
}

/// What moved between each two cut-offs, and since the last one; the newest first.
fn weeks(workings: &Workings<'_>, asked: &CourseRequest<'_>, facts: &Facts) -> Vec<Moves> {
    let request = &workings.request;
    let earliest = first_record(workings).unwrap_or(request.cut_off);
    let newest = asked.cut_offs.first().map_or(Timestamp::MIN, |(at, _)| *at);
    let mut ends: Vec<(Timestamp, Date)> = Vec::new();
    if newest < request.cut_off {
        ends.push((request.cut_off, request.as_of));
    }
    ends.extend(asked.cut_offs.iter().take(WEEKS));
    let pools = cost::pools(&workings.histories);
    let protections = cost::protections(&pools, request.as_of, request.constants);
    let mut weeks = Vec::new();
    for (at, (to, until)) in ends.iter().enumerate() {
        if *to < earliest {
            break;
        }
        let from = ends.get(at + 1).map_or_else(|| week_before(*to), |(at, _)| *at);
        let window = Window { from, to: *to };
        let mut changes = changes(request.snapshot, window, request.zone, request.constants);
        super::protect(&mut changes, &protections);
        names::as_listed(&facts.gaps, &mut changes);
        weeks.push(Moves { from, to: *to, until: *until, is_open: *to > newest, changes });
    }
    weeks
}

fn first_record(workings: &Workings<'_>) -> Option<Timestamp> {
    let snapshot = workings.request.snapshot;
    let gaps = snapshot.gaps.iter().flat_map(|g| g.events.iter().map(|e| e.recorded_at));
    let dates =
        snapshot.implementations.iter().flat_map(|i| i.events.iter().map(|e| e.recorded_at));
    gaps.chain(dates).chain(snapshot.looks.iter().map(|l| l.recorded_at)).min()
}

//! Readiness: what has been looked at, times what is still open (MODEL 4.1).

use jiff::civil::Date;

use super::arithmetic::{ceil, half_up, to_i64};
use super::codes::{Area, Category, GapStatus, Severity};
use super::constants::Constants;
use super::history::days_between;

/// Full health of an area, and the fixed point in which health is held.
const WHOLE: i64 = 1_000_000;
/// Full coverage, basis points.
const FULL_BP: i64 = 10_000;
/// The highest score, milli-points.
const TOP_MILLI: i64 = 100_000;

/// A gap's points in milli-points: severity times status times idleness times reopenings.
///
/// `status` is the effective one: an acceptance past its end has become open. A withdrawal counts in
/// full until it is signed; then the gap is not asked about at all.
#[must_use]
pub fn points_milli(
    severity: Severity,
    status: GapStatus,
    idle_weeks: i64,
    reopenings: i64,
) -> i64 {
    let status_pct = match status {
        GapStatus::Open | GapStatus::InProgress | GapStatus::Withdrawn => 100,
        GapStatus::Verifying | GapStatus::Accepted => 50,
        GapStatus::Closed => 0,
    };
    let idle_steps = ceil(i128::from(idle_weeks) - 2, 2).clamp(0, 4);
    let stale_pct = 100 + 25 * idle_steps;
    let reopen_pct = 100 + 25 * i128::from(reopenings.clamp(0, 4));
    let product = i128::from(severity.points_milli()) * status_pct * stale_pct * reopen_pct;
    to_i64(half_up(product, 1_000_000))
}

/// How much a look still counts, percent: 100 while fresh, then falling by steps to a floor.
#[must_use]
pub fn fresh_pct(age_days: i64, constants: &Constants) -> i64 {
    let over = age_days - constants.fresh_days;
    if over <= 0 {
        return 100;
    }
    let steps = to_i64(ceil(i128::from(over), i128::from(constants.stale_step_days)));
    (100 - constants.stale_step_pct.saturating_mul(steps)).max(constants.stale_floor_pct)
}

/// One area of an implementation on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AreaPoint {
    /// The area.
    pub area: Area,
    /// 1 to 5.
    pub weight: i64,
    /// Coverage of its five cells, 0 to 10,000.
    pub coverage_bp: i64,
    /// Sum of its gaps' points, milli.
    pub points_milli: i64,
}

/// Coverage of an area from the latest look at each of its five cells on or before `on`.
#[must_use]
pub fn coverage_bp(latest_looks: &[Option<Date>; 5], on: Date, constants: &Constants) -> i64 {
    latest_looks
        .iter()
        .flatten()
        .filter(|look| **look <= on)
        .map(|look| fresh_pct(days_between(*look, on), constants) * 20)
        .sum()
}

/// Where a category stands in the row of five cells.
#[must_use]
pub fn cell(category: Category) -> usize {
    match category {
        Category::Undocumented => 0,
        Category::NoSource => 1,
        Category::ApprovalMemory => 2,
        Category::OwnerHabit => 3,
        Category::ReportMismatch => 4,
    }
}

/// An area's share of the score before division: weight times coverage times health.
#[must_use]
pub fn share(point: &AreaPoint, constants: &Constants) -> i64 {
    point.weight * point.coverage_bp * health(point.points_milli, constants)
}

/// Health of an area: the half-point over itself plus the points, in millionths.
fn health(points_milli: i64, constants: &Constants) -> i64 {
    let half = i128::from(constants.half_point_milli);
    to_i64(half_up(i128::from(WHOLE) * half, half + i128::from(points_milli)))
}

/// The score from the sum of shares and of weights, milli-points, before the cap.
#[must_use]
pub fn score_of_shares(shares: i64, weights: i64) -> i64 {
    to_i64(half_up(i128::from(shares), 100_000 * i128::from(weights))).min(TOP_MILLI)
}

/// The readiness score, milli-points; `capped` where a material gap is not closed.
#[must_use]
pub fn score_milli(points: &[AreaPoint], capped: bool, constants: &Constants) -> i64 {
    let shares = points.iter().map(|p| share(p, constants)).sum();
    let weights = points.iter().map(|p| p.weight).sum();
    let score = score_of_shares(shares, weights);
    if capped { score.min(constants.material_cap_milli) } else { score }
}

/// A score in whole points.
#[must_use]
pub fn printed(score_milli: i64) -> i64 {
    to_i64(half_up(i128::from(score_milli), 1_000))
}

/// Weighted open load, milli (MODEL 4.4).
#[must_use]
pub fn load_milli(points: &[AreaPoint]) -> i64 {
    points.iter().map(|p| p.weight.saturating_mul(p.points_milli)).fold(0, i64::saturating_add)
}

/// Weighted coverage, 0 to 10,000; zero without areas.
#[must_use]
pub fn weighted_coverage_bp(points: &[AreaPoint]) -> i64 {
    let covered: i64 = points.iter().map(|p| p.weight * p.coverage_bp).sum();
    to_i64(half_up(i128::from(covered), points.iter().map(|p| i128::from(p.weight)).sum()))
        .min(FULL_BP)
}

/// The largest load that still reaches the target, with the whole permille of today's it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// Load, milli.
    pub load_milli: i64,
    /// Permille of today's load, 0 to 1,000.
    pub permille: i64,
}

/// The allowed load: today's load scaled down until the score, without a cap, reaches the target;
/// none where even an empty list misses it (MODEL 4.4, cases L1 and L2).
#[must_use]
pub fn allowed_load(
    points: &[AreaPoint],
    target_milli: i64,
    constants: &Constants,
) -> Option<Allowed> {
    let reaches = |permille: i64| {
        let half = i128::from(constants.half_point_milli);
        let weights = points.iter().map(|p| p.weight).sum();
        let shares = points
            .iter()
            .map(|p| {
                let below = half * 1_000 + i128::from(p.points_milli) * i128::from(permille);
                p.weight * p.coverage_bp * to_i64(half_up(i128::from(WHOLE) * half * 1_000, below))
            })
            .sum();
        score_of_shares(shares, weights) >= target_milli
    };
    if !reaches(0) {
        return None;
    }
    // The score falls as the permille rises, so the last one that reaches is found by halving.
    let (mut reached, mut missed) = (0, 1_001);
    while missed - reached > 1 {
        let middle = i64::midpoint(reached, missed);
        if reaches(middle) { reached = middle } else { missed = middle }
    }
    let load = i128::from(load_milli(points)) * i128::from(reached) / 1_000;
    Some(Allowed { load_milli: to_i64(load), permille: reached })
}

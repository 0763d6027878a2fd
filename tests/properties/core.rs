//! The forecast, the allowed load and the path, over any figures.

use back_office_brief::domain::codes::ExposureKind;
use back_office_brief::domain::codes::{Area, Verdict};
use back_office_brief::domain::constants::Constants;
use back_office_brief::domain::exposure::{input_names, per_week};
use back_office_brief::domain::forecast::{Input, forecast};
use back_office_brief::domain::history::add_days;
use back_office_brief::domain::path::{Board, Candidate};
use back_office_brief::domain::readiness::{AreaPoint, allowed_load, load_milli, score_milli};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::generate::as_of;

fn areas() -> impl Strategy<Value = Vec<AreaPoint>> {
    vec((1..=5_i64, 0..=10_000_i64, 0..60_000_i64), 1..8).prop_map(|rows| {
        let point = |(area, (weight, coverage_bp, points_milli)): (&Area, (i64, i64, i64))| {
            AreaPoint { area: *area, weight, coverage_bp, points_milli }
        };
        Area::ALL.iter().zip(rows).map(point).collect()
    })
}

/// The same areas with every load at a permille, as the allowed load means it.
fn score_at(areas: &[AreaPoint], permille: i64) -> i64 {
    // Thousandfold loads over a thousandfold half-point: exact, without a division.
    let constants = Constants { half_point_milli: 10_000_000, ..Constants::default() };
    let scaled: Vec<AreaPoint> =
        areas.iter().map(|a| AreaPoint { points_milli: a.points_milli * permille, ..*a }).collect();
    score_milli(&scaled, false, &constants)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_allowed_load_is_the_largest_that_reaches_the_target(areas in areas(), target in 1..=100_000_i64) {
        match allowed_load(&areas, target, &Constants::default()) {
            None => prop_assert!(score_at(&areas, 0) < target),
            Some(allowed) => {
                prop_assert!(score_at(&areas, allowed.permille) >= target);
                prop_assert!(allowed.permille == 1_000 || score_at(&areas, allowed.permille + 1) < target);
                prop_assert_eq!(allowed.load_milli, load_milli(&areas) * allowed.permille / 1_000);
            }
        }
    }

    #[test]
    fn a_forecast_says_dates_in_order_and_only_with_a_pace(
        loads in vec(0..500_000_i64, 0..=8),
        allowed in proptest::option::of(0..500_000_i64),
        go_live in proptest::option::of(-100..400_i64),
    ) {
        let load_milli = loads.last().copied().unwrap_or(0);
        let go_live = go_live.map(|days| add_days(as_of(), days));
        let input = Input { loads: &loads, load_milli, allowed_milli: allowed, as_of: as_of(), go_live };
        let said = forecast(&input, &Constants::default());
        if let Some(ready) = said.ready_on {
            prop_assert!(ready > as_of() && ready <= add_days(as_of(), 364));
            prop_assert!(said.earliest_on.unwrap() <= ready);
            prop_assert!(said.latest_on.is_none_or(|latest| latest >= ready));
            prop_assert!(said.pace_milli_per_week.unwrap() >= 0);
            prop_assert!(loads.len() >= 4);
        }
        prop_assert_eq!(said.verdict == Verdict::Late, said.weeks_late.is_some());
        prop_assert_eq!(said.verdict == Verdict::OnTime, said.weeks_early.is_some());
        prop_assert_eq!(said.verdict == Verdict::TooEarly, said.weeks_until_forecast.is_some());
        if said.verdict == Verdict::Live {
            prop_assert_eq!((said.ready_on, said.weeks_left), (None, None));
        }
    }

    /// A path reaches the target, needs each of its members if it is exact, and a short one is exact.
    #[test]
    fn a_path_reaches_the_target_with_no_gap_to_spare(
        rows in vec((0..3_usize, 1..=4_usize), 1..12),
        target in 50_000..100_000_i64,
    ) {
        let points = [0, 1_000, 2_000, 5_000, 10_000];
        let candidates: Vec<Candidate> = rows.iter().map(|(area, severity)| Candidate {
            area: Area::ALL[*area],
            points_milli: points[*severity],
            material: *severity == 4,
            worth_milli: points[*severity],
        }).collect();
        let areas: Vec<AreaPoint> = Area::ALL[..3].iter().map(|area| AreaPoint {
            area: *area,
            weight: 1,
            coverage_bp: 10_000,
            points_milli: candidates.iter().filter(|c| c.area == *area).map(|c| c.points_milli).sum(),
        }).collect();
        let constants = Constants::default();
        let board = Board::new(&areas, &candidates, 0, target, &constants);
        let Some(path) = board.path() else {
            prop_assert!(board.score_closing(&[]) >= target);
            return Ok(());
        };
        prop_assert!(path.score_after_milli >= target);
        prop_assert_eq!(board.score_closing(&path.close), path.score_after_milli);
        prop_assert!(path.close.is_sorted());
        prop_assert_eq!(path.exact, path.close.len() <= 3);
        for left_out in path.close.iter().filter(|_| path.exact) {
            let others: Vec<usize> = path.close.iter().copied().filter(|i| i != left_out).collect();
            prop_assert!(board.score_closing(&others) < target);
        }
        if let Some((kept, stops_at)) = board.without(&path) {
            prop_assert!(path.close.contains(&kept) && stops_at < target);
        }
    }

    #[test]
    fn any_inputs_are_priced_in_order_or_refused(kind in 0..7_usize, inputs in vec(any::<[i64; 3]>(), 3)) {
        let kind = ExposureKind::ALL[kind];
        let given = input_names(kind).into_iter().map(str::to_owned).zip(inputs.iter().map(|three| serde_json::json!(three)));
        if let Ok(bounds) = per_week(kind, &given.collect()) {
            prop_assert!(0 <= bounds.low && bounds.low <= bounds.likely && bounds.likely <= bounds.high);
        }
    }
}

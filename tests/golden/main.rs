//! The 61 worked cases of the model, one test each. Inputs and expected figures are read from
//! `tests/data/golden.json`, so that a figure changed there fails here.

mod cost;
mod forecast;
mod full;
mod history;
mod insight;
mod list;
#[path = "../model/mod.rs"]
mod model;
mod money;
mod path;
mod readiness;

use std::collections::BTreeSet;
use std::str::FromStr;

use jiff::civil::Date;
use serde_json::Value;

const GOLDEN: &str = include_str!("../data/golden.json");

/// Declares one test for each case, and the list that is compared with the file.
macro_rules! golden_cases {
    ($( $case:literal => $test:ident: $check:path; )+) => {
        const TESTS: &[(&str, &str)] = &[$(($case, stringify!($test))),+];
        $( #[test] fn $test() { $check(&case($case)); } )+
    };
}

golden_cases! {
    "E1_rework" => golden_e1_rework: money::exposure;
    "E2_error" => golden_e2_error: money::exposure;
    "E3_leakage" => golden_e3_leakage: money::exposure;
    "E4_late_cash" => golden_e4_late_cash: money::exposure;
    "E5_event" => golden_e5_event: money::exposure;
    "E6_direct" => golden_e6_direct: money::exposure;
    "E7_unpriced" => golden_e7_unpriced: money::exposure;
    "E8_half_up" => golden_e8_half_up: money::exposure;
    "C1_cost_so_far_piecewise" => golden_c1_cost_so_far_piecewise: cost::so_far;
    "C2_cost_opened_today" => golden_c2_cost_opened_today: cost::so_far;
    "C3_cost_since_go_live" => golden_c3_cost_since_go_live: cost::since_go_live;
    "C4_round_once" => golden_c4_round_once: cost::so_far;
    "P1_protected" => golden_p1_protected: cost::protected;
    "P2_reopened_forfeits" => golden_p2_reopened_forfeits: cost::protected;
    "P3_claim_capped_at_52_weeks" => golden_p3_claim_capped_at_52_weeks: cost::protected;
    "R1_no_gaps_fully_assessed" => golden_r1_no_gaps_fully_assessed: readiness::score;
    "R2_no_gaps_never_assessed" => golden_r2_no_gaps_never_assessed: readiness::score;
    "R3_one_material" => golden_r3_one_material: readiness::score;
    "R4_one_significant" => golden_r4_one_significant: readiness::score;
    "R5_verifying_counts_half" => golden_r5_verifying_counts_half: readiness::score;
    "R6_stale_5_weeks" => golden_r6_stale_5_weeks: readiness::score;
    "R7_reopened_twice" => golden_r7_reopened_twice: readiness::score;
    "R8_material_caps_at_79" => golden_r8_material_caps_at_79: readiness::score;
    "R9_assessment_went_stale" => golden_r9_assessment_went_stale: readiness::score;
    "R10_withdrawn_unconfirmed_still_counts" => golden_r10_withdrawn_unconfirmed_still_counts: readiness::score;
    "R11_withdrawn_confirmed" => golden_r11_withdrawn_confirmed: readiness::score;
    "R12_mixed" => golden_r12_mixed: readiness::score;
    "R13_points_if_closed" => golden_r13_points_if_closed: readiness::worth;
    "F1_late" => golden_f1_late: forecast::verdict;
    "F2_flat_no_date" => golden_f2_flat_no_date: forecast::verdict;
    "F3_history_shorter_than_3_weeks" => golden_f3_history_shorter_than_3_weeks: forecast::verdict;
    "F4_one_bad_week_does_not_move_it" => golden_f4_one_bad_week_does_not_move_it: forecast::verdict;
    "F5_go_live_passed" => golden_f5_go_live_passed: forecast::verdict;
    "F6_no_go_live" => golden_f6_no_go_live: forecast::verdict;
    "F7_ready_now" => golden_f7_ready_now: forecast::verdict;
    "F8_go_live_in_four_days" => golden_f8_go_live_in_four_days: forecast::verdict;
    "F9_assessment_limits" => golden_f9_assessment_limits: forecast::verdict;
    "F10_on_time_exactly" => golden_f10_on_time_exactly: forecast::verdict;
    "F11_not_assessed_comes_first" => golden_f11_not_assessed_comes_first: forecast::verdict;
    "L1_allowed_load_one_area" => golden_l1_allowed_load_one_area: readiness::allowed_of_same_case;
    "L2_allowed_load_old_assessment" => golden_l2_allowed_load_old_assessment: readiness::allowed_of_old_look;
    "B1_baseline" => golden_b1_baseline: forecast::baseline;
    "B2_baseline_never_reached" => golden_b2_baseline_never_reached: forecast::baseline;
    "K1_rank_far_from_go_live" => golden_k1_rank_far_from_go_live: list::rank;
    "K2_rank_within_8_weeks" => golden_k2_rank_within_8_weeks: list::rank;
    "K3_stall_reasons" => golden_k3_stall_reasons: list::stall_reasons;
    "K4_recent_changes" => golden_k4_recent_changes: list::recent_changes;
    "M1_money_as_printed" => golden_m1_money_as_printed: money::printed;
    "M2_portfolio_never_adds_currencies" => golden_m2_portfolio_never_adds_currencies: money::portfolio;
    "M3_money_rounded_once" => golden_m3_money_rounded_once: money::printed;
    "T1_restated_series" => golden_t1_restated_series: history::restated;
    "O1_overlap_group" => golden_o1_overlap_group: cost::overlap;
    "O2_cost_of_delay" => golden_o2_cost_of_delay: cost::of_delay;
    "O3_overlap_group_in_cost_and_protected" => golden_o3_overlap_group_in_cost_and_protected: cost::overlap_over_time;
    "I1_insight_choice" => golden_i1_insight_choice: insight::choice;
    "N_full_case" => golden_n_full_case: full::every_figure;
    "PT1_path_two_gaps" => golden_pt1_path_two_gaps: path::two_gaps;
    "PT2_path_none_when_assessment_limits" => golden_pt2_path_none_when_assessment_limits: path::none;
    "PT3_path_falls_back_to_one_at_a_time" => golden_pt3_path_falls_back_to_one_at_a_time: path::one_at_a_time;
    "RL1_relook_by" => golden_rl1_relook_by: path::relook_by;
    "X1_exposure_by_effect" => golden_x1_exposure_by_effect: full::by_effect;
}

#[test]
fn every_golden_case_has_a_test() {
    let file: Value = serde_json::from_str(GOLDEN).unwrap();
    let in_file: BTreeSet<&str> =
        file["cases"].as_object().unwrap().keys().map(String::as_str).collect();
    let tested: BTreeSet<&str> = TESTS.iter().map(|(case, _)| *case).collect();
    assert_eq!(in_file, tested);
    assert_eq!((tested.len(), TESTS.len()), (61, 61));
    for (case, test) in TESTS {
        assert_eq!(*test, format!("golden_{}", case.to_lowercase()));
    }
}

/// One case of the file; a case that it does not hold fails.
fn case(name: &str) -> Value {
    let mut file: Value = serde_json::from_str(GOLDEN).unwrap();
    let case = file["cases"][name].take();
    assert!(case.is_object(), "no case {name} in the file");
    case
}

/// The case that another one starts from: `C1` is the case whose name begins with `C1_`.
fn case_like(reference: &Value) -> Value {
    let reference = text(reference);
    let (name, _) = TESTS
        .iter()
        .find(|(case, _)| *case == reference || case.starts_with(&format!("{reference}_")))
        .unwrap_or_else(|| panic!("no case {reference}"));
    case(name)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is not text"))
}

fn int(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is not a whole number"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is not a list"))
}

fn ints(value: &Value) -> Vec<i64> {
    list(value).iter().map(int).collect()
}

fn texts(value: &Value) -> Vec<String> {
    list(value).iter().map(|v| text(v).to_owned()).collect()
}

fn date(value: &Value) -> Date {
    model::day(text(value))
}

/// A date where one stands; null and absent are none.
fn date_or_none(value: &Value) -> Option<Date> {
    (!value.is_null()).then(|| date(value))
}

/// A word of a closed vocabulary.
fn code<T: FromStr>(value: &Value) -> T {
    text(value).parse().unwrap_or_else(|_| panic!("{value} is not in its vocabulary"))
}

//! Every constant of the model, with the value it was published with.
//!
//! They are choices (MODEL 8), so they are configuration (`model.*`), and each edition's facts carry
//! the ones it was made with.

use serde::{Deserialize, Serialize};

/// Version of the rules in this program.
pub const MODEL_VERSION: u32 = 1;

/// The constants of MODEL 3 and 4. Units are in the names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Constants {
    /// Load that halves an area's health, milli-points (4.1).
    pub half_point_milli: i64,
    /// Highest score with a material gap not closed, milli-points (4.1).
    pub material_cap_milli: i64,
    /// Target of an implementation that names none, milli-points.
    pub default_target_milli: i64,
    /// Days that a look stays fresh (4.1).
    pub fresh_days: i64,
    /// Days of each further step of staleness.
    pub stale_step_days: i64,
    /// Percent lost in each step.
    pub stale_step_pct: i64,
    /// Percent below which a look never falls.
    pub stale_floor_pct: i64,
    /// Weighted coverage from which the forecast starts, basis points (4.4).
    pub baseline_coverage_bp: i64,
    /// Most weekly points in a forecast; at most 8.
    pub forecast_points: i64,
    /// Fewest weekly points for a date.
    pub forecast_min_points: i64,
    /// Points below which a date is an "early view".
    pub early_view_points: i64,
    /// Weeks beyond which there is no date.
    pub forecast_max_weeks: i64,
    /// Days without movement that make a stall (4.5).
    pub stall_days: i64,
    /// Days without an owner that make a stall.
    pub no_owner_days: i64,
    /// Days past due that make a stall.
    pub overdue_days: i64,
    /// Times a due date may move later before it is sliding.
    pub due_moves: i64,
    /// Days in verification that make a stall.
    pub unverified_days: i64,
    /// Days within which something must have been recorded for "idle" to be said (2).
    pub known_idle_days: i64,
    /// Days before go-live from which material gaps come first (4.5).
    pub near_go_live_days: i64,
    /// Days before configuration from which unseen areas are the action.
    pub configuration_days: i64,
    /// Longest acceptance of a risk, days (2).
    pub accepted_days: i64,
    /// Most days that one closure may claim (3).
    pub protected_days: i64,
    /// Percent of the load a week that makes a trend (4.5).
    pub trend_pct: i64,
    /// Weeks before an insight may be sent again (6.8).
    pub insight_weeks: i64,
}

impl Default for Constants {
    fn default() -> Self {
        Self {
            half_point_milli: 10_000,
            material_cap_milli: 79_000,
            default_target_milli: 85_000,
            fresh_days: 56,
            stale_step_days: 28,
            stale_step_pct: 10,
            stale_floor_pct: 50,
            baseline_coverage_bp: 8_000,
            forecast_points: 8,
            forecast_min_points: 4,
            early_view_points: 6,
            forecast_max_weeks: 52,
            stall_days: 21,
            no_owner_days: 7,
            overdue_days: 7,
            due_moves: 3,
            unverified_days: 14,
            known_idle_days: 14,
            near_go_live_days: 56,
            configuration_days: 28,
            accepted_days: 180,
            protected_days: 364,
            trend_pct: 2,
            insight_weeks: 26,
        }
    }
}

impl Constants {
    /// Refuses values with which the formulas make no sense.
    ///
    /// # Errors
    /// One sentence for each key that is out of range, with its key and the range.
    pub fn validate(&self) -> Result<(), Vec<String>> {
        let rules: [(&str, i64, i64, i64); 24] = [
            ("half_point_milli", self.half_point_milli, 1, 1_000_000),
            ("material_cap_milli", self.material_cap_milli, 0, 100_000),
            ("default_target_milli", self.default_target_milli, 1, 100_000),
            ("fresh_days", self.fresh_days, 1, 3_650),
            ("stale_step_days", self.stale_step_days, 1, 3_650),
            ("stale_step_pct", self.stale_step_pct, 0, 100),
            ("stale_floor_pct", self.stale_floor_pct, 0, 100),
            ("baseline_coverage_bp", self.baseline_coverage_bp, 1, 10_000),
            ("forecast_points", self.forecast_points, 2, 8),
            ("forecast_min_points", self.forecast_min_points, 2, 8),
            ("early_view_points", self.early_view_points, 0, 8),
            ("forecast_max_weeks", self.forecast_max_weeks, 1, 520),
            ("stall_days", self.stall_days, 1, 3_650),
            ("no_owner_days", self.no_owner_days, 0, 3_650),
            ("overdue_days", self.overdue_days, 0, 3_650),
            ("due_moves", self.due_moves, 1, 100),
            ("unverified_days", self.unverified_days, 1, 3_650),
            ("known_idle_days", self.known_idle_days, 0, 3_650),
            ("near_go_live_days", self.near_go_live_days, 0, 3_650),
            ("configuration_days", self.configuration_days, 0, 3_650),
            ("accepted_days", self.accepted_days, 1, 3_650),
            ("protected_days", self.protected_days, 1, 3_650),
            ("trend_pct", self.trend_pct, 0, 100),
            ("insight_weeks", self.insight_weeks, 0, 520),
        ];
        let problems: Vec<String> = rules
            .iter()
            .filter(|(_, value, least, most)| value < least || value > most)
            .map(|(key, value, least, most)| {
                format!("model.{key} is {value}; it must be {least} to {most}")
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

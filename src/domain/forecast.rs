//! The forecast: when the open load reaches what the target allows, at the pace of the last weeks
//! (MODEL 4.4). Theil-Sen on the weekly load, integers only.

use jiff::civil::Date;

use super::arithmetic::{ceil, half_away, half_up, to_i64};
use super::codes::Verdict;
use super::constants::Constants;
use super::history::{add_days, days_between};

/// Least common multiple of 1 to 8: every slope between two of eight weeks is whole in 1/840.
const LCM: i128 = 840;

/// What the forecast is made from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Weekly loads from the baseline on, oldest first, the cut-off's last; milli.
    pub loads: &'a [i64],
    /// Load at the cut-off, also where there is no baseline.
    pub load_milli: i64,
    /// What the target allows; none where even an empty list misses it.
    pub allowed_milli: Option<i64>,
    /// Civil date of the cut-off.
    pub as_of: Date,
    /// Go-live, if a date is set.
    pub go_live: Option<Date>,
}

/// What the forecast says. Dates and weeks that do not apply are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// The first verdict that applies.
    pub verdict: Verdict,
    /// Weekly points used, at most eight.
    pub points_used: i64,
    /// Load still to go.
    pub to_go_milli: Option<i64>,
    /// Whole weeks to go-live.
    pub weeks_left: Option<i64>,
    /// Whole weeks since go-live.
    pub weeks_since_go_live: Option<i64>,
    /// Load to close each week for the go-live date.
    pub required_milli_per_week: Option<i64>,
    /// Load closed each week.
    pub pace_milli_per_week: Option<i64>,
    /// Required over pace, percent.
    pub ratio_pct: Option<i64>,
    /// Weeks until ready at this pace.
    pub weeks_needed: Option<i64>,
    /// Ready at this pace.
    pub ready_on: Option<Date>,
    /// Ready if the faster weeks hold.
    pub earliest_on: Option<Date>,
    /// Ready if the slower weeks hold.
    pub latest_on: Option<Date>,
    /// Weeks after go-live.
    pub weeks_late: Option<i64>,
    /// Weeks before go-live.
    pub weeks_early: Option<i64>,
    /// Weeks until there are points enough.
    pub weeks_until_forecast: Option<i64>,
}

/// The loads that a forecast may use: from the first week with enough coverage on, the last eight.
///
/// `points` are (load, weighted coverage in basis points), oldest first (cases B1 and B2).
#[must_use]
pub fn from_baseline(points: &[(i64, i64)], constants: &Constants) -> Vec<i64> {
    let enough = |&(_, coverage): &(i64, i64)| coverage >= constants.baseline_coverage_bp;
    let Some(first) = points.iter().position(enough) else {
        return Vec::new();
    };
    let most = usize::try_from(constants.forecast_points).unwrap_or(8).min(8);
    let used = &points[first..];
    used[used.len().saturating_sub(most)..].iter().map(|(load, _)| *load).collect()
}

/// The pairwise slopes of a weekly series in 1/840 a week, in rising order.
fn slopes(loads: &[i64]) -> Vec<i128> {
    let mut slopes = Vec::with_capacity(loads.len() * loads.len() / 2);
    for (i, before) in loads.iter().enumerate() {
        for (step, after) in (1_i128..).zip(&loads[i + 1..]) {
            slopes.push((i128::from(*after) - i128::from(*before)) * LCM / step);
        }
    }
    slopes.sort_unstable();
    slopes
}

/// The pace as median, fast and slow, each as a closing rate in 1/1680 a week.
struct Pace {
    median: i128,
    fast: i128,
    slow: i128,
}

impl Pace {
    /// None with fewer than two points.
    fn of(loads: &[i64]) -> Option<Self> {
        let slopes = slopes(loads);
        let last = slopes.len().checked_sub(1)?;
        let median = slopes[last / 2] + slopes[last.div_ceil(2)];
        Some(Self {
            median: -median,
            fast: -2 * slopes[last / 10],
            slow: -2 * slopes[(9 * last).div_ceil(10)],
        })
    }

    /// Weeks to close `to_go` at a rate; none if the rate is not positive or it takes too long.
    fn weeks(to_go: i64, rate: i128, constants: &Constants) -> Option<i64> {
        if rate <= 0 {
            return None;
        }
        let weeks = to_i64(ceil(i128::from(to_go) * 2 * LCM, rate)).max(1);
        (weeks <= constants.forecast_max_weeks).then_some(weeks)
    }
}

/// The closing rate over a series, milli a week, rounded half away from zero; none below two points.
#[must_use]
pub fn pace_milli(loads: &[i64]) -> Option<i64> {
    Pace::of(loads).map(|pace| to_i64(half_away(pace.median, 2 * LCM)))
}

/// How fast a list falls: the three rates behind a date and its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Rates {
    /// If the faster weeks hold, milli a week.
    pub fast: i64,
    /// At this pace.
    pub middle: i64,
    /// If the slower weeks hold; negative where the list grows.
    pub slow: i64,
}

/// The three closing rates over a series, rounded half away from zero; none below two points.
#[must_use]
pub fn rates_milli(loads: &[i64]) -> Option<Rates> {
    let milli = |rate| to_i64(half_away(rate, 2 * LCM));
    let pace = Pace::of(loads)?;
    Some(Rates { fast: milli(pace.fast), middle: milli(pace.median), slow: milli(pace.slow) })
}

/// Makes the forecast (cases F1 to F11).
#[must_use]
pub fn forecast(input: &Input<'_>, constants: &Constants) -> Forecast {
    let mut out = blank(input);
    if let Some(go_live) = input.go_live {
        let days = days_between(input.as_of, go_live);
        if days <= 0 {
            out.verdict = Verdict::Live;
            out.weeks_since_go_live = Some(-days / 7);
            return out;
        }
        out.weeks_left = Some(days / 7);
    }
    if input.loads.is_empty() {
        return out;
    }
    let Some(allowed) = input.allowed_milli else {
        out.verdict = Verdict::AssessmentLimits;
        return out;
    };
    let to_go = (input.load_milli - allowed).max(0);
    out.to_go_milli = Some(to_go);
    if to_go == 0 {
        out.verdict = Verdict::ReadyNow;
        return out;
    }
    if let Some(weeks) = out.weeks_left {
        let required = half_up(i128::from(to_go), i128::from(weeks.max(1)));
        out.required_milli_per_week = Some(to_i64(required));
    }
    let missing = constants.forecast_min_points - out.points_used;
    if missing > 0 {
        out.verdict = Verdict::TooEarly;
        out.weeks_until_forecast = Some(missing);
        return out;
    }
    dated(&mut out, input, to_go, constants);
    out
}

/// Fills in the pace, the dates and the last verdicts.
fn dated(out: &mut Forecast, input: &Input<'_>, to_go: i64, constants: &Constants) {
    let Some(pace) = Pace::of(input.loads) else {
        return;
    };
    let rounded = to_i64(half_away(pace.median, 2 * LCM));
    out.pace_milli_per_week = Some(rounded);
    if let Some(required) = out.required_milli_per_week
        && rounded > 0
    {
        out.ratio_pct = Some(to_i64(half_up(i128::from(required) * 100, i128::from(rounded))));
    }
    let on =
        |rate| Pace::weeks(to_go, rate, constants).map(|weeks| add_days(input.as_of, 7 * weeks));
    out.weeks_needed = Pace::weeks(to_go, pace.median, constants);
    out.ready_on = on(pace.median);
    out.earliest_on = on(pace.fast);
    out.latest_on = on(pace.slow);
    let Some(ready_on) = out.ready_on else {
        out.verdict = Verdict::NoDate;
        return;
    };
    let Some(go_live) = input.go_live else {
        out.verdict = Verdict::NoGoLive;
        return;
    };
    let days = days_between(go_live, ready_on);
    if days > 0 {
        out.verdict = Verdict::Late;
        out.weeks_late = Some(to_i64(ceil(i128::from(days), 7)));
    } else {
        out.verdict = Verdict::OnTime;
        out.weeks_early = Some(-days / 7);
    }
}

/// A forecast that says nothing yet.
fn blank(input: &Input<'_>) -> Forecast {
    Forecast {
        verdict: Verdict::NotAssessed,
        points_used: i64::try_from(input.loads.len()).unwrap_or(i64::MAX),
        to_go_milli: None,
        weeks_left: None,
        weeks_since_go_live: None,
        required_milli_per_week: None,
        pace_milli_per_week: None,
        ratio_pct: None,
        weeks_needed: None,
        ready_on: None,
        earliest_on: None,
        latest_on: None,
        weeks_late: None,
        weeks_early: None,
        weeks_until_forecast: None,
    }
}

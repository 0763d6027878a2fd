//! The facts of one edition: every figure that a brief prints, and nothing else (DESIGN 3).
//!
//! The words are made from these alone, so that an edition stored today reads the same in a year.

mod change;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::codes::{
    Area, Category, EditionKind, Effect, GapStatus, LeakZone, Severity, Situation, Trend, Verdict,
};
use super::constants::Constants;
use super::snapshot::Note;

pub use super::feed::{FeedFacts, SourceFacts};
pub use change::ChangeFacts;

/// All that a leader or owner edition says. Money in minor units, scores in milli-points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Which edition this is.
    pub edition: EditionFacts,
    /// Whom it is about.
    pub organization: OrganizationFacts,
    /// Not cancelled, the one with the nearest coming go-live first; never empty.
    pub implementations: Vec<ImplementationFacts>,
    /// Money over all gaps.
    pub exposure: ExposureFacts,
    /// Gaps that are not closed, by rank; unsigned withdrawals last, without a rank.
    pub gaps: Vec<GapFacts>,
    /// Counted changes of the window, in the order of MODEL 4.5.
    pub changes: Vec<ChangeFacts>,
    /// The one thing to do; none only where nothing at all is known.
    pub action: Option<ActionFacts>,
    /// The consultant's note.
    pub note: Option<Note>,
    /// The insight chosen for this week.
    pub insight: Option<InsightFacts>,
    /// How fresh the figures are.
    pub sources: SourceFacts,
    /// What kind of week it was.
    pub week: WeekFacts,
}

/// Identity of an edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionFacts {
    /// Leader, owner, portfolio, public or correction.
    pub kind: EditionKind,
    /// Quiet form and locale, for example `full-en`; an owner edition adds whose gaps it lists.
    pub variant: String,
    /// ISO week of the cut-off's date in the organization's zone, `2026-W48`.
    pub iso_week: String,
    /// The instant after which nothing recorded is seen.
    pub cut_off: Timestamp,
    /// Civil date of the cut-off in the organization's zone.
    pub as_of: Date,
    /// Changes recorded after this instant and up to the cut-off are this brief's.
    pub window_from: Timestamp,
    /// When the brief before this one was frozen.
    pub previous_sent_at: Option<Timestamp>,
    /// Version of the rules.
    pub model_version: u32,
    /// Every constant the figures were made with.
    pub constants: Constants,
}

/// Whom the brief is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationFacts {
    /// Name in commands.
    pub slug: String,
    /// Name in the brief.
    pub name: String,
    /// ISO 4217 code.
    pub currency: String,
    /// IANA zone.
    pub time_zone: String,
    /// Minor units a week.
    pub billed_per_week: Option<i64>,
    /// Whether amounts may stand in a subject line.
    pub money_in_subject: bool,
}

/// Readiness and forecast of one implementation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImplementationFacts {
    /// Name in commands; `back-office` for the implicit one.
    pub slug: String,
    /// Name in the brief.
    pub name: String,
    /// First day of configuration.
    pub configuration_starts_on: Option<Date>,
    /// Go-live date.
    pub go_live_on: Option<Date>,
    /// Whole weeks to go-live, while it is ahead.
    pub weeks_left: Option<i64>,
    /// Whole weeks since go-live, once it is reached.
    pub weeks_since_go_live: Option<i64>,
    /// Score to reach.
    pub target_milli: i64,
    /// Score at the cut-off.
    pub score_milli: i64,
    /// Score in whole points, half up.
    pub score_printed: i64,
    /// Difference of the printed whole points to last week's restated score; none in a first week.
    pub change_points: Option<i64>,
    /// Weighted coverage, 0 to 10,000.
    pub coverage_bp: i64,
    /// Weighted open load at the cut-off.
    pub load_milli: i64,
    /// Largest load that still reaches the target; none where even an empty list misses it.
    pub allowed_milli: Option<i64>,
    /// Load closed in a week, median of pairwise slopes.
    pub pace_milli_per_week: Option<i64>,
    /// Load to close in a week for the go-live date.
    pub required_milli_per_week: Option<i64>,
    /// Required over pace in percent; none where the load is not falling.
    pub ratio_pct: Option<i64>,
    /// What the forecast says.
    pub verdict: Verdict,
    /// Weekly points the forecast was made from.
    pub points_used: i64,
    /// Weeks until there are enough points, for `too_early`.
    pub weeks_until_forecast: Option<i64>,
    /// When the load reaches what is allowed, at this pace.
    pub ready_on: Option<Date>,
    /// The same if the faster weeks hold.
    pub earliest_on: Option<Date>,
    /// The same if the slower weeks hold; none is "no date".
    pub latest_on: Option<Date>,
    /// Weeks after go-live.
    pub weeks_late: Option<i64>,
    /// Weeks before go-live.
    pub weeks_early: Option<i64>,
    /// Smallest set of gaps whose closing reaches the target.
    pub path_to_target: Option<PathFacts>,
    /// First day on which a cell goes stale before go-live.
    pub relook_by: Option<RelookFacts>,
    /// Weeks late times the weekly benefit, minor units.
    pub delay_cost: Option<i64>,
    /// Up to eight weekly points, oldest first; the last is the cut-off's.
    pub points: Vec<PointFacts>,
    /// Which way the load moves.
    pub trend: Option<Trend>,
    /// Each area in scope, in the order of weight, then of the model.
    pub areas: Vec<AreaFacts>,
    /// Score if every open gap were closed: what the looks alone allow.
    pub score_if_all_closed_milli: i64,
    /// External ids of open material gaps in this implementation's scope, by rank.
    pub open_material: Vec<String>,
    /// External ids of all gaps in its scope that are not closed, by rank; none in facts that were
    /// stored before they were told.
    #[serde(default)]
    pub in_scope: Option<Vec<String>>,
    /// Whether no gap moved forward for 21 days or the load stopped falling over 4 points.
    pub stalled: bool,
}

/// Where one area of an implementation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaFacts {
    /// The area.
    pub area: Area,
    /// How much the platform leans on it, 1 to 5.
    pub weight: i64,
    /// Coverage of its five cells, 0 to 10,000.
    pub coverage_bp: i64,
    /// Oldest of the latest looks at its cells; none where a cell was never looked at.
    pub oldest_look_on: Option<Date>,
    /// Whether at least one cell was ever looked at.
    pub looked_at: bool,
    /// Sum of its gaps' points.
    pub points_milli: i64,
}

/// One weekly point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointFacts {
    /// The day.
    pub as_of: Date,
    /// Restated: by all that is known now.
    pub score_milli: i64,
    /// As it was mailed then; none where nothing was.
    pub reported_milli: Option<i64>,
    /// Restated load.
    pub load_milli: i64,
    /// Weighted coverage.
    pub coverage_bp: i64,
}

/// The path to target (MODEL 4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathFacts {
    /// External ids, by rank.
    pub gaps: Vec<String>,
    /// Score after closing them.
    pub score_after_milli: i64,
    /// Whether no smaller set exists.
    pub exact: bool,
    /// The member without which everything else closed still misses the target, worst first.
    pub without: Option<WithoutFacts>,
}

/// "Without A it stops at 79."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithoutFacts {
    /// External id.
    pub gap: String,
    /// Score with every other open gap closed.
    pub stops_at_milli: i64,
}

/// The re-look date (MODEL 4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelookFacts {
    /// Last day on which the cells are still fresh.
    pub by: Date,
    /// Areas whose cells go stale the next day.
    pub areas: Vec<Area>,
}

/// Money over all gaps, minor units (MODEL 3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExposureFacts {
    /// Sum of lows a week.
    pub low: i64,
    /// Sum of likelies a week.
    pub likely: i64,
    /// Sum of highs a week.
    pub high: i64,
    /// The likely total by what it does to profit.
    pub by_effect: ByEffect,
    /// Gaps that leak.
    pub open_gaps: i64,
    /// Of these, how many are priced.
    pub priced_gaps: i64,
    /// Whether a leaking gap's figure rests on an industry benchmark.
    pub benchmark_based: bool,
    /// Whether every figure of the weekly total is measured (MODEL 6.4, rule 8).
    #[serde(default)]
    pub measured: bool,
    /// Whether every figure that any gap ever had is.
    #[serde(default)]
    pub always_measured: bool,
    /// What all gaps, open and closed, have cost.
    pub cost_so_far: i64,
    /// First day of that cost.
    pub cost_since: Option<Date>,
    /// The same from the first implementation's go-live; none before it.
    pub cost_since_go_live: Option<i64>,
    /// What closures protect a week.
    pub protected_per_week: i64,
    /// What closures have protected.
    pub protected_to_date: i64,
}

/// Weekly exposure by effect, minor units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByEffect {
    /// Leakage, events, direct amounts.
    pub lost: i64,
    /// Rework and errors.
    pub time: i64,
    /// Late cash.
    pub cash: i64,
}

impl ByEffect {
    /// Mutable access by code.
    pub fn at(&mut self, effect: Effect) -> &mut i64 {
        match effect {
            Effect::Lost => &mut self.lost,
            Effect::Time => &mut self.time,
            Effect::Cash => &mut self.cash,
        }
    }
}

/// One gap that is not closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapFacts {
    /// The id its owner knows it by.
    pub external_id: String,
    /// Whole title.
    pub title: String,
    /// What the brief calls it: the short name, or the title cut at a word.
    pub short_name: String,
    /// Place.
    pub area: Area,
    /// Cause.
    pub category: Category,
    /// Zone.
    pub leak_zone: LeakZone,
    /// 1 to 4.
    pub severity: Severity,
    /// Where it stands; an accepted gap past its end date reads as open.
    pub status: GapStatus,
    /// One person's name.
    pub owner: Option<String>,
    /// First day of its cost.
    pub opened_on: Date,
    /// Due date.
    pub due_on: Option<Date>,
    /// The next step, as written.
    pub next_step: Option<String>,
    /// Minor units a week; none where not priced.
    pub likely_per_week: Option<i64>,
    /// Gaps of one group count once in a total, by the largest of them (MODEL 3).
    #[serde(default)]
    pub exposure_group: Option<String>,
    /// Whether the figure is measured.
    #[serde(default)]
    pub measured: bool,
    /// Its own points now.
    pub points_milli: i64,
    /// Score without it minus score.
    pub worth_milli: i64,
    /// Whole weeks without movement.
    pub idle_weeks: i64,
    /// Last day on which anything was recorded about it.
    pub updated_on: Date,
    /// Whether "idle" may be said: someone confirmed it, or the organization had an event, within 14 days.
    pub idle_is_known: bool,
    /// Reasons of MODEL 4.5, for example `no_movement_3w`.
    pub stall_reasons: Vec<String>,
    /// Place in the list, from 1.
    pub rank: Option<u32>,
}

/// The one action (MODEL 4.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionFacts {
    /// Which of the rules 0 to 7 spoke.
    pub rule: u8,
    /// External id of the gap, if it is about one.
    pub gap: Option<String>,
    /// The sentence that the brief prints.
    pub text: String,
}

/// The insight of the week, with what it stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InsightFacts {
    /// Library id.
    pub id: String,
    /// 25 to 45 words.
    pub text: String,
    /// "Title, publisher, year".
    pub source: String,
    /// Where it can be read.
    pub url: String,
}

/// What kind of week it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekFacts {
    /// No weekly point before this one.
    pub first: bool,
    /// No counted change, and the score moved by less than 3 points.
    pub quiet: bool,
    /// Whole weeks in a row without a counted change, up to the cut-off.
    pub quiet_weeks: i64,
    /// Weeks that the window covers; more than 1 after a missed brief.
    pub weeks_covered: i64,
    /// The score of the brief before, as mailed and as now known, where they differ by a point or more.
    pub restated: Option<RestatedFacts>,
    /// Why the insight was chosen, where a situation decided.
    pub situation: Option<Situation>,
}

/// "Last week's 64 is now 61: one old gap was named."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestatedFacts {
    /// Printed then.
    pub reported_printed: i64,
    /// Printed now for the same day.
    pub restated_printed: i64,
    /// Gaps recorded in this window that existed before it.
    pub old_gaps_named: i64,
}

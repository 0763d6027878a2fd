//! What kind of week it was, and the insight that fits it (MODEL 4.3, 6.3, 6.8).

use jiff::{SignedDuration, Timestamp};

use crate::domain::changes::{Window, changes, week_before};
use crate::domain::codes::{Situation, Verdict};
use crate::domain::facts::{ChangeFacts, Facts, InsightFacts, RestatedFacts, WeekFacts};
use crate::domain::history::{add_days, days_between};
use crate::domain::insight::{InsightContext, choose};
use crate::domain::readiness::{printed, score_milli};
use crate::domain::time::date_of;

use super::Workings;

/// A score that moved by this many points is news, whatever the list of changes says (MODEL 6.5).
const NEWS_POINTS: i64 = 3;
/// Seven times 24 hours.
const WEEK_SECONDS: i64 = 7 * 24 * 60 * 60;

/// The kind of week.
pub fn facts(workings: &Workings<'_>, facts: &Facts) -> WeekFacts {
    let first = facts.implementations.iter().all(|i| i.points.len() < 2);
    let moved = facts
        .implementations
        .iter()
        .any(|i| i.change_points.is_some_and(|points| points.abs() >= NEWS_POINTS));
    let counted = !facts.changes.is_empty();
    WeekFacts {
        first,
        quiet: !first && !counted && !moved,
        quiet_weeks: if counted || first { 0 } else { quiet_weeks(workings) },
        weeks_covered: workings.window.weeks_covered(),
        restated: restated(workings),
        situation: None,
    }
}

/// Whole weeks in a row without a counted change, up to the cut-off: those of this window, then one by
/// one back to the first record. Weeks in which nothing was recorded are skipped without a look.
fn quiet_weeks(workings: &Workings<'_>) -> i64 {
    let request = &workings.request;
    let snapshot = request.snapshot;
    let events = snapshot.gaps.iter().flat_map(|g| g.events.iter()).map(|e| e.recorded_at);
    let Some(earliest) = events.clone().min() else {
        return workings.window.whole_weeks();
    };
    let prices = snapshot.gaps.iter().flat_map(|g| g.exposures.iter()).map(|e| e.recorded_at);
    let dates = snapshot.implementations.iter().flat_map(|i| &i.events).map(|e| e.recorded_at);
    let looks = snapshot.looks.iter().map(|l| l.recorded_at);
    let mut records: Vec<Timestamp> = events
        .chain(prices)
        .chain(dates)
        .chain(looks)
        .filter(|at| *at <= request.cut_off)
        .collect();
    records.sort_unstable();
    let mut weeks = workings.window.whole_weeks();
    let mut to = workings.window.from;
    while earliest <= to {
        let before = records.partition_point(|at| *at <= to);
        let Some(last) = before.checked_sub(1).map(|i| records[i]) else {
            break;
        };
        let empty = last.duration_until(to).as_secs() / WEEK_SECONDS;
        to = to.checked_sub(SignedDuration::from_secs(empty * WEEK_SECONDS)).unwrap_or(last);
        weeks += empty;
        let window = Window { from: week_before(to), to };
        if !changes(snapshot, window, request.zone, request.constants).is_empty() {
            break;
        }
        weeks += 1;
        to = window.from;
    }
    weeks
}

/// "Last week's 64 is now 61", where they differ by a point or more (MODEL 4.3). Both are of the day of
/// the brief before, which is not seven days ago where a cut-off moved or a brief was missed.
fn restated(workings: &Workings<'_>) -> Option<RestatedFacts> {
    let request = &workings.request;
    let scope = workings.scopes.first()?;
    let before = request.snapshot.previous_cut_off.filter(|at| *at < request.cut_off);
    let day = before.map_or_else(|| add_days(request.as_of, -7), |at| date_of(at, request.zone));
    let mailed = (scope.implementation?.id.clone(), day);
    let reported = *request.snapshot.reported.get(&mailed)?;
    let (areas, is_capped) = scope.point_at(&workings.histories, day, request.constants);
    let now = score_milli(&areas, is_capped, request.constants);
    if (now - reported).abs() < 1_000 {
        return None;
    }
    let old = workings.histories.iter().filter(|h| {
        let opened = h.gap.events.iter().map(|e| e.recorded_at).min();
        !h.is_void && h.exists_from <= day && opened.is_some_and(|at| workings.window.holds(at))
    });
    Some(RestatedFacts {
        reported_printed: printed(reported),
        restated_printed: printed(now),
        old_gaps_named: i64::try_from(old.count()).unwrap_or(i64::MAX),
    })
}

/// Chooses the insight by what the brief is about: the situation, then the gap of the action or the
/// first in rank, then the trend.
pub fn add_insight(workings: &Workings<'_>, facts: &mut Facts) {
    let spoken_of = facts.action.as_ref().and_then(|a| a.gap.as_deref());
    let gap = facts
        .gaps
        .iter()
        .find(|g| Some(g.external_id.as_str()) == spoken_of)
        .or_else(|| facts.gaps.first());
    let context = InsightContext {
        situation: situation(facts),
        category: gap.map(|g| g.category),
        area: gap.map(|g| g.area),
        trend: facts.implementations.first().and_then(|i| i.trend),
    };
    facts.week.situation = context.situation;
    let request = &workings.request;
    let chosen = choose(
        request.insights,
        &context,
        &facts.organization.slug,
        &facts.edition.iso_week,
        &request.snapshot.insights_sent,
        request.constants.insight_weeks,
    );
    facts.insight = chosen.map(|insight| InsightFacts {
        id: insight.id.clone(),
        text: insight.text.clone(),
        source: insight.source.to_string(),
        url: insight.source.url.clone(),
    });
}

/// The situation that stands out most; the order is ours.
fn situation(facts: &Facts) -> Option<Situation> {
    let told = facts.implementations.first()?;
    let days_left = told.go_live_on.map(|day| days_between(facts.edition.as_of, day));
    let rule = facts.action.as_ref().map(|a| a.rule);
    let sliding = facts.gaps.iter().any(|g| g.stall_reasons.iter().any(|r| r == "sliding"));
    let stale = told.areas.iter().any(|a| a.looked_at && a.coverage_bp < 10_000);
    let checks = [
        (facts.week.first, Situation::FirstWeek),
        (facts.exposure.open_gaps == 0 && told.score_milli > 0, Situation::AllClosed),
        (told.verdict == Verdict::Live, Situation::GoLivePassed),
        (days_left.is_some_and(|d| (0..=14).contains(&d)), Situation::GoLive2Weeks),
        (facts.changes.iter().any(ChangeFacts::is_open_again), Situation::Reopened),
        (facts.week.quiet && facts.week.quiet_weeks >= 3, Situation::ThirdQuiet),
        (facts.week.quiet, Situation::Quiet),
        (rule == Some(2), Situation::Unowned),
        (rule == Some(5), Situation::Unpriced),
        (sliding, Situation::DueDateSliding),
        (stale, Situation::StaleAssessment),
        (days_left.is_some_and(|d| (0..=56).contains(&d)), Situation::GoLive8Weeks),
    ];
    checks.into_iter().find_map(|(applies, situation)| applies.then_some(situation))
}

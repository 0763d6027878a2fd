//! One client's row, from the client's own facts.

use super::needs::{self, Need};
use super::{ClientFacts, ClientInput};
use crate::domain::brief::{forecast_in_short, is_assessed, is_held_back, not_updated_since};
use crate::domain::codes::Severity;
use crate::domain::facts::{Facts, GapFacts, ImplementationFacts};

/// The row of one client.
#[must_use]
pub fn facts(input: &ClientInput<'_>) -> ClientFacts {
    let facts = input.facts;
    let told = told(facts);
    let count = |keep: fn(&GapFacts) -> bool| {
        let leaking = facts.gaps.iter().filter(|gap| gap.status.is_leaking());
        i64::try_from(leaking.filter(|gap| keep(gap)).count()).unwrap_or(i64::MAX)
    };
    let stalled_gaps = count(|gap| !gap.stall_reasons.is_empty());
    ClientFacts {
        slug: facts.organization.slug.clone(),
        name: facts.organization.name.clone(),
        implementation: told.map(|of| of.name.clone()),
        score_printed: told.filter(|of| is_assessed(of)).map(|of| of.score_printed),
        change_points: told.and_then(|of| of.change_points),
        go_live_on: told.and_then(|of| of.go_live_on),
        weeks_left: told.and_then(|of| of.weeks_left),
        weeks_since_go_live: told.and_then(|of| of.weeks_since_go_live),
        verdict: told.map(|of| of.verdict),
        is_held_back: told.is_some_and(is_held_back),
        weeks_late: told.and_then(|of| of.weeks_late),
        forecast: told.map_or_else(
            || "not looked at".to_owned(),
            |of| forecast_in_short(of, facts.edition.as_of),
        ),
        currency: facts.organization.currency.clone(),
        open_per_week: (facts.exposure.priced_gaps > 0).then_some(facts.exposure.likely),
        measured: facts.exposure.measured,
        open_gaps: facts.exposure.open_gaps,
        needs: all_needs(input, stalled_gaps),
        blocker_in_days: facts
            .implementations
            .iter()
            .filter_map(|of| needs::blocker_in_days(facts, of))
            .min(),
        stalled_gaps,
        significant_gaps: count(|gap| gap.severity >= Severity::SIGNIFICANT),
        load_grew_weeks: told.map_or(0, load_grew_weeks),
        quiet_weeks: facts.week.quiet_weeks,
        not_updated_since: not_updated_since(facts),
        closed_this_week: closed(facts),
        drafts_waiting: input.drafts_waiting,
    }
}

/// The implementation that needs most: the fewest days to a blocker, then its first reason, then the
/// most weeks late, then the order of the facts.
fn told(facts: &Facts) -> Option<&ImplementationFacts> {
    facts.implementations.iter().min_by_key(|of| {
        let needs = needs::of_implementation(facts, of);
        (
            needs::blocker_in_days(facts, of).unwrap_or(i64::MAX),
            needs.is_empty(),
            needs.first().copied(),
            std::cmp::Reverse(of.weeks_late.unwrap_or(0)),
        )
    })
}

/// Every reason, once each, in order.
fn all_needs(input: &ClientInput<'_>, stalled_gaps: i64) -> Vec<Need> {
    let mut all: Vec<Need> = input
        .facts
        .implementations
        .iter()
        .flat_map(|of| needs::of_implementation(input.facts, of))
        .collect();
    if stalled_gaps > 0 {
        all.push(Need::StalledGap);
    }
    if input.drafts_waiting > 0 {
        all.push(Need::DraftWaiting);
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Weeks in a row, up to this one, in which the open load grew.
fn load_grew_weeks(of: &ImplementationFacts) -> i64 {
    let grew =
        of.points.windows(2).rev().take_while(|pair| pair[1].load_milli > pair[0].load_milli);
    i64::try_from(grew.count()).unwrap_or(i64::MAX)
}

/// Gaps that are closed at the end of the window and were not at its start, whatever they were called
/// on the way (MODEL 4.5).
fn closed(facts: &Facts) -> i64 {
    let closed = facts.changes.iter().filter(|change| {
        matches!(change.kind.as_str(), "status" | "reopened")
            && change.to.as_deref() == Some("closed")
            && change.from.as_deref() != Some("closed")
    });
    i64::try_from(closed.count()).unwrap_or(i64::MAX)
}

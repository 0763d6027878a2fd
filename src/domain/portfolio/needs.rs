//! Whether a client needs the consultant this week, and which one comes first (MODEL 6.2).

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::ClientFacts;
use crate::domain::brief::{is_assessed, is_live};
use crate::domain::codes::Verdict;
use crate::domain::facts::{Facts, ImplementationFacts};
use crate::domain::history::days_between;

/// Days to go-live within which an open material gap comes first.
const BLOCKER_DAYS: i64 = 14;
/// Days to go-live within which a missing date counts.
const DATE_DAYS: i64 = 26 * 7;
/// Weeks late that a missing date counts as.
const NO_DATE_WEEKS: i64 = 999;

/// Why a client needs the consultant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// A material gap is open within 14 days of go-live.
    BlockerNearGoLive,
    /// Nothing was ever looked at.
    NeverAssessed,
    /// Late at this pace, inside 26 weeks of go-live.
    Late,
    /// No date inside 26 weeks of go-live.
    NoDate,
    /// A gap is stalled.
    StalledGap,
    /// A draft waits for approval.
    DraftWaiting,
}

/// Days to go-live where a material gap is open within 14 of them.
#[must_use]
pub fn blocker_in_days(facts: &Facts, of: &ImplementationFacts) -> Option<i64> {
    if is_live(of) || of.open_material.is_empty() {
        return None;
    }
    days_left(facts, of).filter(|days| (0..=BLOCKER_DAYS).contains(days))
}

/// Every reason that an implementation gives.
#[must_use]
pub fn of_implementation(facts: &Facts, of: &ImplementationFacts) -> Vec<Need> {
    let mut needs = Vec::new();
    if blocker_in_days(facts, of).is_some() {
        needs.push(Need::BlockerNearGoLive);
    }
    // One programme among several that nobody looked at yet does not make a client unassessed.
    if !facts.implementations.iter().any(is_assessed) {
        needs.push(Need::NeverAssessed);
    }
    let near = days_left(facts, of).is_some_and(|days| (0..=DATE_DAYS).contains(&days));
    match of.verdict {
        Verdict::Late if near => needs.push(Need::Late),
        Verdict::NoDate | Verdict::AssessmentLimits if near => needs.push(Need::NoDate),
        Verdict::NotAssessed if near && is_assessed(of) => needs.push(Need::NoDate),
        _ => {}
    }
    needs
}

/// Weeks late for the order of clients: a missing date counts as 999 inside 26 weeks of go-live.
#[must_use]
fn weeks_late(client: &ClientFacts) -> i64 {
    if client.needs.contains(&Need::NoDate) {
        NO_DATE_WEEKS
    } else {
        client.weeks_late.unwrap_or(0)
    }
}

/// The order of rows; the smaller comes first. Money is not part of it.
#[must_use]
pub fn order(client: &ClientFacts) -> impl Ord + use<> {
    (
        Reverse(client.blocker_in_days.is_some()),
        Reverse(client.needs.contains(&Need::NeverAssessed)),
        Reverse(weeks_late(client)),
        Reverse(client.stalled_gaps),
        Reverse(client.significant_gaps),
        client.name.to_lowercase(),
        client.slug.clone(),
    )
}

fn days_left(facts: &Facts, of: &ImplementationFacts) -> Option<i64> {
    of.go_live_on.map(|day| days_between(facts.edition.as_of, day))
}

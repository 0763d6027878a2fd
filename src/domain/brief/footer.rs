//! The line under the title and what stands under the brief (MODEL 6.1).

use jiff::civil::Date;

use super::limits::Limits;
use super::names;
use super::numbers::{counted, date, full_date, spelled};
use super::{Footer, Source};
use crate::domain::facts::{Facts, FeedFacts};
use crate::domain::feed::{Staleness, staleness};
use crate::domain::history::days_between;
use crate::domain::one_line::one_line;

/// Days without a record after which the brief says so.
const STALE_SOURCE_DAYS: i64 = 7;

/// "Northfield Supply | week to 23 November 2026".
#[must_use]
pub fn dateline(facts: &Facts) -> String {
    format!(
        "{} | {} to {}",
        names::organization(&facts.organization.name),
        span(facts.week.weeks_covered),
        full_date(facts.edition.as_of)
    )
}

/// "week", or "two weeks" after a missed brief.
#[must_use]
pub fn span(weeks_covered: i64) -> String {
    match weeks_covered {
        n @ 2.. => format!("{} weeks", spelled(n)),
        _ => "week".to_owned(),
    }
}

/// The footer of a leader's or owner's edition.
#[must_use]
pub fn leader(facts: &Facts, limits: &Limits) -> Footer {
    let sources = facts
        .insight
        .iter()
        .filter(|_| limits.insight)
        .map(|insight| Source { text: one_line(&insight.source), url: insight.url.clone() })
        .collect();
    Footer {
        notes: notes(facts),
        sources,
        invites_reply: true,
        why: format!(
            "You get this because you confirmed a subscription to the brief of {}.",
            names::organization(&facts.organization.name)
        ),
    }
}

/// "Figures of 20 November, estimated from your team's own numbers."; where all are measured, "from your
/// team's own numbers".
fn notes(facts: &Facts) -> Vec<String> {
    let today = facts.edition.as_of;
    let Some(day) = facts.sources.last_updated_on else {
        return Vec::new();
    };
    let from = if facts.exposure.benchmark_based {
        "your team's own numbers and industry figures"
    } else {
        "your team's own numbers"
    };
    // Measured figures carry no qualifier (MODEL 6.4, rule 8).
    let how = if facts.exposure.always_measured { "" } else { "estimated " };
    let mut notes = vec![format!("Figures of {}, {how}from {from}.", date(day, today))];
    let stale = stale(facts, day);
    let days = days_between(day, today);
    if stale.is_empty() && days > STALE_SOURCE_DAYS {
        notes.push(format!("The source was not updated for {}.", counted(days, "day", "days")));
    }
    notes.extend(stale);
    notes
}

/// "The source erp was not updated for 9 days: it could not be read."
fn stale(facts: &Facts, newest: Date) -> Vec<String> {
    let today = facts.edition.as_of;
    let line = |feed: &FeedFacts| {
        let (days, why) = match staleness(feed, newest, today)? {
            Staleness::Unreadable(days) => (days, ": it could not be read"),
            Staleness::Unread(days) => (days, ": it was not read"),
            Staleness::Silent(days) => (days, ""),
        };
        let (name, days) = (one_line(&feed.source), counted(days, "day", "days"));
        Some(format!("The source {name} was not updated for {days}{why}."))
    };
    facts.sources.feeds.iter().filter_map(line).collect()
}

//! The order of the list of gaps (MODEL 4.5): deterministic to the last key.

use std::cmp::{Ordering, Reverse};

use jiff::civil::Date;

use super::codes::Severity;
use super::constants::Constants;
use super::history::days_between;

/// What a gap is ranked by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key<'a> {
    /// 1 to 4.
    pub severity: Severity,
    /// Minor units a week; zero where not priced.
    pub likely_per_week: i64,
    /// Score without it minus score.
    pub worth_milli: i64,
    /// Weeks without movement.
    pub idle_weeks: i64,
    /// First day.
    pub opened_on: Date,
    /// The last key.
    pub external_id: &'a str,
}

/// Whether go-live is ahead and near enough that material gaps come first.
#[must_use]
pub fn is_near(as_of: Date, go_live: Option<Date>, constants: &Constants) -> bool {
    go_live.is_some_and(|day| (0..=constants.near_go_live_days).contains(&days_between(as_of, day)))
}

/// Compares two gaps; the one to be listed first is `Less`.
///
/// Near go-live material gaps come first; then money, worth, idleness, age, id (cases K1 and K2).
#[must_use]
pub fn compare(a: &Key<'_>, b: &Key<'_>, near_go_live: bool) -> Ordering {
    let key = |k: &Key<'_>| {
        (
            Reverse(near_go_live && k.severity == Severity::MATERIAL),
            Reverse(k.likely_per_week),
            Reverse(k.worth_milli),
            Reverse(k.idle_weeks),
            k.opened_on,
        )
    };
    key(a).cmp(&key(b)).then_with(|| a.external_id.cmp(b.external_id))
}

//! How old figures are that come from somebody else's database (MODEL 6.1, the footer).

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::history::days_between;
use super::snapshot::Feed;
use super::time::date_of;

/// How fresh the figures are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFacts {
    /// Newest record at the cut-off.
    pub last_updated_at: Option<Timestamp>,
    /// Its civil date in the organization's zone.
    pub last_updated_on: Option<Date>,
    /// The databases of others that figures come from, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub feeds: Vec<FeedFacts>,
}

/// How fresh a source is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedFacts {
    /// Its name in the settings.
    pub source: String,
    /// The day on which it was last read, in the organization's zone.
    pub read_on: Option<Date>,
    /// The day on which it last told something new about the organization.
    pub told_on: Date,
    /// Whether it could not be read since.
    pub is_failing: bool,
    /// Days without news after which a brief says so.
    pub stale_after_days: i64,
}

/// What the settings say of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedRule<'a> {
    /// Its name.
    pub source: &'a str,
    /// Days without news after which a brief says so.
    pub stale_after_days: i64,
}

/// Why a source's figures are old, and by how many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Staleness {
    /// It could not be read since.
    Unreadable(i64),
    /// Nobody tried to read it since.
    Unread(i64),
    /// It was read, and said nothing new about the organization.
    Silent(i64),
}

/// The facts of the sources that there are by the settings; one that was taken out feeds nobody.
#[must_use]
pub fn facts(feeds: &[Feed], rules: &[FeedRule<'_>], zone: &TimeZone) -> Vec<FeedFacts> {
    let fact = |feed: &Feed| {
        let rule = rules.iter().find(|rule| rule.source == feed.source)?;
        Some(FeedFacts {
            source: feed.source.clone(),
            read_on: feed.read_at.map(|at| date_of(at, zone)),
            told_on: date_of(feed.told_at, zone),
            is_failing: feed.is_failing,
            stale_after_days: rule.stale_after_days,
        })
    };
    feeds.iter().filter_map(fact).collect()
}

/// What a brief of `today` has to say about a source. One that could not be read before this brief is
/// told at once: its figures are as old as the last reading. One that was read and says nothing new is
/// told after its own number of days; what it told late is as old as `newest`, the newest record there
/// is of the organization.
#[must_use]
pub fn staleness(feed: &FeedFacts, newest: Date, today: Date) -> Option<Staleness> {
    let since_read = days_between(feed.read_on.unwrap_or(feed.told_on), today);
    if feed.is_failing && since_read > 0 {
        return Some(Staleness::Unreadable(since_read));
    }
    if since_read > feed.stale_after_days {
        return Some(Staleness::Unread(since_read));
    }
    let since_told = days_between(feed.told_on.min(newest), today);
    (since_told > feed.stale_after_days).then_some(Staleness::Silent(since_told))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn feed(read: Option<Date>, told: Date, is_failing: bool) -> FeedFacts {
        let source = "erp".to_owned();
        FeedFacts { source, read_on: read, told_on: told, is_failing, stale_after_days: 7 }
    }

    #[test]
    fn old_figures_are_told_at_once_when_unread_and_after_a_while_when_silent() {
        let today = date(2026, 11, 23);
        let day = |n| date(2026, 11, n);
        for (read, told, is_failing, wanted) in [
            (Some(day(23)), day(23), false, None),
            (Some(day(23)), day(16), false, None),
            (Some(day(23)), day(15), false, Some(Staleness::Silent(8))),
            (Some(day(16)), day(16), true, Some(Staleness::Unreadable(7))),
            (Some(day(23)), day(20), true, None),
            (Some(day(15)), day(1), false, Some(Staleness::Unread(8))),
            (None, day(16), true, Some(Staleness::Unreadable(7))),
        ] {
            let feed = feed(read, told, is_failing);
            assert_eq!(staleness(&feed, today, today), wanted, "{feed:?}");
        }
        let fresh = feed(Some(day(23)), day(23), false);
        assert_eq!(staleness(&fresh, day(9), today), Some(Staleness::Silent(14)), "told late");
    }

    #[test]
    fn a_source_that_is_not_in_the_settings_any_more_is_not_spoken_of() {
        let at = "2026-11-23T05:30:00Z".parse().unwrap();
        let source = "erp".to_owned();
        let feeds = [Feed { source, read_at: Some(at), told_at: at, is_failing: false }];
        let zone = TimeZone::get("America/Chicago").unwrap();
        assert_eq!(facts(&feeds, &[], &zone), []);
        let rules = [FeedRule { source: "erp", stale_after_days: 3 }];
        let found = facts(&feeds, &rules, &zone);
        assert_eq!(found[0].read_on, Some(date(2026, 11, 22)), "the organization's own day");
        assert_eq!(found[0].stale_after_days, 3);
    }
}

//! When a source has to be read: before each cut-off of somebody it tells about, and now and then.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::config::Source;
use crate::engine::{Engine, EngineError};
use crate::store::sources::{Named, PullRow};

/// How long after it could not be read a source is tried again while a cut-off is near.
const AGAIN_SOON: SignedDuration = SignedDuration::from_mins(10);
/// The same at other times.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// What is known of one source.
#[derive(Debug)]
pub(super) struct Known<'a> {
    /// The latest reading, perhaps under way.
    pub latest: Option<&'a PullRow>,
    /// The latest that went well.
    pub well: Option<&'a PullRow>,
    /// The instants before which it has to be read, milliseconds.
    pub moments: Vec<i64>,
}

impl<'a> Known<'a> {
    /// Out of what is known of all.
    pub fn of(name: &str, pulls: &'a [PullRow], moments: &[(String, i64)]) -> Self {
        let own = || pulls.iter().filter(|pull| pull.source == name);
        let went_well =
            |pull: &&PullRow| matches!(pull.outcome.as_deref(), Some("written" | "unchanged"));
        let moments = moments.iter().filter(|(source, _)| source == name).map(|(_, at)| *at);
        Self { latest: own().next_back(), well: own().rfind(went_well), moments: moments.collect() }
    }
}

/// Whether a source has to be read at `now`.
pub(super) fn is_due(source: &Source, known: &Known<'_>, now: Timestamp) -> bool {
    let Some(latest) = known.latest else {
        return true;
    };
    let now = now.as_millisecond();
    let lead = millis(source.lead);
    // The latest window that has begun: what was read before it is not news enough.
    let window = known.moments.iter().map(|at| at.saturating_sub(lead)).filter(|w| *w <= now).max();
    let read_at = known.well.map(|pull| pull.started_at);
    let is_wanted = match (window, read_at) {
        (Some(window), Some(read_at)) => read_at < window,
        (_, None) => true,
        (None, Some(_)) => false,
    };
    let failed_at = latest.finished_at.filter(|_| latest.outcome.as_deref() == Some("failed"));
    if let Some(failed_at) = failed_at {
        let is_near = window.is_some() && is_wanted;
        let pause = if is_near { AGAIN_SOON } else { AGAIN };
        return apart(failed_at, now) >= pause.as_millis();
    }
    let is_old = source
        .every
        .is_some_and(|every| apart(latest.started_at, now) >= i128::from(millis(every)));
    is_wanted || is_old
}

/// Time between two instants; a clock that was set back is no reason to wait.
fn apart(from: i64, to: i64) -> i128 {
    if to < from { i128::MAX } else { i128::from(to - from) }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// The longest that any source is read ahead.
pub(super) fn longest_lead(sources: &[Source]) -> Duration {
    sources.iter().map(|source| source.lead).max().unwrap_or_default()
}

impl Engine {
    /// The instants before which each source has to be read, up to `ahead` from `at`.
    pub(super) async fn moments_until(
        &self,
        at: Timestamp,
        ahead: Duration,
    ) -> Result<Vec<(String, i64)>, EngineError> {
        let named: Vec<Named> = self
            .settings
            .sources
            .iter()
            .filter_map(|source| {
                let organization = source.organization.clone()?;
                Some(Named { source: source.name.clone(), organization })
            })
            .collect();
        let until = at.as_millisecond().saturating_add(millis(ahead));
        Ok(self.db.source_moments(&named, until).await?)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    fn source() -> Source {
        Source {
            name: "erp".to_owned(),
            url: SecretString::from("sqlite://erp.db"),
            organization: None,
            map: None,
            lead: Duration::from_secs(2 * 3_600),
            every: None,
            statement_timeout: Duration::from_secs(30),
            max_rows: 10,
            stale_after_days: 7,
            queries: Vec::new(),
        }
    }

    fn pull(started: &str, outcome: Option<&str>) -> PullRow {
        let at = at(started).as_millisecond();
        PullRow {
            id: started.to_owned(),
            source: "erp".to_owned(),
            started_at: at,
            finished_at: outcome.map(|_| at),
            outcome: outcome.map(str::to_owned),
            rows_read: 0,
            rows_written: 0,
            rows_rejected: 0,
            digest: None,
            error: None,
        }
    }

    fn at(text: &str) -> Timestamp {
        format!("2026-11-{text}:00Z").parse().expect("an instant")
    }

    fn due(source: &Source, pulls: &[PullRow], moments: &[&str], now: &str) -> bool {
        let moments: Vec<(String, i64)> =
            moments.iter().map(|m| ("erp".to_owned(), at(m).as_millisecond())).collect();
        is_due(source, &Known::of("erp", pulls, &moments), at(now))
    }

    #[test]
    fn a_source_is_read_once_in_the_lead_of_each_cut_off() {
        let (source, cut_off) = (source(), ["23T12:00"]);
        assert!(due(&source, &[], &[], "20T00:00"), "never read");
        let old = pull("16T10:00", Some("unchanged"));
        assert!(!due(&source, std::slice::from_ref(&old), &cut_off, "23T09:59"));
        assert!(due(&source, std::slice::from_ref(&old), &cut_off, "23T10:00"));
        assert!(
            due(&source, std::slice::from_ref(&old), &cut_off, "23T13:00"),
            "missed, and still old"
        );
        let fresh = pull("23T10:00", Some("written"));
        assert!(!due(&source, &[old, fresh], &cut_off, "23T11:59"));
    }

    #[test]
    fn one_that_fails_is_tried_again_soon_before_a_cut_off_and_seldom_else() {
        let (source, cut_off) = (source(), ["23T12:00"]);
        let pulls = [pull("16T10:00", Some("written")), pull("23T10:00", Some("failed"))];
        assert!(!due(&source, &pulls, &cut_off, "23T10:09"));
        assert!(due(&source, &pulls, &cut_off, "23T10:10"));
        let never = [pull("20T10:00", Some("failed"))];
        assert!(!due(&source, &never, &[], "20T10:59") && due(&source, &never, &[], "20T11:00"));
    }

    #[test]
    fn one_may_be_read_now_and_then_besides() {
        let mut source = source();
        let pulls = [pull("20T10:00", Some("written"))];
        assert!(!due(&source, &pulls, &[], "22T10:00"));
        source.every = Some(Duration::from_secs(24 * 3_600));
        assert!(!due(&source, &pulls, &[], "21T09:59") && due(&source, &pulls, &[], "21T10:00"));
        assert!(due(&source, &pulls, &[], "19T10:00"), "the clock was set back");
    }
}

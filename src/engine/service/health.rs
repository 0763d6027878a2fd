//! Whether the service lives, and whether it can do its work: for a supervisor and a balancer.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Part, Status};
use crate::engine::Engine;
use crate::engine::watch::Halt;

/// A loop that waits looks again within a minute; one that did not for this long is stuck.
const IDLE: SignedDuration = SignedDuration::from_mins(5);
/// How long a round may go on without anything becoming durable: three times the longest wait for a
/// relay's answer (RFC 5321 4.5.3.2.6).
const AT_WORK: SignedDuration = SignedDuration::from_mins(30);
/// How long ago a loop must have ended a round well.
const RECENT: SignedDuration = SignedDuration::from_mins(5);
/// How long a probe waits for the database.
const PATIENCE: Duration = Duration::from_secs(2);

/// One thing that is wrong. Both are constants: nothing of the installation is told to a stranger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Ailment {
    /// What: `database`, `schema`, `relay`, `journal`, `schedule`, `delivery`, `service`.
    pub what: &'static str,
    /// How it shows.
    pub why: &'static str,
}

const fn ailment(what: &'static str, why: &'static str) -> Ailment {
    Ailment { what, why }
}

impl Status {
    /// What shows that a loop is stuck; empty when the process lives. `progress_at` is when
    /// something was last made durable, milliseconds.
    #[must_use]
    pub fn stuck(&self, progress_at: Option<i64>, now: Timestamp) -> Vec<Ailment> {
        let mut found = Vec::new();
        for part in [Part::Schedule, Part::Delivery] {
            let of = self.part(part);
            let progress = progress_at.and_then(|at| Timestamp::from_millisecond(at).ok());
            let last = [of.began_at, of.ended_at, progress.filter(|_| part == Part::Delivery)];
            let last = last.into_iter().flatten().max().unwrap_or(of.well_at);
            let most = if of.is_working { AT_WORK } else { IDLE };
            if of.is_on && now.duration_since(last) > most {
                found.push(ailment(part.as_str(), "its loop makes no progress"));
            }
        }
        found
    }

    fn troubled(&self, now: Timestamp) -> Vec<Ailment> {
        let mut found = Vec::new();
        for part in [Part::Schedule, Part::Delivery] {
            let of = self.part(part);
            let is_late = now.duration_since(of.well_at) > RECENT;
            if of.is_on && !of.is_working && is_late {
                found.push(ailment(part.as_str(), "no round ended well lately"));
            }
        }
        found
    }
}

impl Engine {
    /// What keeps the service from its work; empty when it is ready.
    pub async fn unready(&self, status: &Status) -> Vec<Ailment> {
        let mut found = Vec::new();
        let db = self.db.clone();
        // A probe may be dropped half way; what it asked of the database is not.
        let asked = tokio::spawn(async move { db.pending_migrations().await });
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(Ok(pending))) if pending.is_empty() => {}
            Ok(Ok(Ok(_))) => found.push(ailment("schema", "the database lacks migrations")),
            _ => found.push(ailment("database", "it does not answer")),
        }
        match self.halted().map(|halted| halted.cause) {
            Some(Halt::RelayAway) => found.push(ailment("relay", "it is away")),
            Some(Halt::RelayRefused) => {
                found.push(ailment("relay", "it does not accept our settings"));
            }
            Some(Halt::Journal) => {
                found.push(ailment(
                    "journal",
                    "it cannot be written, or knows more than the database",
                ));
            }
            Some(Halt::Other) | None => {}
        }
        found.extend(status.troubled(self.clock.now()));
        if self.stop.is_cancelled() {
            found.push(ailment("service", "it is stopping"));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_loop_that_waits_too_long_is_stuck_and_one_that_works_may_take_its_time() {
        let (seven, eight) = (at("2026-11-23T07:00:00Z"), at("2026-11-23T08:00:00Z"));
        let status = Status::new(true, true, seven);
        assert_eq!(status.stuck(None, at("2026-11-23T07:04:00Z")), []);
        assert_eq!(status.stuck(None, at("2026-11-23T07:06:00Z")).len(), 2);
        status.begin(Part::Schedule, seven);
        status.end(Part::Schedule, eight, None);
        status.begin(Part::Delivery, seven);
        assert_eq!(status.stuck(Some(eight.as_millisecond()), at("2026-11-23T08:04:00Z")), []);
        let found = status.stuck(None, at("2026-11-23T08:04:00Z"));
        assert_eq!(found.iter().map(|a| a.what).collect::<Vec<_>>(), ["delivery"]);
    }

    #[test]
    fn a_part_that_is_switched_off_ails_of_nothing() {
        let status = Status::new(false, false, at("2026-11-23T07:00:00Z"));
        let later = at("2026-11-24T07:00:00Z");
        assert_eq!((status.stuck(None, later), status.troubled(later)), (vec![], vec![]));
    }

    #[test]
    fn a_round_that_fails_again_and_again_shows() {
        let status = Status::new(true, false, at("2026-11-23T07:00:00Z"));
        let now = at("2026-11-23T07:10:00Z");
        status.begin(Part::Schedule, now);
        status.end(Part::Schedule, now, Some("gone".to_owned()));
        assert_eq!(status.stuck(None, now), []);
        assert_eq!(status.troubled(now).len(), 1);
    }
}

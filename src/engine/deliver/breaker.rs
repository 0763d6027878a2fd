//! A breaker: what failed is left alone for a while, ever longer, and then tried with one mail
//! (DESIGN 2.5).

use jiff::{SignedDuration, Timestamp};

use crate::domain::insight::fnv1a64;
use crate::store::breakers::BreakerRow;

/// Policy refusals (4.7.x) in a row, with no success between, that open a domain's breaker.
pub const IN_A_ROW: i64 = 5;
/// Jitter on top of a wait, percent of it at most.
const JITTER_PCT: u64 = 20;
/// The first wait, after a refusal of our settings, of a process that began after it: it may have
/// been started with corrected ones.
const CORRECTED: SignedDuration = SignedDuration::from_mins(1);

/// What has a breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A relay, by its place.
    Relay,
    /// A recipient domain.
    Domain,
}

impl Kind {
    /// Its word in rows and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Relay => "relay",
            Self::Domain => "domain",
        }
    }
}

/// What opened a breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// No connection to the relay, or it says 421.
    Away,
    /// The relay does not accept our settings: a login or a certificate that fails again and again
    /// locks an account.
    Refused,
    /// A domain turns mail away for now (4.7.x).
    Policy,
}

impl Cause {
    const ALL: [Self; 3] = [Self::Away, Self::Refused, Self::Policy];

    /// Its word in rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Refused => "refused",
            Self::Policy => "policy",
        }
    }

    /// The first wait and the longest; each failed trial doubles it.
    const fn waits(self) -> (SignedDuration, SignedDuration) {
        match self {
            Self::Away => (SignedDuration::from_secs(30), SignedDuration::from_mins(10)),
            Self::Refused => (SignedDuration::from_mins(15), SignedDuration::from_mins(15)),
            Self::Policy => (SignedDuration::from_mins(15), SignedDuration::from_hours(4)),
        }
    }

    /// Failures in a row that open it.
    const fn threshold(self) -> i64 {
        match self {
            Self::Away | Self::Refused => 1,
            Self::Policy => IN_A_ROW,
        }
    }
}

/// An open breaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaker {
    /// What opened it.
    pub cause: Cause,
    /// Failures in a row.
    pub failures: i64,
    /// When it opened first.
    pub opened_at: Timestamp,
    /// Until when it is left alone.
    pub open_until: Timestamp,
    /// When it last failed or was last tried.
    pub changed_at: Timestamp,
    /// Why, without addresses.
    pub why: String,
}

impl Breaker {
    /// Opens one.
    #[must_use]
    pub fn open(name: &str, cause: Cause, why: String, now: Timestamp) -> Self {
        let failures = cause.threshold();
        let open_until = now + wait(name, cause, failures);
        Self { cause, failures, opened_at: now, open_until, changed_at: now, why }
    }

    /// Opens it again after a trial that failed. Another cause begins with its own shortest wait.
    #[must_use]
    pub fn again(&self, name: &str, cause: Cause, why: String, now: Timestamp) -> Self {
        let mut next = Self::open(name, cause, why, now);
        next.opened_at = self.opened_at;
        if cause == self.cause {
            next.failures = self.failures.saturating_add(1);
            next.open_until = now + wait(name, cause, next.failures);
        }
        next
    }

    /// When a process that began at `began` may try it.
    ///
    /// Who was running when our settings were refused waits all the time, since it still has the same
    /// ones. Who began later may have better ones, and nobody can know: nothing that could be compared
    /// is kept of a password. So it waits a minute, then two, then four: a correction works at once,
    /// and a service that is started again and again locks no account.
    #[must_use]
    pub fn tried_at(&self, began: Timestamp) -> Timestamp {
        if self.cause != Cause::Refused || began <= self.changed_at {
            return self.open_until;
        }
        (self.changed_at + doubled(CORRECTED, self.failures - 1)).min(self.open_until)
    }

    /// Whether it is left alone at `now` by a process that began at `began`. A clock that was set
    /// back keeps nothing open for longer than its wait.
    #[must_use]
    pub fn is_open(&self, now: Timestamp, began: Timestamp) -> bool {
        let longest = self.cause.waits().1 * 2;
        let until = self.tried_at(began);
        now < until && until.duration_since(now) <= longest
    }

    /// From its row; none for a cause that a newer program wrote.
    #[must_use]
    pub fn of(row: &BreakerRow) -> Option<Self> {
        let at = |ms| Timestamp::from_millisecond(ms).ok();
        Some(Self {
            cause: Cause::ALL.into_iter().find(|cause| cause.as_str() == row.cause)?,
            failures: row.failures,
            opened_at: at(row.opened_at)?,
            open_until: at(row.open_until)?,
            changed_at: at(row.changed_at)?,
            why: row.why.clone(),
        })
    }

    /// Its row.
    #[must_use]
    pub fn row(&self, kind: Kind, name: &str) -> BreakerRow {
        BreakerRow {
            kind: kind.as_str().to_owned(),
            name: name.to_owned(),
            cause: self.cause.as_str().to_owned(),
            failures: self.failures,
            opened_at: self.opened_at.as_millisecond(),
            open_until: self.open_until.as_millisecond(),
            changed_at: self.changed_at.as_millisecond(),
            why: self.why.clone(),
        }
    }
}

/// How long it is left alone, with a jitter that spreads those that failed together. It comes from
/// the name, so that a repeated run gives the same plan.
fn wait(name: &str, cause: Cause, failures: i64) -> SignedDuration {
    let (first, longest) = cause.waits();
    let wait = doubled(first, failures - cause.threshold()).min(longest);
    let spread = fnv1a64(format!("{name}|{failures}").as_bytes()) % (JITTER_PCT + 1);
    wait + wait / 100 * i32::try_from(spread).unwrap_or(0)
}

/// `first`, doubled so many times, up to some days.
fn doubled(first: SignedDuration, times: i64) -> SignedDuration {
    let times = u32::try_from(times.clamp(0, 10)).unwrap_or(0);
    first * 2_i32.pow(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    /// Seconds of each wait, one trial failing after the other.
    fn waits(cause: Cause, n: usize) -> Vec<i64> {
        let now = at("2026-11-23T13:00:00Z");
        let mut breaker = Breaker::open("x", cause, String::new(), now);
        let mut found = Vec::new();
        for _ in 0..n {
            let now = breaker.open_until;
            found.push(now.duration_since(breaker.changed_at).as_secs());
            breaker = breaker.again("x", cause, String::new(), now);
        }
        found
    }

    #[test]
    fn waits_double_with_each_failed_trial_up_to_their_longest() {
        let expected = |cause, seconds: &[i64]| {
            for (found, least) in waits(cause, seconds.len()).into_iter().zip(seconds) {
                assert!((*least..=least * 12 / 10).contains(&found), "{cause:?}: {found}, {least}");
            }
        };
        expected(Cause::Away, &[30, 60, 120, 240, 480, 600, 600]);
        expected(Cause::Refused, &[900, 900, 900]);
        expected(Cause::Policy, &[900, 1_800, 3_600, 7_200, 14_400, 14_400]);
        assert_eq!(waits(Cause::Policy, 6), waits(Cause::Policy, 6), "they repeat exactly");
    }

    #[test]
    fn who_began_after_a_refusal_may_try_soon_and_ever_less_often() {
        let (before, refused) = (at("2026-11-23T12:00:00Z"), at("2026-11-23T13:00:00Z"));
        let mut breaker = Breaker::open("x", Cause::Refused, String::new(), refused);
        let after = refused + SignedDuration::from_secs(1);
        assert!(breaker.is_open(refused + SignedDuration::from_mins(14), before));
        for minutes in [1, 2, 4, 8] {
            let soon = breaker.changed_at + SignedDuration::from_mins(minutes);
            assert!(breaker.is_open(soon - SignedDuration::from_secs(1), after));
            assert!(!breaker.is_open(soon, after), "{minutes}");
            breaker = breaker.again("x", Cause::Refused, String::new(), breaker.changed_at);
        }
        breaker = breaker.again("x", Cause::Refused, String::new(), breaker.changed_at);
        assert_eq!(breaker.tried_at(after), breaker.open_until, "no later than all others");
    }

    #[test]
    fn a_clock_that_was_set_back_keeps_nothing_open() {
        let now = at("2026-11-23T13:00:00Z");
        let breaker = Breaker::open("x", Cause::Away, String::new(), now);
        assert!(breaker.is_open(now, now));
        assert!(!breaker.is_open(now - SignedDuration::from_hours(1), now));
        assert!(!breaker.is_open(breaker.open_until, now));
    }

    #[test]
    fn a_row_gives_the_same_breaker() {
        let now = at("2026-11-23T13:00:00Z");
        for cause in Cause::ALL {
            let breaker = Breaker::open("x", cause, "why".to_owned(), now);
            assert_eq!(Breaker::of(&breaker.row(Kind::Relay, "x")), Some(breaker));
        }
    }
}

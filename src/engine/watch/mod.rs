//! Watching: what an operator has to know is noticed, kept and told (DESIGN 2.6).
//!
//! ```text
//! counts ──conditions──► what holds now ──► alert rows ──tell──► one mail a condition and interval
//! ```
//! **Invariants:** what holds is a pure function of what was counted; a mail is claimed in the
//! database before it is sent, so that of several workers one sends it and a restart sends none
//! anew; while the relay is what is broken nothing is tried, and its end is told; no mail and no
//! row holds a recipient's address.
//!
//! Reading order: `conditions`, `words`, `tell`, `halt`.

pub mod conditions;
mod halt;
mod tell;
mod words;

use jiff::{SignedDuration, Timestamp};

use super::deliver::breaker::{Breaker, Cause, Kind as BreakerKind};
use super::deliver::verdict::without_addresses;
use super::plan::PlanReport;
use super::prove::Proof;
use super::{Engine, EngineError};
use conditions::{Blamed, Bypassed, Kind, Seen, SeenRun, Trouble, conditions};

pub(in crate::engine) use halt::HaltNote;
pub use halt::{Halt, Halted};

/// How long after its time a relay's breaker that nobody tried still counts.
const UNTRIED: SignedDuration = SignedDuration::from_mins(15);
/// How long a refusal that blames the sender counts.
const BLAMED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Who is watching: how long a condition must last before it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watcher {
    /// A service, which looks again in a minute.
    Service,
    /// One tick by hand, which has delivered already and does not come back soon.
    Tick,
}

impl Engine {
    /// Looks at what one round of the schedule found, keeps what holds, and tells the operator.
    ///
    /// # Errors
    /// As any read or write; a mail that could not be sent is not an error.
    pub async fn watch(
        &self,
        watcher: Watcher,
        plan: &PlanReport,
        proofs: &[Proof],
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let planning = (plan.failed > 0).then(|| Trouble {
            count: i64::try_from(plan.failed).unwrap_or(i64::MAX),
            why: plan
                .failures
                .iter()
                .next()
                .map_or_else(String::new, |(scope, why)| format!("{scope}: {why}")),
        });
        self.look(watcher, planning, proofs, now).await
    }

    /// The same for a round that failed before it could prove anything. A database that is away
    /// cannot keep an alert and is not looked at.
    pub(in crate::engine) async fn watch_failure(
        &self,
        watcher: Watcher,
        error: &EngineError,
        now: Timestamp,
    ) {
        if error.is_away() {
            return;
        }
        let planning = Trouble { count: 1, why: without_addresses(&error.to_string()) };
        if let Err(error) = self.look(watcher, Some(planning), &[], now).await {
            tracing::error!(%error, "the operator cannot be told of a failed round");
        }
    }

    async fn look(
        &self,
        watcher: Watcher,
        planning: Option<Trouble>,
        proofs: &[Proof],
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let paused = self.db.paused().await?.map(|why| without_addresses(&why));
        let halted = self.halted();
        let runs = proofs.iter().map(SeenRun::of).collect();
        let is_relay_broken = halted.as_ref().is_some_and(|halted| halted.cause.is_relay());
        let bypassed = if is_relay_broken { None } else { self.bypassed(now).await? };
        let blamed = self.blamed(now).await?;
        let unread = self.unread_sources().await?;
        let seen = Seen { runs, paused, halted, planning, bypassed, blamed, unread };
        let found = conditions(&seen, now);
        let proved: Vec<&str> = proofs.iter().map(|p| p.iso_week.as_str()).collect();
        self.keep(watcher, &found, &proved, is_relay_broken, now).await
    }

    /// The first relay, where mail goes round it: at once when it refuses us, after a while when it
    /// is away, since one that is restarted comes back.
    async fn bypassed(&self, now: Timestamp) -> Result<Option<Bypassed>, EngineError> {
        if self.settings.relay.fallback.is_empty() {
            return Ok(None);
        }
        let relay = self.settings.relay.way.place();
        let rows = self.db.breakers().await?;
        let row =
            rows.iter().find(|row| row.kind == BreakerKind::Relay.as_str() && row.name == relay);
        let Some(breaker) = row.and_then(Breaker::of) else { return Ok(None) };
        let patience = match breaker.cause {
            Cause::Refused => SignedDuration::ZERO,
            Cause::Away | Cause::Policy => Kind::RelayAway.patience(true),
        };
        // Where no mail is due nobody tries it any more, and nothing is known.
        let is_fresh = now.duration_since(breaker.open_until) <= UNTRIED;
        let is_told = is_fresh && now.duration_since(breaker.opened_at) >= patience;
        let (why, since) = (breaker.why, breaker.opened_at);
        Ok(is_told.then_some(Bypassed { relay, why, since }))
    }

    /// Refusals of the last day that blame the sender.
    async fn blamed(&self, now: Timestamp) -> Result<Option<Blamed>, EngineError> {
        let faults = self.db.sender_faults((now - BLAMED_FOR).as_millisecond()).await?;
        let since = faults.since.and_then(|at| Timestamp::from_millisecond(at).ok());
        let why = without_addresses(&faults.why.unwrap_or_default());
        Ok(since.map(|since| Blamed { count: faults.sender, why, since: since.min(now) }))
    }

    /// The runs that the operator was told of and not yet that it is over: they are proved again
    /// until it is.
    pub(in crate::engine) async fn alerted_weeks(&self) -> Result<Vec<String>, EngineError> {
        let rows = self.db.alerts().await?.into_iter();
        Ok(rows.filter_map(|row| Some(row.key.split_once('.')?.1.to_owned())).collect())
    }

    /// How many conditions last, by kind; every kind has an entry.
    pub(in crate::engine) async fn count_alerts(
        &self,
    ) -> Result<Vec<(&'static str, i64)>, EngineError> {
        let rows = self.db.alerts_by_kind().await?;
        let of =
            |kind: Kind| rows.iter().find(|(name, _)| name == kind.as_str()).map_or(0, |r| r.1);
        Ok(Kind::ALL.into_iter().map(|kind| (kind.as_str(), of(kind))).collect())
    }
}

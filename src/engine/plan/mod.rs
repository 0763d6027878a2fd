//! Planning: what is due becomes frozen editions and one delivery for each subscription (DESIGN 2.2).
//!
//! A planned scope is claimed by moving its next cut-off on with a compare-and-set, in the same
//! transaction that freezes its editions and writes its deliveries. Planning twice, from two
//! processes or after a crash, changes nothing.

pub(super) mod cut;
pub(super) mod desk;
pub(super) mod failures;
pub(super) mod heard;
mod organizations;
mod portfolio_cut;
mod portfolios;
pub(super) mod public;
pub(super) mod rows;
pub(super) mod slots;
mod write;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::mail::delivery_id;
use crate::mail::message_id::MessageId;
use crate::store::deliveries::NewDelivery;
use crate::store::due::Subscriber;

use super::journal::Journal;
use super::{Engine, EngineError};
use slots::Window;

pub use write::{Planned, Rows};

/// Further away than the next cut-off ever is: moved from the first hour of a week to the last of the
/// next, with a day that a zone leaves out.
const DISTANT: SignedDuration = SignedDuration::from_hours(15 * 24);

/// What one tick planned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanReport {
    /// Editions frozen.
    pub frozen: usize,
    /// Drafts made for review.
    pub drafts: usize,
    /// Editions held for an approval.
    pub held: usize,
    /// Scopes whose cut-off was missed by more than the grace.
    pub expired: usize,
    /// Scopes that could not be planned, once for each try.
    pub failed: usize,
    /// The first of them, each with why, without addresses.
    pub failures: std::collections::BTreeMap<String, String>,
    /// Deliveries written, skipped ones included.
    pub deliveries: u64,
    /// ISO weeks that something was planned for.
    pub weeks: std::collections::BTreeSet<String>,
}

impl PlanReport {
    /// Adds what another part planned.
    pub fn take_in(&mut self, other: Self) {
        self.frozen += other.frozen;
        self.drafts += other.drafts;
        self.held += other.held;
        self.expired += other.expired;
        self.failed += other.failed;
        self.failures.extend(other.failures);
        self.deliveries += other.deliveries;
        self.weeks.extend(other.weeks);
    }

    /// Counts a first edition by its state.
    fn count(&mut self, state: Option<&str>) {
        match state {
            Some("frozen") => self.frozen += 1,
            Some("held") => self.held += 1,
            Some("expired") => self.expired += 1,
            _ => {}
        }
    }
}

impl Engine {
    /// Plans everything that is due at `now`.
    ///
    /// # Errors
    /// The first failure; what was planned before it stays planned.
    pub async fn plan(&self, now: Timestamp) -> Result<PlanReport, EngineError> {
        let mut report = PlanReport::default();
        self.forget_distant(now).await?;
        self.plan_organizations(now, &mut report).await?;
        self.plan_portfolios(now, &mut report).await?;
        self.plan_public(now, &mut report).await?;
        Ok(report)
    }

    /// A cut-off that is further away than any can be was set by a clock that ran ahead: without
    /// this, one wrong tick would silence everybody until then.
    async fn forget_distant(&self, now: Timestamp) -> Result<(), EngineError> {
        let distant = (now + DISTANT).as_millisecond();
        let forgotten = self.db.forget_distant(distant).await?;
        if forgotten > 0 {
            tracing::warn!(
                forgotten,
                "cut-offs were further away than a clock that is right sets them"
            );
        }
        Ok(())
    }

    /// Whether a cut-off was missed: by more than the grace, and not because the database is a restored
    /// one. What was planned and sent before a loss was in time.
    async fn is_missed(
        &self,
        cut_off: Timestamp,
        due: Option<i64>,
        now: Timestamp,
    ) -> Result<bool, EngineError> {
        Ok(self.is_late(cut_off, due, now) && !self.is_restored_since(cut_off).await?)
    }

    /// Whether mail left after a cut-off that the database, restored since, did not know of: by what
    /// an operator said then, or by what the journal knows as long as nobody said anything.
    async fn is_restored_since(&self, cut_off: Timestamp) -> Result<bool, EngineError> {
        if self.db.settled_until().await?.is_some_and(|until| until >= cut_off) {
            return Ok(true);
        }
        let gap = Journal::of(&self.settings.journal).gap(&self.db).await?;
        Ok(gap.is_some_and(|gap| gap.until >= cut_off))
    }

    /// Whether more than the grace has passed since a cut-off (DESIGN 2.4). One that was moved to
    /// before the instant it was waited for (`due`) was not missed until then.
    fn is_late(&self, cut_off: Timestamp, due: Option<i64>, now: Timestamp) -> bool {
        let grace =
            SignedDuration::try_from(self.settings.schedule.grace).unwrap_or(SignedDuration::MAX);
        let due = due.and_then(|at| Timestamp::from_millisecond(at).ok());
        let waited_for = due.map_or(cut_off, |due| due.max(cut_off));
        now.duration_since(waited_for) > grace
    }

    /// The person's own zone, else the fallback: also where the stored name is no zone any more.
    fn zone_of(&self, subscriber: &Subscriber, fallback: &TimeZone) -> TimeZone {
        let own = subscriber.time_zone.as_deref().map(|n| self.zones.get(n));
        match own {
            Some(Ok(zone)) => zone,
            // A name that is none is said once, where it is looked up.
            Some(Err(_)) | None => fallback.clone(),
        }
    }

    /// Opens the runs of some weeks, so that the proof looks at them.
    pub(super) async fn open_runs(
        &self,
        weeks: impl IntoIterator<Item = String>,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let mut tx = self.db.begin().await?;
        for week in weeks {
            tx.open_run(&week, now.as_millisecond()).await?;
            report.weeks.insert(week);
        }
        tx.commit().await?;
        Ok(())
    }

    /// A delivery of an edition to a subscription.
    fn delivery(
        &self,
        subscriber: &Subscriber,
        week: &str,
        window: Window,
        fate: Fate,
        now: Timestamp,
    ) -> Result<NewDelivery, EngineError> {
        let id = delivery_id::Delivery {
            scope: subscriber.organization_id.as_deref().unwrap_or(&subscriber.role),
            subscription: &subscriber.id,
            iso_week: week,
            kind: "brief",
        }
        .id();
        let message_id = match fate {
            Fate::Queued(_) | Fate::Held => {
                Some(MessageId::of_delivery(&id, &self.settings.mail.domain)?.to_string())
            }
            Fate::Skipped(_) | Fate::Expired => None,
        };
        let (state, reason, edition_id) = match fate {
            Fate::Queued(edition) => ("queued", None, Some(edition)),
            Fate::Held => ("held", None, None),
            Fate::Skipped(reason) => ("skipped", Some(reason.to_owned()), None),
            Fate::Expired => ("expired", Some("the cut-off was missed".to_owned()), None),
        };
        Ok(NewDelivery {
            id,
            edition_id,
            subscription_id: subscriber.id.clone(),
            iso_week: week.to_owned(),
            kind: "brief",
            state,
            reason,
            send_at: window.send_at.as_millisecond(),
            expires_at: window.expires_at.as_millisecond(),
            message_id,
            at: now.as_millisecond(),
        })
    }
}

/// What becomes of a subscription this week.
enum Fate {
    /// It gets this edition.
    Queued(String),
    /// It waits for an approval.
    Held,
    /// It gets nothing, for a reason.
    Skipped(&'static str),
    /// The week was missed.
    Expired,
}

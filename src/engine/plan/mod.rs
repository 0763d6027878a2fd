//! Planning: what is due becomes frozen editions and one delivery for each subscription (DESIGN 2.2).
//!
//! A planned scope is claimed by moving its next cut-off on with a compare-and-set, in the same
//! transaction that freezes its editions and writes its deliveries. Planning twice, from two
//! processes or after a crash, changes nothing.

pub(super) mod organizations;
mod portfolios;
pub(super) mod public;
mod slots;
mod write;

use jiff::{SignedDuration, Timestamp};

use crate::clock::new_id;
use crate::mail::message_id::MessageId;
use crate::store::deliveries::NewDelivery;
use crate::store::due::Subscriber;

use super::{Engine, EngineError};
use slots::Window;

pub use write::Planned;

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
        self.deliveries += other.deliveries;
        self.weeks.extend(other.weeks);
    }
}

impl Engine {
    /// Plans everything that is due at `now`.
    ///
    /// # Errors
    /// The first failure; what was planned before it stays planned.
    pub async fn plan(&self, now: Timestamp) -> Result<PlanReport, EngineError> {
        let mut report = PlanReport::default();
        self.plan_organizations(now, &mut report).await?;
        self.plan_portfolios(now, &mut report).await?;
        self.plan_public(now, &mut report).await?;
        Ok(report)
    }

    /// Whether a cut-off was missed by more than the grace (DESIGN 2.4).
    fn is_too_late(&self, cut_off: Timestamp, now: Timestamp) -> bool {
        let grace =
            SignedDuration::try_from(self.settings.schedule.grace).unwrap_or(SignedDuration::MAX);
        now.duration_since(cut_off) > grace
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
        let id = new_id();
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

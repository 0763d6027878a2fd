//! Subscriptions: begun, changed, ended.

use jiff::Timestamp;
use serde_json::json;

use crate::domain::codes::Channel;
use crate::engine::{Engine, EngineError};
use crate::store::audit::Actor;
use crate::store::confirmations::{Asked, Wanted, ask_within};
use crate::store::consent::Act;
use crate::store::subscriptions::{self, NewSubscription, Step, SubscriptionChange, step_within};

use super::{difference, entry};

/// What is known of whether they want it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// Nothing: they are invited by mail, and get nothing else before they confirm.
    Invite,
    /// They agreed elsewhere; it is written down as that, by whoever says so.
    Recorded,
    /// Nothing, and nobody asks them now.
    None,
}

/// What became of a subscription that was to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joined {
    /// It is there; its row id.
    Begun(String),
    /// It was there, and this stood in the way of an invitation.
    Not(Asked),
}

impl Engine {
    /// Begins a subscription, and makes a person of an address that is new.
    ///
    /// # Errors
    /// As [`subscriptions::add`].
    pub async fn begin_subscription(
        &self,
        wanted: Wanted,
        consent: Consent,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Joined, EngineError> {
        let role = wanted.role;
        let mut tx = self.db.begin().await?;
        let id = if consent == Consent::Invite {
            let (id, asked) = ask_within(&mut tx, &self.invitation(wanted, now), now).await?;
            if asked != Asked::WillAsk {
                tx.rollback().await?;
                return Ok(Joined::Not(asked));
            }
            id
        } else {
            let Wanted { email, name, role, organization, slot, quiet } = wanted;
            let new = NewSubscription {
                email,
                name,
                organization,
                role,
                slot,
                quiet,
                confirmed_at: None,
            };
            subscriptions::add_within(&mut tx, new, now).await?.id
        };
        if consent == Consent::Recorded {
            step_within(&mut tx, Step::Confirm, &id, &Act::by(Channel::Api), now).await?;
        }
        let row = subscriptions::find_within(&mut tx, &id).await?;
        let consent = match consent {
            Consent::Invite => "invited",
            Consent::Recorded => "recorded",
            Consent::None => "none",
        };
        let detail = json!({ "role": role, "consent": consent });
        let about = entry(row.organization_id.as_deref(), "subscription.add", &id, &detail);
        tx.audit(actor, about, now).await?;
        tx.commit().await?;
        Ok(Joined::Begun(id))
    }

    /// Changes a subscription.
    ///
    /// # Errors
    /// As [`subscriptions::change`].
    pub async fn change_subscription(
        &self,
        id: &str,
        change: SubscriptionChange,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let mut tx = self.db.begin().await?;
        let before = subscriptions::find_within(&mut tx, id).await?;
        let row = subscriptions::change_within(&mut tx, id, change, now).await?;
        let detail = difference(&[
            ("weekday", json!(before.weekday), json!(row.weekday)),
            ("hour", json!(before.hour), json!(row.hour)),
            ("quiet", json!(before.quiet), json!(row.quiet)),
            ("pause_from", json!(before.pause_from), json!(row.pause_from)),
            ("pause_until", json!(before.pause_until), json!(row.pause_until)),
        ]);
        if detail.as_object().is_some_and(|told| !told.is_empty()) {
            let about = entry(row.organization_id.as_deref(), "subscription.change", id, &detail);
            tx.audit(actor, about, now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Confirms or ends a subscription in somebody's name. Returns whether that was new.
    ///
    /// # Errors
    /// [`StoreError::NotFound`](crate::store::StoreError::NotFound).
    pub async fn step_subscription(
        &self,
        id: &str,
        step: Step,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, EngineError> {
        let action = match step {
            Step::Confirm => "subscription.confirm",
            Step::Unsubscribe => "subscription.unsubscribe",
            Step::End => "subscription.end",
        };
        let mut tx = self.db.begin().await?;
        let row = subscriptions::find_within(&mut tx, id).await?;
        let is_new = step_within(&mut tx, step, id, &Act::by(Channel::Api), now).await?;
        if is_new {
            let (organization, detail) = (row.organization_id.as_deref(), json!({}));
            tx.audit(actor, entry(organization, action, id, &detail), now).await?;
        }
        tx.commit().await?;
        Ok(is_new)
    }
}

//! Addresses that get no mail: added, lifted. The log knows them by their hash.

use jiff::Timestamp;
use serde_json::json;

use crate::domain::address::EmailAddress;
use crate::domain::bounce::SuppressionReason;
use crate::engine::{Engine, EngineError};
use crate::store::address_hash::AddressHash;
use crate::store::audit::Actor;
use crate::store::suppressions::ByHand;

use super::entry;

/// An address to be suppressed.
#[derive(Debug, Clone)]
pub struct NewSuppression {
    /// The address.
    pub email: EmailAddress,
    /// Why.
    pub reason: SuppressionReason,
    /// The same in words, without addresses.
    pub detail: Option<String>,
    /// Until when; none for good.
    pub expires_at: Option<Timestamp>,
}

impl Engine {
    /// Suppresses an address; whether that reason holds now and did not before.
    ///
    /// # Errors
    /// As any write.
    pub async fn suppress(
        &self,
        new: &NewSuppression,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, EngineError> {
        let wanted = ByHand {
            email: &new.email,
            reason: new.reason,
            detail: new.detail.as_deref(),
            source: actor.way.as_str(),
            expires_at: new.expires_at.map(Timestamp::as_millisecond),
        };
        let mut tx = self.db.begin().await?;
        let is_new = tx.suppress_by_hand(&wanted, now.as_millisecond()).await?;
        if is_new {
            let detail = json!({ "reason": new.reason.as_str() });
            let address = AddressHash::of(&new.email);
            tx.audit(actor, entry(None, "suppression.add", address.as_str(), &detail), now).await?;
        }
        tx.commit().await?;
        Ok(is_new)
    }

    /// Lifts a row of the list by its id; whether it stood.
    ///
    /// # Errors
    /// As any write.
    pub async fn lift_suppression(
        &self,
        id: &str,
        why: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, EngineError> {
        let mut tx = self.db.begin().await?;
        let is_new = tx.lift_row(id, why, now.as_millisecond()).await?;
        if is_new {
            tx.audit(actor, entry(None, "suppression.lift", id, &json!({ "why": why })), now)
                .await?;
        }
        tx.commit().await?;
        Ok(is_new)
    }
}

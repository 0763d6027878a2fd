//! Single deliveries: queued again, ended.

use jiff::Timestamp;
use serde_json::json;

use crate::engine::{Engine, EngineError};
use crate::store::audit::Actor;

use super::entry;

impl Engine {
    /// Queues one delivery again. `organization` is the row id of the one it is about, for the log.
    ///
    /// # Errors
    /// As [`Db::retry_by_hand`](crate::store::Db::retry_by_hand).
    pub async fn retry_delivery(
        &self,
        id: &str,
        organization: Option<&str>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let mut tx = self.db.begin().await?;
        let before = tx.retry_by_hand(id, now.as_millisecond()).await?;
        let detail = json!({ "state": { "from": before.state, "to": "queued" } });
        tx.audit(actor, entry(organization, "delivery.retry", id, &detail), now).await?;
        Ok(tx.commit().await?)
    }

    /// Ends one delivery that has not left, likewise.
    ///
    /// # Errors
    /// As [`Db::cancel_by_hand`](crate::store::Db::cancel_by_hand).
    pub async fn cancel_delivery(
        &self,
        id: &str,
        organization: Option<&str>,
        why: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let mut tx = self.db.begin().await?;
        let before = tx.cancel_by_hand(id, why, now.as_millisecond()).await?;
        let detail = json!({ "state": { "from": before.state, "to": "cancelled" }, "why": why });
        tx.audit(actor, entry(organization, "delivery.cancel", id, &detail), now).await?;
        Ok(tx.commit().await?)
    }
}

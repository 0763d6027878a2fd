//! What people say about an edition: a note, a decision, a stop (DESIGN 2.3).
//!
//! A decision is a row; the next tick acts on it. Only cancelling acts at once, because mail may be
//! on its way.

use crate::engine::compose::READERS;
use crate::engine::{Engine, EngineError};
use crate::store::editions::EditionRow;

impl Engine {
    /// Writes a note on top of an edition that is not sent yet; an empty one takes the last back.
    ///
    /// # Errors
    /// [`EngineError::Refused`] for an edition that is frozen already.
    pub async fn add_note(&self, id: &str, text: &str, author: &str) -> Result<(), EngineError> {
        let edition = self.open_edition(id).await?;
        let now = self.clock.now().as_millisecond();
        Ok(self.db.add_note(&edition, text, author, now).await?)
    }

    /// Records the decision to approve or skip an edition; the next tick acts on it.
    ///
    /// # Errors
    /// [`EngineError::Refused`] for an edition that is frozen already.
    pub async fn decide(
        &self,
        id: &str,
        decision: &str,
        actor: &str,
        reason: Option<&str>,
    ) -> Result<(), EngineError> {
        let edition = self.open_edition(id).await?;
        let now = self.clock.now().as_millisecond();
        Ok(self.db.add_decision(&edition, decision, actor, reason, now).await?)
    }

    async fn open_edition(&self, id: &str) -> Result<EditionRow, EngineError> {
        let edition = self.db.edition(id).await?;
        if matches!(edition.state.as_str(), "draft" | "held") {
            return Ok(edition);
        }
        Err(EngineError::Refused(format!(
            "edition {id} is {}; only a draft or a held edition can be changed. \
             Use `brief editions cancel` for what has not left yet, or `brief editions correct`",
            edition.state
        )))
    }

    /// Stops an edition at once, and the readers' with the leader's: nothing of it that has not left
    /// will leave. Returns how many deliveries were stopped.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when there is nothing to stop.
    pub async fn cancel(&self, id: &str, actor: &str, why: &str) -> Result<u64, EngineError> {
        let edition = self.db.edition(id).await?;
        let twin = self.db.edition_twin(id, READERS).await?;
        let now = self.clock.now().as_millisecond();
        let reason = format!("cancelled by {actor}: {why}");
        let mut tx = self.db.begin().await?;
        if !tx.cancel_edition(id, &reason).await? {
            let state = edition.state;
            return Err(EngineError::Refused(format!(
                "edition {id} is {state}: nothing to cancel"
            )));
        }
        let mut stopped = tx.cancel_deliveries_of(id, &reason, now).await?;
        if let Some(twin) = &twin {
            // Readers are told nothing that leaders are not.
            tx.cancel_edition(twin, &reason).await?;
            stopped += tx.cancel_deliveries_of(twin, &reason, now).await?;
        }
        if edition.state == "held" {
            let (scope, week) = (&edition.scope_id, &edition.iso_week);
            stopped += tx.end_held(scope, week, "cancelled", &reason, now).await?;
        }
        if edition.state != "draft" {
            tx.open_run(&edition.iso_week, now).await?;
        }
        tx.commit().await?;
        self.db.add_decision(&edition, "cancel", actor, Some(why), now).await?;
        Ok(stopped)
    }
}

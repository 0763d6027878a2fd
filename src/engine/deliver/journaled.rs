//! What the journal has to say before mail leaves (DESIGN 2.8).

use std::sync::Arc;

use jiff::Timestamp;

use crate::engine::journal::{Journal, Writer};
use crate::engine::{Engine, EngineError};

impl Engine {
    /// The journal, open for one delivery; or why nothing may be delivered, in words for the
    /// operator.
    pub(super) async fn journal(
        &self,
        now: Timestamp,
    ) -> Result<Result<Arc<Writer>, String>, EngineError> {
        if let Some(why) = self.unknown().await? {
            return Ok(Err(why));
        }
        let writer = Journal::of(&self.settings.journal).writer(&self.unwritten, now);
        Ok(writer.map(Arc::new).map_err(|error| error.to_string()))
    }

    /// Why nothing may be delivered where the database does not know what the journal knows, or
    /// nobody can tell.
    pub(super) async fn unknown(&self) -> Result<Option<String>, EngineError> {
        match Journal::of(&self.settings.journal).gap(&self.db).await {
            Ok(gap) => Ok(gap.map(|gap| gap.to_string())),
            Err(EngineError::Journal(error)) => Ok(Some(error.to_string())),
            Err(other) => Err(other),
        }
    }
}

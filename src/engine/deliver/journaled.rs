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
        let journal = Journal::of(&self.settings.journal);
        match journal.gap(&self.db).await {
            Ok(None) => {}
            Ok(Some(gap)) => return Ok(Err(gap.to_string())),
            Err(EngineError::Journal(error)) => return Ok(Err(error.to_string())),
            Err(other) => return Err(other),
        }
        let writer = journal.writer(&self.unwritten, now);
        Ok(writer.map(Arc::new).map_err(|error| error.to_string()))
    }
}

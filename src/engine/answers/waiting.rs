//! What the consultant sees of it: answers that nobody dealt with yet.

use serde_json::json;

use crate::engine::register::RegisterError;
use crate::engine::{Engine, EngineError};
use crate::store::answers::WaitingAnswer;
use crate::store::audit::Actor;

/// Most answers that are listed at once.
const MOST: i64 = 500;

impl Engine {
    /// Answers that nobody dealt with yet, the oldest first, 500 at most: of some organizations by
    /// their row ids, or of all.
    ///
    /// # Errors
    /// As any read.
    pub async fn answers_waiting<T: AsRef<str> + Sync>(
        &self,
        organizations: Option<&[T]>,
    ) -> Result<Vec<WaitingAnswer>, EngineError> {
        Ok(self.db.answers_waiting(organizations, MOST).await?)
    }

    /// Deals with an answer at an organization, both by row id. False where somebody has already.
    ///
    /// # Errors
    /// [`RegisterError::NotFound`] where it is no answer about a gap of the organization.
    pub async fn answer_seen(
        &self,
        organization: &str,
        answer: &str,
        actor: &Actor,
    ) -> Result<bool, RegisterError> {
        let mut book = self.begin_writing(organization).await?;
        let about = book.tx.gap_of_answer(answer, organization).await?;
        let (gap, kind) = about
            .ok_or_else(|| RegisterError::NotFound { what: "answer", name: answer.to_owned() })?;
        if !book.tx.see_answer(answer, organization, &actor.name, book.now).await? {
            return Ok(false);
        }
        let detail = json!({"answer": kind, "id": answer});
        book.audit(actor, "answer.seen", &gap, &detail).await?;
        book.commit().await?;
        Ok(true)
    }
}

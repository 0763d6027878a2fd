//! What a consultant decides about a nudge, with its row in the audit log.

use serde_json::json;

use crate::domain::insight::fnv1a64;
use crate::domain::nudge::{NudgeState, text};
use crate::engine::{Engine, EngineError};
use crate::store::StoreError;
use crate::store::audit::{Actor, Entry};
use crate::store::nudges::Known;

/// What is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// These words are kept; it is not approved yet.
    Save(String),
    /// It goes, with these words.
    Approve(String),
    /// It does not go.
    Skip,
    /// It is a draft again.
    TakeBack,
    /// It was answered by another way than a link: a reply, a call.
    Answered,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum NudgeError {
    /// There is no such nudge.
    #[error("there is no such nudge")]
    NotFound,
    /// The words are none of a nudge. The sentence reads behind "The text".
    #[error("{0}")]
    Words(String),
    /// It is somewhere else by now.
    #[error("{0}")]
    Conflict(String),
    /// The database.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for NudgeError {
    fn from(error: StoreError) -> Self {
        Self::Engine(error.into())
    }
}

/// The version of a nudge: another one as soon as its words or its state change.
#[must_use]
pub fn version(state: &str, text: &str) -> String {
    format!("{:016x}", fnv1a64(format!("{state}\n{text}").as_bytes()))
}

impl Engine {
    /// Row id of the client that a nudge is about; none where there is no such nudge.
    ///
    /// # Errors
    /// As any read.
    pub async fn client_of_nudge(&self, id: &str) -> Result<Option<String>, EngineError> {
        if id.contains('\0') {
            return Ok(None);
        }
        let mut tx = self.db.begin_read().await?;
        let known = tx.known_nudge(id).await?;
        tx.rollback().await?;
        Ok(known.map(|own| own.organization_id))
    }

    /// Decides about a nudge, which must be as it was when it was looked at.
    ///
    /// # Errors
    /// [`NudgeError::Words`] for words that are no nudge, [`NudgeError::Conflict`] where it is not any
    /// more what was looked at.
    pub async fn decide_nudge(
        &self,
        id: &str,
        expected: &str,
        decision: &Decision,
        actor: &Actor,
    ) -> Result<(), NudgeError> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let known = tx.known_nudge(id).await?.ok_or(NudgeError::NotFound)?;
        if version(&known.state, &known.text) != expected {
            return Err(NudgeError::Conflict(changed(&known.state)));
        }
        let step = step(&known, decision)?;
        let is_late = known.expires_at.is_some_and(|end| end <= now.as_millisecond());
        if is_late && step.state == NudgeState::Approved {
            let words =
                "its week is over, so it cannot go any more; the next portfolio drafts anew";
            return Err(NudgeError::Conflict(words.to_owned()));
        }
        let by = actor.person_id.as_deref();
        let done = match step.state {
            NudgeState::Answered => tx.nudge_answered(id, by, now).await?,
            state => {
                let after = (state.as_str(), step.text.as_str());
                tx.decide_nudge(&known, after, step.why, by, now).await?
            }
        };
        if !done {
            return Err(NudgeError::Conflict(changed(&known.state)));
        }
        let detail = json!({
            "id": id,
            "before": {"state": known.state, "text": known.text},
            "after": {"state": step.state.as_str(), "text": step.text},
        });
        let subject = known.gap.as_deref().unwrap_or(id);
        let organization = Some(known.organization_id.as_str());
        let entry = Entry { organization, action: step.action, subject, detail: &detail };
        tx.audit(actor, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn changed(state: &str) -> String {
    let what = match state.parse() {
        Ok(NudgeState::Drafted) => "it is a draft with other words by now",
        Ok(NudgeState::Approved) => "it is approved by now",
        Ok(NudgeState::HandingOver | NudgeState::Sent | NudgeState::Answered) => {
            "it was sent meanwhile"
        }
        _ => "it is over by now",
    };
    format!("{what}; look at it again")
}

/// Where a decision leads.
struct Step {
    state: NudgeState,
    text: String,
    why: Option<&'static str>,
    action: &'static str,
}

fn step(known: &Known, decision: &Decision) -> Result<Step, NudgeError> {
    let state: Option<NudgeState> = known.state.parse().ok();
    let words = |typed: &str| text::checked(typed).map_err(NudgeError::Words);
    let same = || known.text.clone();
    let (state, text, why, action) = match (state, decision) {
        (Some(NudgeState::Drafted), Decision::Save(typed)) => {
            (NudgeState::Drafted, words(typed)?, None, "nudge.edit")
        }
        (Some(NudgeState::Drafted), Decision::Approve(typed)) => {
            (NudgeState::Approved, words(typed)?, None, "nudge.approve")
        }
        (Some(NudgeState::Drafted | NudgeState::Approved), Decision::Skip) => {
            (NudgeState::Skipped, same(), Some("skipped"), "nudge.skip")
        }
        (Some(NudgeState::Approved), Decision::TakeBack) => {
            (NudgeState::Drafted, same(), None, "nudge.take_back")
        }
        (Some(NudgeState::Sent | NudgeState::Uncertain), Decision::Answered) => {
            (NudgeState::Answered, same(), None, "nudge.answered")
        }
        _ => return Err(NudgeError::Conflict(changed(&known.state))),
    };
    Ok(Step { state, text, why, action })
}

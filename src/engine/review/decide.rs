//! What people say about an edition: a note, a decision, a stop (DESIGN 2.3).
//!
//! A decision is a row; the next tick acts on it, and a later one takes its place until then. Only
//! cancelling acts at once, because mail may be on its way. Each is one transaction with its row in the
//! audit log.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::domain::register::{Refusal, version};
use crate::domain::review;
use crate::engine::compose::READERS;
use crate::engine::register::{RegisterError, Written};
use crate::engine::{Engine, EngineError};
use crate::store::Tx;
use crate::store::audit::{Actor, Entry};
use crate::store::editions::{EditionRow, Review};

/// What somebody decides about an edition that has not left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It may be sent.
    Approve,
    /// Nothing is sent about this week; perhaps why.
    Skip(Option<String>),
}

impl Decision {
    /// The word in the row.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Skip(_) => "skip",
        }
    }
}

/// An edition that is open, in the transaction that says something about it.
struct Open {
    tx: Tx,
    row: EditionRow,
    review: Review,
    now: Timestamp,
}

impl Review {
    /// Whether somebody can still say something about it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "draft" | "held")
    }

    /// Its version: another one as soon as its state, its note or its decision is another.
    #[must_use]
    pub fn version(&self) -> String {
        let said = [self.note_id.as_deref(), self.decision_id.as_deref()];
        version(&json!([self.id, self.state]), said.into_iter().flatten())
    }

    /// Who said something last, and when.
    fn last_said(&self) -> Option<(&str, Timestamp)> {
        let said = [(&self.note_by, self.note_at), (&self.decided_by, self.decided_at)];
        let said = said.into_iter().filter_map(|(who, at)| Some((who.as_deref()?, at?)));
        let (who, at) = said.max_by_key(|(_, at)| *at)?;
        Some((who, Timestamp::from_millisecond(at).ok()?))
    }
}

impl Engine {
    /// Writes a note on top of an edition that is not sent yet; an empty one takes the last back.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] for a note that is too long, [`RegisterError::Conflict`] for an edition
    /// that is frozen already, or where another version was expected.
    pub async fn add_note(
        &self,
        id: &str,
        text: &str,
        actor: &Actor,
        expected: Option<&str>,
    ) -> Result<Written, RegisterError> {
        let words = review::note(text).map_err(|problem| refused("note", problem))?;
        let mut open = self.open_edition(id, expected).await?;
        if words == open.review.note.as_deref().unwrap_or_default() {
            return Ok(Written { id: id.to_owned(), ..Written::default() });
        }
        let author = actor.signed();
        open.tx.add_note(&open.row, &words, &author, open.now.as_millisecond()).await?;
        let detail = json!({ "note": { "from": open.review.note, "to": words } });
        open.done(actor, "edition.note", detail).await
    }

    /// Records the decision to approve or skip an edition; the next tick acts on it.
    ///
    /// # Errors
    /// As [`add_note`](Self::add_note), for a reason that is too long.
    pub async fn decide(
        &self,
        id: &str,
        decision: &Decision,
        actor: &Actor,
        expected: Option<&str>,
    ) -> Result<Written, RegisterError> {
        let reason = match decision {
            Decision::Skip(Some(why)) => {
                review::reason(why).map_err(|problem| refused("reason", problem))?
            }
            Decision::Approve | Decision::Skip(None) => None,
        };
        let mut open = self.open_edition(id, expected).await?;
        let (word, at) = (decision.as_str(), open.now.as_millisecond());
        open.tx.add_decision(&open.row, word, &actor.signed(), reason.as_deref(), at).await?;
        let detail = json!({
            "decision": { "from": open.review.decision, "to": word }, "why": reason
        });
        let action = match decision {
            Decision::Approve => "edition.approve",
            Decision::Skip(_) => "edition.skip",
        };
        open.done(actor, action, detail).await
    }

    /// Begins to say something about an edition: whoever else does at the same client waits.
    async fn open_edition(&self, id: &str, expected: Option<&str>) -> Result<Open, RegisterError> {
        let row = self.db.edition(id).await?;
        let mut tx = self.db.begin().await?;
        tx.take_turn(&row.scope_id).await?;
        let review = tx.review(id).await?.filter(Review::is_open);
        let Some(review) = review else {
            let state = self.db.edition(id).await?.state;
            return Err(RegisterError::Conflict(format!(
                "edition {id} is {state}; only a draft or a held edition can be changed. \
                 Use `brief editions cancel` for what has not left yet, or `brief editions correct`"
            )));
        };
        if expected.is_some_and(|expected| expected != review.version()) {
            let zone = self.zones.get(&review.time_zone)?;
            return Err(RegisterError::Conflict(meanwhile(&review, &zone)));
        }
        Ok(Open { tx, row, review, now: self.clock.now() })
    }

    /// Stops an edition at once, and the readers' with the leader's: nothing of it that has not left
    /// will leave, and what comes back from a relay is not sent again. Returns how many deliveries were
    /// stopped.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when there is nothing to stop.
    pub async fn cancel(&self, id: &str, actor: &Actor, why: &str) -> Result<u64, EngineError> {
        let scope = self.db.edition(id).await?.scope_id;
        let mut tx = self.db.begin().await?;
        // Whoever plans this week is waited for: what is stopped is what stands after it.
        tx.take_turn(&scope).await?;
        let edition = tx.edition(id).await?;
        let twin = tx.edition_twin(id, READERS).await?;
        let (at, by) = (self.clock.now(), actor.signed());
        let now = at.as_millisecond();
        let reason = format!("cancelled by {by}: {why}");
        // Readers are told nothing that leaders are not.
        let both: Vec<&str> = [Some(id), twin.as_deref()].into_iter().flatten().collect();
        let Stopped { mut deliveries, has_left, is_leaving } =
            stop(&mut tx, &both, &reason, now).await?;
        if has_left && deliveries == 0 && !is_leaving {
            tx.rollback().await?;
            return Err(EngineError::Refused(format!(
                "edition {id} has left: nothing to cancel. `brief editions correct` answers a mistake"
            )));
        }
        // What somebody got stays an edition that left: it can be corrected, and the next follows it.
        if !has_left && !tx.cancel_edition(id, &reason).await? {
            tx.rollback().await?;
            let state = edition.state;
            return Err(EngineError::Refused(format!(
                "edition {id} is {state}: nothing to cancel"
            )));
        }
        if let Some(twin) = twin.as_deref().filter(|_| !has_left) {
            tx.cancel_edition(twin, &reason).await?;
        }
        if edition.state == "held" {
            let (scope, week) = (&edition.scope_id, &edition.iso_week);
            deliveries += tx.end_held(scope, week, "cancelled", &reason, now).await?;
        }
        if edition.state != "draft" {
            tx.open_run(&edition.iso_week, now).await?;
        }
        if edition.state == "frozen" {
            for own in both {
                tx.stop_edition(own, &reason, at).await?;
            }
        }
        tx.add_decision(&edition, "cancel", &by, Some(why), now).await?;
        let detail = json!({ "stopped": deliveries, "why": why });
        tx.audit(actor, about(&edition, "edition.cancel", &detail), at).await?;
        tx.commit().await?;
        Ok(deliveries)
    }
}

/// What a stop found of some editions.
#[derive(Default)]
struct Stopped {
    deliveries: u64,
    /// Whether somebody got one of them, or may have.
    has_left: bool,
    /// Whether one is on its way now.
    is_leaving: bool,
}

/// Ends what of some editions has not left. What left is asked after it as well as before: what was
/// in doubt is ended with the rest, and what was begun meanwhile is under way.
async fn stop(
    tx: &mut Tx,
    editions: &[&str],
    reason: &str,
    now: i64,
) -> Result<Stopped, EngineError> {
    let mut stopped = Stopped::default();
    for edition in editions {
        let (had_left, _) = tx.has_left(edition).await?;
        stopped.deliveries += tx.cancel_deliveries_of(edition, reason, now).await?;
        let (has_left, is_leaving) = tx.has_left(edition).await?;
        stopped.has_left |= had_left || has_left;
        stopped.is_leaving |= is_leaving;
    }
    Ok(stopped)
}

impl Open {
    /// Writes down what was said and makes both durable.
    async fn done(
        mut self,
        actor: &Actor,
        action: &str,
        detail: Value,
    ) -> Result<Written, RegisterError> {
        self.tx.audit(actor, about(&self.row, action, &detail), self.now).await?;
        let after = self.tx.review(&self.row.id).await?;
        let version = after.map_or_else(String::new, |review| review.version());
        self.tx.commit().await?;
        Ok(Written { id: self.row.id, version, is_changed: true, gaps: Vec::new() })
    }
}

/// A row of the log about an edition.
pub(super) fn about<'a>(edition: &'a EditionRow, action: &'a str, detail: &'a Value) -> Entry<'a> {
    let of_organization = edition.scope_kind == "organization";
    Entry {
        organization: of_organization.then_some(edition.scope_id.as_str()),
        action,
        subject: &edition.id,
        detail,
    }
}

fn refused(field: &'static str, problem: String) -> RegisterError {
    RegisterError::Refused(Refusal { field, entry: None, problem }.into())
}

/// What somebody else did to an edition while it was looked at.
fn meanwhile(review: &Review, zone: &TimeZone) -> String {
    let by = review.last_said().map_or_else(String::new, |(who, at)| {
        let at = zone.to_datetime(at).strftime("%Y-%m-%d %H:%M");
        format!("; the last entry is by {who}, {at}")
    });
    format!(
        "this edition was changed while you looked at it{by}; look at it again before you decide"
    )
}

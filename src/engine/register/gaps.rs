//! Changing gaps.

use crate::domain::codes::EventKind;
use crate::domain::register::ask::GapChange;
use crate::domain::register::change::{Asking, change};
use crate::domain::register::words::{TEXT, long};
use crate::domain::register::{Known, NewEvent, Plan, Refusals, version};
use crate::engine::Engine;
use crate::store::audit::Actor;
use crate::store::bulk;

use super::book::{Book, expect, named};
use super::{RegisterError, Written, rows, trail};

impl Engine {
    /// Changes a gap, by its external id: all of it or nothing.
    ///
    /// # Errors
    /// [`RegisterError::Refused`], [`RegisterError::Conflict`] where another version was expected, and
    /// [`RegisterError::NotFound`].
    pub async fn change_gap(
        &self,
        organization: &str,
        gap: &str,
        asked: &GapChange,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let mut book = self.begin_writing(organization).await?;
        let known = book.gap(gap).await?;
        let last = known.told.iter().max_by_key(|t| (t.event.recorded_at, &t.event.id));
        let last = last.map(|t| (t.event.actor.as_deref(), t.event.recorded_at));
        expect(asked.expected.as_deref(), &known.version(), "gap", last, &book.zone)?;
        let mut refused = Refusals::default();
        let implementation_id = book.another(asked.implementation.as_ref(), &mut refused).await?;
        let owner = asked.owner.as_ref().and_then(Option::as_ref);
        let behind = book.behind(owner).await?;
        let writer = book.writer(actor).await?;
        let asking = Asking {
            known: &known,
            change: asked,
            writer: &writer,
            today: book.today,
            constants: &self.settings.model,
            person: behind.of(owner),
            implementation_id,
        };
        let plan = change(&asking, refused)?;
        book.write(&known, &plan, "gap.change", actor).await
    }

    /// Writes down that somebody looked at a gap and nothing changed.
    ///
    /// # Errors
    /// As [`change_gap`](Self::change_gap).
    pub async fn confirm_gap(
        &self,
        organization: &str,
        gap: &str,
        note: Option<&str>,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let note = words("note", note.unwrap_or_default())?;
        self.say(organization, gap, (EventKind::Confirmed, note), "gap.confirm", actor).await
    }

    /// Adds words to a gap's history.
    ///
    /// # Errors
    /// As [`change_gap`](Self::change_gap).
    pub async fn note_gap(
        &self,
        organization: &str,
        gap: &str,
        text: &str,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let note = words("note", text)?;
        if note.is_none() {
            let mut refused = Refusals::default();
            refused.add("note", "is missing; write something here");
            return Err(refused.into());
        }
        self.say(organization, gap, (EventKind::Note, note), "gap.note", actor).await
    }

    async fn say(
        &self,
        organization: &str,
        gap: &str,
        (kind, note): (EventKind, Option<String>),
        action: &str,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let mut book = self.begin_writing(organization).await?;
        let known = book.gap(gap).await?;
        let event = NewEvent::new(kind, None, None).with_note(note);
        let plan =
            Plan { base: known.base.clone(), events: vec![event], figures: None, on: book.today };
        book.write(&known, &plan, action, actor).await
    }
}

/// Text of several lines, or the refusal of its field.
fn words(field: &'static str, text: &str) -> Result<Option<String>, Refusals> {
    let mut refused = Refusals::default();
    let read = refused.keep(field, long(text, TEXT));
    refused.or(read.flatten())
}

impl Book<'_> {
    /// The row id of the implementation that is asked for; the outer none where none is asked for.
    pub(super) async fn another(
        &mut self,
        asked: Option<&Option<String>>,
        refused: &mut Refusals,
    ) -> Result<Option<Option<String>>, RegisterError> {
        let Some(asked) = asked else { return Ok(None) };
        let Some(name) = asked.as_deref().filter(|name| !name.trim().is_empty()) else {
            return Ok(Some(None));
        };
        let all = self.tx.known_implementations(&self.place.id).await?;
        let found = named(all, name.trim()).ok_or_else(|| {
            format!(
                "{name:?} is no implementation of {}; leave it empty for all of them",
                self.place.name
            )
        });
        Ok(refused.keep("implementation", found).map(|found| Some(found.row.id)))
    }

    /// Writes what a change of a known gap comes to; nothing where it changes nothing.
    async fn write(
        mut self,
        known: &Known,
        plan: &Plan,
        action: &str,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let written = self.put(known, plan, action, actor).await?;
        if written.is_changed {
            self.commit().await?;
        }
        Ok(written)
    }

    /// The same as a part of what this transaction writes.
    pub(in crate::engine) async fn put(
        &mut self,
        known: &Known,
        plan: &Plan,
        action: &str,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let (id, name) = (&known.gap.id, &known.gap.external_id);
        let is_edited = plan.base != known.base;
        if plan.events.is_empty() && !is_edited {
            return Ok(Written {
                id: name.clone(),
                version: known.version(),
                ..Written::default()
            });
        }
        if is_edited {
            self.tx.change_gap(id, &plan.base).await?;
        }
        let events = rows::events(id, plan, actor, self.now);
        bulk::insert(&mut self.tx, &events).await?;
        let exposure = rows::exposure(id, plan, self.now);
        bulk::insert(&mut self.tx, exposure.as_slice()).await?;
        let detail = trail::of_plan(Some(&known.base), plan);
        self.audit(actor, action, name, &detail).await?;
        let before = known.told.iter().map(|t| t.event.id.as_str());
        let version = version(&plan.base, before.chain(events.iter().map(|e| e.id.as_str())));
        Ok(Written { id: name.clone(), version, is_changed: true, gaps: Vec::new() })
    }
}

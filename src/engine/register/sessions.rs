//! Sessions of a consultant with an organization, and what was promised in them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use crate::clock::new_id;
use crate::domain::register::ask::{NewSession, SessionChange};
use crate::domain::register::session::begins;
use crate::domain::register::words::{TEXT, long};
use crate::domain::register::{Refusals, version};
use crate::engine::Engine;
use crate::store::audit::Actor;
use crate::store::register::KnownSession;
use crate::store::row::{Place, millis};
use crate::store::{StoreError, bulk, records};

use super::book::{Book, expect, is_sayable};
use super::promises::Promises;
use super::{RegisterError, Written, trail};

/// A session with its promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// Row id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The consultant's name, or the address where there is none.
    pub consultant: String,
    /// When it begins.
    pub starts_at: Timestamp,
    /// What was said.
    pub notes: String,
    /// What was promised, in the order of making.
    pub promises: Vec<PromiseView>,
}

/// A promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseView {
    /// Row id.
    pub id: String,
    /// The words.
    pub text: String,
    /// Who promised; may be empty.
    pub owner: String,
    /// By when.
    pub due_on: Option<Date>,
    /// Whether it was kept.
    pub is_done: bool,
}

impl Engine {
    /// Adds a session.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] with a sentence for each field that cannot be taken.
    pub async fn add_session(
        &self,
        organization: &str,
        new: &NewSession,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let mut book = self.begin_writing(organization).await?;
        let mut refused = Refusals::default();
        let starts_at = refused.keep("starts_at", begins(new.begins, &book.zone));
        let consultant = book.consultant(new.consultant.as_deref(), actor, &mut refused).await?;
        if let (Some(starts_at), Some(consultant)) = (starts_at, &consultant) {
            book.alone(consultant, starts_at, &mut refused).await?;
        }
        let notes = refused.keep("notes", long(&new.notes, TEXT)).flatten();
        let session = records::Session {
            id: new_id(),
            organization_id: book.place.id.clone(),
            consultant_person_id: consultant.unwrap_or_default(),
            starts_at: starts_at.map(millis).unwrap_or_default(),
            notes: notes.unwrap_or_default(),
            created_at: millis(book.now),
            ..Default::default()
        };
        let promises = Promises::read(&new.promises, &session.id, &[], book.now, &mut refused)?;
        refused.or(())?;
        bulk::insert(&mut book.tx, std::slice::from_ref(&session)).await?;
        promises.write(&mut book.tx, book.now).await?;
        let starts = starts_at.map(|at| at.to_string());
        let detail =
            json!({"starts_at": starts, "notes": session.notes, "promises": promises.told()});
        book.audit(actor, "session.add", &session.id, &detail).await?;
        book.commit().await?;
        let id = session.id.clone();
        let version = version_of(&session, &promises.after);
        Ok(Written { id, version, is_changed: true, gaps: Vec::new() })
    }

    /// Changes a session, by its row id.
    ///
    /// # Errors
    /// [`RegisterError::Refused`], [`RegisterError::Conflict`] where another version was expected, and
    /// [`RegisterError::NotFound`].
    pub async fn change_session(
        &self,
        organization: &str,
        session: &str,
        change: &SessionChange,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let mut book = self.begin_writing(organization).await?;
        let found = match session {
            id if id.is_empty() || !is_sayable(id) => None,
            id => book.tx.known_sessions(organization, Some(id)).await?.pop(),
        };
        let known = found
            .ok_or_else(|| RegisterError::NotFound { what: "session", name: session.to_owned() })?;
        let version = version_of(&known.row, &known.promises);
        expect(change.expected.as_deref(), &version, "session", None, &book.zone)?;
        let mut refused = Refusals::default();
        let mut after = known.row.clone();
        if let Some(asked) = change.begins
            && let Some(at) = refused.keep("starts_at", begins(asked, &book.zone))
            && millis(at) != after.starts_at
        {
            book.alone(&after.consultant_person_id, at, &mut refused).await?;
            after.starts_at = millis(at);
        }
        if let Some(notes) = &change.notes {
            let notes = refused.keep("notes", long(notes, TEXT)).flatten();
            after.notes = notes.unwrap_or_default();
        }
        let promises =
            Promises::read(&change.promises, &after.id, &known.promises, book.now, &mut refused)?;
        refused.or(())?;
        let is_edited = after != known.row;
        if !is_edited && promises.is_empty() {
            return Ok(Written { id: after.id, version, ..Written::default() });
        }
        book.write_session(&known, &after, &promises, actor).await?;
        book.commit().await?;
        let version = version_of(&after, &promises.after);
        Ok(Written { id: after.id, version, is_changed: true, gaps: Vec::new() })
    }

    /// The sessions of an organization, the latest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn sessions(&self, organization: &str) -> Result<Vec<SessionView>, RegisterError> {
        let mut book = self.begin_reading(organization).await?;
        let known = book.tx.known_sessions(organization, None).await?;
        Ok(known.into_iter().map(view).collect::<Result<_, _>>()?)
    }
}

impl Book<'_> {
    /// Row id of the consultant whose session it is: as named, or else whoever writes.
    async fn consultant(
        &mut self,
        named: Option<&str>,
        actor: &Actor,
        refused: &mut Refusals,
    ) -> Result<Option<String>, RegisterError> {
        let named = named.map(str::trim).filter(|who| !who.is_empty());
        let Some(who) = named.or(actor.person_id.as_deref()) else {
            refused.add("consultant", "is missing; name the consultant whose session it is");
            return Ok(None);
        };
        let found = match who {
            who if is_sayable(who) => self.tx.consultant_of(&self.place.id, who, self.now).await?,
            _ => None,
        };
        let signed = actor.signed();
        let who = named.unwrap_or(&signed);
        let found = found.ok_or_else(|| {
            format!(
                "{who} is no consultant of {}; name one who is, or link them first",
                self.place.name
            )
        });
        Ok(refused.keep("consultant", found).map(|person| person.id))
    }

    /// Refuses a second session of a consultant at the same instant: that is how imports know them.
    async fn alone(
        &mut self,
        consultant: &str,
        at: Timestamp,
        refused: &mut Refusals,
    ) -> Result<(), RegisterError> {
        if self.tx.session_at(&self.place.id, consultant, at).await?.is_some() {
            let local = self.zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string();
            refused.add(
                "starts_at",
                format!("there is a session at {local} already; change that one"),
            );
        }
        Ok(())
    }

    async fn write_session(
        &mut self,
        known: &KnownSession,
        after: &records::Session,
        promises: &Promises,
        actor: &Actor,
    ) -> Result<(), RegisterError> {
        let at =
            Place { table: "session", row: &after.id }.instant("starts_at", after.starts_at)?;
        self.tx.change_session(&after.id, at, &after.notes).await?;
        promises.write(&mut self.tx, self.now).await?;
        let plain = |s: &records::Session| json!({"starts_at": s.starts_at, "notes": s.notes});
        let (before, now) = trail::differences(&plain(&known.row), &plain(after));
        let detail = json!({"before": before, "after": now, "promises": promises.told()});
        self.audit(actor, "session.change", &after.id, &detail).await
    }
}

/// The version of a session with its promises.
fn version_of(session: &records::Session, promises: &[records::Promise]) -> String {
    let promises: Vec<_> =
        promises.iter().map(|p| (&p.id, &p.text, &p.owner, &p.due_on, p.done)).collect();
    version(&(session.starts_at, &session.notes, promises), [])
}

fn view(known: KnownSession) -> Result<SessionView, StoreError> {
    let version = version_of(&known.row, &known.promises);
    let promise = |p: records::Promise| -> Result<PromiseView, StoreError> {
        let due_on =
            Place { table: "promise", row: &p.id }.date_if("due_on", p.due_on.as_deref())?;
        Ok(PromiseView { id: p.id, text: p.text, owner: p.owner, due_on, is_done: p.done })
    };
    let starts_at =
        Place { table: "session", row: &known.row.id }.instant("starts_at", known.row.starts_at)?;
    Ok(SessionView {
        version,
        starts_at,
        id: known.row.id,
        consultant: known.consultant,
        notes: known.row.notes,
        promises: known.promises.into_iter().map(promise).collect::<Result<_, _>>()?,
    })
}

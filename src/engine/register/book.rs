//! One transaction at one organization, with the day that it is there.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::domain::register::{Known, Writer};
use crate::domain::time::date_of;
use crate::engine::Engine;
use crate::store::Tx;
use crate::store::audit::{Actor, Entry, Way};
use crate::store::register::{KnownImplementation, Place};

use super::RegisterError;

/// A transaction at one organization. Dropped without [`commit`](Book::commit), nothing was written.
pub(in crate::engine) struct Book<'e> {
    pub engine: &'e Engine,
    pub tx: Tx,
    /// Where.
    pub place: Place,
    /// The organization's zone.
    pub zone: TimeZone,
    /// When.
    pub now: Timestamp,
    /// The day that it is there.
    pub today: Date,
}

impl Engine {
    /// Begins to write at an organization: whoever else does waits.
    pub(in crate::engine) async fn begin_writing(
        &self,
        organization: &str,
    ) -> Result<Book<'_>, RegisterError> {
        let mut tx = self.db.begin().await?;
        if is_sayable(organization) {
            tx.take_turn(organization).await?;
        }
        self.open_book(tx, organization).await
    }

    /// Begins to read what is known of an organization: one state of the database throughout.
    pub(in crate::engine) async fn begin_reading(
        &self,
        organization: &str,
    ) -> Result<Book<'_>, RegisterError> {
        let tx = self.db.begin_read().await?;
        self.open_book(tx, organization).await
    }

    async fn open_book(&self, mut tx: Tx, organization: &str) -> Result<Book<'_>, RegisterError> {
        let place = match organization {
            id if is_sayable(id) => tx.place(id).await?,
            _ => None,
        };
        let place = place.ok_or_else(|| RegisterError::NotFound {
            what: "organization",
            name: organization.to_owned(),
        })?;
        let zone = self.zones.get(&place.time_zone)?;
        let now = self.clock.now();
        let today = date_of(now, &zone);
        Ok(Book { engine: self, tx, place, zone, now, today })
    }
}

impl Book<'_> {
    /// A gap by its external id.
    pub async fn gap(&mut self, name: &str) -> Result<Known, RegisterError> {
        let found = self.gaps(&[name.to_owned()]).await?.pop();
        found.ok_or_else(|| RegisterError::NotFound { what: "gap", name: name.to_owned() })
    }

    /// Gaps by their external ids; those that are not known here are left out.
    pub async fn gaps(&mut self, names: &[String]) -> Result<Vec<Known>, RegisterError> {
        let constants = &self.engine.settings.model;
        let names: Vec<String> = names.iter().filter(|name| is_sayable(name)).cloned().collect();
        Ok(self.tx.known_gaps(&self.place.id, &names, &self.zone, constants).await?)
    }

    /// An implementation by its slug, external id or row id; a slug comes first.
    pub async fn implementation(
        &mut self,
        name: &str,
    ) -> Result<KnownImplementation, RegisterError> {
        let all = self.tx.known_implementations(&self.place.id).await?;
        named(all, name).ok_or_else(|| RegisterError::NotFound {
            what: "implementation",
            name: name.to_owned(),
        })
    }

    /// Whoever writes, with all that they are known by.
    pub async fn writer(&mut self, actor: &Actor) -> Result<Writer, RegisterError> {
        let mut writer = Writer {
            person_id: actor.person_id.clone(),
            names: vec![actor.name.clone(), actor.signed()],
            is_operator: actor.way == Way::Command,
        };
        let person = match actor.person_id.as_deref() {
            Some(id) => self.tx.known_person(id).await?,
            None => None,
        };
        if let Some(person) = person {
            let operators = &self.engine.settings.desk.operators;
            let address = person.email_canonical.as_ref();
            writer.is_operator |= address.is_some_and(|address| operators.contains(address));
            writer.names.extend([Some(person.name), person.email].into_iter().flatten());
        }
        Ok(writer)
    }

    /// Writes down what was done, in the transaction that does it.
    pub async fn audit(
        &mut self,
        actor: &Actor,
        action: &str,
        subject: &str,
        detail: &Value,
    ) -> Result<(), RegisterError> {
        let entry = Entry { organization: Some(&self.place.id), action, subject, detail };
        Ok(self.tx.audit(actor, entry, self.now).await?)
    }

    /// Makes it durable.
    pub async fn commit(self) -> Result<(), RegisterError> {
        Ok(self.tx.commit().await?)
    }
}

/// Whether there can be such a name or id at all: PostgreSQL holds no NUL.
pub(super) fn is_sayable(name: &str) -> bool {
    !name.contains('\0')
}

/// The one of this name; a slug before another's external id.
pub(super) fn named(mut all: Vec<KnownImplementation>, name: &str) -> Option<KnownImplementation> {
    let by_slug = all.iter().position(|i| i.row.slug == name);
    let at = by_slug.or_else(|| all.iter().position(|i| i.is_named(name)))?;
    Some(all.swap_remove(at))
}

/// The conflict of a version that is not the one that was expected.
pub(super) fn expect(
    expected: Option<&str>,
    version: &str,
    what: &str,
    last: Option<(Option<&str>, Timestamp)>,
    zone: &TimeZone,
) -> Result<(), RegisterError> {
    if expected.is_none_or(|expected| expected == version) {
        return Ok(());
    }
    let by = match last {
        Some((who, at)) => {
            let who = who.unwrap_or("somebody");
            let at = zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string();
            format!("; the last entry is by {who}, {at}")
        }
        None => String::new(),
    };
    Err(RegisterError::Conflict(format!(
        "this {what} was changed while you looked at it{by}; look at it again before you change it"
    )))
}

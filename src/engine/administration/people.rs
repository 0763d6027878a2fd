//! People: added, changed, forgotten. The log knows them by their row id.

use jiff::Timestamp;
use serde_json::json;

use crate::domain::address::EmailAddress;
use crate::domain::codes::Channel;
use crate::engine::{Engine, EngineError};
use crate::store::audit::Actor;
use crate::store::consent::Act;
use crate::store::people::{self, NewPerson, PersonChange};
use crate::store::records::Person;

use super::entry;

impl Engine {
    /// Adds a person, who gets no mail by that.
    ///
    /// # Errors
    /// As [`people::add`].
    pub async fn add_person(
        &self,
        new: NewPerson,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Person, EngineError> {
        let mut tx = self.db.begin().await?;
        let person = people::add_within(&mut tx, new, now).await?;
        tx.audit(actor, entry(None, "person.add", &person.id, &json!({})), now).await?;
        tx.commit().await?;
        Ok(person)
    }

    /// Changes a person, by the address.
    ///
    /// # Errors
    /// As [`people::change`].
    pub async fn change_person(
        &self,
        email: &EmailAddress,
        change: PersonChange,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Person, EngineError> {
        let fields: Vec<&str> = [
            ("email", change.email.is_some()),
            ("name", change.name.is_some()),
            ("time_zone", change.time_zone.is_some()),
            ("locale", change.locale.is_some()),
        ]
        .into_iter()
        .filter_map(|(field, is_given)| is_given.then_some(field))
        .collect();
        let mut tx = self.db.begin().await?;
        let person = people::change_within(&mut tx, email, change).await?;
        if !fields.is_empty() {
            let detail = json!({ "fields": fields });
            tx.audit(actor, entry(None, "person.change", &person.id, &detail), now).await?;
        }
        tx.commit().await?;
        Ok(person)
    }

    /// Forgets a person, by the address, by a program or a page.
    ///
    /// # Errors
    /// As [`people::forget`].
    pub async fn forget_person(
        &self,
        email: &EmailAddress,
        channel: Channel,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let mut tx = self.db.begin().await?;
        let id = people::forget_within(&mut tx, email, &Act::by(channel), now).await?;
        tx.audit(actor, entry(None, "person.forget", &id, &json!({})), now).await?;
        Ok(tx.commit().await?)
    }
}

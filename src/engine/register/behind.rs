//! The people behind addresses of owners. An address that is not known becomes a person, who gets no
//! mail by that; when the write is refused they are not there either.

use std::collections::HashMap;

use crate::clock::new_id;
use crate::domain::line::DisplayName;
use crate::domain::register::ask::Owner;
use crate::domain::register::values::{Person, owner_address};
use crate::domain::register::who::one_person;
use crate::store::records;
use crate::store::row::millis;

use super::RegisterError;
use super::book::Book;

/// People by their addresses.
#[derive(Debug, Default)]
pub(super) struct Behind(HashMap<String, Person>);

impl Behind {
    /// Whoever has an owner's address.
    pub fn of(&self, owner: Option<&Owner>) -> Option<&Person> {
        let address = owner_address(owner?).ok().flatten()?;
        self.0.get(&address.lookup_key())
    }
}

impl Book<'_> {
    /// The people behind the addresses of owners.
    pub(super) async fn behind<'o>(
        &mut self,
        owners: impl IntoIterator<Item = &'o Owner>,
    ) -> Result<Behind, RegisterError> {
        let mut asked = HashMap::new();
        for owner in owners {
            if let Ok(Some(address)) = owner_address(owner) {
                asked.entry(address.lookup_key()).or_insert((address, owner));
            }
        }
        let keys: Vec<String> = asked.keys().cloned().collect();
        let mut found = self.tx.people_at(&keys).await?;
        for person in &found {
            asked.remove(person.email_canonical.as_deref().unwrap_or_default());
        }
        let mut new: Vec<records::Person> = asked
            .into_iter()
            .filter_map(|(key, (address, owner))| {
                let name = one_person(&owner.name).ok().as_deref().and_then(DisplayName::new)?;
                Some(records::Person {
                    id: new_id(),
                    email: Some(address.to_string()),
                    email_canonical: Some(key),
                    name: name.into(),
                    locale: "en".to_owned(),
                    created_at: millis(self.now),
                    ..Default::default()
                })
            })
            .collect();
        new.sort_by(|a, b| a.email_canonical.cmp(&b.email_canonical));
        found.extend(self.tx.add_people(&new).await?);
        let by_address = found.into_iter().filter_map(|person| {
            Some((person.email_canonical?, Person { id: person.id, name: person.name }))
        });
        Ok(Behind(by_address.collect()))
    }
}

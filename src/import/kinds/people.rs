//! `people.csv`.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::clock::new_id;
use crate::domain::address::EmailAddress;
use crate::import::context::{Context, Outcome, address, people};
use crate::import::error::ImportError;
use crate::import::map::{Fault, Row};
use crate::import::told::RowChange;
use crate::store::Tx;
use crate::store::import::{self as store, PersonRow};

use super::organizations::zone;

/// Writes people; those that are known by their address are changed in place.
pub(super) async fn write(
    context: &Context<'_>,
    tx: &mut Tx,
    rows: &[Row],
    out: &mut Outcome,
) -> Result<(), ImportError> {
    let known = people(tx, rows, "email").await?;
    let mut new = NewPeople::at(context.recorded_at);
    let mut changed = Vec::new();
    for row in rows {
        let Some((address, after)) = out.take(row.number, read(row, &known)) else {
            continue;
        };
        let before = known.get(&address.lookup_key());
        out.count(before != Some(&after));
        if before != Some(&after) {
            out.tell(|| {
                RowChange::of(address.as_str(), &after.name, before.is_none()).base(before, &after)
            });
        }
        match before {
            None => new.add(after),
            Some(before) if *before != after => changed.push((before.clone(), after)),
            Some(_) => {}
        }
    }
    new.write(tx, &context.batch).await?;
    store::update_base(tx, &context.batch, &changed).await?;
    Ok(())
}

/// One row over what is known.
fn read(row: &Row, known: &HashMap<String, PersonRow>) -> Result<(EmailAddress, PersonRow), Fault> {
    let Some(address) = address(row, "email")? else {
        return Err(Fault::at("email", "a value is needed here and the cell is empty"));
    };
    let before = known.get(&address.lookup_key());
    let mut after = before.cloned().unwrap_or_else(|| blank(&address));
    row.short("name", 200)?.unwrap_or_default().clone_into(&mut after.name);
    if let Some(zone) = zone(row)? {
        after.time_zone = Some(zone);
    }
    if let Some(locale) = row.text("locale") {
        let plain =
            locale.len() <= 16 && locale.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !plain {
            return Err(Fault::at(
                "locale",
                format!("{locale:?} is not a language tag such as en or en-GB"),
            ));
        }
        locale.clone_into(&mut after.locale);
    }
    Ok((address, after))
}

/// A person of whom only the address is known.
pub(super) fn blank(address: &EmailAddress) -> PersonRow {
    PersonRow {
        id: new_id(),
        email: Some(address.as_str().to_owned()),
        email_canonical: Some(address.lookup_key()),
        name: String::new(),
        time_zone: None,
        locale: "en".to_owned(),
    }
}

/// People to be added, each address once.
#[derive(Debug)]
pub(super) struct NewPeople {
    at: Timestamp,
    rows: Vec<(PersonRow, Timestamp)>,
}

impl NewPeople {
    /// People known since `at`.
    pub(super) const fn at(at: Timestamp) -> Self {
        Self { at, rows: Vec::new() }
    }

    /// Adds one, unless the address is there.
    pub(super) fn add(&mut self, person: PersonRow) {
        if self.rows.iter().all(|(p, _)| p.email_canonical != person.email_canonical) {
            self.rows.push((person, self.at));
        }
    }

    /// The person behind an address: known, to be added, or added now under `name`.
    pub(super) fn find(
        &mut self,
        known: &HashMap<String, PersonRow>,
        address: &EmailAddress,
        name: &str,
    ) -> PersonRow {
        let key = address.lookup_key();
        if let Some(person) = known.get(&key) {
            return person.clone();
        }
        let added = self.rows.iter().find(|(p, _)| p.email_canonical.as_deref() == Some(&key));
        if let Some((person, _)) = added {
            return person.clone();
        }
        let person = PersonRow { name: name.to_owned(), ..blank(address) };
        self.rows.push((person.clone(), self.at));
        person
    }

    /// How many there are, for [`NewPeople::back_to`].
    pub(super) fn count(&self) -> usize {
        self.rows.len()
    }

    /// Forgets those that were added since there were so many: their row is not taken.
    pub(super) fn back_to(&mut self, count: usize) {
        self.rows.truncate(count);
    }

    /// Writes them.
    pub(super) async fn write(&self, tx: &mut Tx, batch: &str) -> Result<(), ImportError> {
        store::insert_base(tx, batch, &self.rows).await?;
        Ok(())
    }
}

//! People and what they subscribed to.

use std::collections::HashMap;

use super::file::{self, Story};
use super::organization::Told;
use crate::domain::address::EmailAddress;
use crate::sample::random::Ids;
use crate::sample::rows::Rows;
use crate::store::records::{Person, Subscription};

const HOUR: i64 = 3_600_000;

/// Adds an organization's people; one without a role owns gaps and reads no brief. Returns the row ids of
/// those with a name, by name.
pub fn tell(
    story: &Story,
    told: &Told,
    ids: &mut Ids,
    rows: &mut Rows,
) -> Result<HashMap<String, String>, String> {
    let mut known = HashMap::new();
    for person in &story.people {
        let zone = person.zone.as_ref().unwrap_or(&story.organization.zone);
        let id = add(person, zone, told.created_at, ids, rows)?;
        known.insert(person.name.clone(), id.clone());
        if person.role.is_empty() {
            continue;
        }
        let day = |day: i64| told.calendar.date(day).to_string();
        rows.subscriptions.push(Subscription {
            organization_id: Some(told.id.clone()),
            role: person.role.clone(),
            pause_from: person.pause.map(|pause| day(pause[0])),
            pause_until: person.pause.map(|pause| day(pause[1])),
            ..subscription(person, id, told.created_at, ids)
        });
    }
    Ok(known)
}

/// Adds one person; the row id.
pub fn add(
    person: &file::Person,
    zone: &str,
    created_at: i64,
    ids: &mut Ids,
    rows: &mut Rows,
) -> Result<String, String> {
    let address = EmailAddress::parse(&person.email).map_err(|e| e.to_string())?;
    let id = ids.next_id();
    rows.people.push(Person {
        id: id.clone(),
        email: Some(address.as_str().to_owned()),
        email_canonical: Some(address.lookup_key()),
        name: person.name.clone(),
        time_zone: Some(zone.to_owned()),
        locale: person.locale.clone().unwrap_or_else(|| "en".to_owned()),
        created_at,
        forgotten_at: None,
    });
    Ok(id)
}

/// A subscription of a person, without its role; confirmed half an hour after it was made, unless
/// the story says that the person never did.
pub fn subscription(
    person: &file::Person,
    person_id: String,
    created_at: i64,
    ids: &mut Ids,
) -> Subscription {
    let confirmed = person.confirmed.unwrap_or(true);
    Subscription {
        id: ids.next_id(),
        person_id,
        weekday: Some(person.weekday.unwrap_or(1)),
        hour: Some(person.hour.unwrap_or(7)),
        quiet: person.quiet.clone().unwrap_or_else(|| "full".to_owned()),
        confirmed_at: confirmed.then_some(created_at + HOUR / 2),
        created_at,
        ..Subscription::default()
    }
}

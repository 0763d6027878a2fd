//! Consultants with their clients, sessions and notes; and the readers of the public edition.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::calendar::Calendar;
use super::file::{Consultant, Consulting, Person as FilePerson, Session as FileSession};
use super::organization::{Told, tell_review};
use super::people;
use crate::domain::time::iso_week;
use crate::sample::random::Ids;
use crate::sample::rows::Rows;
use crate::store::records::{ConsultantClient, EditionNote, Promise, Session, Subscription};

/// A consultant by row id and name.
struct Known {
    id: String,
    name: String,
}

/// Adds everything that stands between organizations.
pub fn tell(
    file: &Consulting,
    organizations: &[Told],
    monday: Date,
    ids: &mut Ids,
    rows: &mut Rows,
) -> Result<(), String> {
    let by_slug: HashMap<&str, &Told> =
        organizations.iter().map(|told| (told.slug.as_str(), told)).collect();
    let find = |slug: &str| by_slug.get(slug).copied().ok_or(format!("no organization {slug:?}"));
    let utc = Calendar::new(monday, TimeZone::UTC);
    let since = utc.at(-7 * super::WEEKS, 9, 0);
    let consultants = practices(file, &by_slug, since, ids, rows)?;
    let whom = |email: &str| consultants.get(email).ok_or(format!("no consultant {email:?}"));
    for told in organizations {
        if let Some(review) = &told.review {
            tell_review(review, told, &whom(&review.consultant)?.name, ids, rows)?;
        }
    }
    for note in &file.notes {
        let (told, author) = (find(&note.organization)?, whom(&note.consultant)?);
        rows.notes.push(EditionNote {
            id: ids.next_id(),
            scope_kind: "organization".to_owned(),
            scope_id: told.id.clone(),
            iso_week: iso_week(told.calendar.date(Calendar::monday_from(note.day))),
            note: note.text.clone(),
            author: author.name.clone(),
            recorded_at: told.calendar.at(note.day, 17, 5),
        });
    }
    for session in &file.sessions {
        meet(session, find(&session.organization)?, &whom(&session.consultant)?.id, ids, rows);
    }
    for reader in &file.public {
        subscribe(reader, since, ids, rows)?;
    }
    Ok(())
}

/// Adds every consultant with the clients; by address.
fn practices<'a>(
    file: &'a Consulting,
    by_slug: &HashMap<&str, &Told>,
    since: i64,
    ids: &mut Ids,
    rows: &mut Rows,
) -> Result<HashMap<&'a str, Known>, String> {
    let mut consultants = HashMap::new();
    for consultant in &file.consultants {
        let known = consult(consultant, since, ids, rows)?;
        for client in &consultant.clients {
            let told = by_slug.get(client.as_str());
            let told = told.ok_or(format!("no organization {client:?}"))?;
            rows.clients.push(ConsultantClient {
                id: ids.next_id(),
                person_id: known.id.clone(),
                organization_id: told.id.clone(),
                since: since.max(told.created_at),
                ..ConsultantClient::default()
            });
        }
        consultants.insert(consultant.email.as_str(), known);
    }
    Ok(consultants)
}

fn consult(
    consultant: &Consultant,
    since: i64,
    ids: &mut Ids,
    rows: &mut Rows,
) -> Result<Known, String> {
    let person = FilePerson {
        email: consultant.email.clone(),
        name: consultant.name.clone(),
        role: "consultant".to_owned(),
        zone: None,
        locale: None,
        weekday: None,
        hour: None,
        quiet: None,
        pause: None,
        confirmed: None,
    };
    let id = people::add(&person, &consultant.zone, since, ids, rows)?;
    // Without a slot of its own a portfolio comes before the clients' cut-offs.
    rows.subscriptions.push(Subscription {
        role: person.role.clone(),
        weekday: None,
        hour: None,
        ..people::subscription(&person, id.clone(), since, ids)
    });
    Ok(Known { id, name: consultant.name.clone() })
}

fn meet(session: &FileSession, told: &Told, consultant: &str, ids: &mut Ids, rows: &mut Rows) {
    let id = ids.next_id();
    let created_at = told.calendar.at(session.day - 12, 11, 0);
    rows.sessions.push(Session {
        id: id.clone(),
        organization_id: told.id.clone(),
        consultant_person_id: consultant.to_owned(),
        starts_at: told.calendar.at(session.day, session.hour, 0),
        notes: session.notes.clone(),
        created_at,
        ..Session::default()
    });
    for promise in &session.promises {
        rows.promises.push(Promise {
            id: ids.next_id(),
            session_id: id.clone(),
            text: promise.text.clone(),
            owner: promise.owner.clone(),
            due_on: promise.due.map(|day| told.calendar.date(day).to_string()),
            done: promise.done,
            created_at,
            ..Promise::default()
        });
    }
}

fn subscribe(
    reader: &FilePerson,
    since: i64,
    ids: &mut Ids,
    rows: &mut Rows,
) -> Result<(), String> {
    let zone = reader.zone.as_deref().unwrap_or("UTC");
    let id = people::add(reader, zone, since, ids, rows)?;
    rows.subscriptions.push(Subscription {
        role: "public".to_owned(),
        weekday: Some(2),
        hour: Some(8),
        ..people::subscription(reader, id, since, ids)
    });
    Ok(())
}

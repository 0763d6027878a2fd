//! `sessions.csv`: meetings, known by organization, consultant and beginning. Two consultants may begin at
//! one instant.

use std::collections::HashMap;

use crate::clock::new_id;
use crate::import::context::{Context, Outcome, Place, address, known, people, places};
use crate::import::error::ImportError;
use crate::import::map::{Fault, Row};
use crate::import::told::RowChange;
use crate::store::Tx;
use crate::store::import::{self as store, PersonRow, SessionRow};
use crate::store::row::millis;

/// Writes sessions; the notes of a known one change in place.
pub(super) async fn write(
    context: &Context<'_>,
    tx: &mut Tx,
    rows: &[Row],
    out: &mut Outcome,
) -> Result<(), ImportError> {
    let places = places(context, tx, rows).await?;
    let people = consultants(context, tx, rows).await?;
    let ids: Vec<&str> = places.values().map(|p| p.row.id.as_str()).collect();
    let key =
        |s: &SessionRow| (s.organization_id.clone(), s.consultant_person_id.clone(), s.starts_at);
    let mut sessions: HashMap<(String, String, i64), SessionRow> =
        store::sessions(tx, &ids).await?.into_iter().map(|s| (key(&s), s)).collect();
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for row in rows {
        let Some(read) = out.take(row.number, read(context, row, &places, &people)) else {
            continue;
        };
        let key = key(&read);
        let before = sessions.get(&key).cloned();
        let notes = if row.has("notes") {
            read.notes.clone()
        } else {
            before.as_ref().map_or_else(String::new, |b| b.notes.clone())
        };
        let after =
            SessionRow { id: before.as_ref().map_or_else(new_id, |b| b.id.clone()), notes, ..read };
        out.count(before.as_ref() != Some(&after));
        if before.as_ref() != Some(&after) {
            out.tell(|| {
                let name = row.text("starts_at").unwrap_or_default();
                RowChange::of(name, "", before.is_none()).base(before.as_ref(), &after)
            });
        }
        match before {
            None => {
                sessions.insert(key, after.clone());
                new.push((after, context.recorded_at));
            }
            Some(before) if before != after => changed.push((before, after)),
            Some(_) => {}
        }
    }
    store::insert_base(tx, &context.batch, &new).await?;
    store::update_base(tx, &context.batch, &changed).await?;
    Ok(())
}

/// The people that rows name: of an import for one organization, those who look after it.
async fn consultants(
    context: &Context<'_>,
    tx: &mut Tx,
    rows: &[Row],
) -> Result<HashMap<String, PersonRow>, ImportError> {
    let mut people = people(tx, rows, "consultant").await?;
    if context.only.is_some() {
        let ids: Vec<&str> = people.values().map(|p| p.id.as_str()).collect();
        let links = store::clients(tx, &ids).await?;
        people.retain(|_, person| {
            links.iter().any(|l| l.person_id == person.id && context.is_ours(&l.organization_id))
        });
    }
    Ok(people)
}

/// One row.
fn read(
    context: &Context<'_>,
    row: &Row,
    places: &HashMap<String, Place>,
    people: &HashMap<String, PersonRow>,
) -> Result<SessionRow, Fault> {
    let place = known(places, row, "organization")?;
    let consultant = address(row, "consultant")?.and_then(|a| people.get(&a.lookup_key()));
    let Some(consultant) = consultant else {
        return Err(Fault::at(
            "consultant",
            "this consultant is not known; import consultants.csv first",
        ));
    };
    let starts_at = row.instant("starts_at", context.times, &place.zone)?;
    let starts_at = starts_at.ok_or_else(|| Fault::at("starts_at", "an instant is needed here"))?;
    Ok(SessionRow {
        id: String::new(),
        organization_id: place.row.id.clone(),
        consultant_person_id: consultant.id.clone(),
        starts_at: millis(starts_at),
        notes: row.text("notes").unwrap_or_default().to_owned(),
    })
}

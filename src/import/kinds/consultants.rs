//! `consultants.csv`: who looks after which organization.

use std::collections::HashSet;

use crate::clock::new_id;
use crate::import::context::{Context, Outcome, address, known, people, places};
use crate::import::error::ImportError;
use crate::import::map::{Fault, Row};
use crate::import::told::RowChange;
use crate::store::Tx;
use crate::store::import::{self as store, ClientRow};
use crate::store::row::millis;

use super::people::NewPeople;

/// Writes the links that are not there yet; a consultant who is not known becomes a person.
pub(super) async fn write(
    context: &Context<'_>,
    tx: &mut Tx,
    rows: &[Row],
    out: &mut Outcome,
) -> Result<(), ImportError> {
    let places = places(context, tx, rows).await?;
    let people = people(tx, rows, "email").await?;
    let ids: Vec<&str> = people.values().map(|p| p.id.as_str()).collect();
    let clients = store::clients(tx, &ids).await?;
    let mut linked: HashSet<(String, String)> =
        clients.into_iter().map(|c| (c.person_id, c.organization_id)).collect();
    let mut new_people = NewPeople::at(context.recorded_at);
    let mut new = Vec::new();
    for row in rows {
        let read = || -> Result<_, Fault> {
            let place = known(&places, row, "organization")?;
            let address = address(row, "email")?;
            let address = address.ok_or_else(|| Fault::at("email", "an address is needed here"))?;
            Ok((place, address, row.short("name", 200)?.unwrap_or_default()))
        };
        let Some((place, address, name)) = out.take(row.number, read()) else {
            continue;
        };
        let person = new_people.find(&people, &address, name);
        let fresh = linked.insert((person.id.clone(), place.row.id.clone()));
        out.count(fresh);
        if fresh {
            out.tell(|| {
                RowChange::of(address.as_str(), name, true).value(
                    "organization",
                    None,
                    Some(place.row.name.clone()),
                )
            });
            new.push(ClientRow {
                id: new_id(),
                person_id: person.id,
                organization_id: place.row.id.clone(),
                since: millis(context.recorded_at),
            });
        }
    }
    new_people.write(tx, &context.batch).await?;
    store::add_clients(tx, &context.batch, &new).await?;
    Ok(())
}

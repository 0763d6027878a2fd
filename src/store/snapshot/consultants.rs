//! Who looks after an organization, with the brand in which its brief comes.

use jiff::Timestamp;

use crate::domain::brand::{Brand, Consultant};
use crate::store::brands::contact;
use crate::store::row::{list, millis};
use crate::store::{StoreError, Tx};
use crate::{in_tx, not_voided, statements};

use super::{Loaded, Request};

statements! {
    /// Who looked after an organization at an instant, whoever was linked first in front.
    CONSULTANTS = concat!(
        "SELECT c.organization_id, p.id, p.name, p.email FROM consultant_client c ",
        "JOIN person p ON p.id = c.person_id ",
        "WHERE c.organization_id IN (SELECT value FROM json_each($1)) ",
        "AND c.since <= $2 AND (c.until IS NULL OR c.until > $2) AND c.voided_at IS NULL ",
        "AND p.email IS NOT NULL AND ", not_voided!("c.batch_id"), " ORDER BY c.since, c.id");
}

impl Tx {
    /// In whose name an organization's brief comes at an instant: of the consultants who look after it
    /// the one who was linked first.
    ///
    /// # Errors
    /// As any read.
    pub async fn first_consultant(
        &mut self,
        organization: &str,
        at: Timestamp,
    ) -> Result<Option<Consultant>, StoreError> {
        let found = first_of_each(self, &list(&[organization]), at).await?;
        Ok(found.into_iter().next().map(|(_, consultant)| consultant))
    }
}

/// Organization, person, name, address.
type Row = (String, String, String, String);

/// The first consultant of each organization, by the organization's row id.
async fn first_of_each(
    tx: &mut Tx,
    ids: &str,
    at: Timestamp,
) -> Result<Vec<(String, Consultant)>, StoreError> {
    let sql = CONSULTANTS.within(tx);
    let until = millis(at);
    let rows: Vec<Row> =
        in_tx!(tx, conn => sqlx::query_as(sql).bind(ids).bind(until).fetch_all(conn).await?);
    let mut found: Vec<(String, String, Consultant)> = Vec::new();
    for (organization, person, name, email) in rows {
        let is_first = found.iter().all(|(own, ..)| *own != organization);
        if let (true, Some(contact)) = (is_first, contact(name, &email)) {
            found.push((organization, person, Consultant { contact, brand: Brand::default() }));
        }
    }
    let mut people: Vec<&str> = found.iter().map(|(_, person, _)| person.as_str()).collect();
    people.sort_unstable();
    people.dedup();
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let brands = tx.brands(&people, at).await?;
    let branded = found.into_iter().map(|(organization, person, consultant)| {
        let brand = brands.iter().find(|(own, _)| *own == person).map(|(_, brand)| brand.clone());
        (organization, Consultant { brand: brand.unwrap_or_default(), ..consultant })
    });
    Ok(branded.collect())
}

pub(super) async fn load(
    tx: &mut Tx,
    request: &Request,
    cut_off: Timestamp,
    found: &mut Loaded,
) -> Result<(), StoreError> {
    for (organization, consultant) in first_of_each(tx, &request.ids, cut_off).await? {
        if let Some(snapshot) = found.of(&organization) {
            snapshot.consultant = Some(consultant);
        }
    }
    Ok(())
}

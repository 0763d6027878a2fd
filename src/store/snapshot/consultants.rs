//! Whom readers of an organization's brief answer.

use jiff::Timestamp;

use crate::domain::address::EmailAddress;
use crate::domain::snapshot::Contact;
use crate::store::row::{list, millis};
use crate::store::{StoreError, Tx};
use crate::{in_tx, not_voided, statements};

use super::{Loaded, Request};

statements! {
    /// Who looked after an organization at an instant, whoever was linked first in front.
    CONSULTANTS = concat!(
        "SELECT c.organization_id, p.name, p.email FROM consultant_client c ",
        "JOIN person p ON p.id = c.person_id ",
        "WHERE c.organization_id IN (SELECT value FROM json_each($1)) ",
        "AND c.since <= $2 AND (c.until IS NULL OR c.until > $2) AND c.voided_at IS NULL ",
        "AND p.email IS NOT NULL AND ", not_voided!("c.batch_id"), " ORDER BY c.since, c.id");
}

impl Tx {
    /// Whom readers of an organization's brief answer at an instant: of the consultants who look
    /// after it the one who was linked first.
    ///
    /// # Errors
    /// As any read.
    pub async fn first_consultant(
        &mut self,
        organization: &str,
        at: Timestamp,
    ) -> Result<Option<Contact>, StoreError> {
        let rows = rows(self, &list(&[organization]), millis(at)).await?;
        Ok(rows.into_iter().find_map(|(_, name, email)| contact(name, &email)))
    }
}

/// Organization, name, address.
type Row = (String, String, String);

async fn rows(tx: &mut Tx, ids: &str, at: i64) -> Result<Vec<Row>, StoreError> {
    let sql = CONSULTANTS.within(tx);
    Ok(in_tx!(tx, conn => sqlx::query_as(sql).bind(ids).bind(at).fetch_all(conn).await?))
}

pub(super) async fn load(
    tx: &mut Tx,
    request: &Request,
    found: &mut Loaded,
) -> Result<(), StoreError> {
    for (organization, name, email) in rows(tx, &request.ids, request.cut_off).await? {
        if let Some(snapshot) = found.of(&organization)
            && snapshot.consultant.is_none()
        {
            snapshot.consultant = contact(name, &email);
        }
    }
    Ok(())
}

/// An address that a header can hold whatever the relay offers: one that needs SMTPUTF8 would keep
/// the brief from everybody else (RFC 6531 3.2).
fn contact(name: String, email: &str) -> Option<Contact> {
    let email = EmailAddress::parse(email).ok().filter(|email| !email.needs_smtputf8())?;
    Some(Contact { name, email })
}

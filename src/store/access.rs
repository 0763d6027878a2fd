//! What a person is to which organizations (DESIGN 1).

use std::collections::HashSet;

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::access::Access;
use crate::domain::address::EmailAddress;
use crate::{each_engine, not_voided, statements};

use super::audit::{Actor, Way};
use super::row::{Place, millis};
use super::{Db, StoreError};

statements! {
    /// A person's ties. Leaving a list ends the mails, not what somebody is to an organization.
    TIES = concat!(
        "SELECT c.organization_id, 'consultant' AS role FROM consultant_client c ",
        "JOIN organization o ON o.id = c.organization_id AND o.voided_at IS NULL ",
        "WHERE c.person_id = $1 AND (c.until IS NULL OR c.until > $2) AND c.voided_at IS NULL AND ",
        not_voided!("c.batch_id"),
        " UNION SELECT s.organization_id, s.role FROM subscription s ",
        "JOIN organization o ON o.id = s.organization_id AND o.voided_at IS NULL ",
        "WHERE s.person_id = $1 AND s.confirmed_at <= $2 AND (s.ended_at IS NULL OR s.ended_at > $2) ",
        "AND s.voided_at IS NULL AND ", not_voided!("s.batch_id"));
    /// A person who can sign in.
    PERSON = "SELECT id, email, name FROM person WHERE id = $1 AND email IS NOT NULL";
}

/// Somebody with what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Row id of the person.
    pub id: String,
    /// The address.
    pub email: EmailAddress,
    /// The name; may be empty.
    pub name: String,
    /// What they may do.
    pub access: Access,
}

impl Standing {
    /// How they are called in what they write: the name, or the address where there is none.
    #[must_use]
    pub fn called(&self) -> &str {
        if self.name.is_empty() { self.email.as_str() } else { &self.name }
    }

    /// Who writes, when it is they.
    #[must_use]
    pub fn actor(&self, way: Way) -> Actor {
        Actor { person_id: Some(self.id.clone()), name: self.called().to_owned(), way }
    }
}

#[derive(FromRow)]
struct Raw {
    id: String,
    email: String,
    name: String,
}

impl Db {
    /// A person with what they may do at `now`; none where there is no such person any more.
    /// `operators` are the addresses of those who run the service, in their lookup form.
    ///
    /// # Errors
    /// As any read.
    pub async fn standing(
        &self,
        person_id: &str,
        operators: &HashSet<String>,
        now: Timestamp,
    ) -> Result<Option<Standing>, StoreError> {
        let (person, ties) = (PERSON.on(self), TIES.on(self));
        let found: Option<Raw> = each_engine!(self, pool => {
            sqlx::query_as(person).bind(person_id).fetch_optional(pool).await?
        });
        let Some(Raw { id, email, name }) = found else { return Ok(None) };
        let place = Place { table: "person", row: &id };
        let email = EmailAddress::parse(&email).map_err(|e| place.corrupt("email", e))?;
        let rows: Vec<(String, String)> = each_engine!(self, pool => {
            sqlx::query_as(ties).bind(&id).bind(millis(now)).fetch_all(pool).await?
        });
        let place = Place { table: "subscription", row: &id };
        let ties = rows
            .into_iter()
            .map(|(organization, role)| Ok((organization, place.code("role", &role)?)))
            .collect::<Result<Vec<_>, StoreError>>()?;
        let access = Access::new(operators.contains(&email.lookup_key()), ties);
        Ok(Some(Standing { id, email, name, access }))
    }
}

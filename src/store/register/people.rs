//! People as the rules ask about them: whoever writes, whoever owns, whoever consults.

use jiff::Timestamp;

use crate::store::row::{list, millis};
use crate::store::{StoreError, Tx, bulk, records};
use crate::{in_tx, not_voided, statements};

statements! {
    /// One person.
    BY_ID = "SELECT id, email, email_canonical, name FROM person WHERE id = $1";
    /// People by their addresses in lookup form.
    BY_ADDRESS = "SELECT id, email, email_canonical, name FROM person
        WHERE email_canonical IN (SELECT value FROM json_each($1))";
    /// A consultant of an organization, by row id or by address in lookup form.
    CONSULTANT = concat!("SELECT p.id, p.email, p.email_canonical, p.name
        FROM consultant_client c JOIN person p ON p.id = c.person_id
        WHERE c.organization_id = $1 AND (p.id = $2 OR p.email_canonical = $3) AND c.since <= $4
          AND (c.until IS NULL OR c.until > $4) AND c.voided_at IS NULL AND ", not_voided!("c.batch_id"), " LIMIT 1");
}

/// A person, as far as a write needs one.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownPerson {
    /// Row id.
    pub id: String,
    /// Address; none once forgotten.
    pub email: Option<String>,
    /// The same in lookup form.
    pub email_canonical: Option<String>,
    /// Name; may be empty.
    pub name: String,
}

impl KnownPerson {
    /// The name, or the address where there is none.
    #[must_use]
    pub fn called(&self) -> &str {
        if self.name.is_empty() { self.email.as_deref().unwrap_or_default() } else { &self.name }
    }
}

impl Tx {
    /// The person with this row id.
    ///
    /// # Errors
    /// As any read.
    pub async fn known_person(&mut self, id: &str) -> Result<Option<KnownPerson>, StoreError> {
        let sql = BY_ID.within(self);
        Ok(in_tx!(self, conn => sqlx::query_as(sql).bind(id).fetch_optional(conn).await?))
    }

    /// The people with these addresses, in lookup form.
    ///
    /// # Errors
    /// As any read.
    pub async fn people_at(
        &mut self,
        addresses: &[String],
    ) -> Result<Vec<KnownPerson>, StoreError> {
        if addresses.is_empty() {
            return Ok(Vec::new());
        }
        let (sql, keys) = (BY_ADDRESS.within(self), list(addresses));
        Ok(in_tx!(self, conn => sqlx::query_as(sql).bind(&keys).fetch_all(conn).await?))
    }

    /// Adds people whose addresses are not known, and gives those of all of them. Somebody who is added
    /// by another at the same time is there once.
    ///
    /// # Errors
    /// As any write.
    pub async fn add_people(
        &mut self,
        new: &[records::Person],
    ) -> Result<Vec<KnownPerson>, StoreError> {
        if new.is_empty() {
            return Ok(Vec::new());
        }
        bulk::insert_missing(self, new).await?;
        let keys: Vec<String> = new.iter().filter_map(|p| p.email_canonical.clone()).collect();
        self.people_at(&keys).await
    }

    /// A consultant of an organization at an instant, by row id or address.
    ///
    /// # Errors
    /// As any read.
    pub async fn consultant_of(
        &mut self,
        organization: &str,
        who: &str,
        now: Timestamp,
    ) -> Result<Option<KnownPerson>, StoreError> {
        let sql = CONSULTANT.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql)
                .bind(organization)
                .bind(who)
                .bind(who.to_lowercase())
                .bind(millis(now))
                .fetch_optional(conn)
                .await?
        }))
    }
}

//! People who are not forgotten.

use sqlx::FromRow;

use super::Page;
use crate::store::address_hash::AddressHash;
use crate::store::row::list;
use crate::store::{Db, StoreError};
use crate::{each_engine, not_voided, statements};

/// A person as a program is told of them.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PersonRow {
    /// Row id.
    pub id: String,
    /// The address.
    pub email: String,
    /// The address as it is compared.
    pub email_canonical: String,
    /// Name; may be empty.
    pub name: String,
    /// Zone, where it differs from the organization's.
    pub time_zone: Option<String>,
    /// Language tag.
    pub locale: String,
    /// Milliseconds.
    pub created_at: i64,
}

macro_rules! people {
    () => {
        "SELECT p.id, p.email, p.email_canonical, p.name, p.time_zone, p.locale, p.created_at FROM person p \
         WHERE p.email IS NOT NULL AND p.email_canonical IS NOT NULL"
    };
}

/// Who is tied to an organization: by an agreement to its mails, or by looking after it. What somebody
/// else wrote about them is no tie.
macro_rules! tied_to {
    ($organization:literal) => {
        concat!(
            " AND p.id IN (SELECT s.person_id FROM subscription s WHERE s.organization_id = ",
            $organization,
            " AND s.confirmed_at IS NOT NULL AND s.ended_at IS NULL AND s.voided_at IS NULL AND ",
            not_voided!("s.batch_id"),
            " UNION SELECT c.person_id FROM consultant_client c WHERE c.organization_id = ",
            $organization,
            " AND c.until IS NULL AND c.voided_at IS NULL AND ",
            not_voided!("c.batch_id"),
            ")"
        )
    };
}

statements! {
    /// A page of all.
    ALL = concat!(people!(), " AND ($1 = '' OR p.email_canonical = $1) AND p.id > $2 ORDER BY p.id LIMIT $3");
    /// A page of those of an organization.
    TIED = concat!(people!(), " AND ($1 = '' OR p.email_canonical = $1) AND p.id > $2", tied_to!("$4"), " ORDER BY p.id LIMIT $3");
    /// One.
    ONE = concat!(people!(), " AND p.id = $1");
    /// One of an organization.
    ONE_TIED = concat!(people!(), " AND p.id = $1", tied_to!("$2"));
    /// Why some addresses get no mail.
    SUPPRESSED = "SELECT address_sha256, reason FROM suppression
        WHERE lifted_at IS NULL AND address_sha256 IN (SELECT value FROM json_each($1))";
}

impl Db {
    /// People, of one address in its lookup form.
    ///
    /// # Errors
    /// As any read.
    pub async fn page_of_people(
        &self,
        lookup_key: &str,
        page: Page<'_>,
    ) -> Result<Vec<PersonRow>, StoreError> {
        let sql = if page.organization.is_some() { TIED } else { ALL }.on(self);
        Ok(each_engine!(self, pool => {
            let query = sqlx::query_as(sql).bind(lookup_key).bind(page.after).bind(page.limit);
            match page.organization {
                Some(organization) => query.bind(organization),
                None => query,
            }.fetch_all(pool).await?
        }))
    }

    /// One person who is seen from an organization, or from everywhere.
    ///
    /// # Errors
    /// As any read.
    pub async fn seen_person(
        &self,
        id: &str,
        organization: Option<&str>,
    ) -> Result<Option<PersonRow>, StoreError> {
        let sql = if organization.is_some() { ONE_TIED } else { ONE }.on(self);
        Ok(each_engine!(self, pool => {
            let query = sqlx::query_as(sql).bind(id);
            match organization {
                Some(organization) => query.bind(organization),
                None => query,
            }.fetch_optional(pool).await?
        }))
    }

    /// Why addresses get no mail: hash and reason of each that is suppressed.
    ///
    /// # Errors
    /// As any read.
    pub async fn reasons_of(
        &self,
        addresses: &[AddressHash],
    ) -> Result<Vec<(String, String)>, StoreError> {
        let hashes: Vec<&str> = addresses.iter().map(AddressHash::as_str).collect();
        let (sql, hashes) = (SUPPRESSED.on(self), list(&hashes));
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(&hashes).fetch_all(pool).await?))
    }
}

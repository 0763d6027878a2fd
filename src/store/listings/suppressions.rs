//! Addresses that get no mail.

use super::Page;
use crate::store::suppressions::SuppressionRow;
use crate::store::{Db, StoreError};
use crate::{each_engine, not_voided, statements};

macro_rules! suppressions {
    ($which:literal) => {
        concat!(
            "SELECT s.id, s.address_sha256, p.email, s.reason, s.detail, s.source, s.since, s.expires_at, s.lifted_at, \
             s.lifted_why FROM suppression s LEFT JOIN person p ON p.id = s.person_id WHERE ",
            $which
        )
    };
}

/// Rows about who gets, or got, an organization's mails.
macro_rules! of_readers {
    ($organization:literal) => {
        concat!(
            " AND ",
            $organization,
            " IN (SELECT b.organization_id FROM subscription b WHERE b.person_id = s.person_id \
             AND b.confirmed_at IS NOT NULL AND b.voided_at IS NULL AND ",
            not_voided!("b.batch_id"),
            ")"
        )
    };
}

statements! {
    /// A page of all.
    ALL = suppressions!("s.id > $1 AND ($3 = '' OR s.reason = $3) AND ($4 OR s.lifted_at IS NULL)
        AND ($5 = '' OR s.address_sha256 = $5) ORDER BY s.id LIMIT $2");
    /// A page of those of an organization's readers.
    OF = concat!(suppressions!("s.id > $1 AND ($3 = '' OR s.reason = $3) AND ($4 OR s.lifted_at IS NULL)
        AND ($5 = '' OR s.address_sha256 = $5)"), of_readers!("$6"), " ORDER BY s.id LIMIT $2");
    /// One.
    ONE = suppressions!("s.id = $1");
    /// One of an organization's readers.
    ONE_OF = concat!(suppressions!("s.id = $1"), of_readers!("$2"));
}

impl Db {
    /// Rows of the list: of a reason, of an address by its hash; those that were lifted only where they
    /// are asked for.
    ///
    /// # Errors
    /// As any read.
    pub async fn page_of_suppressions(
        &self,
        reason: &str,
        is_lifted_too: bool,
        address_sha256: &str,
        page: Page<'_>,
    ) -> Result<Vec<SuppressionRow>, StoreError> {
        let sql = if page.organization.is_some() { OF } else { ALL }.on(self);
        Ok(each_engine!(self, pool => {
            let query = sqlx::query_as(sql).bind(page.after).bind(page.limit).bind(reason)
                .bind(is_lifted_too).bind(address_sha256);
            match page.organization {
                Some(organization) => query.bind(organization),
                None => query,
            }.fetch_all(pool).await?
        }))
    }

    /// One row that is seen from an organization, or from everywhere.
    ///
    /// # Errors
    /// As any read.
    pub async fn seen_suppression(
        &self,
        id: &str,
        organization: Option<&str>,
    ) -> Result<Option<SuppressionRow>, StoreError> {
        let sql = if organization.is_some() { ONE_OF } else { ONE }.on(self);
        Ok(each_engine!(self, pool => {
            let query = sqlx::query_as(sql).bind(id);
            match organization {
                Some(organization) => query.bind(organization),
                None => query,
            }.fetch_optional(pool).await?
        }))
    }
}

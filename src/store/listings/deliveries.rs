//! Deliveries: what happened to each mail.

use super::Page;
use crate::store::deliveries::DeliveryRow;
use crate::store::{Db, StoreError};
use crate::{each_engine, statements};

/// Which deliveries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliveryFilter<'a> {
    /// ISO week.
    pub week: &'a str,
    /// State.
    pub state: &'a str,
    /// Row id of the subscription.
    pub subscription: &'a str,
    /// Row id of the edition.
    pub edition: &'a str,
}

macro_rules! deliveries {
    ($which:literal) => {
        concat!(
            "SELECT d.id, d.iso_week, d.kind, o.slug AS organization, s.role, p.email, e.kind AS edition, e.subject, \
             d.state, d.reason, d.send_at, d.next_attempt_at, d.attempts, d.resends, d.message_id, d.handed_over_at \
             FROM delivery d JOIN subscription s ON s.id = d.subscription_id JOIN person p ON p.id = s.person_id \
             LEFT JOIN organization o ON o.id = s.organization_id LEFT JOIN edition e ON e.id = d.edition_id WHERE ",
            $which
        )
    };
}

statements! {
    /// A page of all.
    ALL = deliveries!("d.id > $1 AND ($3 = '' OR d.iso_week = $3) AND ($4 = '' OR d.state = $4)
        AND ($5 = '' OR d.subscription_id = $5) AND ($6 = '' OR d.edition_id = $6) ORDER BY d.id LIMIT $2");
    /// A page of those of an organization.
    OF = deliveries!("d.id > $1 AND ($3 = '' OR d.iso_week = $3) AND ($4 = '' OR d.state = $4)
        AND ($5 = '' OR d.subscription_id = $5) AND ($6 = '' OR d.edition_id = $6)
        AND s.organization_id = $7 ORDER BY d.id LIMIT $2");
    /// One; of an organization where $2 names it.
    ONE = deliveries!("d.id = $1 AND ($2 = '' OR s.organization_id = $2)");
}

impl Db {
    /// Deliveries that a filter lets through.
    ///
    /// # Errors
    /// As any read.
    pub async fn page_of_deliveries(
        &self,
        filter: DeliveryFilter<'_>,
        page: Page<'_>,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        let sql = if page.organization.is_some() { OF } else { ALL }.on(self);
        Ok(each_engine!(self, pool => {
            let query = sqlx::query_as(sql).bind(page.after).bind(page.limit).bind(filter.week)
                .bind(filter.state).bind(filter.subscription).bind(filter.edition);
            match page.organization {
                Some(organization) => query.bind(organization),
                None => query,
            }.fetch_all(pool).await?
        }))
    }

    /// One delivery that is seen from an organization, or from everywhere.
    ///
    /// # Errors
    /// As any read.
    pub async fn seen_delivery(
        &self,
        id: &str,
        organization: Option<&str>,
    ) -> Result<Option<DeliveryRow>, StoreError> {
        let sql = ONE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(id).bind(organization.unwrap_or_default()).fetch_optional(pool).await?
        }))
    }
}

//! Subscriptions, ended ones included.

use sqlx::FromRow;

use super::Page;
use crate::store::{Db, StoreError};
use crate::{each_engine, statements};

/// A subscription as a program is told of it. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SubscriptionRow {
    /// Row id.
    pub id: String,
    /// Whose.
    pub person_id: String,
    /// Address; none once forgotten.
    pub email: Option<String>,
    /// Row id of the organization, for the roles that have one.
    pub organization_id: Option<String>,
    /// Its slug.
    pub organization: Option<String>,
    /// Role code.
    pub role: String,
    /// Monday is 1; none for a portfolio at its default.
    pub weekday: Option<i64>,
    /// 0 to 23.
    pub hour: Option<i64>,
    /// Quiet choice.
    pub quiet: String,
    /// First day without mail.
    pub pause_from: Option<String>,
    /// First day with mail again.
    pub pause_until: Option<String>,
    /// When they agreed.
    pub confirmed_at: Option<i64>,
    /// When they left.
    pub unsubscribed_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// Why the address gets nothing.
    pub suppressed_reason: Option<String>,
    /// Why they get mail or not, the strongest reason first.
    pub state: String,
    /// When it was made.
    pub created_at: i64,
}

/// Which subscriptions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SubscriptionFilter<'a> {
    /// State.
    pub state: &'a str,
    /// Role code.
    pub role: &'a str,
    /// Row id of the person.
    pub person: &'a str,
}

macro_rules! subscriptions {
    ($which:literal) => {
        concat!(
            "SELECT * FROM (SELECT s.id, s.person_id, p.email, s.organization_id, o.slug AS organization, s.role, \
             s.weekday, s.hour, s.quiet, s.pause_from, s.pause_until, s.confirmed_at, s.unsubscribed_at, s.ended_at, \
             s.suppressed_reason, CASE WHEN s.ended_at IS NOT NULL THEN 'ended' \
             WHEN s.unsubscribed_at IS NOT NULL THEN 'unsubscribed' \
             WHEN s.suppressed_reason IS NOT NULL THEN 'suppressed' \
             WHEN s.confirmed_at IS NULL THEN 'unconfirmed' ELSE 'active' END AS state, s.created_at \
             FROM subscription s JOIN person p ON p.id = s.person_id \
             LEFT JOIN organization o ON o.id = s.organization_id WHERE s.voided_at IS NULL AND ",
            $which,
            ") AS found"
        )
    };
}

statements! {
    /// A page of all.
    ALL = concat!(subscriptions!("s.id > $1"), " WHERE ($3 = '' OR state = $3) AND ($4 = '' OR role = $4)
          AND ($5 = '' OR person_id = $5) ORDER BY id LIMIT $2");
    /// A page of those of an organization.
    OF = concat!(subscriptions!("s.id > $1 AND s.organization_id = $6"), " WHERE ($3 = '' OR state = $3)
          AND ($4 = '' OR role = $4) AND ($5 = '' OR person_id = $5) ORDER BY id LIMIT $2");
    /// One.
    ONE = subscriptions!("s.id = $1");
}

impl Db {
    /// Subscriptions that a filter lets through.
    ///
    /// # Errors
    /// As any read.
    pub async fn page_of_subscriptions(
        &self,
        filter: SubscriptionFilter<'_>,
        page: Page<'_>,
    ) -> Result<Vec<SubscriptionRow>, StoreError> {
        let sql = if page.organization.is_some() { OF } else { ALL }.on(self);
        Ok(each_engine!(self, pool => {
            let query = sqlx::query_as(sql).bind(page.after).bind(page.limit).bind(filter.state)
                .bind(filter.role).bind(filter.person);
            match page.organization {
                Some(organization) => query.bind(organization),
                None => query,
            }.fetch_all(pool).await?
        }))
    }

    /// One subscription that is seen from an organization, or from everywhere.
    ///
    /// # Errors
    /// As any read.
    pub async fn seen_subscription(
        &self,
        id: &str,
        organization: Option<&str>,
    ) -> Result<Option<SubscriptionRow>, StoreError> {
        let sql = ONE.on(self);
        let row: Option<SubscriptionRow> =
            each_engine!(self, pool => sqlx::query_as(sql).bind(id).fetch_optional(pool).await?);
        let is_seen = |row: &SubscriptionRow| {
            organization.is_none() || organization == row.organization_id.as_deref()
        };
        Ok(row.filter(is_seen))
    }
}

//! A reader as the reader's own page shows them: one person, and each list apart.

use sqlx::FromRow;

use crate::{each_engine, statements};

use super::{Db, StoreError};

/// The columns of [`List`]; `s` is the subscription.
macro_rules! list {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.role, o.name AS organization, o.time_zone AS organization_zone, s.weekday, s.hour, s.quiet, \
             s.pause_from, s.pause_until, s.confirmed_at, s.unsubscribed_at, s.ended_at, s.suppressed_reason \
             FROM subscription s LEFT JOIN organization o ON o.id = s.organization_id ", $rest
        )
    };
}

statements! {
    /// Whose a subscription is, ended or not.
    PERSON = "SELECT p.id, p.email, p.name, p.time_zone FROM subscription s JOIN person p ON p.id = s.person_id
        WHERE s.id = $1";
    /// A person as they are now.
    BY_ID = "SELECT id, email, name, time_zone FROM person WHERE id = $1";
    /// What a person has that did not end.
    LISTS = list!("WHERE s.person_id = $1 AND s.ended_at IS NULL AND s.voided_at IS NULL \
        ORDER BY CASE WHEN s.role = 'public' THEN 1 ELSE 0 END, o.name, s.role, s.id");
    /// One subscription, ended or not, as people know it.
    LIST = list!("WHERE s.id = $1");
}

/// Somebody who reads.
#[derive(Debug, Clone, FromRow)]
pub struct Reader {
    /// Row id of the person.
    pub id: String,
    /// The address; none once forgotten.
    pub email: Option<String>,
    /// The name; may be empty.
    pub name: String,
    /// Own IANA zone.
    pub time_zone: Option<String>,
}

/// One list that they are or were on.
#[derive(Debug, Clone, FromRow)]
pub struct List {
    /// Row id of the subscription.
    pub id: String,
    /// Role code.
    pub role: String,
    /// Name of the organization; none for a portfolio and the public brief.
    pub organization: Option<String>,
    /// Its zone.
    pub organization_zone: Option<String>,
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
    /// Milliseconds.
    pub confirmed_at: Option<i64>,
    /// Milliseconds.
    pub unsubscribed_at: Option<i64>,
    /// Milliseconds.
    pub ended_at: Option<i64>,
    /// Why the address gets nothing.
    pub suppressed_reason: Option<String>,
}

impl Db {
    /// Whose a subscription is.
    ///
    /// # Errors
    /// As any read.
    pub async fn reader_of(&self, subscription_id: &str) -> Result<Option<Reader>, StoreError> {
        let sql = PERSON.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(subscription_id).fetch_optional(pool).await?
        }))
    }

    /// A person as they are now.
    ///
    /// # Errors
    /// As any read.
    pub async fn reader_by_id(&self, person_id: &str) -> Result<Option<Reader>, StoreError> {
        let sql = BY_ID.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(person_id).fetch_optional(pool).await?
        }))
    }

    /// Every list that a person is on or left.
    ///
    /// # Errors
    /// As any read.
    pub async fn lists_of(&self, person_id: &str) -> Result<Vec<List>, StoreError> {
        let sql = LISTS.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(person_id).fetch_all(pool).await?
        }))
    }

    /// The list of a subscription, whatever became of it.
    ///
    /// # Errors
    /// As any read.
    pub async fn list_of(&self, subscription_id: &str) -> Result<Option<List>, StoreError> {
        let sql = LIST.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(subscription_id).fetch_optional(pool).await?
        }))
    }
}

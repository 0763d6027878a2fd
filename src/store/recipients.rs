//! Who gets an organization's brief, by name: for whom a preview can be drawn.

use sqlx::FromRow;

use super::{Db, StoreError};
use crate::{each_engine, not_voided, statements};

/// Somebody who gets a brief.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Recipient {
    /// Row id of the subscription.
    pub id: String,
    /// Leader, owner or reader.
    pub role: String,
    /// Name; may be empty.
    pub name: String,
    /// The address; none once forgotten.
    pub email: Option<String>,
}

/// What a recipient is and has chosen, as far as it decides which edition they get.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Choice {
    /// Leader, owner or reader.
    pub role: String,
    /// `full`, `line` or `skip`: what comes in a quiet week.
    pub quiet: String,
    /// Name; an owner's gaps are found by it.
    pub name: String,
}

/// Most recipients that are searched by name. Of an organization with more, the first in the alphabet.
const MOST_SEARCHED: i64 = 10_000;

statements! {
    /// The recipients of an organization at an instant, by name.
    RECIPIENTS = concat!(
        "SELECT s.id, s.role, p.name, p.email FROM subscription s JOIN person p ON p.id = s.person_id ",
        "WHERE s.organization_id = $1 AND s.confirmed_at <= $2 AND (s.unsubscribed_at IS NULL OR s.unsubscribed_at > $2) ",
        "AND (s.ended_at IS NULL OR s.ended_at > $2) AND s.voided_at IS NULL AND ", not_voided!("s.batch_id"),
        " ORDER BY p.name, s.role, s.id LIMIT $3");

    /// One of them, ended or not.
    CHOICE = "SELECT s.role, s.quiet, p.name FROM subscription s JOIN person p ON p.id = s.person_id \
        WHERE s.organization_id = $1 AND s.id = $2 AND s.voided_at IS NULL";
}

impl Db {
    /// Up to `limit` of those who get an organization's brief at an instant, by name; where `words` are
    /// given, those whose name holds them, in capitals or not.
    ///
    /// # Errors
    /// As any read.
    pub async fn recipients(
        &self,
        organization: &str,
        words: &str,
        at: i64,
        limit: i64,
    ) -> Result<Vec<Recipient>, StoreError> {
        let (sql, words) = (RECIPIENTS.on(self), words.to_lowercase());
        let most = if words.is_empty() { limit } else { MOST_SEARCHED };
        let mut found: Vec<Recipient> = each_engine!(self, pool => {
            sqlx::query_as(sql).bind(organization).bind(at).bind(most).fetch_all(pool).await?
        });
        // SQLite knows the small letters of English alone, so names are compared here.
        found.retain(|own| own.name.to_lowercase().contains(&words));
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// What a subscription to an organization's brief decides; none where there is no such one there.
    ///
    /// # Errors
    /// As any read.
    pub async fn recipient_choice(
        &self,
        organization: &str,
        subscription: &str,
    ) -> Result<Option<Choice>, StoreError> {
        let sql = CHOICE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(organization).bind(subscription).fetch_optional(pool).await?
        }))
    }
}

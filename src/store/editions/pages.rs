//! Editions as pages: the web copy of a mail, and the archive of the public ones.

use sqlx::FromRow;

use crate::store::{Db, StoreError};
use crate::{each_engine, statements};

statements! {
    /// What was sent by one delivery.
    COPY = "SELECT d.subscription_id, d.iso_week, e.subject, e.body_html, p.name FROM delivery d
        JOIN edition e ON e.id = d.edition_id JOIN subscription s ON s.id = d.subscription_id
        JOIN person p ON p.id = s.person_id WHERE d.id = $1";
    /// The public editions, newest first.
    ISSUES = "SELECT iso_week, as_of, subject, preheader, frozen_at FROM edition
        WHERE scope_kind = 'public' AND scope_id = 'public' AND kind = 'public' AND state = 'frozen'
          AND cut_off_at <= $1 AND subject IS NOT NULL
        ORDER BY iso_week DESC, id LIMIT $2 OFFSET $3";
    /// The public edition of a week.
    ISSUE = "SELECT iso_week, as_of, subject, preheader, body_html, body_text, frozen_at FROM edition
        WHERE scope_kind = 'public' AND scope_id = 'public' AND kind = 'public' AND state = 'frozen'
          AND iso_week = $1 AND cut_off_at <= $2 AND subject IS NOT NULL ORDER BY id LIMIT 1";
}

/// A mail's edition, and what its slots need.
#[derive(Debug, Clone, FromRow)]
pub struct Copy {
    /// By which subscription it was sent.
    pub subscription_id: String,
    /// In which week.
    pub iso_week: String,
    /// Its subject.
    pub subject: Option<String>,
    /// The HTML with slots; none once it was pruned.
    pub body_html: Option<String>,
    /// The reader's name; may be empty.
    pub name: String,
}

/// A public edition in the list of them.
#[derive(Debug, Clone, FromRow)]
pub struct Listed {
    /// Its week.
    pub iso_week: String,
    /// Its date.
    pub as_of: String,
    /// Its question.
    pub subject: String,
    /// What adds to it.
    pub preheader: Option<String>,
    /// When it was made, milliseconds.
    pub frozen_at: i64,
}

/// A public edition.
#[derive(Debug, Clone, FromRow)]
pub struct Issue {
    /// Its week.
    pub iso_week: String,
    /// Its date.
    pub as_of: String,
    /// Its question.
    pub subject: String,
    /// What adds to it.
    pub preheader: Option<String>,
    /// The HTML with slots; none once it was pruned.
    pub body_html: Option<String>,
    /// The text with slots, likewise.
    pub body_text: Option<String>,
    /// When it was made, milliseconds.
    pub frozen_at: i64,
}

impl Db {
    /// What a delivery sent; none where there is no such delivery, or it had nothing to send.
    ///
    /// # Errors
    /// As any read.
    pub async fn web_copy(&self, delivery_id: &str) -> Result<Option<Copy>, StoreError> {
        let sql = COPY.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(delivery_id).fetch_optional(pool).await?
        }))
    }

    /// Public editions whose cut-off has come, newest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn public_issues(
        &self,
        now: i64,
        limit: i64,
        offset: i64,
    ) -> Result<Vec<Listed>, StoreError> {
        let sql = ISSUES.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(now).bind(limit).bind(offset).fetch_all(pool).await?
        }))
    }

    /// The public edition of a week whose cut-off has come.
    ///
    /// # Errors
    /// As any read.
    pub async fn public_issue(
        &self,
        iso_week: &str,
        now: i64,
    ) -> Result<Option<Issue>, StoreError> {
        let sql = ISSUE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(iso_week).bind(now).fetch_optional(pool).await?
        }))
    }
}

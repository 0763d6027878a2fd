//! Editions: drafts and what was frozen.

use sqlx::FromRow;

use super::Page;
use crate::store::{Db, StoreError};
use crate::{each_engine, statements};

/// An edition as a program is told of it. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct EditionLine {
    /// Row id.
    pub id: String,
    /// `organization`, `consultant` or `public`.
    pub scope_kind: String,
    /// Slug, where it is about an organization.
    pub organization: Option<String>,
    /// Row id of the consultant, where it is a portfolio.
    pub consultant: Option<String>,
    /// ISO week.
    pub iso_week: String,
    /// Kind.
    pub kind: String,
    /// Variant.
    pub variant: String,
    /// State.
    pub state: String,
    /// The cut-off.
    pub cut_off_at: i64,
    /// Its civil date.
    pub as_of: String,
    /// Subject, once made.
    pub subject: Option<String>,
    /// Why it is skipped, cancelled or expired.
    pub reason: Option<String>,
    /// When it was frozen.
    pub frozen_at: Option<i64>,
    /// When it was first made.
    pub created_at: i64,
}

/// Which editions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EditionFilter<'a> {
    /// ISO week.
    pub week: &'a str,
    /// State.
    pub state: &'a str,
    /// Kind.
    pub kind: &'a str,
}

macro_rules! editions {
    ($which:literal) => {
        concat!(
            "SELECT e.id, e.scope_kind, o.slug AS organization, \
             CASE WHEN e.scope_kind = 'consultant' THEN e.scope_id END AS consultant, e.iso_week, e.kind, e.variant, \
             e.state, e.cut_off_at, e.as_of, e.subject, e.reason, e.frozen_at, e.created_at FROM edition e \
             LEFT JOIN organization o ON e.scope_kind = 'organization' AND o.id = e.scope_id WHERE ",
            $which
        )
    };
}

statements! {
    /// A page of all.
    ALL = editions!("e.id > $1 AND ($3 = '' OR e.iso_week = $3) AND ($4 = '' OR e.state = $4)
        AND ($5 = '' OR e.kind = $5) ORDER BY e.id LIMIT $2");
    /// A page of those of an organization.
    OF = editions!("e.id > $1 AND ($3 = '' OR e.iso_week = $3) AND ($4 = '' OR e.state = $4)
        AND ($5 = '' OR e.kind = $5) AND e.scope_kind = 'organization' AND e.scope_id = $6 ORDER BY e.id LIMIT $2");
    /// One; of an organization where $2 names it.
    ONE = editions!("e.id = $1 AND ($2 = '' OR (e.scope_kind = 'organization' AND e.scope_id = $2))");
}

impl Db {
    /// Editions that a filter lets through.
    ///
    /// # Errors
    /// As any read.
    pub async fn page_of_editions(
        &self,
        filter: EditionFilter<'_>,
        page: Page<'_>,
    ) -> Result<Vec<EditionLine>, StoreError> {
        let sql = if page.organization.is_some() { OF } else { ALL }.on(self);
        Ok(each_engine!(self, pool => {
            let query = sqlx::query_as(sql).bind(page.after).bind(page.limit).bind(filter.week)
                .bind(filter.state).bind(filter.kind);
            match page.organization {
                Some(organization) => query.bind(organization),
                None => query,
            }.fetch_all(pool).await?
        }))
    }

    /// One edition that is seen from an organization, or from everywhere.
    ///
    /// # Errors
    /// As any read.
    pub async fn seen_edition(
        &self,
        id: &str,
        organization: Option<&str>,
    ) -> Result<Option<EditionLine>, StoreError> {
        let sql = ONE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(id).bind(organization.unwrap_or_default()).fetch_optional(pool).await?
        }))
    }
}

//! Editions as whoever reviews them sees them: with the latest note, the latest decision, and whether
//! they were corrected (DESIGN 2.3).

use sqlx::FromRow;

use crate::store::row::list;
use crate::store::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, not_voided, statements};

/// An organization's edition with what was said about it. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Review {
    /// Row id of the edition.
    pub id: String,
    /// Row id of the organization.
    pub scope_id: String,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub organization: String,
    /// Its IANA zone.
    pub time_zone: String,
    /// How its drafts are reviewed now: `none`, `hold` or `required`.
    pub mode: String,
    /// Whether it gets briefs now: `active` or `paused`.
    pub status: String,
    /// ISO week.
    pub iso_week: String,
    /// Kind.
    pub kind: String,
    /// Variant.
    pub variant: String,
    /// Whose gaps it is about, where it is an owner's.
    pub owner: Option<String>,
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
    /// When it was made.
    pub created_at: i64,
    /// When it was frozen.
    pub frozen_at: Option<i64>,
    /// Whether what it says is still kept.
    pub is_kept: bool,
    /// Row id of its correction.
    pub correction: Option<String>,
    /// Row id of the week's latest note; the note is empty where it took the one before back.
    pub note_id: Option<String>,
    /// Its words.
    pub note: Option<String>,
    /// Who signs it.
    pub note_by: Option<String>,
    /// When it was written.
    pub note_at: Option<i64>,
    /// Row id of the week's latest decision.
    pub decision_id: Option<String>,
    /// `approve`, `skip` or `cancel`.
    pub decision: Option<String>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// Why.
    pub decision_reason: Option<String>,
    /// When.
    pub decided_at: Option<i64>,
}

/// How many deliveries of a week stand in a state.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Stood {
    /// ISO week.
    pub iso_week: String,
    /// `brief` or `correction`.
    pub kind: String,
    /// State.
    pub state: String,
    /// How many.
    pub deliveries: i64,
}

// An owner's variant ends with the row id of the person: `full-en-ID`.
macro_rules! reviews {
    ($which:literal) => {
        concat!(
            "SELECT e.id, e.scope_id, o.slug, o.name AS organization, o.time_zone, o.review AS mode, o.status, \
             e.iso_week, e.kind, e.variant, p.name AS owner, e.state, \
             e.cut_off_at, e.as_of, e.subject, e.reason, e.created_at, e.frozen_at, e.body_html IS NOT NULL AS is_kept, \
             (SELECT MIN(c.id) FROM edition c WHERE c.corrects_edition_id = e.id) AS correction, \
             n.id AS note_id, n.note, n.author AS note_by, n.recorded_at AS note_at, r.id AS decision_id, r.decision, \
             r.actor AS decided_by, r.reason AS decision_reason, r.decided_at FROM edition e \
             JOIN organization o ON o.id = e.scope_id AND o.voided_at IS NULL \
             LEFT JOIN person p ON e.kind = 'owner' AND p.id = SUBSTR(e.variant, 9) \
             LEFT JOIN edition_note n ON n.id = (SELECT l.id FROM edition_note l WHERE l.scope_kind = e.scope_kind \
             AND l.scope_id = e.scope_id AND l.iso_week = e.iso_week ORDER BY l.recorded_at DESC, l.id DESC LIMIT 1) \
             LEFT JOIN review_decision r ON r.id = (SELECT l.id FROM review_decision l WHERE l.scope_kind = e.scope_kind \
             AND l.scope_id = e.scope_id AND l.iso_week = e.iso_week ORDER BY l.decided_at DESC, l.id DESC LIMIT 1) \
             WHERE e.scope_kind = 'organization' AND ",
            $which
        )
    };
}

statements! {
    /// One edition.
    ONE = reviews!("e.id = $1");

    /// What waits since some week, the first to leave first: of some organizations, or of all.
    WAITING = reviews!("e.iso_week >= $3 AND e.state IN ('draft', 'held') \
        AND ($1 OR e.scope_id IN (SELECT value FROM json_each($2))) \
        ORDER BY e.cut_off_at, o.slug, e.id LIMIT $4 OFFSET $5");

    /// The first editions of the weeks since one that do not wait any more, the latest first, likewise.
    PAST = reviews!("e.iso_week >= $3 AND e.kind = 'leader' AND e.variant = $6 AND e.state NOT IN ('draft', 'held') \
        AND ($1 OR e.scope_id IN (SELECT value FROM json_each($2))) \
        ORDER BY e.cut_off_at DESC, o.slug, e.id LIMIT $4 OFFSET $5");

    /// Every edition of an organization's week, the first one first, up to a number.
    OF_WEEK = reviews!("e.scope_id = $1 AND e.iso_week = $2 \
        ORDER BY CASE e.kind WHEN 'leader' THEN 0 WHEN 'owner' THEN 1 ELSE 2 END, e.variant, e.id LIMIT $3");

    /// What became of an organization's weeks. The sum of texts keeps the engine from going through
    /// everybody's deliveries of a week.
    STOOD = "SELECT d.iso_week, d.kind, d.state, COUNT(*) AS deliveries FROM subscription s \
        JOIN delivery d ON d.subscription_id = s.id AND d.iso_week || '' IN (SELECT value FROM json_each($2)) \
        WHERE s.organization_id = $1 GROUP BY d.iso_week, d.kind, d.state ORDER BY d.iso_week, d.kind, d.state";

    /// How many would get a brief of each of some organizations at an instant.
    READERS = concat!(
        "SELECT s.organization_id, COUNT(*) AS readers FROM subscription s ",
        "WHERE s.organization_id IN (SELECT value FROM json_each($1)) AND s.confirmed_at <= $2 ",
        "AND (s.unsubscribed_at IS NULL OR s.unsubscribed_at > $2) AND (s.ended_at IS NULL OR s.ended_at > $2) ",
        "AND s.suppressed_reason IS NULL AND s.voided_at IS NULL AND ", not_voided!("s.batch_id"),
        " GROUP BY s.organization_id ORDER BY s.organization_id");
}

/// Whose editions: of all organizations, or of those with these row ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scopes {
    /// Everybody's.
    All,
    /// Of these.
    Some(Vec<String>),
}

impl Scopes {
    fn bound(&self) -> (bool, String) {
        match self {
            Self::All => (true, "[]".to_owned()),
            Self::Some(ids) => (false, list(ids)),
        }
    }
}

/// Which part of a list: since which ISO week, from where, how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// The first week.
    pub since: &'a str,
    /// How many are left out before it.
    pub offset: i64,
    /// How many at most.
    pub limit: i64,
}

impl Db {
    /// An organization's edition with what was said about it; none where there is none with this id.
    ///
    /// # Errors
    /// As any read.
    pub async fn review(&self, id: &str) -> Result<Option<Review>, StoreError> {
        let sql = ONE.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(id).fetch_optional(pool).await?))
    }

    /// What waits for its cut-off or for an approval, the first to leave first.
    ///
    /// # Errors
    /// As any read.
    pub async fn reviews_waiting(
        &self,
        scopes: &Scopes,
        part: Part<'_>,
    ) -> Result<Vec<Review>, StoreError> {
        let (sql, (all, ids)) = (WAITING.on(self), scopes.bound());
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(all).bind(&ids).bind(part.since).bind(part.limit)
                .bind(part.offset).fetch_all(pool).await?
        }))
    }

    /// The first editions of past weeks, by their variant, the latest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn reviews_past(
        &self,
        scopes: &Scopes,
        variant: &str,
        part: Part<'_>,
    ) -> Result<Vec<Review>, StoreError> {
        let (sql, (all, ids)) = (PAST.on(self), scopes.bound());
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(all).bind(&ids).bind(part.since).bind(part.limit)
                .bind(part.offset).bind(variant).fetch_all(pool).await?
        }))
    }

    /// Up to `limit` editions of an organization's week.
    ///
    /// # Errors
    /// As any read.
    pub async fn reviews_of_week(
        &self,
        organization: &str,
        iso_week: &str,
        limit: i64,
    ) -> Result<Vec<Review>, StoreError> {
        let sql = OF_WEEK.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(organization).bind(iso_week).bind(limit).fetch_all(pool).await?
        }))
    }

    /// How many deliveries of an organization's weeks stand in which state.
    ///
    /// # Errors
    /// As any read.
    pub async fn stood(
        &self,
        organization: &str,
        weeks: &[String],
    ) -> Result<Vec<Stood>, StoreError> {
        let (sql, weeks) = (STOOD.on(self), list(weeks));
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(organization).bind(&weeks).fetch_all(pool).await?
        }))
    }

    /// How many would get a brief of each of some organizations now.
    ///
    /// # Errors
    /// As any read.
    pub async fn readers_count(
        &self,
        organizations: &[String],
        now: i64,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let (sql, ids) = (READERS.on(self), list(organizations));
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(&ids).bind(now).fetch_all(pool).await?
        }))
    }
}

impl Tx {
    /// An organization's edition as it stands in this transaction.
    ///
    /// # Errors
    /// As any read.
    pub async fn review(&mut self, id: &str) -> Result<Option<Review>, StoreError> {
        let sql = ONE.within(self);
        Ok(in_tx!(self, conn => sqlx::query_as(sql).bind(id).fetch_optional(conn).await?))
    }
}

//! Editions: drafts, what was frozen, the notes and the decisions on them (DESIGN 2.2, 2.3).

use sqlx::FromRow;

use super::row::list;
use super::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements};

mod pages;
mod reviews;
mod twin;
mod write;

pub(crate) use pages::STATEMENTS as PAGES;
pub use pages::{Copy, Issue, Listed};
pub(crate) use reviews::STATEMENTS as REVIEWS;
pub use reviews::{Part, Review, Scopes, Stood};
pub(crate) use twin::STATEMENTS as TWIN;
pub(crate) use write::STATEMENTS as WRITE;
pub use write::{Body, NewEdition, TEMPLATE_VERSION, Written};

/// An edition as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, serde::Serialize)]
pub struct EditionRow {
    /// Row id.
    pub id: String,
    /// `organization`, `consultant` or `public`.
    pub scope_kind: String,
    /// Organization or person id, or `public`.
    pub scope_id: String,
    /// Slug of the organization, name of the consultant, or `public`.
    pub scope_name: String,
    /// ISO week.
    pub iso_week: String,
    /// Kind.
    pub kind: String,
    /// Variant.
    pub variant: String,
    /// State.
    pub state: String,
    /// The cut-off, milliseconds.
    pub cut_off_at: i64,
    /// Civil date of the cut-off.
    pub as_of: String,
    /// Subject, once made.
    pub subject: Option<String>,
    /// Why it is skipped, cancelled or expired.
    pub reason: Option<String>,
    /// When it was frozen, milliseconds.
    pub frozen_at: Option<i64>,
}

/// What an edition says, as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct StoredBody {
    /// Facts as JSON.
    pub facts: Option<String>,
    /// Subject.
    pub subject: Option<String>,
    /// Plain text with slots.
    pub body_text: Option<String>,
    /// HTML with slots.
    pub body_html: Option<String>,
    /// The whole message with slots.
    pub mould: Option<Vec<u8>>,
}

/// The review of one scope and week: its latest note and decision.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Decision {
    /// Organization, person or `public`.
    pub scope_id: String,
    /// `approve`, `skip` or `cancel`.
    pub decision: String,
    /// Who decided.
    pub actor: String,
    /// Why.
    pub reason: Option<String>,
    /// When, milliseconds.
    pub decided_at: i64,
}

statements! {
    /// The latest decision for each scope of a week.
    DECISIONS = "SELECT r.scope_id, r.decision, r.actor, r.reason, r.decided_at FROM review_decision r \
        WHERE r.scope_kind = $1 AND r.iso_week = $2 AND r.scope_id IN (SELECT value FROM json_each($3)) \
        AND r.decided_at <= $4 AND NOT EXISTS (SELECT 1 FROM review_decision l WHERE l.scope_kind = r.scope_kind \
        AND l.scope_id = r.scope_id AND l.iso_week = r.iso_week AND l.decided_at <= $4 \
        AND (l.decided_at, l.id) > (r.decided_at, r.id))";

    /// Editions, newest week first. Empty text stands for "any".
    LIST = "SELECT e.id, e.scope_kind, e.scope_id, COALESCE(o.slug, p.name, 'public') AS scope_name, \
        e.iso_week, e.kind, e.variant, e.state, e.cut_off_at, e.as_of, e.subject, e.reason, e.frozen_at \
        FROM edition e LEFT JOIN organization o ON e.scope_kind = 'organization' AND o.id = e.scope_id \
        LEFT JOIN person p ON e.scope_kind = 'consultant' AND p.id = e.scope_id \
        WHERE ($1 = '' OR e.iso_week = $1) AND ($2 = '' OR e.state = $2) \
        AND ($3 = '' OR o.slug = $3 OR e.scope_id = $3) \
        ORDER BY e.iso_week DESC, scope_name, e.kind, e.variant, e.id LIMIT $4";

    /// One edition by id.
    ONE = "SELECT e.id, e.scope_kind, e.scope_id, COALESCE(o.slug, p.name, 'public') AS scope_name, \
        e.iso_week, e.kind, e.variant, e.state, e.cut_off_at, e.as_of, e.subject, e.reason, e.frozen_at \
        FROM edition e LEFT JOIN organization o ON e.scope_kind = 'organization' AND o.id = e.scope_id \
        LEFT JOIN person p ON e.scope_kind = 'consultant' AND p.id = e.scope_id WHERE e.id = $1";

    /// What one edition says.
    BODY = "SELECT facts, subject, body_text, body_html, mould FROM edition WHERE id = $1";

    /// The moulds of some editions.
    MOULDS = "SELECT id, mould FROM edition WHERE mould IS NOT NULL AND id IN (SELECT value FROM json_each($1))";

    /// Held editions that were approved or skipped since.
    HELD_DECIDED = "SELECT DISTINCT e.scope_id, e.iso_week, e.cut_off_at FROM edition e WHERE e.state = 'held' \
        AND e.scope_kind = 'organization' AND EXISTS (SELECT 1 FROM review_decision r \
        WHERE r.scope_kind = e.scope_kind AND r.scope_id = e.scope_id AND r.iso_week = e.iso_week \
        AND r.decided_at <= $1) AND (e.cut_off_at, e.scope_id) > ($2, $3) ORDER BY e.cut_off_at, e.scope_id LIMIT $4";

    /// A note, or an empty one to take it back.
    ADD_NOTE = "INSERT INTO edition_note (id, scope_kind, scope_id, iso_week, note, author, recorded_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";

    /// A decision.
    ADD_DECISION = "INSERT INTO review_decision (id, scope_kind, scope_id, iso_week, decision, actor, reason, decided_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    /// Public issues sent before a week, with the latest week of each.
    ISSUES_SENT = "SELECT insight_id, MAX(iso_week) AS iso_week FROM edition WHERE scope_kind = 'public' \
        AND state = 'frozen' AND kind = 'public' AND iso_week < $1 AND insight_id IS NOT NULL GROUP BY insight_id";
}

fn missing(id: &str) -> StoreError {
    StoreError::NotFound { what: "edition", name: id.to_owned(), hint: "see `brief editions`" }
}

impl Tx {
    /// One edition as it stands in this transaction.
    ///
    /// # Errors
    /// As [`Db::edition`].
    pub async fn edition(&mut self, id: &str) -> Result<EditionRow, StoreError> {
        let sql = ONE.within(self);
        let row: Option<EditionRow> =
            in_tx!(self, conn => sqlx::query_as(sql).bind(id).fetch_optional(conn).await)?;
        row.ok_or_else(|| missing(id))
    }

    /// The latest decision for each of some scopes in a week, as known at `now`.
    ///
    /// # Errors
    /// As any read.
    pub async fn decisions(
        &mut self,
        scope_kind: &str,
        iso_week: &str,
        scope_ids: &[String],
        now: i64,
    ) -> Result<Vec<Decision>, StoreError> {
        let (sql, ids) = (DECISIONS.within(self), list(scope_ids));
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql).bind(scope_kind).bind(iso_week).bind(&ids).bind(now)
                .fetch_all(conn).await?
        }))
    }
}

impl Db {
    /// The latest decision for each of some scopes in a week, as known at `now`.
    ///
    /// # Errors
    /// As any read.
    pub async fn decisions(
        &self,
        scope_kind: &str,
        iso_week: &str,
        scope_ids: &[String],
        now: i64,
    ) -> Result<Vec<Decision>, StoreError> {
        let mut tx = self.begin_read().await?;
        let decisions = tx.decisions(scope_kind, iso_week, scope_ids, now).await?;
        tx.rollback().await?;
        Ok(decisions)
    }

    /// Editions of a week, a state, an organization; empty text for any.
    ///
    /// # Errors
    /// As any read.
    pub async fn editions(
        &self,
        iso_week: &str,
        state: &str,
        organization: &str,
        limit: i64,
    ) -> Result<Vec<EditionRow>, StoreError> {
        let sql = LIST.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(iso_week).bind(state).bind(organization).bind(limit)
                .fetch_all(pool).await
        })?)
    }

    /// One edition.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none with this id.
    pub async fn edition(&self, id: &str) -> Result<EditionRow, StoreError> {
        let sql = ONE.on(self);
        let row: Option<EditionRow> =
            each_engine!(self, pool => sqlx::query_as(sql).bind(id).fetch_optional(pool).await)?;
        row.ok_or_else(|| missing(id))
    }

    /// What an edition says.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none with this id.
    pub async fn edition_body(&self, id: &str) -> Result<StoredBody, StoreError> {
        let sql = BODY.on(self);
        let row: Option<StoredBody> =
            each_engine!(self, pool => sqlx::query_as(sql).bind(id).fetch_optional(pool).await)?;
        row.ok_or_else(|| missing(id))
    }

    /// The moulds of some editions.
    ///
    /// # Errors
    /// As any read.
    pub async fn moulds(&self, ids: &[String]) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let (sql, ids) = (MOULDS.on(self), list(ids));
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(&ids).fetch_all(pool).await)?)
    }

    /// Scope, week and cut-off of up to `limit` held editions on which somebody decided, after a
    /// cut-off and scope.
    ///
    /// # Errors
    /// As any read.
    pub async fn held_decided(
        &self,
        now: i64,
        after: (i64, &str),
        limit: i64,
    ) -> Result<Vec<(String, String, i64)>, StoreError> {
        let sql = HELD_DECIDED.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(now).bind(after.0).bind(after.1).bind(limit)
                .fetch_all(pool).await
        })?)
    }

    /// Public issues sent before a week: id and latest week.
    ///
    /// # Errors
    /// As any read.
    pub async fn issues_sent(&self, before: &str) -> Result<Vec<(String, String)>, StoreError> {
        let sql = ISSUES_SENT.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(before).fetch_all(pool).await)?)
    }
}

impl Tx {
    /// Writes a note for the scope and week of an edition; an empty one takes the last back.
    ///
    /// # Errors
    /// As any write.
    pub async fn add_note(
        &mut self,
        edition: &EditionRow,
        note: &str,
        author: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        let (sql, id) = (ADD_NOTE.within(self), crate::clock::new_id());
        in_tx!(self, conn => {
            sqlx::query(sql).bind(&id).bind(&edition.scope_kind).bind(&edition.scope_id)
                .bind(&edition.iso_week).bind(note).bind(author).bind(now)
                .execute(conn).await.map(drop)
        })?;
        Ok(())
    }

    /// Records a decision on the scope and week of an edition.
    ///
    /// # Errors
    /// As any write.
    pub async fn add_decision(
        &mut self,
        edition: &EditionRow,
        decision: &str,
        actor: &str,
        reason: Option<&str>,
        now: i64,
    ) -> Result<(), StoreError> {
        let (sql, id) = (ADD_DECISION.within(self), crate::clock::new_id());
        in_tx!(self, conn => {
            sqlx::query(sql).bind(&id).bind(&edition.scope_kind).bind(&edition.scope_id)
                .bind(&edition.iso_week).bind(decision).bind(actor).bind(reason).bind(now)
                .execute(conn).await.map(drop)
        })?;
        Ok(())
    }
}

//! Editions as they are written: made, frozen in the place of their draft, taken back (DESIGN 2.2, 2.3).

use sqlx::FromRow;

use crate::store::row::list;
use crate::store::{StoreError, Tx};
use crate::{in_tx, statements};

/// Editions in one statement, which holds a copy of all that they say. Only a full one repeats word
/// for word and is kept prepared.
const ROWS: usize = 16;

/// An edition to be written. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEdition {
    /// Row id, used when no draft stands in its place.
    pub id: String,
    /// `organization`, `consultant` or `public`.
    pub scope_kind: &'static str,
    /// Organization or person id, or `public`.
    pub scope_id: String,
    /// ISO week of the cut-off.
    pub iso_week: String,
    /// Kind of edition.
    pub kind: &'static str,
    /// Quiet form, locale, and whose for an owner's.
    pub variant: String,
    /// `draft`, `held`, `frozen`, `skipped` or `expired`.
    pub state: &'static str,
    /// The cut-off.
    pub cut_off_at: i64,
    /// Its civil date.
    pub as_of: String,
    /// What it says; none for one that was never made.
    pub body: Option<Body>,
    /// Why it is skipped or expired.
    pub reason: Option<String>,
    /// When this was written; also `frozen_at` of a frozen one.
    pub at: i64,
    /// The edition that a correction corrects.
    pub corrects: Option<String>,
    /// Who approved it, and when.
    pub approved: Option<(String, i64)>,
}

/// What an edition says, in every form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Facts as JSON.
    pub facts: String,
    /// Subject.
    pub subject: String,
    /// Preheader.
    pub preheader: String,
    /// Plain text with slots.
    pub text: String,
    /// HTML with slots.
    pub html: String,
    /// The whole message with slots.
    pub mould: Vec<u8>,
    /// Insight or public issue that it carries.
    pub insight_id: Option<String>,
}

statements! {
    /// Takes an edition out of circulation; a frozen one keeps what it said.
    CANCEL = "UPDATE edition SET state = 'cancelled', reason = $2 WHERE id = $1 \
        AND state IN ('draft', 'held', 'frozen')";

    /// What nobody approved before the next cut-off came.
    EXPIRE_UNAPPROVED = "UPDATE edition SET state = 'expired', reason = 'not approved before the next cut-off' \
        WHERE scope_kind = 'organization' AND scope_id IN (SELECT value FROM json_each($1)) \
        AND cut_off_at < $2 AND state IN ('draft', 'held') RETURNING scope_id, iso_week";
}

/// Which row an edition was written to.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Written {
    /// Row id: the draft's, where one stood in its place.
    pub id: String,
    /// Organization, person or `public`.
    pub scope_id: String,
    /// Kind of edition.
    pub kind: String,
    /// Variant.
    pub variant: String,
}

impl Tx {
    /// Writes editions, each in the place of its draft where one stands, a cancelled one included.
    /// What is frozen, skipped or expired already is left alone and not returned.
    ///
    /// # Errors
    /// As any write.
    pub async fn write_editions(
        &mut self,
        editions: &[NewEdition],
    ) -> Result<Vec<Written>, StoreError> {
        let mut written = Vec::with_capacity(editions.len());
        for some in editions.chunks(ROWS) {
            let rows: Vec<Written> = in_tx!(self, conn => {
                let mut sql = sqlx::QueryBuilder::new(
                    "INSERT INTO edition (id, scope_kind, scope_id, iso_week, kind, variant, state, cut_off_at, as_of, \
                     reason, created_at, frozen_at, corrects_edition_id, approved_by, approved_at, facts, subject, \
                     preheader, body_text, body_html, mould, insight_id, template_version) ",
                );
                sql.push_values(some, |mut row, e| {
                    let body = e.body.as_ref();
                    row.push_bind(&e.id).push_bind(e.scope_kind).push_bind(&e.scope_id)
                        .push_bind(&e.iso_week).push_bind(e.kind).push_bind(&e.variant)
                        .push_bind(e.state).push_bind(e.cut_off_at).push_bind(&e.as_of)
                        .push_bind(e.reason.as_deref()).push_bind(e.at)
                        .push_bind((e.state == "frozen").then_some(e.at))
                        .push_bind(e.corrects.as_deref())
                        .push_bind(e.approved.as_ref().map(|(by, _)| by.as_str()))
                        .push_bind(e.approved.as_ref().map(|(_, at)| *at))
                        .push_bind(body.map(|b| b.facts.as_str()))
                        .push_bind(body.map(|b| b.subject.as_str()))
                        .push_bind(body.map(|b| b.preheader.as_str()))
                        .push_bind(body.map(|b| b.text.as_str()))
                        .push_bind(body.map(|b| b.html.as_str()))
                        .push_bind(body.map(|b| b.mould.as_slice()))
                        .push_bind(body.and_then(|b| b.insight_id.as_deref()))
                        .push_bind(body.map(|_| TEMPLATE_VERSION));
                });
                sql.push(
                    " ON CONFLICT (scope_kind, scope_id, iso_week, kind, variant) DO UPDATE SET \
                     state = excluded.state, cut_off_at = excluded.cut_off_at, as_of = excluded.as_of, \
                     reason = excluded.reason, frozen_at = excluded.frozen_at, facts = excluded.facts, \
                     subject = excluded.subject, preheader = excluded.preheader, \
                     body_text = excluded.body_text, body_html = excluded.body_html, \
                     mould = excluded.mould, insight_id = excluded.insight_id, \
                     template_version = excluded.template_version, \
                     approved_by = excluded.approved_by, approved_at = excluded.approved_at \
                     WHERE edition.state IN ('draft', 'held') \
                     OR (edition.state = 'cancelled' AND edition.frozen_at IS NULL) RETURNING id, scope_id, kind, variant",
                );
                sql.build_query_as().persistent(some.len() == ROWS).fetch_all(conn).await
            })?;
            written.extend(rows);
        }
        Ok(written)
    }

    /// Ends what of some organizations waited for an approval before `cut_off`; returns scope and
    /// week of each.
    ///
    /// # Errors
    /// As any write.
    pub async fn expire_unapproved(
        &mut self,
        organizations: &[String],
        cut_off: i64,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let (sql, ids) = (EXPIRE_UNAPPROVED.within(self), list(organizations));
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql).bind(&ids).bind(cut_off).fetch_all(conn).await
        })?)
    }

    /// Takes an edition out of circulation; whether it was in it.
    ///
    /// # Errors
    /// As any write.
    pub async fn cancel_edition(&mut self, id: &str, reason: &str) -> Result<bool, StoreError> {
        let sql = CANCEL.within(self);
        let rows: u64 = in_tx!(self, conn => {
            sqlx::query(sql).bind(id).bind(reason).execute(conn).await
                .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }
}

/// Version of the templates that drew an edition; raised whenever a template changes what it draws.
pub const TEMPLATE_VERSION: &str = "2";

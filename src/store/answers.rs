//! What readers answered by the links in their mails, and what a consultant has dealt with.
//!
//! The same answer of the same mail is one row, whoever presses how often: the index says so.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::{each_engine, in_tx, statements};

use super::row::{list, millis};
use super::{Db, StoreError, Tx, bulk, records};

statements! {
    /// A mail as its answers see it.
    MAIL = "SELECT d.id, s.person_id, s.organization_id, e.facts FROM delivery d
        JOIN subscription s ON s.id = d.subscription_id JOIN edition e ON e.id = d.edition_id
        WHERE d.id = $1";
    /// What was answered for a gap by one mail.
    OF_MAIL = "SELECT id, delivery_id, person_id, gap_id, kind, text, answered_at, seen_at, seen_by
        FROM answer WHERE delivery_id = $1 AND gap_id = $2 ORDER BY answered_at, id";
    /// Other words for an answer, which waits again.
    CHANGE = "UPDATE answer SET text = $2, answered_at = $3, seen_at = NULL, seen_by = NULL
        WHERE id = $1 AND text <> $2";
    /// A nudge about the gap got its answer.
    NUDGES = "UPDATE nudge SET state = 'answered', answered_at = $3
        WHERE gap_id = $1 AND recipient_person_id = $2 AND state IN ('sent', 'uncertain')";
    /// Answers that nobody dealt with yet, the oldest first; for one gap, where one is named.
    WAITING = "SELECT a.id, a.kind, a.text, a.answered_at, g.external_id AS gap, g.title, g.short_name,
          o.id AS organization_id, o.slug, o.name AS organization,
          CASE WHEN p.name <> '' THEN p.name ELSE COALESCE(p.email, '') END AS person
        FROM answer a JOIN gap g ON g.id = a.gap_id JOIN organization o ON o.id = g.organization_id
        JOIN person p ON p.id = a.person_id
        WHERE a.seen_at IS NULL AND g.voided_at IS NULL AND o.voided_at IS NULL
          AND ($2 = 1 OR g.organization_id IN (SELECT value FROM json_each($1)))
          AND ($3 = '' OR a.gap_id = $3)
        ORDER BY a.answered_at, a.id LIMIT $4";
    /// How many wait at each of some organizations.
    AT_ORGANIZATIONS = "SELECT g.organization_id, COUNT(*) AS answers FROM answer a JOIN gap g ON g.id = a.gap_id
        WHERE a.seen_at IS NULL AND g.voided_at IS NULL AND g.organization_id IN (SELECT value FROM json_each($1))
        GROUP BY g.organization_id ORDER BY g.organization_id";
    /// How many wait at each gap of an organization.
    AT_GAPS = "SELECT a.gap_id, COUNT(*) FROM answer a JOIN gap g ON g.id = a.gap_id
        WHERE g.organization_id = $1 AND a.seen_at IS NULL GROUP BY a.gap_id";
    /// Deals with one.
    SEE = "UPDATE answer SET seen_at = $3, seen_by = $4 WHERE id = $1 AND seen_at IS NULL
        AND gap_id IN (SELECT id FROM gap WHERE organization_id = $2)";
    /// The gap of an answer at an organization.
    GAP = "SELECT g.external_id, a.kind FROM answer a JOIN gap g ON g.id = a.gap_id
        WHERE a.id = $1 AND g.organization_id = $2";
}

/// A mail that somebody answers.
#[derive(Debug, Clone, FromRow)]
pub struct AnsweredMail {
    /// Row id of the delivery.
    pub id: String,
    /// Who got it.
    pub person_id: String,
    /// About which organization; none for a portfolio or a public issue.
    pub organization_id: Option<String>,
    /// What it said, as JSON.
    pub facts: Option<String>,
}

/// An answer that waits.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct WaitingAnswer {
    /// Row id.
    pub id: String,
    /// Code: `done`, `blocked`, `not_mine` or `correct`.
    pub kind: String,
    /// Their words, as they were typed but for what does not print; may be empty.
    pub text: String,
    /// Milliseconds.
    pub answered_at: i64,
    /// External id of the gap.
    pub gap: String,
    /// Its title.
    pub title: String,
    /// What the brief calls it.
    pub short_name: Option<String>,
    /// Row id of the organization.
    pub organization_id: String,
    /// Its name in links.
    pub slug: String,
    /// Its name.
    pub organization: String,
    /// Who answered: the name, or the address where there is none.
    pub person: String,
}

impl Db {
    /// A mail that somebody answers; none where there is no such delivery, or it sent nothing.
    ///
    /// # Errors
    /// As any read.
    pub async fn answered_mail(&self, delivery: &str) -> Result<Option<AnsweredMail>, StoreError> {
        let sql = MAIL.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(delivery).fetch_optional(pool).await?
        }))
    }

    /// Up to `limit` answers that nobody dealt with yet, the oldest first: of some organizations by
    /// their row ids, or of all.
    ///
    /// # Errors
    /// As any read.
    pub async fn answers_waiting<T: AsRef<str> + Sync>(
        &self,
        organizations: Option<&[T]>,
        limit: i64,
    ) -> Result<Vec<WaitingAnswer>, StoreError> {
        let mut tx = self.begin_read().await?;
        let waiting = tx.answers_waiting(organizations, None, limit).await?;
        tx.rollback().await?;
        Ok(waiting)
    }

    /// How many answers wait at each of some organizations, by row id; those without one are left out.
    ///
    /// # Errors
    /// As any read.
    pub async fn answers_count(
        &self,
        organizations: &[String],
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let (sql, ids) = (AT_ORGANIZATIONS.on(self), list(organizations));
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(&ids).fetch_all(pool).await)?)
    }
}

impl Tx {
    /// The same inside a transaction; only for the gap with a row id, where one is given.
    ///
    /// # Errors
    /// As any read.
    pub async fn answers_waiting<T: AsRef<str> + Sync>(
        &mut self,
        organizations: Option<&[T]>,
        gap: Option<&str>,
        limit: i64,
    ) -> Result<Vec<WaitingAnswer>, StoreError> {
        let (sql, of_all) = (WAITING.within(self), i64::from(organizations.is_none()));
        let ids = list(organizations.unwrap_or_default());
        let gap = gap.unwrap_or_default();
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql).bind(&ids).bind(of_all).bind(gap).bind(limit).fetch_all(conn).await?
        }))
    }

    /// How many answers wait at each gap of an organization, by row id; gaps without one are left out.
    ///
    /// # Errors
    /// As any read.
    pub async fn answers_at_gaps(
        &mut self,
        organization: &str,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = AT_GAPS.within(self);
        Ok(in_tx!(self, conn => sqlx::query_as(sql).bind(organization).fetch_all(conn).await?))
    }

    /// What was answered for a gap by one mail, the oldest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn answers_of_mail(
        &mut self,
        delivery: &str,
        gap: &str,
    ) -> Result<Vec<records::Answer>, StoreError> {
        let sql = OF_MAIL.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql).bind(delivery).bind(gap).fetch_all(conn).await?
        }))
    }

    /// Writes an answer.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where this mail gave it already; else as any write.
    pub async fn put_answer(&mut self, answer: &records::Answer) -> Result<(), StoreError> {
        bulk::insert(self, std::slice::from_ref(answer)).await.map(drop)
    }

    /// Gives an answer other words; it waits again. Whether they are others.
    ///
    /// # Errors
    /// As any write.
    pub async fn change_answer(
        &mut self,
        id: &str,
        text: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = CHANGE.within(self);
        let rows: u64 = in_tx!(self, conn => {
            sqlx::query(sql).bind(id).bind(text).bind(millis(now)).execute(conn).await?
                .rows_affected()
        });
        Ok(rows == 1)
    }

    /// Notes that what somebody was nudged about got its answer. How many nudges that were.
    ///
    /// # Errors
    /// As any write.
    pub async fn answer_nudges(
        &mut self,
        gap: &str,
        person: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let sql = NUDGES.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query(sql).bind(gap).bind(person).bind(millis(now)).execute(conn).await?
                .rows_affected()
        }))
    }

    /// The gap that an answer at an organization is about, and the code of the answer.
    ///
    /// # Errors
    /// As any read.
    pub async fn gap_of_answer(
        &mut self,
        id: &str,
        organization: &str,
    ) -> Result<Option<(String, String)>, StoreError> {
        let sql = GAP.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql).bind(id).bind(organization).fetch_optional(conn).await?
        }))
    }

    /// Deals with an answer at an organization. Whether it waited.
    ///
    /// # Errors
    /// As any write.
    pub async fn see_answer(
        &mut self,
        id: &str,
        organization: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = SEE.within(self);
        let rows: u64 = in_tx!(self, conn => {
            sqlx::query(sql).bind(id).bind(organization).bind(millis(now)).bind(by)
                .execute(conn).await?.rows_affected()
        });
        Ok(rows == 1)
    }
}

//! What a portfolio says beside its clients' facts: sessions, promises, nudges, drafts and readers.

use sqlx::FromRow;

use super::row::list;
use super::{Db, StoreError};
use crate::{each_engine, not_voided, statements};

/// A session, with one of its promises; a session of many promises has many rows.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SessionRow {
    /// With whom.
    pub organization_id: String,
    /// Row id of the session.
    pub id: String,
    /// When, milliseconds.
    pub starts_at: i64,
    /// What was promised.
    pub text: Option<String>,
    /// By whom.
    pub owner: Option<String>,
    /// Until when.
    pub due_on: Option<String>,
    /// Whether it was kept.
    pub done: Option<bool>,
}

/// A nudge that was sent.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct NudgeRow {
    /// At which client.
    pub organization_id: String,
    /// External id of the gap.
    pub gap: Option<String>,
    /// Name of the recipient.
    pub recipient: String,
    /// Whether the recipient leads the organization.
    pub is_leader: bool,
    /// When, milliseconds.
    pub sent_at: i64,
    /// Whether it was answered, or its gap moved.
    pub answered: bool,
}

/// Somebody who reads a client's brief.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ReaderRow {
    /// Of which client.
    pub organization_id: String,
    /// Leader, owner or reader.
    pub role: String,
    /// Name.
    pub name: String,
}

statements! {
    /// Sessions of a consultant with some clients, with their promises.
    SESSIONS = concat!(
        "SELECT s.organization_id, s.id, s.starts_at, p.text, p.owner, p.due_on, p.done FROM session s ",
        "LEFT JOIN promise p ON p.session_id = s.id AND p.voided_at IS NULL AND ", not_voided!("p.batch_id"),
        " WHERE s.consultant_person_id = $1 AND s.organization_id IN (SELECT value FROM json_each($2))",
        " AND s.created_at <= $3 AND s.voided_at IS NULL AND ", not_voided!("s.batch_id"),
        " ORDER BY s.starts_at, s.id, p.id");

    /// Nudges sent to some clients.
    NUDGES = "SELECT n.organization_id, g.external_id AS gap, p.name AS recipient, n.sent_at, \
        EXISTS (SELECT 1 FROM subscription l WHERE l.person_id = p.id AND l.organization_id = n.organization_id \
        AND l.role = 'leader') AS is_leader, (n.state = 'answered' OR COALESCE(n.outcome, '') = 'moved') AS answered \
        FROM nudge n JOIN person p ON p.id = n.recipient_person_id LEFT JOIN gap g ON g.id = n.gap_id \
        WHERE n.organization_id IN (SELECT value FROM json_each($1)) AND n.sent_at IS NOT NULL AND n.sent_at <= $2 \
        ORDER BY n.sent_at, n.id";

    /// Editions of some clients that wait for somebody: those on which nobody decided.
    WAITING = "SELECT e.scope_id, COUNT(*) AS editions FROM edition e WHERE e.scope_kind = 'organization' \
        AND e.state IN ('draft', 'held') AND e.scope_id IN (SELECT value FROM json_each($1)) \
        AND NOT EXISTS (SELECT 1 FROM review_decision r WHERE r.scope_kind = e.scope_kind AND r.scope_id = e.scope_id \
        AND r.iso_week = e.iso_week) GROUP BY e.scope_id ORDER BY e.scope_id";

    /// The portfolio before an instant: of the frozen ones the last. A week that expired is none, so
    /// that what was closed in it is told in the next.
    BEFORE = "SELECT MAX(cut_off_at) FROM edition WHERE scope_kind = 'consultant' AND scope_id = $1 \
        AND kind = 'portfolio' AND state = 'frozen' AND cut_off_at < $2";

    /// Who reads the briefs of some clients.
    READERS = concat!(
        "SELECT s.organization_id, s.role, p.name FROM subscription s JOIN person p ON p.id = s.person_id ",
        "WHERE s.organization_id IN (SELECT value FROM json_each($1)) AND s.confirmed_at <= $2 ",
        "AND (s.unsubscribed_at IS NULL OR s.unsubscribed_at > $2) AND (s.ended_at IS NULL OR s.ended_at > $2) ",
        "AND s.voided_at IS NULL AND ", not_voided!("s.batch_id"), " ORDER BY s.organization_id, p.name, s.id");
}

impl Db {
    /// Sessions of a consultant with some clients.
    ///
    /// # Errors
    /// As any read.
    pub async fn sessions_with(
        &self,
        consultant: &str,
        clients: &[String],
        known: i64,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let (sql, ids) = (SESSIONS.on(self), list(clients));
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(consultant).bind(&ids).bind(known).fetch_all(pool).await
        })?)
    }

    /// Nudges sent to some clients up to an instant.
    ///
    /// # Errors
    /// As any read.
    pub async fn nudges_to(
        &self,
        clients: &[String],
        until: i64,
    ) -> Result<Vec<NudgeRow>, StoreError> {
        let (sql, ids) = (NUDGES.on(self), list(clients));
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(&ids).bind(until).fetch_all(pool).await
        })?)
    }

    /// How many editions of each of some clients wait for somebody to decide.
    ///
    /// # Errors
    /// As any read.
    pub async fn editions_waiting(
        &self,
        clients: &[String],
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let (sql, ids) = (WAITING.on(self), list(clients));
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(&ids).fetch_all(pool).await)?)
    }

    /// The cut-off of a consultant's last portfolio before an instant, if there was one.
    ///
    /// # Errors
    /// As any read.
    pub async fn portfolio_before(
        &self,
        consultant: &str,
        cut_off: i64,
    ) -> Result<Option<i64>, StoreError> {
        let sql = BEFORE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(consultant).bind(cut_off).fetch_one(pool).await
        })?)
    }

    /// Who reads the briefs of some clients at an instant.
    ///
    /// # Errors
    /// As any read.
    pub async fn readers_of(
        &self,
        clients: &[String],
        at: i64,
    ) -> Result<Vec<ReaderRow>, StoreError> {
        let (sql, ids) = (READERS.on(self), list(clients));
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(&ids).bind(at).fetch_all(pool).await
        })?)
    }
}

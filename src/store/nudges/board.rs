//! What the desk shows of nudges.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::store::row::{list, millis};
use crate::store::{Db, StoreError};
use crate::{each_engine, statements};

/// A nudge with all that is said of it. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct BoardRow {
    /// Row id.
    pub id: String,
    /// Row id of the client.
    pub organization_id: String,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub organization: String,
    /// Its zone.
    pub organization_zone: String,
    /// Row id of the gap.
    pub gap_id: Option<String>,
    /// External id of the gap.
    pub gap: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// What the brief calls it.
    pub short_name: Option<String>,
    /// Name of the consultant.
    pub consultant: String,
    /// Name of who gets it.
    pub recipient: Option<String>,
    /// Their own zone.
    pub recipient_zone: Option<String>,
    /// `owner` or `sponsor`.
    pub recipient_kind: Option<String>,
    /// The words.
    pub text: String,
    /// What the rule wrote.
    pub drafted_text: Option<String>,
    /// State code.
    pub state: String,
    /// Why now.
    pub reason: Option<String>,
    /// Why it stands where it stands.
    pub why: Option<String>,
    /// When it was drafted.
    pub created_at: i64,
    /// Not before.
    pub send_from: Option<i64>,
    /// Not after.
    pub expires_at: Option<i64>,
    /// When it was handed over.
    pub sent_at: Option<i64>,
    /// When it was answered.
    pub answered_at: Option<i64>,
    /// `moved` or `still`.
    pub outcome: Option<String>,
    /// Name of who decided.
    pub decided_by: Option<String>,
}

/// Which of them.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a, T> {
    /// Of these clients by their row ids; of all where there is no list.
    pub organizations: Option<&'a [T]>,
    /// In these states.
    pub states: &'a [&'a str],
    /// Sent, or else drafted, since.
    pub since: Timestamp,
    /// In this order.
    pub order: Order,
    /// So many at most.
    pub limit: i64,
}

/// Which come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The newest.
    Newest,
    /// Those whose time is over first.
    SoonestOver,
}

/// Somebody who left the last nudges unanswered.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Silent {
    /// Row id.
    pub id: String,
    /// Name; may be empty.
    pub name: String,
    /// Name of a client of theirs.
    pub organization: String,
    /// Its slug.
    pub slug: String,
    /// How many in a row.
    pub unanswered: i64,
    /// How many of them by somebody at another client.
    pub elsewhere: i64,
}

/// A nudge with all that is said of it.
macro_rules! rows {
    () => {
        "SELECT n.id, n.organization_id, o.slug, o.name AS organization, o.time_zone AS organization_zone, n.gap_id,
          g.external_id AS gap, g.title, g.short_name, c.name AS consultant, r.name AS recipient,
          r.time_zone AS recipient_zone, n.recipient_kind, n.text, n.drafted_text, n.state, n.reason, n.why,
          n.created_at, n.send_from, n.expires_at, n.sent_at, n.answered_at, n.outcome, d.name AS decided_by
        FROM nudge n JOIN organization o ON o.id = n.organization_id AND o.voided_at IS NULL
        JOIN person c ON c.id = n.consultant_person_id LEFT JOIN person r ON r.id = n.recipient_person_id
        LEFT JOIN person d ON d.id = n.decided_by LEFT JOIN gap g ON g.id = n.gap_id"
    };
}

statements! {
    /// Nudges in some states.
    LIST = concat!(rows!(), " WHERE ($2 = 1 OR n.organization_id IN (SELECT value FROM json_each($1)))
          AND n.state IN (SELECT value FROM json_each($3)) AND COALESCE(n.sent_at, n.created_at) >= $4
        ORDER BY CASE WHEN $5 = 1 THEN n.expires_at END, COALESCE(n.sent_at, n.created_at) DESC, n.id LIMIT $6");
    /// What some people have not answered since they last did, however long ago, and may answer still.
    UNANSWERED = concat!(rows!(), " WHERE ($2 = 1 OR n.organization_id IN (SELECT value FROM json_each($1)))
          AND n.recipient_person_id IN (SELECT value FROM json_each($3))
          AND n.state IN ('sent', 'uncertain') AND COALESCE(n.outcome, '') <> 'moved'
          AND n.sent_at > COALESCE((SELECT MAX(a.sent_at) FROM nudge a WHERE a.recipient_person_id = n.recipient_person_id
            AND (a.state = 'answered' OR a.outcome = 'moved')), 0)
        ORDER BY n.sent_at DESC, n.id LIMIT $4");
    /// Drafts of some clients that wait for somebody.
    WAITING = "SELECT COUNT(*) FROM nudge n JOIN organization o ON o.id = n.organization_id AND o.voided_at IS NULL
        WHERE n.state = 'drafted' AND n.expires_at > $3
          AND ($2 = 1 OR n.organization_id IN (SELECT value FROM json_each($1)))";
    /// People at some clients who left so many in a row unanswered, wherever they were nudged; each with one
    /// of those clients.
    SILENT = "SELECT p.id, p.name, o.name AS organization, o.slug, COUNT(*) AS unanswered,
          COUNT(CASE WHEN $2 = 1 OR n.organization_id IN (SELECT value FROM json_each($1)) THEN NULL ELSE 1 END) AS elsewhere
        FROM nudge n JOIN person p ON p.id = n.recipient_person_id
        JOIN organization o ON o.id = (SELECT MIN(own.organization_id) FROM nudge own
          JOIN organization c ON c.id = own.organization_id AND c.voided_at IS NULL
          WHERE own.recipient_person_id = p.id
            AND ($2 = 1 OR own.organization_id IN (SELECT value FROM json_each($1))))
        WHERE n.sent_at IS NOT NULL AND n.state <> 'answered' AND COALESCE(n.outcome, '') <> 'moved'
          AND n.sent_at > COALESCE((SELECT MAX(a.sent_at) FROM nudge a WHERE a.recipient_person_id = p.id
            AND (a.state = 'answered' OR a.outcome = 'moved')), 0)
        GROUP BY p.id, p.name, o.id, o.name, o.slug HAVING COUNT(*) >= $3 ORDER BY p.name, p.id LIMIT 100";
}

impl Db {
    /// Nudges in some states.
    ///
    /// # Errors
    /// As any read.
    pub async fn nudge_board<T: AsRef<str> + Sync>(
        &self,
        wanted: &Wanted<'_, T>,
    ) -> Result<Vec<BoardRow>, StoreError> {
        let (sql, of_all) = (LIST.on(self), i64::from(wanted.organizations.is_none()));
        let (ids, states) = (list(wanted.organizations.unwrap_or_default()), list(wanted.states));
        let soonest = i64::from(wanted.order == Order::SoonestOver);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(&ids).bind(of_all).bind(&states).bind(millis(wanted.since))
                .bind(soonest).bind(wanted.limit).fetch_all(pool).await?
        }))
    }

    /// What some people, by row id, have not answered at some clients since they last answered one; the
    /// newest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn nudges_unanswered<T: AsRef<str> + Sync>(
        &self,
        organizations: Option<&[T]>,
        people: &[&str],
        limit: i64,
    ) -> Result<Vec<BoardRow>, StoreError> {
        let (sql, of_all) = (UNANSWERED.on(self), i64::from(organizations.is_none()));
        let (ids, people) = (list(organizations.unwrap_or_default()), list(people));
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(&ids).bind(of_all).bind(&people).bind(limit)
                .fetch_all(pool).await?
        }))
    }

    /// How many drafts of some clients, or of all, wait for somebody.
    ///
    /// # Errors
    /// As any read.
    pub async fn nudges_waiting<T: AsRef<str> + Sync>(
        &self,
        organizations: Option<&[T]>,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let (sql, of_all) = (WAITING.on(self), i64::from(organizations.is_none()));
        let ids = list(organizations.unwrap_or_default());
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(&ids).bind(of_all).bind(millis(now)).fetch_one(pool).await?
        }))
    }

    /// People at some clients, or at all, who left at least so many nudges in a row unanswered.
    ///
    /// # Errors
    /// As any read.
    pub async fn silent_people<T: AsRef<str> + Sync>(
        &self,
        organizations: Option<&[T]>,
        unanswered: i64,
    ) -> Result<Vec<Silent>, StoreError> {
        let (sql, of_all) = (SILENT.on(self), i64::from(organizations.is_none()));
        let ids = list(organizations.unwrap_or_default());
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(&ids).bind(of_all).bind(unanswered).fetch_all(pool).await?
        }))
    }
}

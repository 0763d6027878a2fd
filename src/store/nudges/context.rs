//! What speaks for and against one nudge: earlier ones, briefs, sessions, who sends it, what its reader
//! was told last.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::store::row::millis;
use crate::store::{Db, StoreError};
use crate::{each_engine, not_voided, statements};

/// An earlier nudge to the same person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Sent {
    /// When, milliseconds.
    pub sent_at: i64,
    /// Whether it was answered, or its gap moved.
    pub is_answered: bool,
}

/// A brief that somebody got, or is about to get, about a client.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Brought {
    /// Row id of the delivery.
    pub delivery_id: String,
    /// Its week.
    pub iso_week: String,
    /// Its state code.
    pub state: String,
    /// The role it was for.
    pub role: String,
    /// What it said, as JSON.
    pub facts: Option<String>,
}

statements! {
    /// The newest nudges to a person, at whatever client and by whomever.
    TO_PERSON = "SELECT sent_at, (state = 'answered' OR COALESCE(outcome, '') = 'moved') AS is_answered
        FROM nudge WHERE recipient_person_id = $1 AND id <> $2 AND sent_at IS NOT NULL
        ORDER BY sent_at DESC, id LIMIT 5";
    /// When anybody was last nudged about a gap.
    ABOUT_GAP = "SELECT MAX(sent_at) FROM nudge WHERE gap_id = $1 AND id <> $2 AND sent_at IS NOT NULL";
    /// The briefs that a person got or gets; one that is late may come at any moment.
    BRIEFS = "SELECT CASE WHEN d.state IN ('held', 'queued', 'handing_over') AND d.send_at < $4 THEN $4
            ELSE COALESCE(d.handed_over_at, d.send_at) END
        FROM delivery d JOIN subscription s ON s.id = d.subscription_id
        WHERE s.person_id = $1 AND d.send_at >= $2 AND d.send_at <= $3
          AND d.state IN ('held', 'queued', 'handing_over', 'sent', 'uncertain')";
    /// Sessions of a client.
    SESSIONS = concat!("SELECT s.starts_at FROM session s WHERE s.organization_id = $1 AND s.starts_at >= $2
        AND s.starts_at <= $3 AND s.voided_at IS NULL AND ", not_voided!("s.batch_id"));
    /// Whoever looks after a client, by name and address.
    CONSULTANT = concat!("SELECT p.name, p.email FROM consultant_client c JOIN person p ON p.id = c.person_id
        WHERE c.person_id = $1 AND c.organization_id = $2 AND c.since <= $3 AND (c.until IS NULL OR c.until > $3)
          AND c.voided_at IS NULL AND p.email IS NOT NULL AND ", not_voided!("c.batch_id"), " LIMIT 1");
    /// The newest briefs that somebody got or gets about a client, in whatever roles they have there.
    BROUGHT = "SELECT d.id AS delivery_id, d.iso_week, d.state, s.role, e.facts FROM delivery d
        JOIN subscription s ON s.id = d.subscription_id JOIN edition e ON e.id = d.edition_id
        WHERE s.person_id = $1 AND s.organization_id = $2 AND d.kind = 'brief'
          AND d.state IN ('held', 'queued', 'handing_over', 'sent', 'uncertain')
        ORDER BY d.send_at DESC, d.id DESC LIMIT 12";
}

impl Db {
    /// The newest nudges to a person but for one, newest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn nudges_to_person(&self, person: &str, but: &str) -> Result<Vec<Sent>, StoreError> {
        let sql = TO_PERSON.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(person).bind(but).fetch_all(pool).await?
        }))
    }

    /// When anybody was last nudged about a gap but by one, milliseconds.
    ///
    /// # Errors
    /// As any read.
    pub async fn nudged_about(&self, gap: &str, but: &str) -> Result<Option<i64>, StoreError> {
        let sql = ABOUT_GAP.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(gap).bind(but).fetch_one(pool).await?
        }))
    }

    /// When a person got or gets a brief that was due between two instants, milliseconds; `now` for
    /// one that should have left by then.
    ///
    /// # Errors
    /// As any read.
    pub async fn briefs_to_person(
        &self,
        person: &str,
        (from, until): (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Result<Vec<i64>, StoreError> {
        let sql = BRIEFS.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(person).bind(millis(from)).bind(millis(until))
                .bind(millis(now)).fetch_all(pool).await?
        }))
    }

    /// When a client has sessions between two instants, whoever holds them, milliseconds.
    ///
    /// # Errors
    /// As any read.
    pub async fn sessions_between(
        &self,
        organization: &str,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<Vec<i64>, StoreError> {
        let sql = SESSIONS.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(organization).bind(millis(from)).bind(millis(until))
                .fetch_all(pool).await?
        }))
    }

    /// Name and address of a person who looks after a client; none where they do not any more.
    ///
    /// # Errors
    /// As any read.
    pub async fn consultant_at(
        &self,
        person: &str,
        organization: &str,
        now: Timestamp,
    ) -> Result<Option<(String, String)>, StoreError> {
        let sql = CONSULTANT.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(person).bind(organization).bind(millis(now))
                .fetch_optional(pool).await?
        }))
    }

    /// The newest briefs that a person got or gets about a client, newest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn brought(
        &self,
        person: &str,
        organization: &str,
    ) -> Result<Vec<Brought>, StoreError> {
        let sql = BROUGHT.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(person).bind(organization).fetch_all(pool).await?
        }))
    }
}

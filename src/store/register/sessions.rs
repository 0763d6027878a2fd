//! Sessions with their promises.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::store::row::{list, millis};
use crate::store::{StoreError, Tx, records};
use crate::{in_tx, not_voided, statements};

statements! {
    /// The sessions of an organization, or one of them.
    SESSIONS = concat!("SELECT s.id, s.organization_id, s.consultant_person_id, s.starts_at, s.notes, s.created_at, s.batch_id,
          s.voided_at
        FROM session s WHERE s.organization_id = $1 AND ($2 = '' OR s.id = $2) AND s.voided_at IS NULL AND ",
        not_voided!("s.batch_id"), " ORDER BY s.starts_at DESC, s.id DESC");
    /// Their promises.
    PROMISES = concat!("SELECT p.id, p.session_id, p.text, p.owner, p.due_on, p.done, p.created_at, p.batch_id, p.voided_at
        FROM promise p WHERE p.session_id IN (SELECT value FROM json_each($1)) AND p.voided_at IS NULL AND ",
        not_voided!("p.batch_id"), " ORDER BY p.created_at, p.id");
    /// What their consultants are called.
    CONSULTANTS = "SELECT id, CASE WHEN name <> '' THEN name ELSE COALESCE(email, '') END FROM person
        WHERE id IN (SELECT value FROM json_each($1))";
    /// A session of a consultant that begins at an instant.
    SAME = "SELECT id FROM session WHERE organization_id = $1 AND consultant_person_id = $2 AND starts_at = $3
        AND voided_at IS NULL";
    /// Writes what changes in place.
    CHANGE = "UPDATE session SET starts_at = $2, notes = $3 WHERE id = $1 AND voided_at IS NULL";
    /// Other words, owners and days of promises: a JSON array of objects.
    CHANGE_PROMISES = "UPDATE promise SET text = e.r ->> 'text', owner = e.r ->> 'owner', due_on = e.r ->> 'due_on',
          done = CAST(e.r ->> 'done' AS BOOLEAN)
        FROM (SELECT value AS r FROM json_each($1)) e WHERE promise.id = e.r ->> 'id'",
        "UPDATE promise SET text = e.r ->> 'text', owner = e.r ->> 'owner', due_on = e.r ->> 'due_on',
          done = CAST(e.r ->> 'done' AS BOOLEAN)
        FROM (SELECT value::jsonb AS r FROM json_each($1) OFFSET 0) e WHERE promise.id = e.r ->> 'id'";
    /// Promises that are taken out.
    REMOVE_PROMISES = "UPDATE promise SET voided_at = $2
        WHERE id IN (SELECT value FROM json_each($1)) AND voided_at IS NULL";
}

/// A session with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSession {
    /// Its row.
    pub row: records::Session,
    /// What the consultant is called.
    pub consultant: String,
    /// What was promised, in the order of making.
    pub promises: Vec<records::Promise>,
}

impl Tx {
    /// The sessions of an organization, the latest first: all, or the one with this row id.
    ///
    /// # Errors
    /// As any read.
    pub async fn known_sessions(
        &mut self,
        organization: &str,
        one: Option<&str>,
    ) -> Result<Vec<KnownSession>, StoreError> {
        let (sql, one) = (SESSIONS.within(self), one.unwrap_or_default());
        let rows: Vec<records::Session> = in_tx!(self, conn => {
            sqlx::query_as(sql).bind(organization).bind(one).fetch_all(conn).await?
        });
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let people: Vec<&str> = rows.iter().map(|row| row.consultant_person_id.as_str()).collect();
        let (ids, people) = (list(&ids), list(&people));
        let (promises, consultants) = (PROMISES.within(self), CONSULTANTS.within(self));
        let promises: Vec<records::Promise> = in_tx!(self, conn => {
            sqlx::query_as(promises).bind(&ids).fetch_all(conn).await?
        });
        let called: Vec<(String, String)> = in_tx!(self, conn => {
            sqlx::query_as(consultants).bind(&people).fetch_all(conn).await?
        });
        let called: HashMap<String, String> = called.into_iter().collect();
        let mut of: HashMap<String, Vec<records::Promise>> = HashMap::new();
        for promise in promises {
            of.entry(promise.session_id.clone()).or_default().push(promise);
        }
        let with_its_own = |row: records::Session| KnownSession {
            consultant: called.get(&row.consultant_person_id).cloned().unwrap_or_default(),
            promises: of.remove(&row.id).unwrap_or_default(),
            row,
        };
        Ok(rows.into_iter().map(with_its_own).collect())
    }

    /// The session of a consultant that begins at an instant, if there is one.
    ///
    /// # Errors
    /// As any read.
    pub async fn session_at(
        &mut self,
        organization: &str,
        consultant: &str,
        starts_at: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let sql = SAME.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_scalar(sql)
                .bind(organization)
                .bind(consultant)
                .bind(millis(starts_at))
                .fetch_optional(conn)
                .await?
        }))
    }

    /// Writes when a session begins and what was said in it.
    ///
    /// # Errors
    /// As any write.
    pub async fn change_session(
        &mut self,
        id: &str,
        starts_at: Timestamp,
        notes: &str,
    ) -> Result<(), StoreError> {
        let sql = CHANGE.within(self);
        in_tx!(self, conn => {
            sqlx::query(sql).bind(id).bind(millis(starts_at)).bind(notes).execute(conn).await?;
        });
        Ok(())
    }

    /// Overwrites promises, by row id.
    ///
    /// # Errors
    /// As any write.
    pub async fn change_promises(&mut self, rows: &[records::Promise]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let objects = rows.iter().map(|p| {
            serde_json::json!({"id": p.id, "text": p.text, "owner": p.owner, "due_on": p.due_on,
                "done": i64::from(p.done)})
        });
        let objects: Vec<_> = objects.collect();
        let (sql, objects) = (CHANGE_PROMISES.within(self), crate::store::row::json(&objects));
        in_tx!(self, conn => {
            sqlx::query(sql).bind(&objects).execute(conn).await?;
        });
        Ok(())
    }

    /// Takes promises out of their sessions, by row id.
    ///
    /// # Errors
    /// As any write.
    pub async fn remove_promises(
        &mut self,
        ids: &[String],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let (sql, ids) = (REMOVE_PROMISES.within(self), list(ids));
        in_tx!(self, conn => {
            sqlx::query(sql).bind(&ids).bind(millis(now)).execute(conn).await?;
        });
        Ok(())
    }
}

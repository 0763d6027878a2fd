//! Links to sign in by, and who is signed in.
//!
//! **Invariant:** what a browser or a mail holds is stored as a hash only; a link is used once, by the
//! browser that asked for it.

use jiff::{SignedDuration, Timestamp};
use sqlx::FromRow;

use crate::{each_engine, in_tx, statements};

use super::row::millis;
use super::{Db, StoreError, bulk, records};

/// How old the record of the last use may be: a page is no write.
const SEEN_WITHIN: SignedDuration = SignedDuration::from_mins(5);

statements! {
    /// Uses a link, in the browser that asked.
    USE = "UPDATE sign_in SET used_at = $3
        WHERE token_sha256 = $1 AND browser_sha256 = $2 AND used_at IS NULL AND expires_at > $3
        RETURNING person_id, target";
    /// What is known of a link.
    LINK = "SELECT browser_sha256, expires_at, used_at FROM sign_in WHERE token_sha256 = $1";
    /// Whose a cookie is.
    SESSION = "SELECT id, person_id, seen_at FROM web_session
        WHERE cookie_sha256 = $1 AND ended_at IS NULL AND expires_at > $2 AND seen_at > $3";
    /// Writes down that it is used.
    SEEN = "UPDATE web_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2 AND ended_at IS NULL";
    /// Ends one.
    END = "UPDATE web_session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
    /// Ends all of a person.
    END_ALL = "UPDATE web_session SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL";
    /// Those of a person that still hold, the newest first.
    OPEN = "SELECT id, person_id, cookie_sha256, client_ip, began_at, seen_at, expires_at, ended_at FROM web_session
        WHERE person_id = $1 AND ended_at IS NULL AND expires_at > $2 AND seen_at > $3 ORDER BY began_at DESC, id DESC";
    /// Forgets links that are long over.
    FORGET_LINKS = "DELETE FROM sign_in WHERE id IN (SELECT id FROM sign_in WHERE expires_at < $1 LIMIT $2)";
    /// Forgets who was signed in long ago.
    FORGET_SESSIONS = "DELETE FROM web_session WHERE id IN (SELECT id FROM web_session WHERE expires_at < $1 LIMIT $2)";
}

/// What is known of a link.
#[derive(Debug, Clone, FromRow)]
pub struct Link {
    /// Hash of the cookie of the browser that asked.
    pub browser_sha256: String,
    /// Milliseconds.
    pub expires_at: i64,
    /// Milliseconds.
    pub used_at: Option<i64>,
}

/// A session in use.
#[derive(Debug, Clone, FromRow)]
pub struct Open {
    /// Row id.
    pub id: String,
    /// Whose.
    pub person_id: String,
    seen_at: i64,
}

impl Db {
    /// Writes down that somebody asked for a link.
    ///
    /// # Errors
    /// As any write.
    pub async fn ask_sign_in(&self, asked: &records::SignIn) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        bulk::insert(&mut tx, std::slice::from_ref(asked)).await?;
        tx.commit().await
    }

    /// What is known of the link with this token.
    ///
    /// # Errors
    /// As any read.
    pub async fn sign_in_link(&self, token_sha256: &str) -> Result<Option<Link>, StoreError> {
        let sql = LINK.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(token_sha256).fetch_optional(pool).await?
        }))
    }

    /// Uses a link and begins a session, in one transaction. None where the link is too old, was used,
    /// or is another browser's. `session` lacks its person, which the link names. Gives the person's
    /// row id and the path that the link leads to.
    ///
    /// # Errors
    /// As any write.
    pub async fn sign_in(
        &self,
        token_sha256: &str,
        browser_sha256: &str,
        mut session: records::WebSession,
        now: Timestamp,
    ) -> Result<Option<(String, String)>, StoreError> {
        let mut tx = self.begin().await?;
        let sql = USE.within(&tx);
        let found: Option<(String, String)> = in_tx!(&mut tx, conn => {
            sqlx::query_as(sql)
                .bind(token_sha256)
                .bind(browser_sha256)
                .bind(millis(now))
                .fetch_optional(conn)
                .await?
        });
        let Some((person, target)) = found else { return Ok(None) };
        session.person_id.clone_from(&person);
        bulk::insert(&mut tx, std::slice::from_ref(&session)).await?;
        tx.commit().await?;
        Ok(Some((person, target)))
    }

    /// The session of a cookie, unless it is over or was not used for `idle`.
    ///
    /// # Errors
    /// As any read.
    pub async fn web_session(
        &self,
        cookie_sha256: &str,
        idle: SignedDuration,
        now: Timestamp,
    ) -> Result<Option<Open>, StoreError> {
        let sql = SESSION.on(self);
        let found: Option<Open> = each_engine!(self, pool => {
            sqlx::query_as(sql)
                .bind(cookie_sha256)
                .bind(millis(now))
                .bind(millis(now - idle))
                .fetch_optional(pool)
                .await?
        });
        if let Some(open) = &found
            && open.seen_at < millis(now - SEEN_WITHIN)
        {
            let sql = SEEN.on(self);
            each_engine!(self, pool => {
                sqlx::query(sql).bind(&open.id).bind(millis(now)).execute(pool).await?;
            });
        }
        Ok(found)
    }

    /// Where a person is signed in, the newest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn web_sessions_of(
        &self,
        person_id: &str,
        idle: SignedDuration,
        now: Timestamp,
    ) -> Result<Vec<records::WebSession>, StoreError> {
        let sql = OPEN.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql)
                .bind(person_id)
                .bind(millis(now))
                .bind(millis(now - idle))
                .fetch_all(pool)
                .await?
        }))
    }

    /// Ends one session.
    ///
    /// # Errors
    /// As any write.
    pub async fn end_web_session(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = END.on(self);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(id).bind(millis(now)).execute(pool).await?;
        });
        Ok(())
    }

    /// Ends all sessions of a person; how many.
    ///
    /// # Errors
    /// As any write.
    pub async fn end_web_sessions(
        &self,
        person_id: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let sql = END_ALL.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query(sql).bind(person_id).bind(millis(now)).execute(pool).await?.rows_affected()
        }))
    }

    /// Forgets up to `limit` links and as many sessions that were over before an instant; how many.
    ///
    /// # Errors
    /// As any write.
    pub async fn forget_sign_ins(&self, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
        let mut gone = 0;
        for statement in [FORGET_LINKS, FORGET_SESSIONS] {
            let sql = statement.on(self);
            gone += each_engine!(self, pool => {
                sqlx::query(sql).bind(millis(before)).bind(limit).execute(pool).await?
                    .rows_affected()
            });
        }
        Ok(gone)
    }
}

//! Links to sign in by, and who is signed in.
//!
//! **Invariant:** what a browser or a mail holds is stored as a hash only; a link is used once, by the
//! browser that asked for it.

use jiff::{SignedDuration, Timestamp};
use sqlx::FromRow;

use crate::{each_engine, in_tx, statements};

use super::row::millis;
use super::{Db, StoreError, Tx, bulk, records};

/// How old the record of the last use may be: a page is no write.
const SEEN_WITHIN: SignedDuration = SignedDuration::from_mins(5);

statements! {
    /// Uses a link, in the browser that asked.
    USE = "UPDATE sign_in SET used_at = $3
        WHERE token_sha256 = $1 AND browser_sha256 = $2 AND used_at IS NULL AND expires_at > $3
        RETURNING target";
    /// What is known of a link.
    LINK = "SELECT person_id, browser_sha256, expires_at, used_at FROM sign_in WHERE token_sha256 = $1";
    /// Whose a cookie is.
    SESSION = "SELECT id, person_id, seen_at FROM web_session
        WHERE cookie_sha256 = $1 AND ended_at IS NULL AND expires_at > $2 AND seen_at > $3";
    /// Writes down that it is used.
    SEEN = "UPDATE web_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2 AND ended_at IS NULL";
    /// Ends one of a person, or all.
    END = "UPDATE web_session SET ended_at = $3 WHERE person_id = $1 AND ($2 = '' OR id = $2) AND ended_at IS NULL";
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
    /// Who asked.
    pub person_id: String,
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

impl Tx {
    /// Uses a link, in the browser that asked: gives the path that it leads to. None where the link is
    /// too old, was used, or is another browser's.
    ///
    /// # Errors
    /// As any write.
    pub async fn use_sign_in_link(
        &mut self,
        token_sha256: &str,
        browser_sha256: &str,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let sql = USE.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_scalar(sql)
                .bind(token_sha256)
                .bind(browser_sha256)
                .bind(millis(now))
                .fetch_optional(conn)
                .await?
        }))
    }

    /// Begins a session.
    ///
    /// # Errors
    /// As any write.
    pub async fn begin_web_session(
        &mut self,
        session: &records::WebSession,
    ) -> Result<(), StoreError> {
        bulk::insert(self, std::slice::from_ref(session)).await.map(drop)
    }

    /// Ends a session, or all of the person's; how many ended.
    ///
    /// # Errors
    /// As any write.
    pub async fn end_web_sessions(
        &mut self,
        person_id: &str,
        only: Option<&str>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let sql = END.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query(sql)
                .bind(person_id)
                .bind(only.unwrap_or_default())
                .bind(millis(now))
                .execute(conn)
                .await?
                .rows_affected()
        }))
    }
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

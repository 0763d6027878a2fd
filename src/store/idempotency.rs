//! Writes that a program may send again without their being done twice (Idempotency-Key).
//!
//! **Invariant:** the key is taken before the work begins and given back only where nothing was done:
//! whoever dies between leaves a key that nothing is done under any more.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::{each_engine, in_tx, statements};

use super::row::millis;
use super::{Db, StoreError, Tx};

statements! {
    /// Takes a key that nobody has.
    TAKE = "INSERT INTO idempotency_key (token_id, key, request_sha256, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (token_id, key) DO NOTHING";
    /// What is known of one.
    KNOWN = "SELECT request_sha256, created_at, status, head, body FROM idempotency_key WHERE token_id = $1 AND key = $2";
    /// Writes the answer down.
    ANSWER = "UPDATE idempotency_key SET status = $3, head = $4, body = $5
        WHERE token_id = $1 AND key = $2 AND status IS NULL";
    /// Gives a key back.
    GIVE_BACK = "DELETE FROM idempotency_key WHERE token_id = $1 AND key = $2 AND status IS NULL";
    /// Takes one that is too old in its place.
    RENEW = "UPDATE idempotency_key SET request_sha256 = $3, created_at = $4, status = NULL, head = NULL, body = NULL
        WHERE token_id = $1 AND key = $2 AND created_at <= $5";
    /// Forgets the answers that say something. Their keys open nothing any more.
    FORGET_ANSWERS = "UPDATE idempotency_key SET status = NULL, head = NULL, body = NULL WHERE instr(body, $1) > 0",
        "UPDATE idempotency_key SET status = NULL, head = NULL, body = NULL WHERE strpos(body, $1) > 0";
    /// Forgets what is old.
    FORGET = "DELETE FROM idempotency_key WHERE (token_id, key) IN
        (SELECT token_id, key FROM idempotency_key WHERE created_at <= $1 LIMIT $2)";
}

/// Whose key it is, and what it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key<'a> {
    /// Row id of the token.
    pub token: &'a str,
    /// The program's own word.
    pub key: &'a str,
}

/// What was asked and answered under a key before.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Before {
    /// Hash of what was asked.
    pub request_sha256: String,
    /// When, milliseconds.
    pub created_at: i64,
    /// What it was answered with; none while it is being answered, or where nobody lived to say.
    pub status: Option<i64>,
    /// JSON object: headers of the answer.
    pub head: Option<String>,
    /// The answer.
    pub body: Option<String>,
}

impl Db {
    /// Takes a key for a request. Gives what is known of it where it was taken after `kept_from`.
    ///
    /// # Errors
    /// As any write.
    pub async fn take_key(
        &self,
        key: Key<'_>,
        request_sha256: &str,
        kept_from: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Before>, StoreError> {
        let (take, renew, known) = (TAKE.on(self), RENEW.on(self), KNOWN.on(self));
        let taken = each_engine!(self, pool => {
            sqlx::query(take).bind(key.token).bind(key.key).bind(request_sha256).bind(millis(now))
                .execute(pool).await?.rows_affected()
        });
        if taken == 1 {
            return Ok(None);
        }
        let renewed = each_engine!(self, pool => {
            sqlx::query(renew).bind(key.token).bind(key.key).bind(request_sha256).bind(millis(now))
                .bind(millis(kept_from)).execute(pool).await?.rows_affected()
        });
        if renewed == 1 {
            return Ok(None);
        }
        let before: Option<Before> = each_engine!(self, pool => {
            sqlx::query_as(known).bind(key.token).bind(key.key).fetch_optional(pool).await?
        });
        // Given back in this very moment: whoever has to try again finds it free.
        before.map(Some).ok_or_else(|| StoreError::Busy("the key was just given back".to_owned()))
    }

    /// Writes down what a request was answered with.
    ///
    /// # Errors
    /// As any write.
    pub async fn answer_key(
        &self,
        key: Key<'_>,
        status: u16,
        head: &str,
        body: &str,
    ) -> Result<(), StoreError> {
        let sql = ANSWER.on(self);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(key.token).bind(key.key).bind(i64::from(status)).bind(head).bind(body)
                .execute(pool).await?;
        });
        Ok(())
    }

    /// Gives a key back under which nothing was done.
    ///
    /// # Errors
    /// As any write.
    pub async fn give_back_key(&self, key: Key<'_>) -> Result<(), StoreError> {
        let sql = GIVE_BACK.on(self);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(key.token).bind(key.key).execute(pool).await?;
        });
        Ok(())
    }

    /// Forgets up to `limit` keys that were taken at `before` or earlier; how many.
    ///
    /// # Errors
    /// As any write.
    pub async fn forget_keys(&self, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
        let sql = FORGET.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query(sql).bind(millis(before)).bind(limit).execute(pool).await?.rows_affected()
        }))
    }
}

impl Tx {
    /// Forgets the answers to programs in which an address stands, since whoever is forgotten stands
    /// nowhere.
    ///
    /// # Errors
    /// As any write.
    pub async fn forget_answers_with(&mut self, address: &str) -> Result<(), StoreError> {
        // As it stands in JSON.
        let written = serde_json::Value::from(address).to_string();
        let written = written.trim_matches('"');
        if written.is_empty() {
            return Ok(());
        }
        let sql = FORGET_ANSWERS.within(self);
        in_tx!(self, conn => sqlx::query(sql).bind(written).execute(conn).await.map(drop))?;
        Ok(())
    }
}

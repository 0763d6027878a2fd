//! The tokens of programs.
//!
//! **Invariant:** a token is stored as a hash only; one that is revoked or over opens nothing.

use jiff::{SignedDuration, Timestamp};

use crate::{each_engine, in_tx, statements};

use super::row::millis;
use super::{Db, StoreError, Tx, bulk, records};

/// How old the record of the last use may be: a read is no write.
const USED_WITHIN: SignedDuration = SignedDuration::from_mins(5);

const HINT: &str = "`brief tokens list` shows them all";

/// Every column, in the order of the record.
macro_rules! columns {
    () => {
        "id, name, token_sha256, scopes, organization_id, created_by, created_by_person, created_at, expires_at,
         last_used_at, revoked_at"
    };
}

statements! {
    /// The one that opens.
    OPEN = concat!("SELECT ", columns!(), " FROM api_token
        WHERE token_sha256 = $1 AND revoked_at IS NULL AND expires_at > $2");
    /// Writes down that it is used.
    USED = "UPDATE api_token SET last_used_at = $2
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $3)";
    /// All, the newest first.
    LIST = concat!("SELECT ", columns!(), " FROM api_token ORDER BY created_at DESC, id DESC");
    /// One by name or id; of several with a name the one that is not revoked.
    FIND = concat!("SELECT ", columns!(), " FROM api_token WHERE id = $1 OR name = $1
        ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, created_at DESC LIMIT 1");
    /// Ends one; the first time counts.
    REVOKE = "UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
}

impl Tx {
    /// Adds a token.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when one of that name is not revoked.
    pub async fn add_api_token(&mut self, token: &records::ApiToken) -> Result<(), StoreError> {
        let added = bulk::insert(self, std::slice::from_ref(token)).await;
        added.map(drop).map_err(|error| match error {
            StoreError::Conflict(_) => StoreError::Conflict(format!(
                "there is a token {:?} already; revoke it first, or use another name",
                token.name
            )),
            other => other,
        })
    }

    /// The token with this name or id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn api_token(&mut self, name: &str) -> Result<records::ApiToken, StoreError> {
        let sql = FIND.within(self);
        let found: Option<records::ApiToken> = in_tx!(self, conn => {
            sqlx::query_as(sql).bind(name).fetch_optional(conn).await?
        });
        found.ok_or_else(|| StoreError::NotFound {
            what: "token",
            name: name.to_owned(),
            hint: HINT,
        })
    }

    /// Ends a token; whether it was open.
    ///
    /// # Errors
    /// As any write.
    pub async fn revoke_api_token(&mut self, id: &str, now: Timestamp) -> Result<bool, StoreError> {
        let sql = REVOKE.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query(sql).bind(id).bind(millis(now)).execute(conn).await?.rows_affected() == 1
        }))
    }
}

impl Db {
    /// The token with this hash, unless it is revoked or over.
    ///
    /// # Errors
    /// As any read.
    pub async fn open_api_token(
        &self,
        token_sha256: &str,
        now: Timestamp,
    ) -> Result<Option<records::ApiToken>, StoreError> {
        let sql = OPEN.on(self);
        let found: Option<records::ApiToken> = each_engine!(self, pool => {
            sqlx::query_as(sql).bind(token_sha256).bind(millis(now)).fetch_optional(pool).await?
        });
        let before = millis(now - USED_WITHIN);
        if let Some(token) =
            found.as_ref().filter(|own| own.last_used_at.is_none_or(|at| at < before))
        {
            let sql = USED.on(self);
            each_engine!(self, pool => {
                sqlx::query(sql).bind(&token.id).bind(millis(now)).bind(before).execute(pool).await?;
            });
        }
        Ok(found)
    }

    /// Every token, the newest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn api_tokens(&self) -> Result<Vec<records::ApiToken>, StoreError> {
        Ok(each_engine!(self, pool => sqlx::query_as(LIST.on(self)).fetch_all(pool).await?))
    }
}

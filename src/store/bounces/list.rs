//! Events as they are listed and counted.

use sqlx::FromRow;

use crate::store::{Db, StoreError};
use crate::{each_engine, statements};

/// An event as it is listed. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct BounceRow {
    /// Row id.
    pub id: String,
    /// When it came.
    pub received_at: i64,
    /// What it means.
    pub kind: String,
    /// What was done.
    pub action: Option<String>,
    /// The code that decided.
    pub status: Option<String>,
    /// Of which delivery.
    pub delivery_id: Option<String>,
    /// Which way it came.
    pub source: String,
    /// In words.
    pub detail: Option<String>,
}

/// What came back since an instant.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct BounceCounts {
    /// Reports that the sender is at fault.
    pub sender: i64,
    /// When the first of them came, milliseconds.
    pub since: Option<i64>,
    /// The words of one of them.
    pub why: Option<String>,
}

statements! {
    /// The newest first; of one meaning where $1 names it.
    LIST = "SELECT id, received_at, kind, action, status, delivery_id, source, detail FROM bounce \
        WHERE ($1 = '' OR kind = $1) ORDER BY received_at DESC, id DESC LIMIT $2";

    /// Those that blame the sender, since an instant.
    SENDER = "SELECT COUNT(*) AS sender, MIN(received_at) AS since, MAX(COALESCE(status || ' ', '') || COALESCE(detail, '')) \
        AS why FROM bounce WHERE received_at > $1 AND kind = 'sender'";
}

impl Db {
    /// Events, newest first; empty text for any meaning.
    ///
    /// # Errors
    /// As any read.
    pub async fn bounces(&self, kind: &str, limit: i64) -> Result<Vec<BounceRow>, StoreError> {
        let sql = LIST.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(kind).bind(limit).fetch_all(pool).await
        })?)
    }

    /// What blames the sender, of what came after `since`.
    ///
    /// # Errors
    /// As any read.
    pub async fn sender_faults(&self, since: i64) -> Result<BounceCounts, StoreError> {
        let sql = SENDER.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(since).fetch_one(pool).await)?)
    }
}

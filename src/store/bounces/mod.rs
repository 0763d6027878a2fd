//! What came back: events that are only added, each message once, and what the policy asks of them.

mod ask;
mod list;

use crate::clock::new_id;
use crate::domain::bounce::{Action, Meaning};
use crate::domain::status::EnhancedCode;
use crate::{in_tx, statements};

use super::address_hash::AddressHash;
use super::{StoreError, Tx};

pub(crate) use ask::STATEMENTS as ASK;
pub use ask::Subject;
pub(crate) use list::STATEMENTS as LIST;
pub use list::{BounceCounts, BounceRow};

/// An event to be written. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBounce<'a> {
    /// When it came.
    pub received_at: i64,
    /// What it means.
    pub meaning: Meaning,
    /// What was done, where a report says it.
    pub action: Option<Action>,
    /// The code that decided.
    pub status: Option<EnhancedCode>,
    /// Of which delivery, where one was found.
    pub delivery_id: Option<&'a str>,
    /// The address it was sent to.
    pub address: Option<&'a AddressHash>,
    /// Which way it came: `smtp`, `stdin`, `maildir`, `imap`, or a provider.
    pub source: &'a str,
    /// In words without addresses.
    pub detail: Option<&'a str>,
    /// The same for the same message.
    pub digest: &'a str,
}

statements! {
    /// Adds one; a message that was seen before is not added again.
    ADD = "INSERT INTO bounce (id, received_at, kind, action, status, delivery_id, address_sha256, source, detail, digest) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
}

impl Tx {
    /// Adds an event; whether its message is seen for the first time.
    ///
    /// # Errors
    /// As any write.
    pub async fn add_bounce(&mut self, new: &NewBounce<'_>) -> Result<bool, StoreError> {
        let (sql, id) = (ADD.within(self), new_id());
        let status = new.status.map(|status| status.to_string());
        Ok(in_tx!(self, conn => {
            sqlx::query(sql).bind(&id).bind(new.received_at).bind(new.meaning.as_str())
                .bind(new.action.map(Action::as_str)).bind(status).bind(new.delivery_id)
                .bind(new.address.map(AddressHash::as_str)).bind(new.source)
                .bind(new.detail).bind(new.digest)
                .execute(conn).await.map(|done| done.rows_affected() == 1)
        })?)
    }
}

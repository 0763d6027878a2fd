//! The audit log: every write by a person or a program, with what it was before and after.
//!
//! **Invariant:** a write and its row here are one transaction.

use jiff::Timestamp;
use serde_json::Value;

use crate::domain::address::EmailAddress;
use crate::{each_engine, statements};

use super::row::millis;
use super::{Db, StoreError, Tx, bulk, records};

statements! {
    /// The newest rows before one, of one organization or of all.
    LIST = "SELECT id, recorded_at, person_id, actor, way, organization_id, action, subject, detail
        FROM audit WHERE ($1 = '' OR organization_id = $1) AND ($2 = '' OR id < $2)
        ORDER BY id DESC LIMIT $3";
}

/// By which way something was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A page, by somebody who signed in.
    Desk,
    /// A link in a mail.
    Mail,
    /// A program with a token.
    Api,
    /// A pull from a customer's database.
    Source,
    /// The command line.
    Command,
}

impl Way {
    /// The word in the row.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Mail => "mail",
            Self::Api => "api",
            Self::Source => "source",
            Self::Command => "command",
        }
    }
}

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Row id, where it is a person.
    pub person_id: Option<String>,
    /// How they are called: in histories, in the audit log, beside a note.
    pub name: String,
    /// By which way.
    pub way: Way,
}

impl Actor {
    /// How they sign in histories and in the log: by their name, or by a masked address where no name is
    /// known. Addresses stand in one table only, so that forgetting somebody erases one row.
    #[must_use]
    pub fn signed(&self) -> String {
        EmailAddress::parse(&self.name).map_or_else(|_| self.name.clone(), |own| own.masked())
    }
}

/// One row of the log.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Row id of the organization, where it is about one.
    pub organization: Option<&'a str>,
    /// What was done, as a verb: `gap.change`.
    pub action: &'a str,
    /// About what, as people know it: a gap's external id, an address, a slug.
    pub subject: &'a str,
    /// Before and after, as far as it was a change.
    pub detail: &'a Value,
}

impl Tx {
    /// Writes down who did what, in the transaction that does it.
    ///
    /// # Errors
    /// As any write.
    pub async fn audit(
        &mut self,
        actor: &Actor,
        entry: Entry<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.audit_all(actor, &[entry], now).await
    }

    /// The same for several things that were done together.
    ///
    /// # Errors
    /// As any write.
    pub async fn audit_all(
        &mut self,
        actor: &Actor,
        entries: &[Entry<'_>],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row = |entry: &Entry<'_>| records::Audit {
            id: crate::clock::new_id(),
            recorded_at: millis(now),
            person_id: actor.person_id.clone(),
            actor: actor.signed(),
            way: actor.way.as_str().to_owned(),
            organization_id: entry.organization.map(str::to_owned),
            action: entry.action.to_owned(),
            subject: entry.subject.to_owned(),
            detail: entry.detail.to_string(),
        };
        let rows: Vec<records::Audit> = entries.iter().map(row).collect();
        bulk::insert(self, &rows).await.map(drop)
    }
}

impl Db {
    /// The newest rows of the log before the one with the id `before`, newest first: of one
    /// organization, or of all.
    ///
    /// # Errors
    /// As any read.
    pub async fn audit_log(
        &self,
        organization: Option<&str>,
        before: Option<&str>,
        limit: i64,
    ) -> Result<Vec<records::Audit>, StoreError> {
        let sql = LIST.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql)
                .bind(organization.unwrap_or_default())
                .bind(before.unwrap_or_default())
                .bind(limit)
                .fetch_all(pool)
                .await?
        }))
    }
}

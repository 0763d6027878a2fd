//! Imports as the desk lists them: those that came by an upload with whose it was, the others too.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::store::audit::Actor;
use crate::store::records::ImportUpload;
use crate::store::row::millis;
use crate::store::{Db, StoreError, Tx, bulk};
use crate::{each_engine, in_tx, organizations_touched, statements};

/// What is told of an import.
macro_rules! listed {
    ($alone:expr, $where:expr) => {
        concat!(
            "SELECT b.id, b.started_at, b.path, b.kind, b.rows_read, b.rows_written, b.rows_rejected, b.voided_at, ",
            "b.voided_why, u.batch_id IS NOT NULL AS is_upload, u.organization_id, p.name AS uploader, ",
            $alone,
            " AS is_alone ",
                        "FROM import_batch b LEFT JOIN import_upload u ON u.batch_id = b.id ",
            "LEFT JOIN person p ON p.id = u.person_id WHERE ",
            $where
        )
    };
}

/// That an import is about the organization `$1`.
macro_rules! about {
    () => {
        concat!("(u.organization_id = $1 OR $1 IN (", organizations_touched!("b.id"), "))")
    };
}

/// That an import wrote about nobody but the organization `$1`.
macro_rules! alone {
    () => {
        concat!(
            "(NOT EXISTS (SELECT 1 FROM (",
            organizations_touched!("b.id"),
            ") t WHERE t.organization_id <> $1) \
             AND NOT EXISTS (SELECT 1 FROM import_revision r WHERE r.table_name = 'person' AND r.batch_id = b.id) \
             AND NOT EXISTS (SELECT 1 FROM subscription n WHERE n.organization_id IS NULL AND n.batch_id = b.id))"
        )
    };
}

statements! {
    /// The newest of all.
    ALL = listed!("1 = 1", "$1 = '' AND ($2 = '' OR b.id < $2) ORDER BY b.id DESC LIMIT $3");
    /// The newest of one organization.
    OF_ONE = listed!(alone!(), concat!("($2 = '' OR b.id < $2) AND ", about!(), " ORDER BY b.id DESC LIMIT $3"));
    /// One of all.
    ONE = listed!("1 = 1", "$1 = '' AND b.id = $2");
    /// One of one organization.
    ONE_OF_ONE = listed!(alone!(), concat!("b.id = $2 AND ", about!()));
}

/// Whose imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'a> {
    /// All.
    All,
    /// Those that touched the organization with this row id.
    Of(&'a str),
}

impl<'a> Which<'a> {
    const fn organization(self) -> &'a str {
        match self {
            Self::All => "",
            Self::Of(id) => id,
        }
    }
}

/// One import.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ListedImport {
    /// Its row.
    pub id: String,
    /// When, milliseconds.
    pub started_at: i64,
    /// The file.
    pub path: String,
    /// What it held.
    pub kind: String,
    /// Its rows.
    pub rows_read: i64,
    /// Rows that were new or changed something.
    pub rows_written: i64,
    /// Rows that were not taken.
    pub rows_rejected: i64,
    /// When it was taken back, milliseconds.
    pub voided_at: Option<i64>,
    /// Why.
    pub voided_why: Option<String>,
    /// Whether it came by an upload.
    pub is_upload: bool,
    /// The one organization that its rows might touch.
    pub organization_id: Option<String>,
    /// Whose upload it was.
    pub uploader: Option<String>,
    /// Whether it wrote about nobody but the organization that was asked for; true where all are.
    pub is_alone: bool,
}

impl ListedImport {
    /// Whether it is all theirs who ask: what its file was called and held is known to them.
    #[must_use]
    pub fn is_own(&self, which: Which<'_>) -> bool {
        match which {
            Which::All => true,
            Which::Of(id) => self.is_upload && self.organization_id.as_deref() == Some(id),
        }
    }
}

impl Tx {
    /// Notes whose upload an import came by, in the transaction of the import.
    ///
    /// # Errors
    /// As any write.
    pub async fn keep_uploaded(
        &mut self,
        batch: &str,
        actor: &Actor,
        organization: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row = ImportUpload {
            batch_id: batch.to_owned(),
            person_id: actor.person_id.clone().unwrap_or_default(),
            organization_id: organization.map(str::to_owned),
            uploaded_at: millis(now),
        };
        bulk::insert(self, &[row]).await.map(drop)
    }

    /// One import, where it is one of these.
    ///
    /// # Errors
    /// As any read.
    pub async fn listed_import(
        &mut self,
        which: Which<'_>,
        id: &str,
    ) -> Result<Option<ListedImport>, StoreError> {
        let sql = match which {
            Which::All => ONE,
            Which::Of(_) => ONE_OF_ONE,
        };
        let sql = sql.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql).bind(which.organization()).bind(id).fetch_optional(conn).await?
        }))
    }
}

impl Db {
    /// The newest imports before the one with the id `before`, newest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn listed_imports(
        &self,
        which: Which<'_>,
        before: &str,
        limit: i64,
    ) -> Result<Vec<ListedImport>, StoreError> {
        let sql = match which {
            Which::All => ALL,
            Which::Of(_) => OF_ONE,
        };
        let sql = sql.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(which.organization()).bind(before).bind(limit).fetch_all(pool).await?
        }))
    }
}

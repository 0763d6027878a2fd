//! Uploads and their files.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::store::records::{Upload, UploadFile};
use crate::store::row::millis;
use crate::store::{Db, StoreError, Tx, bulk};
use crate::{each_engine, in_tx, statements};

statements! {
    /// What somebody keeps: how many uploads, and how many bytes of files.
    KEPT = "SELECT COUNT(DISTINCT u.id) AS uploads, CAST(COALESCE(SUM(f.size), 0) AS BIGINT) AS bytes \
        FROM upload u LEFT JOIN upload_file f ON f.upload_id = u.id WHERE u.person_id = $1 AND u.expires_at > $2";
    /// One upload of somebody's.
    FIND = "SELECT id, person_id, organization_id, map, is_strict, state, report, created_at, changed_at, expires_at \
        FROM upload WHERE id = $1 AND person_id = $2";
    /// Its files.
    FILES_OF = "SELECT upload_id, number, name, size, bytes FROM upload_file WHERE upload_id = $1 ORDER BY number";
    /// Those of somebody that wait, the newest first, one row a file.
    WAITING = "SELECT u.id, u.organization_id, u.created_at, u.expires_at, f.name FROM upload u \
        JOIN upload_file f ON f.upload_id = u.id WHERE u.person_id = $1 AND u.state <> 'applied' \
        AND u.expires_at > $2 ORDER BY u.created_at DESC, u.id DESC, f.number";
    /// Another map, as long as nothing came of it.
    ARRANGE = "UPDATE upload SET map = $3, is_strict = $4 WHERE id = $1 AND person_id = $2 AND state = 'open'";
    /// Takes it to be applied: once, or again where that was given up.
    CLAIM = "UPDATE upload SET state = 'applying', changed_at = $3 WHERE id = $1 AND person_id = $2 \
        AND (state = 'open' OR (state = 'applying' AND changed_at <= $4))";
    /// Says what came of it.
    SETTLE = "UPDATE upload SET state = $2, report = $3, changed_at = $4 WHERE id = $1 AND state = 'applying'";
    /// The files of one upload of somebody's that is not being applied.
    DISCARD_FILES = "DELETE FROM upload_file WHERE upload_id IN \
        (SELECT id FROM upload WHERE id = $1 AND person_id = $2 AND state <> 'applying')";
    /// The upload itself.
    DISCARD = "DELETE FROM upload WHERE id = $1 AND person_id = $2 AND state <> 'applying'";
    /// The files of what is over.
    FORGET_FILES = "DELETE FROM upload_file WHERE upload_id IN (SELECT id FROM upload WHERE expires_at <= $1)";
    /// What is over.
    FORGET = "DELETE FROM upload WHERE expires_at <= $1";
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits for its map and for somebody to apply it.
    Open,
    /// It is being applied.
    Applying,
    /// It was applied.
    Applied,
}

impl State {
    /// The word in the row.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Applying => "applying",
            Self::Applied => "applied",
        }
    }

    /// The state of a word in a row, which the schema allows no other of.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "applying" => Self::Applying,
            "applied" => Self::Applied,
            _ => Self::Open,
        }
    }
}

/// What somebody keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Kept {
    /// Uploads.
    pub uploads: i64,
    /// Bytes of their files.
    pub bytes: i64,
}

/// One file of an upload that waits.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct UploadNames {
    /// The upload.
    pub id: String,
    /// The one organization that rows may touch.
    pub organization_id: Option<String>,
    /// When it came, milliseconds.
    pub created_at: i64,
    /// From when on it is over, milliseconds.
    pub expires_at: i64,
    /// The file's name.
    pub name: String,
}

impl Tx {
    /// What somebody keeps at an instant.
    ///
    /// # Errors
    /// As any read.
    pub async fn kept_uploads(&mut self, person: &str, now: Timestamp) -> Result<Kept, StoreError> {
        let sql = KEPT.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql).bind(person).bind(millis(now)).fetch_one(conn).await?
        }))
    }

    /// Keeps an upload with its files.
    ///
    /// # Errors
    /// As any write.
    pub async fn keep_upload(
        &mut self,
        upload: &Upload,
        files: &[UploadFile],
    ) -> Result<(), StoreError> {
        bulk::insert(self, std::slice::from_ref(upload)).await?;
        bulk::insert(self, files).await.map(drop)
    }
}

impl Db {
    /// An upload of somebody's.
    ///
    /// # Errors
    /// As any read.
    pub async fn upload(&self, id: &str, person: &str) -> Result<Option<Upload>, StoreError> {
        let sql = FIND.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(id).bind(person).fetch_optional(pool).await?
        }))
    }

    /// The files of an upload, in their order.
    ///
    /// # Errors
    /// As any read.
    pub async fn upload_files(&self, id: &str) -> Result<Vec<UploadFile>, StoreError> {
        let sql = FILES_OF.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(id).fetch_all(pool).await?))
    }

    /// The files of somebody's uploads that wait, the newest upload first.
    ///
    /// # Errors
    /// As any read.
    pub async fn waiting_uploads(
        &self,
        person: &str,
        now: Timestamp,
    ) -> Result<Vec<UploadNames>, StoreError> {
        let sql = WAITING.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(person).bind(millis(now)).fetch_all(pool).await?
        }))
    }

    /// Gives an upload another map; whether it was still open.
    ///
    /// # Errors
    /// As any write.
    pub async fn arrange_upload(
        &self,
        id: &str,
        person: &str,
        map: &str,
        is_strict: bool,
    ) -> Result<bool, StoreError> {
        let sql = ARRANGE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query(sql).bind(id).bind(person).bind(map).bind(i64::from(is_strict))
                .execute(pool).await?.rows_affected() == 1
        }))
    }

    /// Takes an upload to be applied; false where somebody has, after `given_up` at least.
    ///
    /// # Errors
    /// As any write.
    pub async fn claim_upload(
        &self,
        id: &str,
        person: &str,
        now: Timestamp,
        given_up: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = CLAIM.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query(sql).bind(id).bind(person).bind(millis(now)).bind(millis(given_up))
                .execute(pool).await?.rows_affected() == 1
        }))
    }

    /// Says what came of an upload that was taken.
    ///
    /// # Errors
    /// As any write.
    pub async fn settle_upload(
        &self,
        id: &str,
        state: State,
        report: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = SETTLE.on(self);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(id).bind(state.as_str()).bind(report).bind(millis(now))
                .execute(pool).await?;
        });
        Ok(())
    }

    /// Throws an upload of somebody's away, unless it is being applied.
    ///
    /// # Errors
    /// As any write.
    pub async fn discard_upload(&self, id: &str, person: &str) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let (files, own) = (DISCARD_FILES.within(&tx), DISCARD.within(&tx));
        in_tx!(&mut tx, conn => {
            sqlx::query(files).bind(id).bind(person).execute(conn).await.map(drop)
        })?;
        let gone: u64 = in_tx!(&mut tx, conn => {
            sqlx::query(own).bind(id).bind(person).execute(conn).await.map(|d| d.rows_affected())
        })?;
        tx.commit().await?;
        Ok(gone == 1)
    }

    /// Forgets uploads that are over; how many.
    ///
    /// # Errors
    /// As any write.
    pub async fn forget_uploads(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let (files, own) = (FORGET_FILES.within(&tx), FORGET.within(&tx));
        in_tx!(&mut tx, conn => {
            sqlx::query(files).bind(millis(now)).execute(conn).await.map(drop)
        })?;
        let gone: u64 = in_tx!(&mut tx, conn => {
            sqlx::query(own).bind(millis(now)).execute(conn).await.map(|d| d.rows_affected())
        })?;
        tx.commit().await?;
        Ok(gone)
    }
}

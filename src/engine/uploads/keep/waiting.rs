//! What somebody uploaded and did not finish.

use jiff::Timestamp;

use crate::engine::uploads::UploadError;
use crate::engine::{Engine, EngineError};
use crate::store::row::Place;

/// An upload that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its id.
    pub id: String,
    /// The names of its files.
    pub files: Vec<String>,
    /// When it came.
    pub at: Timestamp,
    /// From when on it is over.
    pub until: Timestamp,
}

impl Engine {
    /// Somebody's uploads that wait, for one organization or for all, the newest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn waiting_uploads(
        &self,
        person: &str,
        organization: Option<&str>,
        now: Timestamp,
    ) -> Result<Vec<Waiting>, EngineError> {
        let mut waiting: Vec<Waiting> = Vec::new();
        for row in self.db.waiting_uploads(person, now).await? {
            if row.organization_id.as_deref() != organization {
                continue;
            }
            match waiting.last_mut().filter(|last| last.id == row.id) {
                Some(last) => last.files.push(row.name),
                None => {
                    let place = Place { table: "upload", row: &row.id };
                    waiting.push(Waiting {
                        at: place.instant("created_at", row.created_at)?,
                        until: place.instant("expires_at", row.expires_at)?,
                        files: vec![row.name],
                        id: row.id,
                    });
                }
            }
        }
        Ok(waiting)
    }

    /// Throws an upload away.
    ///
    /// # Errors
    /// [`UploadError::NotFound`] where there is none of theirs that may go.
    pub async fn discard_upload(&self, id: &str, person: &str) -> Result<(), UploadError> {
        match self.db.discard_upload(id, person).await? {
            true => Ok(()),
            false => Err(UploadError::NotFound),
        }
    }
}

//! Imports are listed, and taken back: all by the operator, those of one organization by whoever looks
//! after it.

use serde_json::json;

use crate::engine::{Engine, EngineError};
use crate::import::kind::FileKind;
use crate::import::only::Only;
use crate::store::audit::{Actor, Entry};
use crate::store::import::{Voided, void_in};
use crate::store::uploads::{ListedImport, Which};
use crate::store::{StoreError, Tx};

/// Why an import is not taken back.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// It is none of theirs to see.
    #[error("there is no such import")]
    NotFound,
    /// It is theirs to see, not to take back.
    #[error("only the operator can take this import back")]
    NotTheirs,
    /// Not now: why, and what to do.
    #[error("{0}")]
    Conflict(String),
    /// Anything else.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for UndoError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { .. } => Self::NotFound,
            StoreError::Conflict(words) => Self::Conflict(words),
            other => Self::Engine(other.into()),
        }
    }
}

/// What taking an import back does, or would.
#[derive(Debug, Clone)]
pub struct Undo {
    /// The import as it stands before.
    pub import: ListedImport,
    /// What goes and what comes back.
    pub voided: Voided,
}

impl Engine {
    /// One import that somebody may see.
    ///
    /// # Errors
    /// [`UndoError::NotFound`] where there is none.
    pub async fn import_of(&self, which: Which<'_>, id: &str) -> Result<ListedImport, UndoError> {
        let mut tx = self.db.begin_read().await?;
        listed(&mut tx, which, id).await
    }

    /// What would go and come back. Writes nothing.
    ///
    /// # Errors
    /// As [`Engine::undo_import`].
    pub async fn try_undo(&self, which: Which<'_>, id: &str) -> Result<Undo, UndoError> {
        let mut tx = self.db.begin().await?;
        let undo = self.undo_in(&mut tx, which, id, "tried").await;
        // A transaction that is dropped never happened; this only says so early.
        tx.rollback().await.ok();
        undo
    }

    /// Takes an import back. What was mailed stays as it was.
    ///
    /// # Errors
    /// [`UndoError::NotTheirs`] where it came another way than by an upload, touched more than this
    /// organization, or holds what only the operator imports; [`UndoError::Conflict`] where later imports rest on it, or it was taken back before.
    pub async fn undo_import(
        &self,
        which: Which<'_>,
        id: &str,
        actor: &Actor,
    ) -> Result<Undo, UndoError> {
        let mut tx = self.db.begin().await?;
        let why = format!("taken back by {}", actor.signed());
        let organization = match which {
            Which::Of(id) => Some(id.to_owned()),
            Which::All => match tx.touched(id).await?.as_slice() {
                [one] => Some(one.clone()),
                _ => None,
            },
        };
        let undo = self.undo_in(&mut tx, which, id, &why).await?;
        let voided = &undo.voided;
        let detail = json!({
            "file": undo.import.path, "kind": undo.import.kind, "hidden": voided.hidden, "events": voided.events,
            "restored": voided.restored, "left": voided.left, "by_hand": voided.by_hand,
        });
        let organization = organization.as_deref();
        let entry = Entry { organization, action: "import.undo", subject: id, detail: &detail };
        tx.audit(actor, entry, self.clock.now()).await?;
        tx.commit().await?;
        Ok(undo)
    }

    async fn undo_in(
        &self,
        tx: &mut Tx,
        which: Which<'_>,
        id: &str,
        why: &str,
    ) -> Result<Undo, UndoError> {
        let import = listed(tx, which, id).await?;
        if let Which::Of(organization) = which {
            let is_alone = tx.touched(id).await?.iter().all(|own| own == organization)
                && !tx.reaches_beyond(id).await?;
            // Who is a client, who works there and who gets mail is the operator's to say, and so to take back.
            let is_takable = FileKind::named(&import.kind).is_some_and(Only::takes);
            if !import.is_upload || !is_alone || !is_takable {
                return Err(UndoError::NotTheirs);
            }
        }
        let voided = void_in(tx, id, Some(why), self.clock.now()).await?;
        Ok(Undo { import, voided })
    }
}

async fn listed(tx: &mut Tx, which: Which<'_>, id: &str) -> Result<ListedImport, UndoError> {
    // PostgreSQL cannot even be asked for a text with this mark in it.
    if id.contains('\0') {
        return Err(UndoError::NotFound);
    }
    tx.listed_import(which, id).await?.ok_or(UndoError::NotFound)
}

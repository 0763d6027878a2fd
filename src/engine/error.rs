//! What can stop the engine. A refused mail is not among it: that is an outcome.

use super::journal::JournalError;
use crate::mail::dkim::SignError;
use crate::mail::message::LetterError;
use crate::mail::message_id::MessageIdError;
use crate::mail::mould::MouldError;
use crate::secrets::SecretsError;
use crate::source::SourceError;
use crate::store::StoreError;

/// A failure of the engine.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A zone that is not in the time zone data.
    #[error("the time zone {0:?} is not known; use an IANA name such as Europe/Berlin")]
    Zone(String),
    /// A brief could not be drawn.
    #[error("the brief for {scope} could not be drawn: {problem}")]
    Render {
        /// Whose brief.
        scope: String,
        /// What the template said.
        problem: String,
    },
    /// A letter could not be built.
    #[error("the message for {scope} could not be built: {problem}")]
    Letter {
        /// Whose brief.
        scope: String,
        /// What is wrong.
        problem: LetterError,
    },
    /// A stored message is damaged.
    #[error("edition {edition}: {problem}")]
    Mould {
        /// Which edition.
        edition: String,
        /// What is wrong.
        problem: MouldError,
    },
    /// A delivery id that cannot be a Message-ID.
    #[error(transparent)]
    MessageId(#[from] MessageIdError),
    /// A mail that could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// Stored facts that cannot be read.
    #[error("edition {edition}: its facts cannot be read ({problem})")]
    Facts {
        /// Which edition.
        edition: String,
        /// What is wrong.
        problem: String,
    },
    /// Something that makes no sense to do.
    #[error("{0}")]
    Refused(String),
    /// The keys of links cannot be read or made.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// The journal of hand-overs cannot be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A source that cannot be read now.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Another process delivers from this database file.
    #[error("another process is delivering from this database; wait for it or stop it")]
    Locked,
    /// A file beside the database.
    #[error("{path}: {problem}")]
    File {
        /// Which file.
        path: String,
        /// What the system said.
        problem: std::io::Error,
    },
}

impl EngineError {
    /// Whether the database is busy or away: then nothing else can be done either, and trying again
    /// later helps.
    #[must_use]
    pub const fn is_away(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

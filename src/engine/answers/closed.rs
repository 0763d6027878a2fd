//! Why a link asks nothing, or not any more.

use jiff::civil::Date;

use crate::domain::codes::GapStatus;
use crate::engine::EngineError;
use crate::engine::register::RegisterError;
use crate::store::StoreError;

/// Why nothing is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// The mail, the organization or the gap is not known any more.
    Gone,
    /// The mail did not speak of the gap.
    NotInMail,
    /// Whoever got the mail had themselves forgotten.
    Forgotten,
    /// They are nothing to the organization any more.
    Ended,
    /// They read, and answer for nothing.
    Reader,
    /// They answer for their own gaps, and this is another's.
    NotTheirs {
        /// What the brief calls the gap.
        called: String,
        /// Whose it is, where it is somebody's.
        owner: Option<String>,
    },
    /// The gap is where nothing is asked about it: closed, withdrawn, its risk accepted.
    Over {
        /// What the brief calls the gap.
        called: String,
        /// Where it is.
        status: GapStatus,
        /// Since when.
        since: Date,
        /// Whether somebody signed that it is none.
        is_void: bool,
    },
}

/// Why an answer was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// Nothing is asked.
    #[error("nothing is asked: {0:?}")]
    Closed(Closed),
    /// The words cannot be taken. The sentence says why and what to do.
    #[error("{0}")]
    Words(String),
    /// The database, or a stored value that makes no sense.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<Closed> for AnswerError {
    fn from(closed: Closed) -> Self {
        Self::Closed(closed)
    }
}

impl From<StoreError> for AnswerError {
    fn from(error: StoreError) -> Self {
        Self::Engine(error.into())
    }
}

impl From<RegisterError> for AnswerError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::NotFound { .. } => Self::Closed(Closed::Gone),
            RegisterError::Engine(error) => Self::Engine(error),
            RegisterError::Refused(refusals) => {
                let said: Vec<&str> = refusals.0.iter().map(|own| own.problem.as_str()).collect();
                Self::Words(format!("It was not taken: {}.", said.join("; ")))
            }
            RegisterError::Conflict(said) => Self::Words(said),
        }
    }
}

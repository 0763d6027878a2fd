//! Why nothing was written.

use crate::domain::register::Refusals;
use crate::engine::EngineError;
use crate::store::StoreError;

/// Why a write of the register did not happen, or a thing could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Fields that cannot be taken, each with its sentence.
    #[error(transparent)]
    Refused(#[from] Refusals),
    /// Somebody wrote meanwhile. The sentence says who and when.
    #[error("{0}")]
    Conflict(String),
    /// There is no such thing at this organization.
    #[error("there is no {what} {name:?} here")]
    NotFound {
        /// For example "gap".
        what: &'static str,
        /// As it was named.
        name: String,
    },
    /// The database, or a zone that is not one.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for RegisterError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(_) => Self::Conflict(
                "somebody else wrote the same at the same time; try again".to_owned(),
            ),
            other => Self::Engine(other.into()),
        }
    }
}

impl RegisterError {
    /// The refused fields, where that is what it is.
    #[must_use]
    pub const fn refusals(&self) -> Option<&Refusals> {
        match self {
            Self::Refused(refusals) => Some(refusals),
            _ => None,
        }
    }
}

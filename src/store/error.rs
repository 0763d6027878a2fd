//! What can go wrong with the database, told apart by what to do about it.

use sqlx::error::ErrorKind;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another writer was in the way. Trying again is right.
    #[error("the database is busy: {0}; try again")]
    Busy(String),
    /// The database cannot be reached or cannot write. Trying later is right.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A row with this key exists already, or was changed by someone else meanwhile.
    #[error("{0}")]
    Conflict(String),
    /// The database refused a row that breaks one of its rules (a check, a reference, a history).
    #[error("the database refused this: {0}")]
    Refused(String),
    /// What was named does not exist.
    #[error("there is no {what} {name:?}; {hint}")]
    NotFound {
        /// For example "organization".
        what: &'static str,
        /// As it was named.
        name: String,
        /// Where to look, for example "see `brief organizations list`".
        hint: &'static str,
    },
    /// A value that was asked to be stored makes no sense.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field, as the user knows it.
        field: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// A stored value cannot be understood. Somebody wrote it past the program.
    #[error("table {table}, column {column}, row {row}: {problem}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Primary key.
        row: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Opening, migrating or backing up did not work.
    #[error("{0}")]
    Setup(String),
    /// Anything else: a statement that does not fit the schema, a protocol failure.
    #[error("the database failed: {0}")]
    Other(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether the same call may succeed later without anything being changed.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Unavailable(_))
    }

    /// Whether a unique key was in the way.
    #[must_use]
    pub const fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default().into_owned();
                let message = database.message().to_owned();
                match database.kind() {
                    ErrorKind::UniqueViolation => {
                        Self::Conflict(format!("such a row exists already ({message})"))
                    }
                    ErrorKind::ForeignKeyViolation
                    | ErrorKind::NotNullViolation
                    | ErrorKind::CheckViolation => Self::Refused(message),
                    _ => by_code(&code, message).unwrap_or(Self::Other(error)),
                }
            }
            sqlx::Error::PoolTimedOut => {
                Self::Unavailable("no connection became free in time".to_owned())
            }
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Unavailable("it was closed".to_owned())
            }
            sqlx::Error::Io(io) => Self::Unavailable(io.to_string()),
            sqlx::Error::Tls(tls) => Self::Unavailable(tls.to_string()),
            _ => Self::Other(error),
        }
    }
}

/// Engine codes: SQLite's extended result codes in decimal, PostgreSQL's SQLSTATE.
fn by_code(code: &str, message: String) -> Option<StoreError> {
    if let Some(primary) = code.parse::<u32>().ok().filter(|_| code.len() != 5) {
        return match primary & 0xff {
            5 | 6 => Some(StoreError::Busy(message)),
            8 | 10 | 13 | 14 | 26 => Some(StoreError::Unavailable(message)),
            19 => Some(StoreError::Refused(message)),
            _ => None,
        };
    }
    match code {
        "40001" | "40P01" | "55P03" => Some(StoreError::Busy(message)),
        "23001" => Some(StoreError::Refused(message)),
        _ if ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => {
            Some(StoreError::Unavailable(message))
        }
        "25006" => Some(StoreError::Unavailable(message)),
        _ => None,
    }
}

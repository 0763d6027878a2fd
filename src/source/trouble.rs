//! What a database says when it does not do what it was asked, and what it means.

use std::time::Duration;

/// What is wrong, before it is known with which query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    pub column: Option<String>,
    pub problem: String,
    pub advice: &'static str,
}

/// What an engine's own code for an error means to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It took too long.
    TooSlow,
    /// It would have written something.
    Writes,
    /// The user may not do that, or may not come in.
    NotAllowed,
    /// Anything else.
    Other,
}

impl Trouble {
    pub fn new(problem: impl Into<String>, advice: &'static str) -> Self {
        Self { column: None, problem: problem.into(), advice }
    }

    /// The same about one column.
    pub fn at(column: &str, problem: impl Into<String>, advice: &'static str) -> Self {
        Self { column: Some(column.to_owned()), ..Self::new(problem, advice) }
    }

    /// A query that took longer than it may.
    pub fn too_slow(limit: Duration) -> Self {
        Self::new(
            format!("it took longer than {} and was stopped", seconds(limit)),
            "make the query faster, or raise statement_timeout",
        )
    }

    /// A query that was refused.
    pub fn of_query(error: &sqlx::Error, meaning: Meaning, limit: Duration) -> Self {
        let said = words(error);
        match meaning {
            Meaning::TooSlow => Self::too_slow(limit),
            Meaning::Writes => Self::new(
                format!("it writes, and a source is only read ({said})"),
                "ask by a SELECT that changes nothing",
            ),
            Meaning::NotAllowed => Self::new(
                format!("it was refused ({said})"),
                "give the user of the url the right to read that",
            ),
            Meaning::Other => Self::new(
                format!("it was refused ({said})"),
                "try the statement in a client of that database, and correct it",
            ),
        }
    }

    /// A connection that was not made.
    pub fn of_connection(error: &sqlx::Error, meaning: Meaning) -> Self {
        let said = words(error);
        match error {
            sqlx::Error::Configuration(_) => Self::new(
                format!("its url cannot be read ({said})"),
                "write it as the comment on [[source]] in config/default.toml says",
            ),
            sqlx::Error::Database(_) if meaning == Meaning::NotAllowed => Self::new(
                format!("it does not let us in ({said})"),
                "correct the user and the password of its url",
            ),
            sqlx::Error::Database(_) => Self::new(
                format!("it cannot be opened ({said})"),
                "correct its url, or ask whoever runs that database",
            ),
            _ => Self::new(
                format!("it cannot be reached ({said})"),
                "look whether it runs at its url and may be reached from here",
            ),
        }
    }

    /// A connection that nobody answered.
    pub fn no_answer(limit: Duration) -> Self {
        Self::new(
            format!("it did not answer within {}", seconds(limit)),
            "look whether it runs at its url and may be reached from here",
        )
    }
}

/// The database's own words, without ours around them.
fn words(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(database) => database.message().to_owned(),
        sqlx::Error::Configuration(inner) => inner.to_string(),
        sqlx::Error::Io(inner) => inner.to_string(),
        sqlx::Error::Tls(inner) => format!("TLS: {inner}"),
        other => other.to_string(),
    }
}

fn seconds(span: Duration) -> String {
    format!("{} seconds", span.as_secs_f64())
}

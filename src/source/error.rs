//! Why a source cannot be read: what, where, what to do.

use std::fmt;

use crate::domain::line::clean;

use super::trouble::Trouble;

/// Longest message, in characters: a server may answer with the whole statement.
const LONGEST: usize = 600;

/// A source that cannot be read. Holds no password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceError {
    /// Which source.
    pub name: String,
    /// Which of its queries, where it is one.
    pub query: Option<&'static str>,
    /// Which column of it, where it is one.
    pub column: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What to do about it; empty where the problem says so itself.
    pub advice: String,
}

impl SourceError {
    pub(super) fn new(name: &str, query: Option<&'static str>, trouble: Trouble) -> Self {
        Self {
            name: name.to_owned(),
            query,
            column: trouble.column,
            problem: clean(&trouble.problem, LONGEST),
            advice: trouble.advice.to_owned(),
        }
    }

    /// What the way in says of a query; it says itself what to do.
    pub(super) fn of_import(name: &str, query: Option<&'static str>, problem: &str) -> Self {
        let own = query.map(|query| format!("source:{name}/{query}: "));
        let bare = own.and_then(|own| problem.strip_prefix(&own)).unwrap_or(problem);
        Self::new(name, query, Trouble::new(bare, ""))
    }

    /// A source of that name is not in the settings.
    #[must_use]
    pub fn unknown(name: &str) -> Self {
        let problem = "there is no such source in the settings";
        let advice = "`brief source list` shows them all";
        Self::new(&clean(name, 60), None, Trouble::new(problem, advice))
    }

    /// Another process reads it now.
    #[must_use]
    pub fn taken(name: &str) -> Self {
        let problem = "another process reads it now";
        Self::new(name, None, Trouble::new(problem, "wait until it has ended"))
    }
}

/// "source erp, query gaps, column due_on: …; …"
impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "source {}", self.name)?;
        if let Some(query) = self.query {
            write!(f, ", query {query}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.problem)?;
        if self.advice.is_empty() { Ok(()) } else { write!(f, "; {}", self.advice) }
    }
}

impl std::error::Error for SourceError {}

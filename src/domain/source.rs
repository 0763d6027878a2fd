//! Where a claim comes from, and what kind of claim it is (MODEL 6.8).

use std::fmt;

use serde::Deserialize;

/// What a claim rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// A published study or measurement.
    Finding,
    /// A count in public records.
    Register,
    /// A definition in a standard or in common practice.
    Standard,
    /// What people answered; the text says who paid for asking.
    Survey,
}

/// A source that a reader can look up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Title of the work or data set.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// Year of publication; of a page that changes, the year it was read.
    pub year: i16,
    /// An `https` address.
    pub url: String,
}

/// "Title, publisher, year".
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A question ends in its own mark.
        let joint = if self.title.ends_with('?') { "" } else { "," };
        write!(f, "{}{joint} {}, {}", self.title, self.publisher, self.year)
    }
}

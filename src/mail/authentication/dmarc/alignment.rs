//! Whether the domain that SPF or DKIM vouches for speaks for the From domain (RFC 9989 4.4).

use super::super::answers::{Known, Missing};
use super::super::names;
use super::record::Mode;
use super::walk::{organization, walk};

/// What it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alignment {
    /// They are the same.
    Same,
    /// They belong to this organization, and that is enough.
    Organization(String),
    /// They belong to one organization, and the record asks for the same domain.
    TooStrict,
    /// They belong to two organizations.
    Apart(String, String),
    /// A name could not be looked up: which, and why.
    Unanswered(String, String),
}

/// Compares two domains.
///
/// # Errors
/// [`Missing`] when an answer is not known yet.
pub fn align(known: &Known, from: &str, other: &str, mode: Mode) -> Result<Alignment, Missing> {
    let (from, other) = (names::plain(from), names::plain(other));
    if from == other {
        return Ok(Alignment::Same);
    }
    let ours = match organization(&walk(known, &from)?) {
        Ok(ours) => ours,
        Err((name, why)) => return Ok(Alignment::Unanswered(name, why)),
    };
    let theirs = match organization(&walk(known, &other)?) {
        Ok(theirs) => theirs,
        Err((name, why)) => return Ok(Alignment::Unanswered(name, why)),
    };
    Ok(if ours != theirs {
        Alignment::Apart(ours, theirs)
    } else if mode == Mode::Strict {
        Alignment::TooStrict
    } else {
        Alignment::Organization(ours)
    })
}

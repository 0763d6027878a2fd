//! What people write by hand: read for the rules, written with the rules' outcome.
//!
//! **Invariant:** every read is of one organization, and what a voided import wrote is not in it. Rows
//! are added through [`super::bulk`] without a batch; only what has no history is updated.

mod assessments;
mod gaps;
mod implementations;
mod people;
mod place;
mod sessions;

pub use assessments::LatestAnswer;
pub use implementations::KnownImplementation;
pub use people::KnownPerson;
pub use place::Place;
pub use sessions::KnownSession;

use crate::store::Sql;

/// Every statement of this room, by module.
pub(crate) const STATEMENTS: &[(&str, &[(&str, Sql)])] = &[
    ("register/assessments", assessments::STATEMENTS),
    ("register/gaps", gaps::STATEMENTS),
    ("register/implementations", implementations::STATEMENTS),
    ("register/people", people::STATEMENTS),
    ("register/place", place::STATEMENTS),
    ("register/sessions", sessions::STATEMENTS),
];

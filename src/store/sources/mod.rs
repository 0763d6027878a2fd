//! Databases of others: when each was read, whom it tells about, and before which instants it has to be
//! read again.

mod moments;
mod pulls;
mod ties;

pub use moments::Named;
pub use pulls::{Ended, Outcome, PullRow};

use crate::store::Sql;

/// Every statement of this room, by module.
pub(crate) const STATEMENTS: &[(&str, &[(&str, Sql)])] = &[
    ("sources/moments", moments::STATEMENTS),
    ("sources/pulls", pulls::STATEMENTS),
    ("sources/ties", ties::STATEMENTS),
];

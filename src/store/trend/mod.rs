//! What the trend page reads beside the snapshot: who comes in by a mail's link, whether anything has
//! changed since it was last computed, and what stands behind the figures.

mod door;
mod papers;
mod stamp;

pub use papers::load_papers;
pub use stamp::Stamp;

use super::Sql;

/// Every statement of this folder, by module.
pub(crate) const STATEMENTS: &[(&str, &[(&str, Sql)])] = &[
    ("trend/door", door::STATEMENTS),
    ("trend/papers", papers::STATEMENTS),
    ("trend/stamp", stamp::STATEMENTS),
];

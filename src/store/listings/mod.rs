//! Lists that are walked page by page in the order of row ids: what programs ask for.
//!
//! **Invariants:** a row that is there for the whole of a walk is met once, whatever is written
//! meanwhile; a page costs a number of statements that does not grow with its rows; empty text in a
//! filter stands for "any".
//!
//! One file a table, each with the page and the one row.

mod assessments;
mod deliveries;
mod editions;
mod events;
mod organizations;
mod people;
mod subscriptions;
mod suppressions;

pub use assessments::{AnswerRow, AssessmentFilter, AssessmentRow};
pub use deliveries::DeliveryFilter;
pub use editions::{EditionFilter, EditionLine};
pub use events::{EventFilter, EventRow};
pub use people::PersonRow;
pub use subscriptions::{SubscriptionFilter, SubscriptionRow};

use super::Sql;

/// Every statement of these lists, by module.
pub(crate) const STATEMENTS: &[(&str, &[(&str, Sql)])] = &[
    ("listings/assessments", assessments::STATEMENTS),
    ("listings/deliveries", deliveries::STATEMENTS),
    ("listings/editions", editions::STATEMENTS),
    ("listings/events", events::STATEMENTS),
    ("listings/organizations", organizations::STATEMENTS),
    ("listings/people", people::STATEMENTS),
    ("listings/subscriptions", subscriptions::STATEMENTS),
    ("listings/suppressions", suppressions::STATEMENTS),
];

/// Which page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<'a> {
    /// Row id of the one organization that is seen; none for all.
    pub organization: Option<&'a str>,
    /// The id after which it begins; empty for the first.
    pub after: &'a str,
    /// Most rows.
    pub limit: i64,
}

impl<'a> Page<'a> {
    /// The organization for a statement: empty for all.
    const fn of(&self) -> &'a str {
        match self.organization {
            Some(organization) => organization,
            None => "",
        }
    }
}

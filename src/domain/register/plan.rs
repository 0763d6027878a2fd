//! What a hand-made write of a gap comes to: the rows to be written, before they have ids.

use jiff::civil::Date;

use crate::domain::codes::EventKind;

use super::figures::Figures;
use super::known::Base;

/// An event to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// What it says.
    pub kind: EventKind,
    /// Value before.
    pub from: Option<String>,
    /// Value after.
    pub to: Option<String>,
    /// In words; the day of a next step.
    pub note: Option<String>,
    /// Where the evidence lies.
    pub evidence_url: Option<String>,
    /// The owner as a person, for an owner.
    pub person_id: Option<String>,
}

impl NewEvent {
    /// A change from one value to another.
    #[must_use]
    pub const fn new(kind: EventKind, from: Option<String>, to: Option<String>) -> Self {
        Self { kind, from, to, note: None, evidence_url: None, person_id: None }
    }

    /// The same with words.
    #[must_use]
    pub fn with_note(self, note: Option<String>) -> Self {
        Self { note, ..self }
    }
}

/// All rows of one write.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The row as it is to be.
    pub base: Base,
    /// What is added to the history, in order.
    pub events: Vec<NewEvent>,
    /// The estimate that is added.
    pub figures: Option<Figures>,
    /// From which day all of it is so.
    pub on: Date,
}

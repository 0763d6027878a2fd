//! Events of a gap, as an import writes them.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::clock::new_id;
use crate::domain::codes::EventKind;
use crate::store::import::GapEventRow;
use crate::store::row::millis;

/// When something was true, and when we were told.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    /// The day in the organization's zone.
    pub on: Date,
    /// The instant.
    pub recorded_at: Timestamp,
}

impl When {
    /// The same record, true on another day.
    pub(super) const fn on(self, day: Date) -> Self {
        Self { on: day, ..self }
    }

    /// One event of a gap.
    pub(super) fn event(
        self,
        gap: &str,
        kind: EventKind,
        from: Option<String>,
        to: Option<String>,
    ) -> GapEventRow {
        GapEventRow {
            id: new_id(),
            gap_id: gap.to_owned(),
            external_id: None,
            kind: kind.as_str().to_owned(),
            from_value: from,
            to_value: to,
            effective_on: self.on.to_string(),
            recorded_at: millis(self.recorded_at),
            actor: None,
            note: None,
            person_id: None,
        }
    }
}

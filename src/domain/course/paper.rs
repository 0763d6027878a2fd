//! What stands behind the figures and is in no snapshot, since no brief prints it: the inputs of the
//! estimates, and which import told of what.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::domain::codes::EventKind;
use crate::domain::snapshot::{Exposure, GapEvent};

/// The papers of one organization, by the row ids of its gaps.
#[derive(Debug, Clone, Default)]
pub struct Papers {
    /// Every estimate of a gap.
    pub prices: BTreeMap<String, Vec<PricePaper>>,
    /// The file that a gap was first told of by.
    pub imports: BTreeMap<String, String>,
    /// Scores as they were mailed: implementation id and day to milli-points.
    pub reported: BTreeMap<(String, Date), i64>,
}

/// One estimate with what it was made from.
#[derive(Debug, Clone)]
pub struct PricePaper {
    /// As the snapshot has it.
    pub exposure: Exposure,
    /// Its inputs.
    pub inputs: Map<String, Value>,
    /// Where they come from, in somebody's words.
    pub source_note: Option<String>,
    /// The file it was imported from.
    pub import: Option<String>,
}

impl Papers {
    /// The paper of an estimate.
    #[must_use]
    pub fn of(&self, gap_id: &str, exposure: &Exposure) -> Option<&PricePaper> {
        self.prices.get(gap_id)?.iter().find(|paper| paper.exposure == *exposure)
    }

    /// The newest score that was mailed for an implementation after one day and up to another.
    #[must_use]
    pub fn mailed(&self, implementation: &str, after: Date, until: Date) -> Option<(Date, i64)> {
        let id = implementation.to_owned();
        let days = self.reported.range((id.clone(), Date::MIN)..=(id, until));
        days.rev().map(|((_, on), score)| (*on, *score)).find(|(on, _)| *on > after)
    }
}

/// Who recorded something at an instant: the actor of the event of that kind that was recorded then,
/// else of any other that was.
#[must_use]
pub fn actor_at(events: &[GapEvent], kind: EventKind, at: Timestamp) -> Option<String> {
    let then = events.iter().filter(|event| event.recorded_at == at);
    let named =
        then.filter(|event| event.actor.as_deref().is_some_and(|who| !who.trim().is_empty()));
    named.max_by_key(|event| event.kind == kind).and_then(|event| event.actor.clone())
}

//! Histories as they are known, for the diff and for the check of a current state.

use super::rows::{AnswerRow, AssessmentRow, ExposureRow, GapEventRow, ImplementationEventRow};
use crate::store::row::list;
use crate::store::{StoreError, Tx};
use crate::{in_tx, statements};

statements! {
    GAP_EVENTS = concat!(
    "SELECT h.id, h.gap_id, h.external_id, h.kind, h.from_value, h.to_value, h.effective_on, h.recorded_at, h.actor, \
     h.note, h.person_id FROM gap_event h WHERE ",
    crate::not_voided!("h.batch_id"),
    " AND h.gap_id IN (SELECT value FROM json_each($1))"
);
    CHANGES = concat!(
    "SELECT h.id, h.gap_id, h.external_id, h.kind, h.from_value, h.to_value, h.effective_on, h.recorded_at, h.actor, \
     h.note, h.person_id FROM gap_event h WHERE ",
    crate::not_voided!("h.batch_id"),
    " AND h.external_id IN (SELECT value FROM json_each($1))"
);
    EXPOSURES = concat!(
    "SELECT h.id, h.gap_id, h.kind, h.inputs, h.low, h.likely, h.high, h.basis, h.source_note, h.effective_on, \
     h.recorded_at FROM exposure h WHERE ",
    crate::not_voided!("h.batch_id"),
    " AND h.gap_id IN (SELECT value FROM json_each($1))"
);
    IMPLEMENTATION_EVENTS = concat!(
    "SELECT h.id, h.implementation_id, h.field, h.from_value, h.to_value, h.effective_on, h.recorded_at \
     FROM implementation_event h WHERE ",
    crate::not_voided!("h.batch_id"),
    " AND h.implementation_id IN (SELECT value FROM json_each($1)) ORDER BY h.effective_on, h.recorded_at, h.id"
);
    ASSESSMENTS = concat!(
    "SELECT h.id, h.implementation_id, h.held_on, h.assessor, h.recorded_at FROM assessment h WHERE ",
    crate::not_voided!("h.batch_id"),
    " AND h.implementation_id IN (SELECT value FROM json_each($1))"
);
    ANSWERS = "SELECT h.assessment_id, h.area, h.category, h.level, h.note, h.gap_id FROM assessment_answer h \
     WHERE h.assessment_id IN (SELECT value FROM json_each($1))";
}

reads_by_keys!(
    /// Events of gaps, in any order.
    gap_events: GAP_EVENTS -> GapEventRow,
    /// Events of gaps by the id of their source.
    changes: CHANGES -> GapEventRow,
    /// Estimates of gaps, in any order.
    exposures: EXPOSURES -> ExposureRow,
    /// Events of implementations, oldest first.
    implementation_events: IMPLEMENTATION_EVENTS -> ImplementationEventRow,
    /// Assessments of implementations.
    assessments: ASSESSMENTS -> AssessmentRow,
    /// Answers of assessments.
    answers: ANSWERS -> AnswerRow,
);

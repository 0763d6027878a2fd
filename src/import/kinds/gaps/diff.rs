//! From what is recorded of a gap to what a row says: the events in between.

use crate::domain::codes::{EventKind, GapStatus};
use crate::import::context::{Context, Place};
use crate::import::folded::Known;
use crate::import::map::Fault;
use crate::store::import::{GapEventRow, GapRow};

use super::Told;
use super::event::When;
use super::wanted::{Status, Wanted};

/// The events of a known gap, each true from the day of the record; a closing from its own day.
pub(super) fn events(
    context: &Context<'_>,
    before: &Known,
    after: &GapRow,
    wanted: &Wanted,
    place: &Place,
) -> Result<Told, Fault> {
    let when = When { on: context.recorded_on(&place.zone), recorded_at: context.recorded_at };
    let mut told = Told::default();
    told.events.extend(status(before, wanted, when));
    told.events.extend(fields(before, wanted, when));
    if after.evidence != before.row.evidence && after.evidence.is_some() {
        let mut event = when.event(&after.id, EventKind::Evidence, None, None);
        event.note.clone_from(&after.evidence);
        told.events.push(event);
    }
    let known = before.exposure.as_ref();
    let estimate = wanted.estimate.as_ref().map(|estimate| estimate.over(known));
    if let Some(estimate) = estimate.filter(|estimate| !estimate.is(known)) {
        let from = known.map(|e| e.likely.to_string());
        told.events.push(when.event(&after.id, EventKind::Exposure, from, Some(estimate.word())));
        told.exposures.push(estimate.row(&after.id, when.on, when.recorded_at));
    }
    let newer = before.updated_at.filter(|at| *at > context.recorded_at);
    if let Some(newer) = newer.filter(|_| !told.is_empty()) {
        return Err(Fault::at(
            "external_id",
            format!(
                "this gap was last recorded at {newer}, after {}; import states in the order of their time",
                context.recorded_at
            ),
        ));
    }
    Ok(told)
}

/// A change of status; a closed gap that is not closed any more was reopened.
fn status(before: &Known, wanted: &Wanted, when: When) -> Option<GapEventRow> {
    let to = wanted.status?;
    let state = &before.state;
    let from =
        Status { status: state.status, until: state.accepted_until.filter(|_| to.until.is_some()) };
    if from == to {
        return None;
    }
    let kind = match (from.status, to.status) {
        (GapStatus::Closed, status) if status != GapStatus::Closed => EventKind::Reopened,
        _ => EventKind::Status,
    };
    // A day before the last change would sort the closing before it.
    let on = match wanted.closed_on {
        Some(day) => day.max(state.status_since),
        None => when.on,
    };
    Some(when.on(on).event(&before.row.id, kind, Some(from.word()), Some(to.word())))
}

/// Severity, owner, due date and next step.
fn fields(before: &Known, wanted: &Wanted, when: When) -> Vec<GapEventRow> {
    let (id, state) = (&before.row.id, &before.state);
    let mut events = Vec::new();
    if wanted.severity != state.severity {
        let word = |s: crate::domain::codes::Severity| Some(s.number().to_string());
        events.push(when.event(
            id,
            EventKind::Severity,
            word(state.severity),
            word(wanted.severity),
        ));
    }
    if let Some(owner) = &wanted.owner {
        let name = owner.as_ref().map(|o| o.name.clone());
        let person = owner.as_ref().and_then(|o| o.person.clone());
        if name != state.owner || (person.is_some() && person != before.owner_person) {
            let mut event = when.event(id, EventKind::Owner, state.owner.clone(), name);
            event.person_id = person;
            events.push(event);
        }
    }
    if let Some(due) = wanted.due_on.filter(|due| *due != state.due_on) {
        let word = |d: Option<jiff::civil::Date>| d.map(|d| d.to_string());
        events.push(when.event(id, EventKind::DueOn, word(state.due_on), word(due)));
    }
    if let Some(step) = &wanted.next_step {
        let (text, day) = step.clone().unzip();
        let known_day = before.next_step_on.clone().filter(|_| state.next_step.is_some());
        // A day that the file does not speak of is that of the step that it was told of.
        let same_day = || known_day.clone().filter(|_| text == state.next_step);
        let day = day.and_then(|given| given.unwrap_or_else(same_day));
        if text != state.next_step || day != known_day {
            let mut event = when.event(id, EventKind::NextStep, state.next_step.clone(), text);
            event.note = day;
            events.push(event);
        }
    }
    events
}

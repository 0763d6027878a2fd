//! How the history of a new gap begins.

use jiff::civil::Date;

use crate::domain::codes::{EventKind, GapStatus, Severity};
use crate::import::context::{Context, Place, not_ahead};
use crate::import::first::FirstChange;
use crate::import::map::Fault;
use crate::store::import::GapRow;

use super::Told;
use super::event::When;
use super::wanted::{Status, Wanted};

/// The first events of a gap, all recorded together. Its values apply from the day it was opened: an
/// earlier one is not known.
///
/// A status beyond `in_progress` is an event of its own, so that half or full credit is not claimed
/// for days before anyone knew of it: closed on its closing day, else on the day of the record.
pub(super) fn events(
    context: &Context<'_>,
    gap: &GapRow,
    wanted: &Wanted,
    place: &Place,
    first: Option<&FirstChange>,
) -> Result<Told, Fault> {
    let recorded_at = first.and_then(|f| f.recorded_at).unwrap_or(context.recorded_at);
    let opened_on: Date =
        gap.opened_on.parse().map_err(|e| Fault::at("opened_on", format!("{e}")))?;
    let recorded_on = place.zone.to_datetime(recorded_at).date();
    let when = When { on: opened_on, recorded_at };
    not_ahead("opened_on", opened_on, recorded_on)?;
    let mut told = Told::default();
    match first.map(|first| (first.opened, first.before(EventKind::Status))) {
        Some((true, _)) => {}
        Some((false, Some(word))) => {
            let status =
                word.and_then(|w| Status::parse(w).ok()).map_or(GapStatus::Open, |s| s.status);
            let to = Some(status.as_str().to_owned());
            told.events.push(when.event(&gap.id, EventKind::Opened, None, to));
        }
        // No change tells of the status: it is what the row says it is, and has been told now.
        None | Some((false, None)) => {
            let now =
                When { on: context.recorded_on(&place.zone), recorded_at: context.recorded_at };
            opening(gap, wanted, when, now, &mut told)?;
        }
    }
    // Beside a history it is told now, so that it stands behind the opening that the history tells.
    evidence(gap, first, When { recorded_at: context.recorded_at, ..when }, &mut told);
    values(gap, wanted, when, first, &mut told);
    Ok(told)
}

/// `opened`, and the status that follows where it is not one that a gap may be opened with.
fn opening(
    gap: &GapRow,
    wanted: &Wanted,
    when: When,
    now: When,
    told: &mut Told,
) -> Result<(), Fault> {
    let open = Status { status: GapStatus::Open, until: None };
    let status = wanted.status.unwrap_or(open);
    let opened_as = match status.status {
        GapStatus::InProgress => status,
        _ => open,
    };
    told.events.push(when.event(&gap.id, EventKind::Opened, None, Some(opened_as.word())));
    if status != opened_as {
        let on = wanted.closed_on.unwrap_or(now.on).max(when.on);
        not_ahead("closed_on", on, now.on)?;
        let (from, to) = (Some(opened_as.word()), Some(status.word()));
        told.events.push(now.on(on).event(&gap.id, EventKind::Status, from, to));
    }
    Ok(())
}

/// The evidence that a gap comes with. It stands with the status that rests on it.
fn evidence(gap: &GapRow, first: Option<&FirstChange>, when: When, told: &mut Told) {
    let Some(text) = gap.evidence.as_ref().filter(|_| first.is_none_or(|f| !f.evidenced)) else {
        return;
    };
    let mut event = when.event(&gap.id, EventKind::Evidence, None, None);
    if let Some(status) = told.events.iter().find(|e| e.kind == EventKind::Status.as_str()) {
        (event.effective_on, event.recorded_at) = (status.effective_on.clone(), status.recorded_at);
    }
    event.note = Some(text.clone());
    told.events.push(event);
}

/// Severity, owner, due date, next step and estimate, as they were before the first change.
fn values(gap: &GapRow, wanted: &Wanted, when: When, first: Option<&FirstChange>, told: &mut Told) {
    let before = |kind| first.and_then(|f| f.before(kind));
    let mut push = |kind, to: Option<String>, person: Option<String>, note: Option<String>| {
        if to.is_some() {
            let mut event = when.event(&gap.id, kind, None, to);
            event.person_id = person;
            event.note = note;
            told.events.push(event);
        }
    };
    let severity = before(EventKind::Severity).flatten().and_then(|word| word.parse().ok());
    let severity: Severity = severity.unwrap_or(wanted.severity);
    push(EventKind::Severity, Some(severity.number().to_string()), None, None);
    match before(EventKind::Owner) {
        Some(from) => push(EventKind::Owner, from.map(str::to_owned), None, None),
        None => {
            if let Some(Some(owner)) = &wanted.owner {
                push(EventKind::Owner, Some(owner.name.clone()), owner.person.clone(), None);
            }
        }
    }
    let due = match before(EventKind::DueOn) {
        Some(from) => from.and_then(|d| d.parse::<Date>().ok()),
        None => wanted.due_on.flatten(),
    };
    push(EventKind::DueOn, due.map(|d| d.to_string()), None, None);
    if let Some(Some((text, day))) = &wanted.next_step {
        push(EventKind::NextStep, Some(text.clone()), None, day.clone().flatten());
    }
    let priced_later = first.is_some_and(|f| f.priced);
    if let Some(estimate) = wanted.estimate.as_ref().filter(|e| !priced_later && !e.is(None)) {
        told.exposures.push(estimate.row(&gap.id, when.on, when.recorded_at));
    }
}

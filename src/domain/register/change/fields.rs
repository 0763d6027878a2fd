//! Owner, severity, dates, evidence and words: what has a history beside the status.

use crate::domain::codes::EventKind;

use super::super::plan::NewEvent;
use super::super::values;
use super::super::when;
use super::super::words::{TEXT, link, long};
use super::{Draft, NewOwner};

impl Draft<'_> {
    /// The new owner; none where the owner stays.
    pub(super) fn owner(&mut self) -> Option<NewOwner> {
        let known = self.asking.known.owner();
        let before = known.map(|o| o.name.to_owned());
        let Some(asked) = self.asking.change.owner.as_ref()? else {
            known?;
            let event = NewEvent::new(EventKind::Owner, before, None);
            self.push("owner", &[EventKind::Owner], event);
            return Some(None);
        };
        let read = values::owner(asked, self.asking.person, &mut self.refused)?;
        let is_other = |person: &str| known.and_then(|o| o.person_id) != Some(person);
        let is_new_person = read.person_id.as_deref().is_some_and(is_other);
        if before.as_deref() == Some(read.name.as_str()) && !is_new_person {
            return None;
        }
        let event = NewEvent::new(EventKind::Owner, before, Some(read.name.clone()));
        let event = NewEvent { person_id: read.person_id.clone(), ..event };
        self.push("owner", &[EventKind::Owner], event);
        Some(Some(read))
    }

    pub(super) fn severity(&mut self) {
        let Some(number) = self.asking.change.severity else { return };
        let before = self.asking.known.state.severity;
        let read = self.refused.keep("severity", values::severity(number));
        if let Some(after) = read.filter(|after| *after != before) {
            let word = |s: crate::domain::codes::Severity| Some(s.number().to_string());
            let event = NewEvent::new(EventKind::Severity, word(before), word(after));
            self.push("severity", &[EventKind::Severity], event);
        }
    }

    pub(super) fn due_on(&mut self) {
        let before = self.asking.known.state.due_on;
        let Some(asked) = self.asking.change.due_on.filter(|day| *day != before) else { return };
        let day = asked.map(|day| when::ahead(day, self.on)).transpose();
        if let Some(after) = self.refused.keep("due_on", day) {
            let word = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
            let event = NewEvent::new(EventKind::DueOn, word(before), word(after));
            self.push("due date", &[EventKind::DueOn], event);
        }
    }

    pub(super) fn next_step(&mut self) {
        let known = self.asking.known;
        let before = known.state.next_step.clone();
        let Some(asked) = &self.asking.change.next_step else { return };
        let event = match asked {
            None if before.is_none() => return,
            None => NewEvent::new(EventKind::NextStep, before, None),
            Some(step) => {
                // A step that stays may be past its day by now.
                let stays = step.on == known.next_step_on();
                let from = if stays { step.on.unwrap_or(self.on).min(self.on) } else { self.on };
                let Some(read) = values::step(step, from, &mut self.refused) else { return };
                if stays && before.as_deref() == Some(read.text.as_str()) {
                    return;
                }
                let event = NewEvent::new(EventKind::NextStep, before, Some(read.text));
                event.with_note(read.on.map(|day| day.to_string()))
            }
        };
        self.push("next step", &[EventKind::NextStep], event);
    }

    pub(super) fn evidence(&mut self) {
        let Some(asked) = &self.asking.change.evidence else { return };
        let text = long(&asked.text, TEXT)
            .and_then(|text| text.ok_or_else(|| "is missing; write what was shown".to_owned()));
        let text = self.refused.keep("evidence", text);
        let url = asked.url.as_deref().filter(|url| !url.trim().is_empty());
        let url = self.refused.keep("evidence_url", url.map(link).transpose());
        let (Some(text), Some(url)) = (text, url) else { return };
        let standing = self.asking.known.evidence();
        let is_known = |t: &super::super::known::Told| {
            t.note.as_deref() == Some(text.as_str()) && t.evidence_url == url
        };
        if standing.is_some_and(is_known) {
            return;
        }
        let event = NewEvent::new(EventKind::Evidence, None, None).with_note(Some(text));
        self.events.push(NewEvent { evidence_url: url, ..event });
    }

    /// A note, and a reason that goes with no move.
    pub(super) fn words(&mut self) {
        let change = self.asking.change;
        let has_moved =
            self.events.iter().any(|e| matches!(e.kind, EventKind::Status | EventKind::Reopened));
        let reason = change.reason.as_deref().filter(|_| !has_moved);
        for (field, text) in [("reason", reason), ("note", change.note.as_deref())] {
            let Some(text) = text else { continue };
            if let Some(Some(text)) = self.refused.keep(field, long(text, TEXT)) {
                let event = NewEvent::new(EventKind::Note, None, None).with_note(Some(text));
                self.events.push(event);
            }
        }
    }
}

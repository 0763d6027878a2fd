//! The fold itself: how each event changes what is true of a gap (MODEL 2).

use jiff::civil::Date;

use super::{GapState, add_days};
use crate::domain::codes::{Basis, EventKind, GapStatus, Severity};
use crate::domain::constants::Constants;
use crate::domain::snapshot::{Exposure, Gap, GapEvent};

/// The running state of a fold.
pub(super) struct Fold<'c> {
    state: GapState,
    pub(super) steps: Vec<(Date, GapState)>,
    constants: &'c Constants,
    basis: Option<Basis>,
    withdrawn_by: Option<usize>,
    withdrawn_when_closed: bool,
}

impl<'c> Fold<'c> {
    /// The state before any event: open, with the values that the first events came from.
    pub(super) fn new(
        gap: &Gap,
        events: &[&GapEvent],
        recorded_on: Date,
        exists_from: Date,
        constants: &'c Constants,
    ) -> Self {
        let first_of = |kinds: &[EventKind]| events.iter().find(|e| kinds.contains(&e.kind));
        let severity = first_of(&[EventKind::Severity])
            .and_then(|e| e.from.as_deref().or(e.to.as_deref()))
            .and_then(|s| s.parse().ok())
            .unwrap_or(Severity::DEFICIENCY);
        let status = first_of(&[EventKind::Opened])
            .and_then(|e| parse_status(e.to.as_deref()))
            .or_else(|| {
                let first = first_of(&[EventKind::Status, EventKind::Reopened])?;
                parse_status(first.from.as_deref())
            })
            .map_or(GapStatus::Open, |(status, _)| status);
        let state = GapState {
            status,
            status_since: gap.opened_on,
            accepted_until: None,
            severity,
            owner: first_of(&[EventKind::Owner]).and_then(|e| e.from.clone()),
            unowned_since: gap.opened_on.max(recorded_on),
            due_on: first_of(&[EventKind::DueOn]).and_then(|e| e.from.as_deref()?.parse().ok()),
            due_moves_later: 0,
            next_step: None,
            last_movement: recorded_on,
            reopenings: 0,
        };
        let steps = vec![(exists_from, state.clone())];
        Self {
            state,
            steps,
            constants,
            basis: None,
            withdrawn_by: None,
            withdrawn_when_closed: false,
        }
    }

    /// Applies every event and every new basis, day by day.
    pub(super) fn run(&mut self, events: &[&GapEvent], exposures: &[&Exposure]) {
        let mut estimates = exposures.iter().peekable();
        for (index, event) in events.iter().enumerate() {
            while let Some(estimate) = estimates.next_if(|e| e.effective_on <= event.effective_on) {
                self.estimate(estimate);
            }
            self.apply(index, event);
            self.push(event.effective_on);
        }
        for estimate in estimates {
            self.estimate(estimate);
        }
    }

    /// A first estimate or another basis is movement; the same basis re-estimated is not, nor is
    /// saying that there is no price.
    fn estimate(&mut self, exposure: &Exposure) {
        if exposure.kind.effect().is_none() {
            return;
        }
        if self.basis.replace(exposure.basis) != Some(exposure.basis) {
            self.moved(exposure.effective_on);
            self.push(exposure.effective_on);
        }
    }

    fn moved(&mut self, on: Date) {
        self.state.last_movement = self.state.last_movement.max(on);
    }

    /// Records the state from a day on; the first step keeps the day the gap begins to exist.
    fn push(&mut self, from: Date) {
        match self.steps.last_mut() {
            Some((last, state)) if *last >= from => *state = self.state.clone(),
            _ => self.steps.push((from, self.state.clone())),
        }
    }

    fn apply(&mut self, index: usize, event: &GapEvent) {
        let on = event.effective_on;
        match event.kind {
            EventKind::Opened => {
                if let Some((status, until)) = parse_status(event.to.as_deref()) {
                    self.state.status = status;
                    self.state.accepted_until = self.acceptance(status, until, on);
                }
                self.state.status_since = on;
            }
            EventKind::Status | EventKind::Reopened => self.apply_status(index, event),
            EventKind::Severity => {
                if let Some(severity) = event.to.as_deref().and_then(|s| s.parse().ok()) {
                    if severity != self.state.severity {
                        self.moved(on);
                    }
                    self.state.severity = severity;
                }
            }
            EventKind::Owner => {
                if event.to.is_some() {
                    self.moved(on);
                } else if self.state.owner.is_some() {
                    self.state.unowned_since = self.state.unowned_since.max(on);
                }
                self.state.owner.clone_from(&event.to);
            }
            EventKind::DueOn => {
                let due: Option<Date> = event.to.as_deref().and_then(|d| d.parse().ok());
                let before =
                    event.from.as_deref().and_then(|d| d.parse().ok()).or(self.state.due_on);
                if let (Some(before), Some(after)) = (before, due)
                    && after > before
                {
                    self.state.due_moves_later += 1;
                }
                self.state.due_on = due;
            }
            EventKind::NextStep => self.state.next_step.clone_from(&event.to),
            EventKind::Evidence => self.moved(on),
            EventKind::Exposure
            | EventKind::WithdrawConfirmed
            | EventKind::Confirmed
            | EventKind::Note => {}
        }
    }

    /// A change of status. Withdrawing, closing and reopening keep the idle clock (MODEL 2).
    fn apply_status(&mut self, index: usize, event: &GapEvent) {
        let on = event.effective_on;
        let parsed = parse_status(event.to.as_deref());
        let Some((status, until)) = parsed.or(match event.kind {
            EventKind::Reopened => Some((GapStatus::Open, None)),
            _ => None,
        }) else {
            return;
        };
        let before = self.state.status;
        let ends = |s| matches!(s, GapStatus::Closed | GapStatus::Withdrawn);
        // Withdrawing what is closed is not work taken up again; taking that back is.
        let was_closed = match before {
            GapStatus::Withdrawn => self.withdrawn_when_closed,
            other => other == GapStatus::Closed,
        };
        let reopened = (event.kind == EventKind::Reopened || was_closed) && !ends(status);
        if reopened {
            self.state.reopenings += 1;
        } else if status != before && !ends(before) && !ends(status) {
            self.moved(on);
        }
        if status == GapStatus::Withdrawn {
            self.withdrawn_by = Some(index);
            self.withdrawn_when_closed = was_closed;
        }
        if status != before {
            self.state.status_since = on;
        }
        self.state.accepted_until = self.acceptance(status, until, on);
        self.state.status = status;
    }

    /// The end of an acceptance: as stated, at most 180 days after it began (MODEL 2).
    fn acceptance(&self, status: GapStatus, until: Option<Date>, on: Date) -> Option<Date> {
        if status != GapStatus::Accepted {
            return None;
        }
        let latest = add_days(on, self.constants.accepted_days);
        Some(until.map_or(latest, |stated| stated.min(latest)))
    }

    /// Whether the standing withdrawal was signed by somebody else.
    pub(super) fn is_void(&self, events: &[&GapEvent]) -> bool {
        let Some(index) = self.withdrawn_by.filter(|_| self.state.status == GapStatus::Withdrawn)
        else {
            return false;
        };
        let withdrawer = events[index].actor.as_deref();
        events[index..].iter().any(|e| {
            e.kind == EventKind::WithdrawConfirmed
                && (withdrawer.is_none() || e.actor.as_deref() != withdrawer)
        })
    }
}

/// A status word, with the end of an acceptance after a colon.
fn parse_status(word: Option<&str>) -> Option<(GapStatus, Option<Date>)> {
    let word = word?;
    let (status, until) = word.split_once(':').map_or((word, None), |(s, u)| (s, u.parse().ok()));
    status.parse().ok().map(|status| (status, until))
}

//! One gap's events, folded: what was true of it on any day, by all that is known now (MODEL 2, 4.3).

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::codes::{Basis, EventKind, GapStatus, Severity};
use super::constants::Constants;
use super::snapshot::{Bounds, Exposure, Gap, GapEvent};

/// A gap as it stood at the end of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapState {
    /// Status as last set; see [`GapState::effective_status`] for expired acceptances.
    pub status: GapStatus,
    /// Since when it has that status.
    pub status_since: Date,
    /// Last day of an acceptance.
    pub accepted_until: Option<Date>,
    /// 1 to 4.
    pub severity: Severity,
    /// One person's name.
    pub owner: Option<String>,
    /// Due date.
    pub due_on: Option<Date>,
    /// How often the due date moved later.
    pub due_moves_later: i64,
    /// Next step, as written.
    pub next_step: Option<String>,
    /// Last day that stopped the idle clock, never before the gap was recorded.
    pub last_movement: Date,
    /// How often it went from closed back to work.
    pub reopenings: i64,
}

impl GapState {
    /// The status with an acceptance past its end read as open (MODEL 2).
    #[must_use]
    pub fn effective_status(&self, on: Date) -> GapStatus {
        match (self.status, self.accepted_until) {
            (GapStatus::Accepted, Some(until)) if on > until => GapStatus::Open,
            (status, _) => status,
        }
    }

    /// Whole weeks without movement; zero before the gap was recorded.
    #[must_use]
    pub fn idle_weeks(&self, on: Date) -> i64 {
        days_between(self.last_movement, on).max(0) / 7
    }
}

/// A gap with its states by day.
#[derive(Debug, Clone)]
pub struct History<'a> {
    /// The gap itself.
    pub gap: &'a Gap,
    /// States in the order of the days they begin on; never empty.
    steps: Vec<(Date, GapState)>,
    /// Estimates in the order in which they take effect.
    exposures: Vec<&'a Exposure>,
    /// First day it exists: `existed_since`, else `opened_on`.
    pub exists_from: Date,
    /// The day it was first recorded.
    pub recorded_on: Date,
    /// Newest record about it.
    pub updated_on: Date,
    /// Withdrawn and signed by a second person: out of the whole series (MODEL 4.2).
    pub is_void: bool,
}

impl<'a> History<'a> {
    /// Folds a gap's events; `zone` is the organization's, for the civil dates of records.
    #[must_use]
    pub fn of(gap: &'a Gap, zone: &TimeZone, constants: &Constants) -> Self {
        Self::known_at(gap, Timestamp::MAX, zone, constants)
    }

    /// The same from what had been recorded up to an instant: what a brief of that day could know.
    #[must_use]
    pub fn known_at(
        gap: &'a Gap,
        known: Timestamp,
        zone: &TimeZone,
        constants: &Constants,
    ) -> Self {
        let mut all: Vec<&GapEvent> = gap.events.iter().collect();
        all.sort_by(|a, b| {
            (a.effective_on, a.recorded_at, &a.id).cmp(&(b.effective_on, b.recorded_at, &b.id))
        });
        let events: Vec<&GapEvent> = all
            .iter()
            .copied()
            .filter(|e| e.recorded_at <= known)
            .collect();
        let mut exposures: Vec<&Exposure> = gap
            .exposures
            .iter()
            .filter(|e| e.recorded_at <= known)
            .collect();
        exposures.sort_by_key(|e| (e.effective_on, e.recorded_at));
        let civil = |at: Timestamp| zone.to_datetime(at).date();
        let recorded = events.iter().map(|e| e.recorded_at).min();
        let recorded_on = recorded.map_or(gap.opened_on, civil);
        let updated_on = events
            .iter()
            .map(|e| e.recorded_at)
            .max()
            .map_or(gap.opened_on, civil);
        let exists_from = gap
            .existed_since
            .map_or(gap.opened_on, |d| d.min(gap.opened_on));
        let mut fold = Fold::new(gap, &all, recorded_on, exists_from, constants);
        fold.run(&events, &exposures);
        let is_void = fold.is_void(&events);
        Self {
            gap,
            steps: fold.steps,
            exposures,
            exists_from,
            recorded_on,
            updated_on,
            is_void,
        }
    }

    /// The last state, whatever its day and also of a void gap: what is known about it at the end.
    #[must_use]
    pub fn latest(&self) -> &GapState {
        let (_, state) = &self.steps[self.steps.len() - 1]; // The first step is pushed at the start.
        state
    }

    /// The state at the end of `on`; none before the gap existed or when it is void.
    #[must_use]
    pub fn at(&self, on: Date) -> Option<&GapState> {
        if self.is_void || on < self.exists_from {
            return None;
        }
        let after = self.steps.partition_point(|(from, _)| *from <= on);
        after
            .checked_sub(1)
            .and_then(|i| self.steps.get(i))
            .map(|(_, state)| state)
    }

    /// The estimate in force on a day; none where the gap is not priced.
    #[must_use]
    pub fn exposure_at(&self, on: Date) -> Option<&'a Exposure> {
        let after = self.exposures.partition_point(|e| e.effective_on <= on);
        let latest = after.checked_sub(1).and_then(|i| self.exposures.get(i))?;
        latest.kind.effect().map(|_| *latest)
    }

    /// The weekly figure in force on a day; zero where the gap is not priced.
    #[must_use]
    pub fn bounds_at(&self, on: Date) -> Bounds {
        self.exposure_at(on)
            .map_or_else(Bounds::default, |e| e.per_week)
    }

    /// Whether it costs money on a day.
    #[must_use]
    pub fn is_leaking(&self, on: Date) -> bool {
        on >= self.gap.opened_on && self.at(on).is_some_and(|s| s.status.is_leaking())
    }

    /// The days on which its cost may change, from `opened_on`, in order.
    pub fn cost_days(&self) -> impl Iterator<Item = Date> + '_ {
        std::iter::once(self.gap.opened_on)
            .chain(self.steps.iter().map(|(from, _)| *from))
            .chain(self.exposures.iter().map(|e| e.effective_on))
            .filter(|day| *day >= self.gap.opened_on)
    }

    /// The day it was last closed, where it is closed on `on`.
    #[must_use]
    pub fn closed_on(&self, on: Date) -> Option<Date> {
        self.at(on)
            .filter(|s| s.status == GapStatus::Closed)
            .map(|s| s.status_since)
    }

    /// Whether any status went forward within the `days` up to and including `on`.
    #[must_use]
    pub fn moved_forward_within(&self, on: Date, days: i64) -> bool {
        let order = |status: GapStatus| match status {
            GapStatus::Open | GapStatus::Withdrawn => 0,
            GapStatus::InProgress | GapStatus::Accepted => 1,
            GapStatus::Verifying => 2,
            GapStatus::Closed => 3,
        };
        self.steps.windows(2).any(|pair| {
            let [(_, before), (day, after)] = pair else {
                return false;
            };
            *day <= on
                && days_between(*day, on) < days
                && order(after.status) > order(before.status)
        })
    }
}

/// Days from `from` to `to`; negative when `to` is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    (to - from).get_days().into()
}

/// The running state of a fold.
struct Fold<'c> {
    state: GapState,
    steps: Vec<(Date, GapState)>,
    constants: &'c Constants,
    basis: Option<Basis>,
    withdrawn_by: Option<usize>,
}

impl<'c> Fold<'c> {
    /// The state before any event: open, with the values that the first events came from.
    fn new(
        gap: &Gap,
        events: &[&GapEvent],
        recorded_on: Date,
        exists_from: Date,
        constants: &'c Constants,
    ) -> Self {
        let severity = events
            .iter()
            .find(|e| e.kind == EventKind::Severity)
            .and_then(|e| e.from.as_deref().or(e.to.as_deref()))
            .and_then(|s| s.parse().ok())
            .unwrap_or(Severity::DEFICIENCY);
        let status = events
            .iter()
            .find(|e| e.kind == EventKind::Opened)
            .and_then(|e| parse_status(e.to.as_deref()))
            .or_else(|| {
                let first = events.iter().find(|e| e.kind == EventKind::Status)?;
                parse_status(first.from.as_deref())
            })
            .map_or(GapStatus::Open, |(status, _)| status);
        let state = GapState {
            status,
            status_since: gap.opened_on,
            accepted_until: None,
            severity,
            owner: None,
            due_on: events
                .iter()
                .find(|e| e.kind == EventKind::DueOn)
                .and_then(|e| e.from.as_deref()?.parse().ok()),
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
        }
    }

    /// Applies every event and every new basis, day by day.
    fn run(&mut self, events: &[&GapEvent], exposures: &[&Exposure]) {
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

    /// A first estimate or another basis is movement; the same basis re-estimated is not.
    fn estimate(&mut self, exposure: &Exposure) {
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
                }
                self.state.owner.clone_from(&event.to);
            }
            EventKind::DueOn => {
                let due: Option<Date> = event.to.as_deref().and_then(|d| d.parse().ok());
                let before = event
                    .from
                    .as_deref()
                    .and_then(|d| d.parse().ok())
                    .or(self.state.due_on);
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
        let reopened = event.kind == EventKind::Reopened
            || (before == GapStatus::Closed && status != GapStatus::Closed);
        if reopened {
            self.state.reopenings += 1;
        } else if status != before && !ends(before) && !ends(status) {
            self.moved(on);
        }
        if status == GapStatus::Withdrawn {
            self.withdrawn_by = Some(index);
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
    fn is_void(&self, events: &[&GapEvent]) -> bool {
        let Some(index) = self
            .withdrawn_by
            .filter(|_| self.state.status == GapStatus::Withdrawn)
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
    let (status, until) = word
        .split_once(':')
        .map_or((word, None), |(s, u)| (s, u.parse().ok()));
    status.parse().ok().map(|status| (status, until))
}

/// `days` after a date, standing at the calendar's end instead of overflowing.
#[must_use]
pub fn add_days(date: Date, days: i64) -> Date {
    date.saturating_add(jiff::Span::new().days(days.clamp(-3_000_000, 3_000_000)))
}

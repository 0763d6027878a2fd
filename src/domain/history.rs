//! One gap's events, folded: what was true of it on any day, by all that is known now (MODEL 2, 4.3).

mod fold;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::codes::{GapStatus, Severity};
use super::constants::Constants;
use super::snapshot::{Bounds, Exposure, Gap, GapEvent};
use fold::Fold;

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
    /// Since when nobody owns it, never before the gap was opened and recorded; of no meaning while
    /// somebody does.
    pub unowned_since: Date,
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
        let events: Vec<&GapEvent> =
            all.iter().copied().filter(|e| e.recorded_at <= known).collect();
        let mut exposures: Vec<&Exposure> =
            gap.exposures.iter().filter(|e| e.recorded_at <= known).collect();
        exposures.sort_by_key(|e| {
            let Bounds { low, likely, high } = e.per_week;
            // Rows of one instant have no order of their own; their figures give them one.
            ((e.effective_on, e.recorded_at), (likely, low, high), (e.kind, e.basis))
        });
        let civil = |at: Timestamp| zone.to_datetime(at).date();
        let recorded = events.iter().map(|e| e.recorded_at).min();
        let recorded_on = recorded.map_or(gap.opened_on, civil);
        let updated_on = events
            .iter()
            .map(|e| e.recorded_at)
            .chain(exposures.iter().map(|e| e.recorded_at))
            .max()
            .map_or(gap.opened_on, civil);
        let exists_from = gap.existed_since.map_or(gap.opened_on, |d| d.min(gap.opened_on));
        let mut fold = Fold::new(gap, &all, recorded_on, exists_from, constants);
        fold.run(&events, &exposures);
        let is_void = fold.is_void(&events);
        Self { gap, steps: fold.steps, exposures, exists_from, recorded_on, updated_on, is_void }
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
        after.checked_sub(1).and_then(|i| self.steps.get(i)).map(|(_, state)| state)
    }

    /// The estimate in force on a day; none where the gap is not priced.
    #[must_use]
    pub fn exposure_at(&self, on: Date) -> Option<&'a Exposure> {
        let after = self.exposures.partition_point(|e| e.effective_on <= on);
        let latest = after.checked_sub(1).and_then(|i| self.exposures.get(i))?;
        latest.kind.effect().map(|_| *latest)
    }

    /// Every estimate it ever had, in the order in which they take effect, without those that say that
    /// there is no price.
    pub fn estimates(&self) -> impl Iterator<Item = &'a Exposure> + '_ {
        self.exposures.iter().copied().filter(|e| e.kind.effect().is_some())
    }

    /// The weekly figure in force on a day; zero where the gap is not priced.
    #[must_use]
    pub fn bounds_at(&self, on: Date) -> Bounds {
        self.exposure_at(on).map_or_else(Bounds::default, |e| e.per_week)
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
        self.at(on).filter(|s| s.status == GapStatus::Closed).map(|s| s.status_since)
    }

    /// Whether its status went forward within the `days` up to and including `on`.
    #[must_use]
    pub fn moved_forward_within(&self, on: Date, days: i64) -> bool {
        let order = |status: GapStatus| match status {
            GapStatus::Open | GapStatus::Withdrawn => 0,
            GapStatus::InProgress | GapStatus::Accepted => 1,
            GapStatus::Verifying => 2,
            GapStatus::Closed => 3,
        };
        !self.is_void
            && self.steps.windows(2).any(|pair| {
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

/// `days` after a date, standing at the calendar's end instead of overflowing.
#[must_use]
pub fn add_days(date: Date, days: i64) -> Date {
    date.saturating_add(jiff::Span::new().days(days.clamp(-3_000_000, 3_000_000)))
}

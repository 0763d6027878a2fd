//! Recent changes: what was recorded in a window, net for each gap and field (MODEL 4.5, case K4).
//!
//! "Net" compares two folds of the same gap: what was known when the window began, and what is known
//! at its end. So there-and-back vanishes whatever the order of rows, and a back-dated edit is
//! reported once, in the window in which it was recorded.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::codes::{Basis, EventKind, GapStatus, ImplementationStatus, Severity};
use super::constants::Constants;
use super::facts::ChangeFacts;
use super::history::{History, days_between};
use super::snapshot::{Exposure, Gap, GapEvent, Implementation, Snapshot};
use super::time::date_of;

/// Recorded after `from`, up to and including `to`.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// The previous cut-off.
    pub from: Timestamp,
    /// This cut-off.
    pub to: Timestamp,
}

impl Window {
    /// From the brief before, or from a week before where there was none (MODEL 4.6).
    #[must_use]
    pub fn since(before: Option<Timestamp>, to: Timestamp) -> Self {
        Self { from: before.filter(|at| *at < to).unwrap_or_else(|| week_before(to)), to }
    }

    /// How many weeks it covers, to the nearest one and at least one: more than one after a missed
    /// brief.
    #[must_use]
    pub fn weeks_covered(&self) -> i64 {
        ((self.hours() + 84) / 168).max(1)
    }

    /// How many whole weeks it covers. Half a day is forgiven, for clock changes and a cut-off that
    /// moved by hours: a shorter window is no week without movement.
    #[must_use]
    pub fn whole_weeks(&self) -> i64 {
        (self.hours() + 12) / 168
    }

    /// Whether it covers one week, as forgivingly.
    #[must_use]
    pub fn is_one_week(&self) -> bool {
        (self.hours() - 168).abs() <= 12
    }

    fn hours(&self) -> i64 {
        self.from.duration_until(self.to).as_hours()
    }

    /// Whether a record belongs to this window.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from < at && at <= self.to
    }
}

/// Seven times 24 hours earlier.
pub(in crate::domain) fn week_before(at: Timestamp) -> Timestamp {
    let week = jiff::SignedDuration::from_hours(7 * 24);
    at.checked_sub(week).unwrap_or(Timestamp::MIN)
}

/// The order in which kinds are told; the first is told first.
const ORDER: [&str; 12] = [
    "go_live_on",
    "reopened",
    "opened",
    "closed",
    "verifying",
    "withdrawn",
    "configuration_starts_on",
    "severity",
    "due_on",
    "owner",
    "exposure",
    "assessment",
];

/// Every counted change of a window, in the order of MODEL 4.5; then by money, then by name.
#[must_use]
pub fn changes(
    snapshot: &Snapshot,
    window: Window,
    zone: &TimeZone,
    constants: &Constants,
) -> Vec<ChangeFacts> {
    let mut out: Vec<ChangeFacts> = implementation_changes(snapshot, window, zone);
    for gap in &snapshot.gaps {
        let touched = gap.events.iter().any(|e| window.holds(e.recorded_at))
            || gap.exposures.iter().any(|e| window.holds(e.recorded_at));
        if touched {
            out.extend(Compared::of(gap, window, zone, constants).changes());
        }
    }
    out.extend(assessments(snapshot, window, zone));
    out.sort_by_cached_key(|c| {
        let kind = match (c.kind.as_str(), c.to.as_deref()) {
            ("status", Some(to)) => to,
            (kind, _) => kind,
        };
        let place = ORDER.iter().position(|k| *k == kind).unwrap_or(ORDER.len());
        (place, std::cmp::Reverse(c.likely_per_week.unwrap_or(0)), c.gap.clone())
    });
    out
}

/// One gap at both ends of a window.
struct Compared<'a> {
    gap: &'a Gap,
    before: History<'a>,
    after: History<'a>,
    window: Window,
    first_day: Date,
    as_of: Date,
}

impl<'a> Compared<'a> {
    fn of(gap: &'a Gap, window: Window, zone: &TimeZone, constants: &Constants) -> Self {
        Self {
            gap,
            before: History::known_at(gap, window.from, zone, constants),
            after: History::known_at(gap, window.to, zone, constants),
            window,
            first_day: date_of(window.from, zone),
            as_of: date_of(window.to, zone),
        }
    }

    fn changes(&self) -> Vec<ChangeFacts> {
        let opened = self.last(&[EventKind::Opened]);
        let status = self.status_change(opened.is_some());
        if let Some(event) = opened {
            // What a gap was opened with is part of its opening, not a change of its own.
            let state = self.after.latest();
            let counted = state.severity >= Severity::DEFICIENCY && status.is_none();
            let words = (None, Some(state.status.as_str().to_owned()));
            return status
                .into_iter()
                .chain(counted.then(|| self.change("opened", words, event)))
                .collect();
        }
        let mut out: Vec<ChangeFacts> = status.into_iter().collect();
        out.extend(self.severity());
        out.extend(self.due_later());
        out.extend(self.owner());
        out.extend(self.exposure());
        out
    }

    /// Reopened, closed, to verifying or withdrawn; other moves are not counted.
    fn status_change(&self, is_new: bool) -> Option<ChangeFacts> {
        let event = self.last(&[EventKind::Status, EventKind::Reopened])?;
        let (before, after) = (self.before.latest(), self.after.latest());
        let from = (!is_new).then(|| before.status.as_str().to_owned());
        let words = (from, Some(after.status.as_str().to_owned()));
        if after.reopenings > before.reopenings {
            return Some(self.change("reopened", words, event));
        }
        let told =
            matches!(after.status, GapStatus::Closed | GapStatus::Verifying | GapStatus::Withdrawn);
        let moved = is_new || before.status != after.status;
        // A gap that is new and in test is told as opened.
        let told = told && !(is_new && after.status == GapStatus::Verifying);
        (told && moved).then(|| self.change("status", words, event))
    }

    fn severity(&self) -> Option<ChangeFacts> {
        let event = self.last(&[EventKind::Severity])?;
        let (before, after) = (self.before.latest().severity, self.after.latest().severity);
        let number = |s: Severity| Some(s.number().to_string());
        (before != after).then(|| self.change("severity", (number(before), number(after)), event))
    }

    fn due_later(&self) -> Option<ChangeFacts> {
        let event = self.last(&[EventKind::DueOn])?;
        let (before, after) = (self.before.latest().due_on?, self.after.latest().due_on?);
        let words = (Some(before.to_string()), Some(after.to_string()));
        (after > before).then(|| self.change("due_on", words, event))
    }

    /// Set or lost; from one person to another is not counted.
    fn owner(&self) -> Option<ChangeFacts> {
        let event = self.last(&[EventKind::Owner])?;
        let words = (self.before.latest().owner.clone(), self.after.latest().owner.clone());
        (words.0.is_some() != words.1.is_some()).then(|| self.change("owner", words, event))
    }

    /// A figure that changed by 10% and by 10,000 minor units. As with every other field the latest that
    /// is known at each end is compared, whatever its day: one that takes effect the day after the
    /// cut-off would be told in no brief.
    fn exposure(&self) -> Option<ChangeFacts> {
        let estimate = self
            .gap
            .exposures
            .iter()
            .filter(|e| self.window.holds(e.recorded_at))
            .max_by_key(|e| (e.effective_on, e.recorded_at))?;
        let likely = |estimate: Option<&Exposure>| estimate.map(|e| e.per_week.likely);
        let latest = self.after.exposure_at(Date::MAX);
        let (before, after) = (likely(self.before.exposure_at(Date::MAX)), likely(latest));
        let (old, new) = (i128::from(before.unwrap_or(0)), i128::from(after.unwrap_or(0)));
        let by = (new - old).abs();
        if by < 10_000 || by * 10 < old {
            return None;
        }
        let minor = |amount: Option<i64>| amount.map(|a| a.to_string());
        Some(ChangeFacts {
            kind: "exposure".to_owned(),
            from: minor(before),
            to: minor(after),
            effective_on: estimate.effective_on,
            recorded_at: estimate.recorded_at,
            backdated: estimate.effective_on < self.first_day,
            likely_per_week: after,
            measured: latest.is_some_and(|e| e.basis == Basis::Measured),
            ..self.blank()
        })
    }

    /// The last event of some kinds that was recorded in the window.
    fn last(&self, kinds: &[EventKind]) -> Option<&'a GapEvent> {
        self.gap
            .events
            .iter()
            .filter(|e| kinds.contains(&e.kind) && self.window.holds(e.recorded_at))
            .max_by_key(|e| (e.effective_on, e.recorded_at, &e.id))
    }

    fn change(
        &self,
        kind: &str,
        (from, to): (Option<String>, Option<String>),
        event: &GapEvent,
    ) -> ChangeFacts {
        ChangeFacts {
            kind: kind.to_owned(),
            from,
            to,
            effective_on: event.effective_on,
            recorded_at: event.recorded_at,
            backdated: event.effective_on < self.first_day,
            ..self.blank()
        }
    }

    fn blank(&self) -> ChangeFacts {
        let price = self.after.exposure_at(self.as_of);
        ChangeFacts {
            kind: String::new(),
            gap: self.gap.external_id.clone(),
            name: self.gap.called(),
            from: None,
            to: None,
            effective_on: self.as_of,
            recorded_at: self.window.to,
            backdated: false,
            likely_per_week: price.map(|e| e.per_week.likely),
            measured: price.is_some_and(|e| e.basis == Basis::Measured),
        }
    }
}

/// A cancelled implementation leaves the briefs (MODEL 4.6).
fn is_told(implementation: &Implementation) -> bool {
    implementation.status != ImplementationStatus::Cancelled
}

/// Moved dates of implementations that were known before the window.
fn implementation_changes(
    snapshot: &Snapshot,
    window: Window,
    zone: &TimeZone,
) -> Vec<ChangeFacts> {
    let mut out = Vec::new();
    let told = snapshot.implementations.iter().filter(|i| is_told(i));
    for implementation in told {
        for field in ["go_live_on", "configuration_starts_on"] {
            let mut events: Vec<_> =
                implementation.events.iter().filter(|e| e.field == field).collect();
            events.sort_by_key(|e| (e.effective_on, e.recorded_at, &e.to));
            let value_at = |known: Timestamp| {
                events.iter().rfind(|e| e.recorded_at <= known).and_then(|e| e.to.clone())
            };
            let was_known = implementation.events.iter().any(|e| e.recorded_at <= window.from);
            let (from, to) = (value_at(window.from), value_at(window.to));
            let Some(event) = events.iter().rfind(|e| window.holds(e.recorded_at)) else {
                continue;
            };
            if was_known && from != to {
                out.push(ChangeFacts {
                    kind: field.to_owned(),
                    gap: implementation.slug.clone(),
                    name: implementation.name.clone(),
                    from,
                    to,
                    effective_on: event.effective_on,
                    recorded_at: event.recorded_at,
                    backdated: event.effective_on < date_of(window.from, zone),
                    likely_per_week: None,
                    measured: false,
                });
            }
        }
    }
    out
}

/// One change for each implementation and day of assessment, naming the areas looked at.
fn assessments(snapshot: &Snapshot, window: Window, zone: &TimeZone) -> Vec<ChangeFacts> {
    let mut held: std::collections::BTreeMap<(usize, Date), ChangeFacts> = Default::default();
    let mut looks: Vec<_> = snapshot.looks.iter().filter(|l| window.holds(l.recorded_at)).collect();
    looks.sort_by_key(|l| (l.implementation, l.held_on, l.area, l.recorded_at));
    for look in looks {
        let held_for = snapshot.implementations.get(look.implementation);
        let Some(implementation) = held_for.filter(|i| is_told(i)) else {
            continue;
        };
        let change =
            held.entry((look.implementation, look.held_on)).or_insert_with(|| ChangeFacts {
                kind: "assessment".to_owned(),
                gap: implementation.slug.clone(),
                name: String::new(),
                from: None,
                to: Some(look.held_on.to_string()),
                effective_on: look.held_on,
                recorded_at: look.recorded_at,
                backdated: days_between(look.held_on, date_of(window.from, zone)) > 0,
                likely_per_week: None,
                measured: false,
            });
        let area = look.area.words();
        if !change.name.split(", ").any(|named| named == area) {
            if !change.name.is_empty() {
                change.name.push_str(", ");
            }
            change.name.push_str(area);
        }
    }
    held.into_values().collect()
}

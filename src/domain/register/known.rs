//! What is known of one gap: all that the rules ask about and the pages show.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::codes::{Area, Category, EventKind, GapStatus, LeakZone};
use crate::domain::constants::Constants;
use crate::domain::history::{GapState, History};
use crate::domain::snapshot::{Exposure, Gap, GapEvent};

/// What of a gap has no history and changes in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Base {
    /// Reads after "Open:".
    pub title: String,
    /// What the brief calls it.
    pub short_name: Option<String>,
    /// More words.
    pub description: String,
    /// Place.
    pub area: Area,
    /// Cause.
    pub category: Category,
    /// Zone that groups its money.
    pub leak_zone: LeakZone,
    /// Row id of the one implementation it belongs to.
    pub implementation_id: Option<String>,
    /// Gaps in one group count once.
    pub exposure_group: Option<String>,
    /// Since when it existed.
    pub existed_since: Option<Date>,
    /// First day of its cost.
    pub opened_on: Date,
    /// Who may close it.
    pub verifier: Option<String>,
}

/// One event with what people wrote beside it.
#[derive(Debug, Clone)]
pub struct Told {
    /// What happened.
    pub event: GapEvent,
    /// In words; the day of a next step.
    pub note: Option<String>,
    /// Where the evidence lies.
    pub evidence_url: Option<String>,
    /// The owner as a person, for an owner.
    pub person_id: Option<String>,
    /// Who did it, as a person, where that is known.
    pub actor_id: Option<String>,
    /// Whether an import wrote it.
    pub is_imported: bool,
}

/// One estimate with its inputs.
#[derive(Debug, Clone)]
pub struct Priced {
    /// What it comes to.
    pub exposure: Exposure,
    /// From which numbers.
    pub inputs: Map<String, Value>,
    /// Where they come from, in words.
    pub source: Option<String>,
}

/// An owner as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownOwner<'a> {
    /// As it stands in the brief.
    pub name: &'a str,
    /// Row id, where an address was given.
    pub person_id: Option<&'a str>,
}

/// One gap with its history, folded.
#[derive(Debug, Clone)]
pub struct Known {
    /// What changes in place.
    pub base: Base,
    /// The gap as the facts see it.
    pub gap: Gap,
    /// What happened, in the order of the fold.
    pub told: Vec<Told>,
    /// Every estimate, in the order in which they take effect.
    pub priced: Vec<Priced>,
    /// Where it stands by all that is recorded.
    pub state: GapState,
    /// Withdrawn and signed by somebody else.
    pub is_void: bool,
    /// Newest record about it, as a day.
    pub updated_on: Date,
}

impl Known {
    /// Folds a gap. `gap` comes without events and estimates; they are put in here.
    #[must_use]
    pub fn of(
        base: Base,
        mut gap: Gap,
        mut told: Vec<Told>,
        mut priced: Vec<Priced>,
        zone: &TimeZone,
        constants: &Constants,
    ) -> Self {
        told.sort_by(|a, b| {
            let key = |t: &Told| (t.event.effective_on, t.event.recorded_at);
            key(a).cmp(&key(b)).then_with(|| a.event.id.cmp(&b.event.id))
        });
        priced.sort_by_key(|p| (p.exposure.effective_on, p.exposure.recorded_at));
        gap.events = told.iter().map(|t| t.event.clone()).collect();
        gap.exposures = priced.iter().map(|p| p.exposure.clone()).collect();
        let history = History::of(&gap, zone, constants);
        let (state, is_void) = (history.latest().clone(), history.is_void);
        let updated_on = history.updated_on;
        Self { base, told, priced, state, is_void, updated_on, gap }
    }

    /// Its version: another one as soon as anything was written about it, or taken back.
    #[must_use]
    pub fn version(&self) -> String {
        version(&self.base, self.told.iter().map(|t| t.event.id.as_str()))
    }

    /// Its owner.
    #[must_use]
    pub fn owner(&self) -> Option<KnownOwner<'_>> {
        let person_id = self.last(&[EventKind::Owner]).and_then(|t| t.person_id.as_deref());
        self.state.owner.as_deref().map(|name| KnownOwner { name, person_id })
    }

    /// The day of its next step.
    #[must_use]
    pub fn next_step_on(&self) -> Option<Date> {
        self.state.next_step.as_ref()?;
        self.last(&[EventKind::NextStep])?.note.as_deref()?.parse().ok()
    }

    /// The last event of some kinds.
    #[must_use]
    pub fn last(&self, kinds: &[EventKind]) -> Option<&Told> {
        self.told.iter().rev().find(|t| kinds.contains(&t.event.kind))
    }

    /// The last estimate, unpriced ones included.
    #[must_use]
    pub fn estimate(&self) -> Option<&Priced> {
        self.priced.last()
    }

    /// The estimate in force on a day; none where the gap is not priced then.
    #[must_use]
    pub fn price_on(&self, day: Date) -> Option<&Priced> {
        let last = self.priced.iter().rev().find(|p| p.exposure.effective_on <= day)?;
        last.exposure.kind.effect().map(|_| last)
    }

    /// The evidence that was given since the gap was last opened, the last of it.
    #[must_use]
    pub fn evidence(&self) -> Option<&Told> {
        let mut standing = None;
        let mut ended = false;
        for told in &self.told {
            match told.event.kind {
                EventKind::Evidence => standing = Some(told),
                EventKind::Opened | EventKind::Reopened => (standing, ended) = (None, false),
                EventKind::Status => {
                    let status = status_of(told.event.to.as_deref());
                    let ends = matches!(status, Some(GapStatus::Closed | GapStatus::Withdrawn));
                    if ended && !ends {
                        standing = None;
                    }
                    ended = ends;
                }
                _ => {}
            }
        }
        standing
    }

    /// The standing withdrawal, signed or not.
    #[must_use]
    pub fn withdrawal(&self) -> Option<&Told> {
        let last = self.last(&[EventKind::Opened, EventKind::Status, EventKind::Reopened])?;
        (status_of(last.event.to.as_deref()) == Some(GapStatus::Withdrawn)).then_some(last)
    }
}

/// The status in an event's value, without the end of an acceptance.
fn status_of(value: Option<&str>) -> Option<GapStatus> {
    value?.split(':').next()?.parse().ok()
}

/// A version from a row that changes in place and the ids of its history: sixteen hexadecimal digits.
#[must_use]
pub fn version<'a>(base: &impl Serialize, history: impl IntoIterator<Item = &'a str>) -> String {
    // Plain values always have a JSON form.
    let mut text = serde_json::to_string(base).unwrap_or_default();
    let ids: std::collections::BTreeSet<&str> = history.into_iter().collect();
    for id in ids {
        text.push('\n');
        text.push_str(id);
    }
    format!("{:016x}", crate::domain::insight::fnv1a64(text.as_bytes()))
}

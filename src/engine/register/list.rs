//! The gaps of an organization in a list. Rank and worth are the facts' ([`Engine::facts_at`]).

use std::collections::HashMap;

use jiff::civil::Date;

use crate::domain::codes::{Area, Category, GapStatus, Severity};
use crate::domain::constants::Constants;
use crate::domain::register::who::is_same_name;
use crate::domain::register::{Known, KnownOwner};
use crate::domain::stall;
use crate::engine::Engine;

use super::RegisterError;

/// Whose gaps are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnerFilter {
    /// Nobody's.
    Nobody,
    /// Those of this person, by row id or by name in any case of letters.
    Person {
        /// Row id, where it is known.
        id: Option<String>,
        /// Name.
        name: String,
    },
}

/// Which gaps are listed; empty means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GapFilter {
    /// Any of these; an acceptance past its end reads as open.
    pub statuses: Vec<GapStatus>,
    /// Any of these.
    pub areas: Vec<Area>,
    /// Any of these.
    pub severities: Vec<Severity>,
    /// Whose.
    pub owner: Option<OwnerFilter>,
}

/// One gap in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapLine {
    /// What it is known by.
    pub external_id: String,
    /// Reads after "Open:".
    pub title: String,
    /// What the brief calls it.
    pub called: String,
    /// Place.
    pub area: Area,
    /// Cause.
    pub category: Category,
    /// Slug of the one implementation it belongs to.
    pub implementation: Option<String>,
    /// 1 to 4.
    pub severity: Severity,
    /// Where it stands today.
    pub status: GapStatus,
    /// Since when.
    pub status_since: Date,
    /// Whether its withdrawal is signed.
    pub is_void: bool,
    /// One person's name.
    pub owner: Option<String>,
    /// First day of its cost.
    pub opened_on: Date,
    /// Due date.
    pub due_on: Option<Date>,
    /// What is done next.
    pub next_step: Option<String>,
    /// Minor units a week; none where it is not priced.
    pub likely_per_week: Option<i64>,
    /// Whole weeks without movement.
    pub idle_weeks: i64,
    /// Why it is said to be stalled; empty where it is not.
    pub stall_reasons: Vec<String>,
    /// Newest record about it.
    pub updated_on: Date,
    /// Answers from mails that nobody dealt with yet.
    pub n_answers: i64,
}

impl Engine {
    /// The gaps of an organization that a filter lets through, by area and external id. The number of
    /// statements is the same whatever their number.
    ///
    /// # Errors
    /// As any read.
    pub async fn gaps(
        &self,
        organization: &str,
        filter: &GapFilter,
    ) -> Result<Vec<GapLine>, RegisterError> {
        let mut book = self.begin_reading(organization).await?;
        let model = &self.settings.model;
        let known = book.tx.all_gaps(&book.place.id, &book.zone, model).await?;
        let implementations = book.tx.known_implementations(&book.place.id).await?;
        let slugs: HashMap<String, String> =
            implementations.into_iter().map(|i| (i.row.id, i.row.slug)).collect();
        let waiting = book.tx.answers_at_gaps(&book.place.id).await?;
        let waiting: HashMap<String, i64> = waiting.into_iter().collect();
        let kept = known.iter().filter(|known| filter.holds(known, book.today));
        let mut lines: Vec<GapLine> = kept
            .map(|known| {
                let slug = known.base.implementation_id.as_ref().and_then(|id| slugs.get(id));
                let n_answers = waiting.get(&known.gap.id).copied().unwrap_or(0);
                GapLine {
                    implementation: slug.cloned(),
                    n_answers,
                    ..line(known, book.today, model)
                }
            })
            .collect();
        lines.sort_by(|a, b| (a.area, &a.external_id).cmp(&(b.area, &b.external_id)));
        Ok(lines)
    }
}

impl GapFilter {
    /// Whether a gap, as it stands on a day, is let through.
    fn holds(&self, known: &Known, on: Date) -> bool {
        let status = known.state.effective_status(on);
        (self.statuses.is_empty() || self.statuses.contains(&status))
            && (self.areas.is_empty() || self.areas.contains(&known.base.area))
            && (self.severities.is_empty() || self.severities.contains(&known.state.severity))
            && self.owner.as_ref().is_none_or(|owner| owner.holds(known.owner()))
    }
}

impl OwnerFilter {
    fn holds(&self, owner: Option<KnownOwner<'_>>) -> bool {
        match (self, owner) {
            (Self::Nobody, owner) => owner.is_none(),
            (Self::Person { .. }, None) => false,
            (Self::Person { id, name }, Some(owner)) => match (id.as_deref(), owner.person_id) {
                (Some(id), Some(person)) => id == person,
                _ => is_same_name(name, owner.name),
            },
        }
    }
}

fn line(known: &Known, on: Date, model: &Constants) -> GapLine {
    let (state, base) = (&known.state, &known.base);
    GapLine {
        external_id: known.gap.external_id.clone(),
        title: base.title.clone(),
        called: known.gap.called(),
        area: base.area,
        category: base.category,
        implementation: None,
        severity: state.severity,
        status: state.effective_status(on),
        status_since: state.status_since,
        is_void: known.is_void,
        owner: state.owner.clone(),
        opened_on: base.opened_on,
        due_on: state.due_on,
        next_step: state.next_step.clone(),
        likely_per_week: known.price_on(on).map(|p| p.exposure.per_week.likely),
        idle_weeks: state.idle_weeks(on),
        stall_reasons: stall::reasons(state, on, model),
        updated_on: known.updated_on,
        n_answers: 0,
    }
}

//! One gap as it stands, with everything that happened to it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::domain::codes::{
    Area, Basis, Category, EventKind, ExposureKind, GapStatus, LeakZone, Severity,
};
use crate::domain::constants::Constants;
use crate::domain::register::closing::evidence_wanted;
use crate::domain::register::status::followers;
use crate::domain::register::{Known, Priced, Told};
use crate::domain::snapshot::Bounds;
use crate::domain::stall;
use crate::engine::Engine;
use crate::store::StoreError;
use crate::store::answers::WaitingAnswer;
use crate::store::row::Place;

use super::RegisterError;

/// Most answers that are listed at one gap.
const ANSWERS: i64 = 100;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventView {
    /// What it says.
    pub kind: EventKind,
    /// Value before.
    pub from: Option<String>,
    /// Value after.
    pub to: Option<String>,
    /// When it was true.
    pub effective_on: Date,
    /// When we were told.
    pub recorded_at: Timestamp,
    /// Who did it, where known.
    pub actor: Option<String>,
    /// In words.
    pub note: Option<String>,
    /// Where the evidence lies.
    pub evidence_url: Option<String>,
    /// Whether an import wrote it.
    pub is_imported: bool,
}

/// One estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceView {
    /// Formula.
    pub kind: ExposureKind,
    /// Its inputs.
    pub inputs: Map<String, Value>,
    /// What they come to, minor units a week.
    pub per_week: Bounds,
    /// Where they come from.
    pub basis: Basis,
    /// The same in words.
    pub source: Option<String>,
    /// Since when it applies.
    pub effective_on: Date,
    /// When we were told.
    pub recorded_at: Timestamp,
    /// Who told, where known.
    pub actor: Option<String>,
}

/// An answer from a mail that nobody dealt with yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerView {
    /// Row id.
    pub id: String,
    /// `done`, `blocked`, `not_mine` or `correct`.
    pub kind: String,
    /// Their words.
    pub text: String,
    /// Who answered: the name, or the address where there is none.
    pub person: String,
    /// When.
    pub answered_at: Timestamp,
}

/// One gap.
#[derive(Debug, Clone, PartialEq)]
pub struct GapView {
    /// What it is known by.
    pub external_id: String,
    /// Its version: what a change may expect.
    pub version: String,
    /// Reads after "Open:".
    pub title: String,
    /// As it was given.
    pub short_name: Option<String>,
    /// What the brief calls it.
    pub called: String,
    /// More words.
    pub description: String,
    /// Place.
    pub area: Area,
    /// Cause.
    pub category: Category,
    /// Zone that groups its money.
    pub leak_zone: LeakZone,
    /// Slug of the one implementation it belongs to.
    pub implementation: Option<String>,
    /// Gaps in one group count once.
    pub exposure_group: Option<String>,
    /// Since when it existed.
    pub existed_since: Option<Date>,
    /// First day of its cost.
    pub opened_on: Date,
    /// Who may close it.
    pub verifier: Option<String>,
    /// Where it stands today; an acceptance past its end reads as open.
    pub status: GapStatus,
    /// Since when it has the status that was last set.
    pub status_since: Date,
    /// Last day of an acceptance.
    pub accepted_until: Option<Date>,
    /// Whether its withdrawal is signed: it is out of the whole series.
    pub is_void: bool,
    /// The statuses that may follow.
    pub may_become: Vec<GapStatus>,
    /// 1 to 4.
    pub severity: Severity,
    /// One person's name.
    pub owner: Option<String>,
    /// Their address, where it is known.
    pub owner_email: Option<String>,
    /// Due date.
    pub due_on: Option<Date>,
    /// How often it moved later.
    pub due_moves_later: i64,
    /// What is done next.
    pub next_step: Option<String>,
    /// And by when.
    pub next_step_on: Option<Date>,
    /// Whole weeks without movement.
    pub idle_weeks: i64,
    /// How often it went from closed back to work.
    pub reopenings: i64,
    /// Why it is said to be stalled; empty where it is not.
    pub stall_reasons: Vec<String>,
    /// Newest record about it.
    pub updated_on: Date,
    /// The estimate in force; none where it is not priced.
    pub price: Option<PriceView>,
    /// What closing it asks for.
    pub evidence_wanted: &'static str,
    /// Whether evidence was given since it was last opened.
    pub has_evidence: bool,
    /// What happened, the newest first.
    pub history: Vec<EventView>,
    /// Every estimate, the newest first.
    pub prices: Vec<PriceView>,
    /// Answers that wait, the oldest first.
    pub answers: Vec<AnswerView>,
}

impl Engine {
    /// One gap of an organization, by its external id.
    ///
    /// # Errors
    /// [`RegisterError::NotFound`].
    pub async fn gap(&self, organization: &str, gap: &str) -> Result<GapView, RegisterError> {
        let mut book = self.begin_reading(organization).await?;
        let known = book.gap(gap).await?;
        let implementations = book.tx.known_implementations(&book.place.id).await?;
        let of = known.base.implementation_id.as_deref();
        let own = implementations.into_iter().find(|i| Some(i.row.id.as_str()) == of);
        let owner_email = match known.owner().and_then(|owner| owner.person_id) {
            Some(id) => book.tx.known_person(id).await?.and_then(|person| person.email),
            None => None,
        };
        let here = [organization];
        let gap_id = Some(known.gap.id.as_str());
        let waiting = book.tx.answers_waiting(Some(&here), gap_id, ANSWERS).await?;
        let answers = waiting.into_iter().map(answer).collect::<Result<_, _>>()?;
        let view = view(&known, book.today, &self.settings.model);
        Ok(GapView { implementation: own.map(|i| i.row.slug), owner_email, answers, ..view })
    }
}

/// A gap by itself, on a day.
fn view(known: &Known, on: Date, model: &Constants) -> GapView {
    let (state, base) = (&known.state, known.base.clone());
    GapView {
        external_id: known.gap.external_id.clone(),
        version: known.version(),
        called: known.gap.called(),
        title: base.title,
        short_name: base.short_name,
        description: base.description,
        area: base.area,
        category: base.category,
        leak_zone: base.leak_zone,
        implementation: None,
        exposure_group: base.exposure_group,
        existed_since: base.existed_since,
        opened_on: base.opened_on,
        verifier: base.verifier,
        status: state.effective_status(on),
        status_since: state.status_since,
        accepted_until: state.accepted_until,
        is_void: known.is_void,
        may_become: followers(state),
        severity: state.severity,
        owner: state.owner.clone(),
        owner_email: None,
        due_on: state.due_on,
        due_moves_later: state.due_moves_later,
        next_step: state.next_step.clone(),
        next_step_on: known.next_step_on(),
        idle_weeks: state.idle_weeks(on),
        reopenings: state.reopenings,
        stall_reasons: stall::reasons(state, on, model),
        updated_on: known.updated_on,
        price: known.price_on(on).map(|priced| price(known, priced)),
        evidence_wanted: evidence_wanted(base.category),
        has_evidence: known.evidence().is_some(),
        history: history(known),
        prices: known.priced.iter().rev().map(|priced| price(known, priced)).collect(),
        answers: Vec::new(),
    }
}

/// What happened, the newest record first; what was recorded at once in the order of the fold, backwards.
fn history(known: &Known) -> Vec<EventView> {
    let mut told: Vec<&Told> = known.told.iter().rev().collect();
    told.sort_by_key(|t| std::cmp::Reverse(t.event.recorded_at));
    let view = |t: &Told| EventView {
        kind: t.event.kind,
        from: t.event.from.clone(),
        to: t.event.to.clone(),
        effective_on: t.event.effective_on,
        recorded_at: t.event.recorded_at,
        actor: t.event.actor.clone(),
        note: t.note.clone(),
        evidence_url: t.evidence_url.clone(),
        is_imported: t.is_imported,
    };
    told.into_iter().map(view).collect()
}

/// An estimate, with whoever wrote the event beside it.
fn price(known: &Known, priced: &Priced) -> PriceView {
    let exposure = &priced.exposure;
    let beside = known.told.iter().filter(|t| t.event.recorded_at == exposure.recorded_at);
    let told = beside.max_by_key(|t| t.event.kind == EventKind::Exposure);
    PriceView {
        kind: exposure.kind,
        inputs: priced.inputs.clone(),
        per_week: exposure.per_week,
        basis: exposure.basis,
        source: priced.source.clone(),
        effective_on: exposure.effective_on,
        recorded_at: exposure.recorded_at,
        actor: told.and_then(|t| t.event.actor.clone()),
    }
}

fn answer(row: WaitingAnswer) -> Result<AnswerView, StoreError> {
    let answered_at =
        Place { table: "answer", row: &row.id }.instant("answered_at", row.answered_at)?;
    Ok(AnswerView { id: row.id, kind: row.kind, text: row.text, person: row.person, answered_at })
}

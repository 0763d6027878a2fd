//! Gaps as programs are told of them.

use crate::domain::codes::{Area, Basis, Category, ExposureKind, GapStatus, LeakZone};
use crate::domain::snapshot::Bounds;
use crate::engine::register::{GapLine, GapView, PriceView};
use crate::web::api::caller::Caller;
use crate::web::api::shape::{Day, Instant, Open, Word, answer};

answer! {
    /// A gap in a list.
    GapSummary = {
        "external_id": "NF-17", "title": "Two price lists in use", "called": "Price lists", "area": "billing",
        "category": "no_source", "implementation": "erp", "severity": 4, "status": "open",
        "status_since": "2026-10-05", "is_void": false, "owner": "D. Ruiz", "opened_on": "2026-10-05",
        "due_on": "2026-12-04", "next_step": "Choose the price list that wins",
        "likely_per_week": 380_000, "currency": "USD", "idle_weeks": 3, "stall_reasons": ["no_movement_3w"],
        "updated_at": "2026-11-03T09:14:00Z"
    } {
        /// What it is known by.
        external_id: String,
        /// Reads after "Open:".
        title: String,
        /// What the brief calls it.
        called: String,
        /// Place.
        area: Word<Area>,
        /// Cause.
        category: Word<Category>,
        /// Slug of the one implementation it belongs to.
        implementation: Option<String>,
        /// 1 note, 2 deficiency, 3 significant, 4 material.
        severity: i64,
        /// Where it stands today.
        status: Word<GapStatus>,
        /// Since when.
        status_since: Day,
        /// Whether its withdrawal is signed: it is out of the whole series.
        is_void: bool,
        /// One person's name.
        owner: Option<String>,
        /// First day of its cost.
        opened_on: Day,
        /// Due date.
        due_on: Option<Day>,
        /// What is done next.
        next_step: Option<String>,
        /// What it likely costs in a week, minor units; none where it is not priced.
        likely_per_week: Option<i64>,
        /// Of its amounts.
        currency: String,
        /// Whole weeks without movement.
        idle_weeks: i64,
        /// Why it is said to be stalled.
        stall_reasons: Vec<String>,
        /// When anything was last told of it.
        updated_at: Instant,
    }
}

impl GapSummary {
    pub(super) fn of(line: GapLine, currency: &str, updated_at: i64) -> Self {
        Self {
            external_id: line.external_id,
            title: line.title,
            called: line.called,
            area: Word(line.area),
            category: Word(line.category),
            implementation: line.implementation,
            severity: line.severity.into(),
            status: Word(line.status),
            status_since: Day(line.status_since),
            is_void: line.is_void,
            owner: line.owner,
            opened_on: Day(line.opened_on),
            due_on: line.due_on.map(Day),
            next_step: line.next_step,
            likely_per_week: line.likely_per_week,
            currency: currency.to_owned(),
            idle_weeks: line.idle_weeks,
            stall_reasons: line.stall_reasons,
            updated_at: Instant::of(updated_at),
        }
    }
}

answer! {
    /// What a gap costs in a week.
    Price = {
        "kind": "rework", "inputs": { "hours_centi_per_week": [600, 900, 1400], "rate_minor_per_hour": 4200 },
        "low": 25_200, "likely": 37_800, "high": 58_800, "currency": "USD", "basis": "estimated",
        "source": "two clerks, own count", "effective_on": "2026-10-05", "recorded_at": "2026-10-05T10:02:11Z",
        "actor": "A. Mendel"
    } {
        /// Formula.
        kind: Word<ExposureKind>,
        /// Its inputs.
        inputs: Open,
        /// Low end of a week, minor units.
        low: i64,
        /// Likely, minor units.
        likely: i64,
        /// High end, minor units.
        high: i64,
        /// Of the amounts.
        currency: String,
        /// Where the inputs come from.
        basis: Word<Basis>,
        /// The same in words.
        source: Option<String>,
        /// Since when it applies.
        effective_on: Day,
        /// When we were told.
        recorded_at: Instant,
        /// Who told.
        actor: Option<String>,
    }
}

fn price(view: PriceView, currency: &str, caller: &Caller) -> Price {
    let Bounds { low, likely, high } = view.per_week;
    Price {
        kind: Word(view.kind),
        inputs: Open(view.inputs),
        low,
        likely,
        high,
        currency: currency.to_owned(),
        basis: Word(view.basis),
        source: view.source,
        effective_on: Day(view.effective_on),
        recorded_at: Instant(view.recorded_at),
        actor: caller.called(view.actor),
    }
}

answer! {
    /// A gap as it stands.
    Gap = {
        "external_id": "NF-17", "title": "Two price lists in use", "short_name": "Price lists",
        "called": "Price lists", "description": "", "area": "billing", "category": "no_source",
        "leak_zone": "finance", "implementation": "erp", "exposure_group": null, "existed_since": null,
        "opened_on": "2026-10-05", "verifier": "A. Mendel", "status": "open", "status_since": "2026-10-05",
        "accepted_until": null, "is_void": false, "may_become": ["in_progress", "accepted", "withdrawn"],
        "severity": 4, "owner": "D. Ruiz", "owner_email": "d.ruiz@northfield.example", "due_on": "2026-12-04",
        "due_moves_later": 0, "next_step": "Choose the price list that wins", "next_step_on": "2026-11-27",
        "idle_weeks": 3, "reopenings": 0, "stall_reasons": ["no_movement_3w"], "updated_on": "2026-11-03", "price": null,
        "evidence_wanted": "the named authoritative source, its owner, one reconciliation within tolerance",
        "has_evidence": false
    } {
        /// What it is known by.
        external_id: String,
        /// Reads after "Open:".
        title: String,
        /// As it was given.
        short_name: Option<String>,
        /// What the brief calls it.
        called: String,
        /// More words.
        description: String,
        /// Place.
        area: Word<Area>,
        /// Cause.
        category: Word<Category>,
        /// Zone that groups its money.
        leak_zone: Word<LeakZone>,
        /// Slug of the one implementation it belongs to.
        implementation: Option<String>,
        /// Gaps in one group count once.
        exposure_group: Option<String>,
        /// Since when it existed.
        existed_since: Option<Day>,
        /// First day of its cost.
        opened_on: Day,
        /// Who may close it.
        verifier: Option<String>,
        /// Where it stands today; an acceptance past its end reads as open.
        status: Word<GapStatus>,
        /// Since when it has the status that was last set.
        status_since: Day,
        /// Last day of an acceptance.
        accepted_until: Option<Day>,
        /// Whether its withdrawal is signed: it is out of the whole series.
        is_void: bool,
        /// The states that may follow.
        may_become: Vec<Word<GapStatus>>,
        /// 1 note, 2 deficiency, 3 significant, 4 material.
        severity: i64,
        /// One person's name.
        owner: Option<String>,
        /// Their address, for tokens that may read people.
        owner_email: Option<String>,
        /// Due date.
        due_on: Option<Day>,
        /// How often it moved later.
        due_moves_later: i64,
        /// What is done next.
        next_step: Option<String>,
        /// And by when.
        next_step_on: Option<Day>,
        /// Whole weeks without movement.
        idle_weeks: i64,
        /// How often it went from closed back to work.
        reopenings: i64,
        /// Why it is said to be stalled.
        stall_reasons: Vec<String>,
        /// Day of the newest record about it.
        updated_on: Day,
        /// The estimate in force; none where it is not priced.
        price: Option<Price>,
        /// What closing it asks for.
        evidence_wanted: String,
        /// Whether evidence was given since it was last opened.
        has_evidence: bool,
    }
}

impl Gap {
    pub(super) fn of(view: GapView, currency: &str, caller: &Caller) -> Self {
        Self {
            external_id: view.external_id,
            title: view.title,
            short_name: view.short_name,
            called: view.called,
            description: view.description,
            area: Word(view.area),
            category: Word(view.category),
            leak_zone: Word(view.leak_zone),
            implementation: view.implementation,
            exposure_group: view.exposure_group,
            existed_since: view.existed_since.map(Day),
            opened_on: Day(view.opened_on),
            verifier: caller.called(view.verifier),
            status: Word(view.status),
            status_since: Day(view.status_since),
            accepted_until: view.accepted_until.map(Day),
            is_void: view.is_void,
            may_become: view.may_become.into_iter().map(Word).collect(),
            severity: view.severity.into(),
            owner: caller.called(view.owner),
            owner_email: caller.address(view.owner_email),
            due_on: view.due_on.map(Day),
            due_moves_later: view.due_moves_later,
            next_step: view.next_step,
            next_step_on: view.next_step_on.map(Day),
            idle_weeks: view.idle_weeks,
            reopenings: view.reopenings,
            stall_reasons: view.stall_reasons,
            updated_on: Day(view.updated_on),
            price: view.price.map(|own| price(own, currency, caller)),
            evidence_wanted: view.evidence_wanted.to_owned(),
            has_evidence: view.has_evidence,
        }
    }
}

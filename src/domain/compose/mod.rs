//! From a snapshot to facts: every figure of an edition, computed anew at its cut-off (MODEL 3, 4).
//!
//! **Invariant:** the same snapshot at the same cut-off gives equal facts, whatever the row order.

mod course;
mod gaps;
mod implementation;
mod names;
mod scope;
mod sums;
mod week;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::action;
use super::changes::{Window, changes};
use super::codes::{Basis, EditionKind};
use super::constants::{Constants, MODEL_VERSION};
use super::cost::{self, Pool};
use super::facts::{
    ChangeFacts, EditionFacts, ExposureFacts, Facts, OrganizationFacts, SourceFacts,
};
use super::history::History;
use super::insight::Insight;
use super::snapshot::{Exposure, Snapshot};
use super::time::{date_of, iso_week};
use scope::Scope;

pub use course::{CourseRequest, course};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// All that was known at the cut-off.
    pub snapshot: &'a Snapshot,
    /// The organization's zone.
    pub zone: &'a TimeZone,
    /// The instant after which nothing recorded is seen.
    pub cut_off: Timestamp,
    /// The day the figures are of; the cut-off's civil date unless the edition previews a later one.
    pub as_of: Date,
    /// Leader or owner.
    pub kind: EditionKind,
    /// Quiet form and locale.
    pub variant: &'a str,
    /// Constants of the model.
    pub constants: &'a Constants,
    /// The insight library; empty for none.
    pub insights: &'a [Insight],
}

/// Everything that later steps look at, computed once.
pub(crate) struct Workings<'a> {
    pub request: Request<'a>,
    pub histories: Vec<History<'a>>,
    pub scopes: Vec<Scope<'a>>,
    pub window: Window,
}

/// Computes the facts of one organization's edition.
#[must_use]
pub fn facts(request: &Request<'_>) -> Facts {
    facts_from(&Workings::of(request))
}

fn facts_from(workings: &Workings<'_>) -> Facts {
    let request = &workings.request;
    let as_of = request.as_of;
    let pools = cost::pools(&workings.histories);
    let mut ranked = gaps::facts(workings);
    let mut implementations: Vec<_> =
        workings.scopes.iter().map(|scope| implementation::facts(workings, scope)).collect();
    for (facts, scope) in implementations.iter_mut().zip(&workings.scopes) {
        implementation::add_path(workings, scope, facts, &ranked);
    }
    let protections = cost::protections(&pools, as_of, request.constants);
    let mut changes = told_changes(workings, &protections);
    names::tell_apart(&mut ranked, &mut changes);
    let exposure = exposure(workings, &pools, &protections);
    let mut facts = Facts {
        edition: edition(request, workings.window),
        organization: organization(request.snapshot),
        implementations,
        exposure,
        gaps: ranked,
        changes,
        action: None,
        note: request.snapshot.note.clone(),
        insight: None,
        sources: sources(request),
        week: Default::default(),
    };
    facts.week = week::facts(workings, &facts);
    facts.action = action::choose(&facts);
    week::add_insight(workings, &mut facts);
    facts
}

/// The counted changes; a closure with what it protects instead of what it cost.
fn told_changes(workings: &Workings<'_>, protections: &[cost::Protection]) -> Vec<ChangeFacts> {
    let request = &workings.request;
    let mut changes = changes(request.snapshot, workings.window, request.zone, request.constants);
    protect(&mut changes, protections);
    changes
}

/// Gives closures what they protect instead of what the gap cost. One that follows a reopening in the
/// same window claims nothing there (MODEL 4.6).
fn protect(changes: &mut [ChangeFacts], protections: &[cost::Protection]) {
    let is_closure = |c: &&mut ChangeFacts| c.kind == "status" && c.to.as_deref() == Some("closed");
    for change in changes.iter_mut().filter(is_closure) {
        change.likely_per_week = protections
            .iter()
            .find(|p| p.external_id == change.gap)
            .map(|p| p.per_week)
            .filter(|_| change.likely_per_week.is_some());
    }
}

impl<'a> Workings<'a> {
    fn of(request: &Request<'a>) -> Self {
        let snapshot = request.snapshot;
        let mut histories: Vec<History<'a>> = snapshot
            .gaps
            .iter()
            .map(|gap| History::of(gap, request.zone, request.constants))
            .collect();
        histories.sort_by_key(|h| (&h.gap.external_id, &h.gap.id));
        let scopes = scope::scopes(snapshot, &histories, request.as_of);
        let window = Window::since(snapshot.previous_cut_off, request.cut_off);
        Self { request: *request, histories, scopes, window }
    }
}

fn edition(request: &Request<'_>, window: Window) -> EditionFacts {
    EditionFacts {
        kind: request.kind,
        variant: request.variant.to_owned(),
        iso_week: iso_week(request.as_of),
        cut_off: request.cut_off,
        as_of: request.as_of,
        window_from: window.from,
        previous_sent_at: request.snapshot.previous_sent_at,
        model_version: MODEL_VERSION,
        constants: request.constants.clone(),
    }
}

fn organization(snapshot: &Snapshot) -> OrganizationFacts {
    let organization = &snapshot.organization;
    OrganizationFacts {
        slug: organization.slug.clone(),
        name: organization.name.clone(),
        currency: organization.currency.clone(),
        time_zone: organization.time_zone.clone(),
        billed_per_week: organization.billed_per_week,
        money_in_subject: organization.money_in_subject,
    }
}

/// Money over all gaps (MODEL 3). `open_gaps` are the leaking ones.
fn exposure(
    workings: &Workings<'_>,
    pools: &[Pool<'_, '_>],
    protections: &[cost::Protection],
) -> ExposureFacts {
    let as_of = workings.request.as_of;
    let week = cost::per_week(pools, as_of);
    let leaking: Vec<_> = workings.histories.iter().filter(|h| h.is_leaking(as_of)).collect();
    let priced: Vec<_> = leaking.iter().filter_map(|h| h.exposure_at(as_of)).collect();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let live_since = workings.scopes[0].go_live_on.filter(|day| *day <= as_of);
    ExposureFacts {
        low: week.low,
        likely: week.likely,
        high: week.high,
        by_effect: cost::by_effect(pools, as_of),
        open_gaps: count(leaking.len()),
        priced_gaps: count(priced.len()),
        benchmark_based: priced.iter().any(|e| e.basis == Basis::Benchmark),
        measured: are_measured(priced.iter().copied()),
        always_measured: are_measured(
            workings.histories.iter().filter(|h| !h.is_void).flat_map(History::estimates),
        ),
        cost_so_far: cost::so_far(pools, None, as_of).likely,
        cost_since: cost::since(pools, as_of),
        cost_since_go_live: live_since.map(|day| cost::so_far(pools, Some(day), as_of).likely),
        protected_per_week: protections.iter().fold(0, |a, p| a.saturating_add(p.per_week)),
        protected_to_date: protections.iter().fold(0, |a, p| a.saturating_add(p.to_date)),
    }
}

/// Whether there are estimates and each is a measurement.
fn are_measured<'e>(estimates: impl Iterator<Item = &'e Exposure>) -> bool {
    let mut estimates = estimates.peekable();
    estimates.peek().is_some() && estimates.all(|e| e.basis == Basis::Measured)
}

/// The newest record of any kind (DESIGN 3, `sources`).
fn sources(request: &Request<'_>) -> SourceFacts {
    let snapshot = request.snapshot;
    let gaps = snapshot.gaps.iter().flat_map(|g| {
        let events = g.events.iter().map(|e| e.recorded_at);
        events.chain(g.exposures.iter().map(|e| e.recorded_at))
    });
    let dates =
        snapshot.implementations.iter().flat_map(|i| i.events.iter().map(|e| e.recorded_at));
    let looks = snapshot.looks.iter().map(|l| l.recorded_at);
    let last = gaps.chain(dates).chain(looks).max();
    SourceFacts {
        last_updated_at: last,
        last_updated_on: last.map(|at| date_of(at, request.zone)),
        feeds: Vec::new(),
    }
}

//! Rows of an organization's editions and weekly points, as they are to be written.

use jiff::Timestamp;

use crate::clock::new_id;
use crate::domain::facts::Facts;
use crate::domain::snapshot::Snapshot;
use crate::engine::compose::{Composed, LOCALE};
use crate::store::editions::{Body, NewEdition};
use crate::store::points::NewPoint;

use super::cut::Cut;

/// An edition row with what it says.
pub(in crate::engine) fn edition(
    cut: &Cut,
    kind: &'static str,
    composed: &Composed,
    state: &'static str,
    corrects: Option<String>,
    now: Timestamp,
) -> NewEdition {
    NewEdition {
        kind,
        variant: composed.variant.clone(),
        corrects,
        ..row(cut, state, Some(composed.body.clone()), None, now)
    }
}

/// An edition row of a week in which none was made.
pub(in crate::engine) fn unmade(
    cut: &Cut,
    state: &'static str,
    reason: &str,
    now: Timestamp,
) -> NewEdition {
    row(cut, state, None, Some(reason.to_owned()), now)
}

fn row(
    cut: &Cut,
    state: &'static str,
    body: Option<Body>,
    reason: Option<String>,
    now: Timestamp,
) -> NewEdition {
    NewEdition {
        id: new_id(),
        scope_kind: "organization",
        scope_id: cut.organization.id.clone(),
        iso_week: cut.week.clone(),
        kind: "leader",
        variant: format!("full-{LOCALE}"),
        state,
        cut_off_at: cut.at.as_millisecond(),
        as_of: cut.as_of.to_string(),
        body,
        reason,
        at: now.as_millisecond(),
        corrects: None,
        approved: None,
    }
}

/// The weekly points that an edition reports (its own day) and restates (the days before).
pub(super) fn points(snapshot: &Snapshot, facts: &Facts, edition: &str) -> Vec<NewPoint> {
    let mut out = Vec::new();
    for told in &facts.implementations {
        let mut known = snapshot.implementations.iter();
        let Some(known) = known.find(|i| i.slug == told.slug) else {
            continue;
        };
        for point in &told.points {
            let own = point.as_of == facts.edition.as_of;
            out.push(NewPoint {
                implementation_id: known.id.clone(),
                as_of: point.as_of.to_string(),
                score_reported: own.then_some(point.score_milli),
                score_restated: point.score_milli,
                load_restated: point.load_milli,
                coverage_bp: point.coverage_bp,
                edition_id: own.then(|| edition.to_owned()),
            });
        }
    }
    out
}

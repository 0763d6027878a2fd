//! Open material gaps: what they hold back, and where they must be named (MODEL 0.3 and 4.4).

use super::names;
use super::numbers::points;
use crate::domain::codes::Severity;
use crate::domain::facts::{Facts, GapFacts, ImplementationFacts};
use crate::domain::history::days_between;

/// Whether a list that is light enough still stands under its target: a material gap caps the score,
/// also one that is accepted, in test or withdrawn without a second signature (MODEL 4.1).
#[must_use]
pub const fn holds_back(of: &ImplementationFacts) -> bool {
    of.score_printed < points(of.target_milli)
}

/// The names of the material gaps that cap the score.
#[must_use]
pub fn capping(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let listed: Vec<&GapFacts> =
        of.open_material.iter().filter_map(|id| names::find(facts, id)).collect();
    let material = |gap: &&GapFacts| gap.severity == Severity::MATERIAL;
    let gaps =
        if listed.is_empty() { facts.gaps.iter().filter(material).collect() } else { listed };
    gaps.iter().map(|gap| names::inside(&gap.short_name)).collect()
}

/// Whether a gap is one of them, and go-live is not reached.
#[must_use]
pub fn blocks(of: &ImplementationFacts, id: &str) -> bool {
    of.weeks_since_go_live.is_none() && of.open_material.iter().any(|open| open == id)
}

/// Whether a gap that is not closed counts in an implementation. Where nobody told which do, all do.
#[must_use]
pub fn is_in_scope(of: &ImplementationFacts, id: &str) -> bool {
    of.in_scope.as_ref().is_none_or(|ids| ids.iter().any(|own| own == id))
}

/// Whether a go-live that is not reached counts on a gap: after it there is none left to block.
#[must_use]
pub fn is_before_go_live(facts: &Facts, id: &str) -> bool {
    let mut ahead = facts.implementations.iter().filter(|of| of.weeks_since_go_live.is_none());
    ahead.any(|of| is_in_scope(of, id))
}

/// Days to go-live where a material gap is open within `within` days of it.
#[must_use]
pub fn days_left(facts: &Facts, of: &ImplementationFacts, within: i64) -> Option<i64> {
    let days = days_between(facts.edition.as_of, of.go_live_on?);
    let near = (1..=within).contains(&days) && of.weeks_since_go_live.is_none();
    (near && !of.open_material.is_empty()).then_some(days)
}

/// "The date counts on closing price lists too." for those that no other line has named.
#[must_use]
pub fn beside_the_date(
    facts: &Facts,
    of: &ImplementationFacts,
    named: &[String],
) -> Option<String> {
    let others: Vec<String> = of
        .open_material
        .iter()
        .filter(|id| !named.contains(id) && names::find(facts, id).is_some())
        .cloned()
        .collect();
    if others.is_empty() {
        return None;
    }
    Some(names::fitting([
        format!("The date counts on closing {} too.", names::gaps(facts, &others, 2)),
        "The date counts on closing every gap that blocks go-live.".to_owned(),
    ]))
}

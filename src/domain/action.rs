//! The one action of a brief: the first rule that applies (MODEL 4.5).

use super::brief::gap_called;
use super::brief::numbers::{and_list, date, uncapitalized, weekday_date};
use super::codes::{Area, GapStatus, Severity, Verdict};
use super::facts::{ActionFacts, Facts, GapFacts, ImplementationFacts};
use super::history::days_between;
use super::one_line::cut_at_word;
use super::time::next_friday;

/// The action, with the sentence that the brief prints.
#[must_use]
pub fn choose(facts: &Facts) -> Option<ActionFacts> {
    let told = facts.implementations.first()?;
    unseen_before_configuration(facts, told)
        .or_else(|| first_week(facts, told))
        .or_else(|| blocker(facts, told))
        .or_else(|| unowned(facts))
        .or_else(|| stalled(facts))
        .or_else(|| unverified(facts))
        .or_else(|| unpriced(facts))
        .or_else(|| next_step(facts))
        .or_else(|| look_again(facts, told))
}

/// The same choice among one owner's gaps, for the owner's edition; none where nothing is theirs.
#[must_use]
pub fn choose_for_owner(facts: &Facts, owner: &str) -> Option<ActionFacts> {
    let mut own = facts.clone();
    own.gaps.retain(|g| g.owner.as_deref() == Some(owner));
    let told = own.implementations.first().cloned()?;
    blocker(&own, &told)
        .or_else(|| stalled(&own))
        .or_else(|| unverified(&own))
        .or_else(|| unpriced(&own))
        .or_else(|| next_step(&own))
}

fn act(rule: u8, gap: Option<&GapFacts>, text: String) -> Option<ActionFacts> {
    Some(ActionFacts { rule, gap: gap.map(|g| g.external_id.clone()), text })
}

/// A gap as it stands inside a sentence.
fn called(gap: &GapFacts) -> String {
    gap_called(&gap.short_name)
}

/// "Friday 27 November".
fn friday(facts: &Facts) -> String {
    weekday_date(next_friday(facts.edition.as_of), facts.edition.as_of)
}

/// Gaps that can be acted on: neither accepted nor withdrawn.
fn active(facts: &Facts) -> impl Iterator<Item = &GapFacts> {
    facts.gaps.iter().filter(|g| {
        matches!(g.status, GapStatus::Open | GapStatus::InProgress | GapStatus::Verifying)
    })
}

/// The heaviest areas that were never looked at, at most three.
fn unseen(told: &ImplementationFacts) -> Vec<Area> {
    told.areas.iter().filter(|a| !a.looked_at).map(|a| a.area).take(3).collect()
}

/// (0) Configuration starts within 28 days and an area is not looked at.
fn unseen_before_configuration(facts: &Facts, told: &ImplementationFacts) -> Option<ActionFacts> {
    let starts = told.configuration_starts_on?;
    let days = days_between(facts.edition.as_of, starts);
    let areas = unseen(told);
    if areas.is_empty() || !(0..=facts.edition.constants.configuration_days).contains(&days) {
        return None;
    }
    let names: Vec<_> = areas.iter().map(|a| a.words()).collect();
    let day = date(starts, facts.edition.as_of);
    act(0, None, format!("Look at {} before configuration starts on {day}.", and_list(&names)))
}

/// In a first week: look at the heaviest unseen area, or price the first severe gap (MODEL 6.3).
fn first_week(facts: &Facts, told: &ImplementationFacts) -> Option<ActionFacts> {
    if !facts.week.first || facts.gaps.iter().any(|g| blocks(facts, told, g)) {
        return None;
    }
    match unseen(told).first() {
        Some(area) => act(7, None, format!("Look at {} by {}.", area.words(), friday(facts))),
        None => unpriced(facts),
    }
}

/// A material gap that is not closed, with go-live at most 56 days ahead.
fn blocks(facts: &Facts, told: &ImplementationFacts, gap: &GapFacts) -> bool {
    let near = facts.edition.constants.near_go_live_days;
    let days = told.go_live_on.map(|day| days_between(facts.edition.as_of, day));
    told.verdict != Verdict::Live
        && days.is_some_and(|d| (0..=near).contains(&d))
        && gap.severity == Severity::MATERIAL
        && told.open_material.contains(&gap.external_id)
}

/// (1) An open material gap and go-live within 56 days: decide it or move the date.
fn blocker(facts: &Facts, told: &ImplementationFacts) -> Option<ActionFacts> {
    let gap = active(facts).find(|g| blocks(facts, told, g))?;
    let go_live = date(told.go_live_on?, facts.edition.as_of);
    let text = format!("Decide on {} this week, or move the go-live of {go_live}.", called(gap));
    act(1, Some(gap), text)
}

/// (2) A gap without an owner for 7 days or more, most points first.
fn unowned(facts: &Facts) -> Option<ActionFacts> {
    let gap = active(facts)
        .filter(|g| g.stall_reasons.iter().any(|r| r == "no_owner"))
        .min_by_key(|g| (std::cmp::Reverse(g.points_milli), g.rank))?;
    act(2, Some(gap), format!("Name one owner for {} by {}.", called(gap), friday(facts)))
}

/// (3) The stalled gap that ranks first: a dated next step. One in test is for rule 4.
fn stalled(facts: &Facts) -> Option<ActionFacts> {
    let gap = active(facts).find(|g| {
        !g.stall_reasons.is_empty() && !g.stall_reasons.iter().any(|r| r == "unverified")
    })?;
    let text = match &gap.owner {
        Some(owner) => format!(
            "Ask {} for a dated next step on {} by {}.",
            person(owner),
            called(gap),
            friday(facts)
        ),
        None => format!("Set a dated next step for {} by {}.", called(gap), friday(facts)),
    };
    act(3, Some(gap), text)
}

/// (4) In verification for 14 days or more: have someone else test it.
fn unverified(facts: &Facts) -> Option<ActionFacts> {
    let gap = active(facts).find(|g| g.stall_reasons.iter().any(|r| r == "unverified"))?;
    let text =
        format!("Have someone who did not build it test {} by {}.", called(gap), friday(facts));
    act(4, Some(gap), text)
}

/// (5) An unpriced gap of severity 3 or 4: put a number on it.
fn unpriced(facts: &Facts) -> Option<ActionFacts> {
    let gap = active(facts)
        .find(|g| g.likely_per_week.is_none() && g.severity >= Severity::SIGNIFICANT)?;
    let text =
        format!("Put a number on {} by {}: what a normal week costs.", called(gap), friday(facts));
    act(5, Some(gap), text)
}

/// (6) The gap that ranks first: its next step, or to agree one.
fn next_step(facts: &Facts) -> Option<ActionFacts> {
    let gap = active(facts).next()?;
    let step = gap.next_step.as_deref().map(super::one_line::one_line);
    let text = match step.filter(|s| !s.is_empty()) {
        Some(step) => {
            let step = cut_at_word(step.trim_end_matches('.'), 90);
            format!("{}: {}.", gap.short_name, uncapitalized(&step))
        }
        None => format!("Agree the next step for {} by {}.", called(gap), friday(facts)),
    };
    act(6, Some(gap), text)
}

/// (7) Nothing open: look again at the area whose look is oldest, unseen areas first.
fn look_again(facts: &Facts, told: &ImplementationFacts) -> Option<ActionFacts> {
    if let Some(area) = unseen(told).first() {
        let text = format!("Look at {} for the first time by {}.", area.words(), friday(facts));
        return act(7, None, text);
    }
    let oldest = told.areas.iter().min_by_key(|a| (a.oldest_look_on, std::cmp::Reverse(a.weight)));
    let Some(area) = oldest else {
        return act(7, None, format!("Hold the first assessment by {}.", friday(facts)));
    };
    let by = told
        .relook_by
        .as_ref()
        .filter(|r| r.areas.contains(&area.area))
        .map_or_else(|| friday(facts), |r| date(r.by, facts.edition.as_of));
    act(7, None, format!("Look at {} again by {by}.", area.area.words()))
}

/// A person's name, short enough for a sentence.
fn person(name: &str) -> String {
    cut_at_word(&super::one_line::one_line(name), 40)
}

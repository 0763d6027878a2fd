//! What would change the score: the path to the target, the looks that go stale, what would pull a
//! ready list down (MODEL 4.4 and 6.3).

use jiff::civil::Date;

use super::names::{self, fitting};
use super::numbers::{counted, date, points, short_of};
use super::{blockers, forecast};
use crate::domain::codes::Verdict;
use crate::domain::facts::{Facts, ImplementationFacts};
use crate::domain::money;

/// What every date assumes of the looks (MODEL 4.4).
const IN_TIME: &str = "The date holds if the areas are looked at again in time.";

/// What would change the score, by verdict.
#[must_use]
pub fn sentences(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let today = facts.edition.as_of;
    let mut said = Vec::new();
    match of.verdict {
        Verdict::Live => said.extend(protected(facts)),
        Verdict::ReadyNow if !blockers::holds_back(of) => {
            said.extend(first_to_fall(facts, of));
            said.extend(look_again_beside(facts, of));
        }
        Verdict::NotAssessed | Verdict::AssessmentLimits | Verdict::ReadyNow => {
            said.extend(look_again(of, today));
        }
        Verdict::TooEarly
        | Verdict::NoDate
        | Verdict::NoGoLive
        | Verdict::Late
        | Verdict::OnTime => {
            let (path, named) = path_and_names(facts, of);
            said.extend(path);
            if forecast::names_a_date(of) {
                said.extend(blockers::beside_the_date(facts, of, &named));
            }
            said.extend(look_again(of, today));
        }
    }
    said
}

/// What a quiet week says of it: what would make the date, or what the date counts on, and until when
/// the looks hold (MODEL 6.3).
#[must_use]
pub fn quiet(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let is_wanted = matches!(of.verdict, Verdict::Late | Verdict::NoDate);
    let (mut said, named) = if is_wanted { path_and_names(facts, of) } else { Default::default() };
    if forecast::names_a_date(of) {
        said.extend(blockers::beside_the_date(facts, of, &named));
    }
    said.extend(look_again(of, facts.edition.as_of));
    said
}

/// What a date counts on, where nothing else is said of it: every open material gap, and new looks
/// (MODEL 4.4). Nothing where there is no date.
#[must_use]
pub fn beside_the_date(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let mut said = Vec::new();
    if forecast::names_a_date(of) {
        said.extend(blockers::beside_the_date(facts, of, &[]));
        said.extend(rests_on_looks(of).then(|| IN_TIME.to_owned()));
    }
    said
}

/// "Closing price lists and invoice exceptions makes it 88. Without price lists it stops at 79.", with
/// the ids that it names.
fn path_and_names(facts: &Facts, of: &ImplementationFacts) -> (Vec<String>, Vec<String>) {
    let Some(path) = of.path_to_target.as_ref().filter(|p| !p.gaps.is_empty()) else {
        return (Vec::new(), Vec::new());
    };
    let known = path.gaps.iter().all(|id| names::find(facts, id).is_some());
    let after = points(path.score_after_milli);
    let count = i64::try_from(path.gaps.len()).unwrap_or(i64::MAX);
    let counted_only =
        format!("Closing {} makes it {after}.", counted(count, "more gap", "gaps together"));
    let told =
        format!("Closing {} makes it {after}.", names::gaps(facts, &path.gaps, path.gaps.len()));
    let names_all = known && path.gaps.len() <= 3;
    let first = if names_all { fitting([told.clone(), counted_only]) } else { counted_only };
    let mut named = if first == told { path.gaps.clone() } else { Vec::new() };
    let mut said = vec![first];
    // Where the rest adds nothing, it would only tell the score again.
    let adds = |stops: i64| points(stops) > of.score_printed;
    let without = path.without.as_ref().filter(|w| adds(w.stops_at_milli));
    if let Some((gap, stops)) =
        without.and_then(|w| Some((names::find(facts, &w.gap)?, w.stops_at_milli)))
    {
        said.push(format!(
            "Without {} it stops {}.",
            names::called(&gap.short_name),
            short_of(stops, of.target_milli)
        ));
        named.push(gap.external_id.clone());
    }
    (said, named)
}

/// "Look at billing and payables again by 14 December."
///
/// Where the date lies after that day and the verdict is not late anyway, it says on what it rests.
#[must_use]
pub fn look_again(of: &ImplementationFacts, today: Date) -> Vec<String> {
    let Some(relook) = &of.relook_by else {
        return Vec::new();
    };
    if relook.by < today || relook.areas.is_empty() {
        return Vec::new();
    }
    let mut said = Vec::new();
    if rests_on_looks(of) && matches!(of.verdict, Verdict::OnTime | Verdict::NoGoLive) {
        said.push(IN_TIME.to_owned());
    }
    said.push(format!(
        "Look at {} again by {}.",
        names::areas(&relook.areas),
        date(relook.by, today)
    ));
    said
}

/// Whether the list is ready only after a day by which areas have to be looked at again.
fn rests_on_looks(of: &ImplementationFacts) -> bool {
    let relook = of.relook_by.as_ref().filter(|relook| !relook.areas.is_empty());
    relook.zip(of.ready_on).is_some_and(|(relook, day)| day > relook.by)
}

/// The same where ONE ACTION asks for a look already: only the areas it leaves out.
fn look_again_beside(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let today = facts.edition.as_of;
    let asked = facts.action.as_ref().filter(|action| action.rule == 7);
    let (Some(action), Some(relook)) = (asked, &of.relook_by) else {
        return look_again(of, today);
    };
    let day = date(relook.by, today);
    let is_asked = |words: &str| action.text == format!("Look at {words} again by {day}.");
    if !relook.areas.iter().any(|area| is_asked(area.words())) {
        return look_again(of, today);
    }
    let others = relook.areas.iter().filter(|area| !is_asked(area.words()));
    let others: Vec<_> = others.copied().collect();
    if others.is_empty() {
        return Vec::new();
    }
    vec![format!("Look at {} by then too.", names::areas(&others))]
}

/// What would pull a ready list down first: the oldest look and the oldest open gap (MODEL 6.3).
fn first_to_fall(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let today = facts.edition.as_of;
    let mut said = Vec::new();
    said.extend(oldest_look(of, today));
    let oldest =
        facts.gaps.iter().filter(|gap| gap.status.is_leaking()).min_by_key(|gap| gap.opened_on);
    if let Some(gap) = oldest {
        said.push(format!(
            "The oldest open gap: {}, since {}.",
            names::inside(&gap.short_name),
            date(gap.opened_on, today)
        ));
    }
    said
}

/// "The oldest look is at billing, on 5 October."
fn oldest_look(of: &ImplementationFacts, today: Date) -> Option<String> {
    let (day, area) = of
        .areas
        .iter()
        .filter_map(|area| area.oldest_look_on.map(|day| (day, area.area)))
        .min_by_key(|(day, _)| *day)?;
    Some(format!("The oldest look is at {}, on {}.", area.words(), date(day, today)))
}

/// "Closed gaps protect $2,900 a week."
fn protected(facts: &Facts) -> Option<String> {
    let currency = &facts.organization.currency;
    (facts.exposure.protected_per_week > 0).then(|| {
        format!(
            "Closed gaps protect {} a week.",
            money::printed(facts.exposure.protected_per_week, currency)
        )
    })
}

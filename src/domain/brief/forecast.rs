//! The forecast in words: the verdict with its range (MODEL 4.4, 6.1 and 6.3).

use jiff::civil::Date;

use super::form::is_assessed;
use super::names::{self, fitting};
use super::numbers::{capitalized, counted, date, number, points, spelled_first, weeks};
use super::{Tone, Toned};
use super::{blockers, needed, unseen};
use crate::domain::codes::Verdict;
use crate::domain::facts::{Facts, ImplementationFacts};
use crate::domain::history::days_between;
use crate::domain::money;

/// What the forecast says in at most three sentences, the conclusion first.
#[must_use]
pub fn verdict(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let today = facts.edition.as_of;
    match of.verdict {
        Verdict::Live => live(facts, of),
        Verdict::NotAssessed => vec![unseen::not_assessed(of)],
        Verdict::AssessmentLimits => {
            vec![unseen::limits(of, today), "A date needs a new look first.".to_owned()]
        }
        Verdict::ReadyNow => ready(facts, of),
        Verdict::TooEarly => too_early(of, today),
        Verdict::NoDate => no_date(facts, of),
        Verdict::NoGoLive | Verdict::Late | Verdict::OnTime => dated(facts, of),
    }
}

/// Whether the verdict is good or bad news.
#[must_use]
pub fn tone(facts: &Facts, of: &ImplementationFacts) -> Tone {
    match of.verdict {
        Verdict::OnTime => Tone::Good,
        Verdict::ReadyNow if !blockers::holds_back(of) => Tone::Good,
        Verdict::ReadyNow
        | Verdict::Late
        | Verdict::NoDate
        | Verdict::NotAssessed
        | Verdict::AssessmentLimits => Tone::Bad,
        Verdict::Live if facts.exposure.open_gaps == 0 => Tone::Good,
        Verdict::Live | Verdict::TooEarly | Verdict::NoGoLive => Tone::Plain,
    }
}

/// The verdict as one paragraph.
#[must_use]
pub fn paragraph(facts: &Facts, of: &ImplementationFacts) -> Toned {
    Toned { text: verdict(facts, of).join(" "), tone: tone(facts, of) }
}

/// Whether the verdict names a day on which the list is ready.
#[must_use]
pub const fn names_a_date(of: &ImplementationFacts) -> bool {
    matches!(of.verdict, Verdict::Late | Verdict::OnTime | Verdict::NoGoLive)
        && of.ready_on.is_some()
}

/// "Live for 3 weeks. Four gaps went live with the platform ..."
fn live(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let since = of.weeks_since_go_live.unwrap_or(0);
    let mut said = vec![match (since, of.go_live_on) {
        (1.., _) => format!("Live for {}.", weeks(since)),
        (_, Some(day)) if day < facts.edition.as_of => {
            format!("Live since {}.", date(day, facts.edition.as_of))
        }
        _ => "Live since today.".to_owned(),
    }];
    let with_it = facts
        .gaps
        .iter()
        .filter(|gap| gap.status.is_leaking() && blockers::is_in_scope(of, &gap.external_id))
        .filter(|gap| of.go_live_on.is_none_or(|day| gap.opened_on <= day))
        .count();
    let with_it = i64::try_from(with_it).unwrap_or(i64::MAX);
    said.push(match with_it {
        0 => "No gap from before go-live is open.".to_owned(),
        1 => "One gap went live with the platform and is still open.".to_owned(),
        n => format!("{} gaps went live with the platform and are still open.", spelled_first(n)),
    });
    if let Some(cost) = facts.exposure.cost_since_go_live.filter(|cost| *cost > 0) {
        let about = if facts.exposure.always_measured { "" } else { "about " };
        said.push(format!(
            "Since go-live, gaps have cost {about}{}.",
            money::printed(cost, &facts.organization.currency)
        ));
    }
    said
}

/// "Ready: 88 of 100, target 85. Keep it there until 1 February.", or what holds it back.
fn ready(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let today = facts.edition.as_of;
    let target = points(of.target_milli);
    if blockers::holds_back(of) {
        return not_ready(facts, of);
    }
    let keep = match of.go_live_on {
        Some(day) => format!("Keep it there until {}.", date(day, today)),
        None => "No go-live date is set.".to_owned(),
    };
    vec![format!("Ready: {} of 100, target {target}.", of.score_printed), keep]
}

/// "Not ready yet: 79 of 100, target 85. One gap blocks it: price lists. Close it by 1 February."
fn not_ready(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let target = points(of.target_milli);
    let mut said = vec![format!("Not ready yet: {} of 100, target {target}.", of.score_printed)];
    let gaps = blockers::capping(facts, of);
    let by = of
        .go_live_on
        .map_or(String::new(), |day| format!(" by {}", date(day, facts.edition.as_of)));
    match gaps.as_slice() {
        [] => said.push(format!("Close what blocks it{by}.")),
        [one] => {
            said.push(format!("One gap blocks it: {one}."));
            said.push(format!("Close it{by}."));
        }
        several => {
            let count = spelled_first(i64::try_from(several.len()).unwrap_or(i64::MAX));
            let list = names::listed(several, 2);
            said.push(fitting([
                format!("{count} gaps block it: {list}."),
                format!("{count} gaps block it."),
            ]));
            said.push(format!("Close them{by}."));
        }
    }
    said
}

/// "No date for 2 more weeks. To make 1 February, clear about a tenth of the list each week."
fn too_early(of: &ImplementationFacts, today: Date) -> Vec<String> {
    let mut said = vec![match of.weeks_until_forecast {
        Some(1) => "No date for 1 more week.".to_owned(),
        Some(n @ 2..) => format!("No date for {} more weeks.", number(n)),
        _ => "No date yet.".to_owned(),
    }];
    said.extend(needed::sentence(of, today));
    if of.go_live_on.is_none() {
        said.push("No go-live date is set.".to_owned());
    }
    said
}

/// "No date at this pace: the open load is not falling."
fn no_date(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let today = facts.edition.as_of;
    let falls = of.pace_milli_per_week.is_some_and(|pace| pace > 0);
    let reason = if falls {
        format!("it takes more than {}", weeks(facts.edition.constants.forecast_max_weeks))
    } else {
        "the open load is not falling".to_owned()
    };
    let joint = if is_early(facts, of) { ", as" } else { ":" };
    let sentence = format!("no date at this pace{joint} {reason}.");
    let mut said = vec![early_view(facts, of, &sentence)];
    if let Some(day) = of.earliest_on {
        said.push(format!("If the faster weeks hold: {}.", date(day, today)));
    }
    said.extend(needed::sentence(of, today));
    said
}

/// "At this pace the ERP cutover is ready on 31 May, 17 weeks after go-live." with its range.
fn dated(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let today = facts.edition.as_of;
    let Some(ready_on) = of.ready_on else {
        return vec!["No date yet.".to_owned()];
    };
    let when = date(ready_on, today);
    let against = against_go_live(of);
    let sentence = |what: &str| {
        let plain = format!("at this pace {what} is ready on {when}{against}.");
        early_view(facts, of, &plain)
    };
    let it = sentence("it");
    let mut said = vec![match names::as_subject(of) {
        Some(subject) => fitting([sentence(&subject), it]),
        None => fitting([labelled(facts, of, &format!("{when} at this pace{against}.")), it]),
    }];
    let faster = of.earliest_on.filter(|day| *day != ready_on);
    let is_slower = of.latest_on != Some(ready_on);
    let slower = of.latest_on.map_or_else(|| "no date".to_owned(), |day| date(day, today));
    match (faster, is_slower) {
        (Some(day), true) => {
            said.push(format!("If the faster weeks hold: {}.", date(day, today)));
            said.push(format!("If the slower: {slower}."));
        }
        (Some(day), false) => said.push(format!("If the faster weeks hold: {}.", date(day, today))),
        (None, true) => said.push(format!("If the slower weeks hold: {slower}.")),
        (None, false) => {}
    }
    said
}

/// "Shared services: ready on 31 May at this pace, 17 weeks after go-live.": true of one and of many.
fn labelled(facts: &Facts, of: &ImplementationFacts, when: &str) -> String {
    let early = if is_early(facts, of) { ", early view" } else { "" };
    format!("{}{early}: ready on {when}", names::implementation(of))
}

/// ", 17 weeks after go-live", or what stands instead of a go-live date.
fn against_go_live(of: &ImplementationFacts) -> String {
    match (of.go_live_on, of.weeks_late, of.weeks_early) {
        (None, _, _) => "; no go-live date is set".to_owned(),
        (_, Some(late @ 1..), _) => format!(", {} after go-live", weeks(late)),
        (_, _, Some(early @ 1..)) => format!(", {} before go-live", weeks(early)),
        (Some(day), _, _) if of.ready_on == Some(day) => ", the day of go-live".to_owned(),
        _ => ", just before go-live".to_owned(),
    }
}

/// Marks a view from few weekly points as early (MODEL 4.4), and starts the sentence.
fn early_view(facts: &Facts, of: &ImplementationFacts, sentence: &str) -> String {
    if is_early(facts, of) { format!("Early view: {sentence}") } else { capitalized(sentence) }
}

const fn is_early(facts: &Facts, of: &ImplementationFacts) -> bool {
    of.points_used < facts.edition.constants.early_view_points
}

/// "live 3 weeks", "live 4 days", "live today".
#[must_use]
pub fn live_for(of: &ImplementationFacts, today: Date) -> String {
    let days = of.go_live_on.map_or(0, |day| days_between(day, today));
    match (of.weeks_since_go_live.unwrap_or(0), days) {
        (since @ 1.., _) => format!("live {}", weeks(since)),
        (_, days @ 1..) => format!("live {}", counted(days, "day", "days")),
        _ => "live today".to_owned(),
    }
}

/// The same in two or three words, for a table or another implementation's line.
#[must_use]
pub fn in_short(of: &ImplementationFacts, today: Date) -> String {
    match of.verdict {
        Verdict::Live => live_for(of, today),
        Verdict::NotAssessed if is_assessed(of) => "looks missing".to_owned(),
        Verdict::NotAssessed => "not looked at".to_owned(),
        Verdict::AssessmentLimits => "new look due".to_owned(),
        Verdict::ReadyNow if blockers::holds_back(of) => "blocked".to_owned(),
        Verdict::ReadyNow => "ready".to_owned(),
        Verdict::TooEarly => "too early".to_owned(),
        Verdict::NoDate => "no date".to_owned(),
        Verdict::NoGoLive => of
            .ready_on
            .map_or_else(|| "no date".to_owned(), |day| format!("ready {}", date(day, today))),
        Verdict::Late => format!("{} late", weeks(of.weeks_late.unwrap_or(1))),
        Verdict::OnTime => "on time".to_owned(),
    }
}

/// What follows [`in_short`] where it is a forecast and nothing around it says so (MODEL 6.4, rule 8).
#[must_use]
pub const fn at_this_pace(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NoDate | Verdict::NoGoLive | Verdict::Late | Verdict::OnTime => " at this pace",
        Verdict::Live
        | Verdict::NotAssessed
        | Verdict::AssessmentLimits
        | Verdict::ReadyNow
        | Verdict::TooEarly => "",
    }
}

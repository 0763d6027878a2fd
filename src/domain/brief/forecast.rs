//! The forecast in words: the verdict with its range (MODEL 4.4, 6.1 and 6.3).

use jiff::civil::Date;

use super::blockers;
use super::names::{self, fitting};
use super::numbers::{ago, capitalized, date, number, points, spelled_first, weeks};
use super::{Tone, Toned};
use crate::domain::codes::Verdict;
use crate::domain::facts::{Facts, ImplementationFacts};
use crate::domain::money;

/// What the forecast says in at most three sentences, the conclusion first.
#[must_use]
pub fn verdict(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let today = facts.edition.as_of;
    match of.verdict {
        Verdict::Live => live(facts, of),
        Verdict::NotAssessed => vec![not_assessed(of)],
        Verdict::AssessmentLimits => vec![assessment_limits(of, today)],
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
    Toned {
        text: verdict(facts, of).join(" "),
        tone: tone(facts, of),
    }
}

/// Whether the verdict names a day on which the list is ready.
#[must_use]
pub const fn names_a_date(of: &ImplementationFacts) -> bool {
    matches!(
        of.verdict,
        Verdict::Late | Verdict::OnTime | Verdict::NoGoLive
    ) && of.ready_on.is_some()
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
        .filter(|gap| gap.status.is_leaking())
        .filter(|gap| of.go_live_on.is_none_or(|day| gap.opened_on <= day))
        .count();
    let with_it = i64::try_from(with_it).unwrap_or(i64::MAX);
    said.push(match with_it {
        0 => "No gap from before go-live is open.".to_owned(),
        1 => "One gap went live with the platform and is still open.".to_owned(),
        n => format!(
            "{} gaps went live with the platform and are still open.",
            spelled_first(n)
        ),
    });
    if let Some(cost) = facts.exposure.cost_since_go_live.filter(|cost| *cost > 0) {
        said.push(format!(
            "Since go-live, gaps have cost about {}.",
            money::printed(cost, &facts.organization.currency)
        ));
    }
    said
}

/// "No date yet: payroll and procurement have not been looked at."
fn not_assessed(of: &ImplementationFacts) -> String {
    let unseen: Vec<_> = of
        .areas
        .iter()
        .filter(|area| !area.looked_at)
        .map(|area| area.area)
        .collect();
    if of.areas.is_empty() {
        return "No date yet: no area has been named to look at.".to_owned();
    }
    if unseen.len() == of.areas.len() {
        return "No date yet: nothing has been looked at.".to_owned();
    }
    match unseen.as_slice() {
        [] => format!(
            "No date yet: only {}% has been looked at.",
            of.coverage_bp.clamp(0, 10_000) / 100
        ),
        [one] if !names::is_plural(*one) => {
            format!("No date yet: {} has not been looked at.", one.words())
        }
        several => format!(
            "No date yet: {} have not been looked at.",
            names::areas(several)
        ),
    }
}

/// "Even with every gap closed the score would stop at 78: billing was last looked at 20 weeks ago."
#[must_use]
pub fn assessment_limits(of: &ImplementationFacts, today: Date) -> String {
    let stops = format!(
        "Even with every gap closed the score would stop at {}",
        points(of.score_if_all_closed_milli)
    );
    let unseen = of.areas.iter().find(|area| area.oldest_look_on.is_none());
    let reason = if let Some(area) = unseen {
        let has = if names::is_plural(area.area) {
            "have"
        } else {
            "has"
        };
        let part = if area.looked_at { " in full" } else { "" };
        format!("{} {has} not been looked at{part}", area.area.words())
    } else {
        let oldest = of
            .areas
            .iter()
            .filter_map(|area| area.oldest_look_on.map(|day| (day, area.area)))
            .min_by_key(|(day, _)| *day);
        match oldest {
            Some((day, area)) => {
                let was = if names::is_plural(area) {
                    "were"
                } else {
                    "was"
                };
                format!("{} {was} last looked at {}", area.words(), ago(day, today))
            }
            None => return format!("{stops}."),
        }
    };
    format!("{stops}: {reason}.")
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
    vec![
        format!("Ready: {} of 100, target {target}.", of.score_printed),
        keep,
    ]
}

/// "Not ready yet: 79 of 100, target 85. One gap blocks it: price lists. Close it by 1 February."
fn not_ready(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let target = points(of.target_milli);
    let mut said = vec![format!(
        "Not ready yet: {} of 100, target {target}.",
        of.score_printed
    )];
    let gaps = blockers::capping(facts, of);
    let by = of.go_live_on.map_or(String::new(), |day| {
        format!(" by {}", date(day, facts.edition.as_of))
    });
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
    said.extend(needed(of, today));
    said
}

/// "No date at this pace: the open load is not falling."
fn no_date(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let today = facts.edition.as_of;
    let falls = of.pace_milli_per_week.is_some_and(|pace| pace > 0);
    let reason = if falls {
        format!(
            "it takes more than {}",
            weeks(facts.edition.constants.forecast_max_weeks)
        )
    } else {
        "the open load is not falling".to_owned()
    };
    let mut said = vec![early_view(
        facts,
        of,
        &format!("no date at this pace: {reason}."),
    )];
    if let Some(day) = of.earliest_on {
        said.push(format!("If the faster weeks hold: {}.", date(day, today)));
    }
    said.extend(needed(of, today));
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
    let mut said = vec![fitting([
        sentence(&names::the_implementation(of)),
        sentence("it"),
    ])];
    let faster = of.earliest_on.filter(|day| *day != ready_on);
    let is_slower = of.latest_on != Some(ready_on);
    let slower = of
        .latest_on
        .map_or_else(|| "no date".to_owned(), |day| date(day, today));
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
    if of.points_used < facts.edition.constants.early_view_points {
        format!("Early view: {sentence}")
    } else {
        capitalized(sentence)
    }
}

/// "To make 1 February, clear about a tenth of the list each week."
fn needed(of: &ImplementationFacts, today: Date) -> Option<String> {
    let (day, required) = (of.go_live_on?, of.required_milli_per_week?);
    if required <= 0 || of.load_milli <= 0 {
        return None;
    }
    let permille = i128::from(required) * 1_000 / i128::from(of.load_milli);
    let part = part_of_list(i64::try_from(permille).unwrap_or(1_000));
    let each = if of.weeks_left.unwrap_or(0) <= 1 {
        "this week"
    } else {
        "each week"
    };
    Some(format!(
        "To make {}, clear {part} {each}.",
        date(day, today)
    ))
}

/// The nearest plain fraction: "about a tenth of the list".
fn part_of_list(permille: i64) -> String {
    const PARTS: [(i64, &str); 10] = [
        (1_000, "all"),
        (750, "three quarters"),
        (667, "two thirds"),
        (500, "half"),
        (333, "a third"),
        (250, "a quarter"),
        (200, "a fifth"),
        (167, "a sixth"),
        (125, "an eighth"),
        (100, "a tenth"),
    ];
    if permille < 85 {
        let percent = (permille + 5) / 10;
        return format!("about {}% of the list", percent.max(1));
    }
    let nearest = PARTS
        .iter()
        .min_by_key(|(of, _)| (of - permille.min(1_000)).abs());
    match nearest {
        Some((1_000, _)) | None => "nearly all of the list".to_owned(),
        Some((_, words)) => format!("about {words} of the list"),
    }
}

/// The same in two or three words, for a table or another implementation's line.
#[must_use]
pub fn in_short(of: &ImplementationFacts, today: Date) -> String {
    match of.verdict {
        Verdict::Live => format!("live {}", weeks(of.weeks_since_go_live.unwrap_or(0))),
        Verdict::NotAssessed => "not looked at".to_owned(),
        Verdict::AssessmentLimits => "new look due".to_owned(),
        Verdict::ReadyNow if blockers::holds_back(of) => "blocked".to_owned(),
        Verdict::ReadyNow => "ready".to_owned(),
        Verdict::TooEarly => "too early".to_owned(),
        Verdict::NoDate => "no date".to_owned(),
        Verdict::NoGoLive => of.ready_on.map_or_else(
            || "no date".to_owned(),
            |day| format!("ready {}", date(day, today)),
        ),
        Verdict::Late => format!("{} late", weeks(of.weeks_late.unwrap_or(1))),
        Verdict::OnTime => "on time".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_list_is_a_plain_fraction() {
        assert_eq!(part_of_list(71), "about 7% of the list");
        assert_eq!(part_of_list(96), "about a tenth of the list");
        assert_eq!(part_of_list(340), "about a third of the list");
        assert_eq!(part_of_list(9_000), "nearly all of the list");
        assert_eq!(part_of_list(0), "about 1% of the list");
    }
}

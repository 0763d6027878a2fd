//! What an inbox shows behind the subject: the forecast or the money, 40 to 60 characters, never what
//! the subject says already (MODEL 6.5).

use super::numbers::{capitalized, counted, date, points, spelled_first, weeks};
use super::{blockers, names, needed, profit};
use crate::domain::codes::Verdict;
use crate::domain::facts::{Facts, ImplementationFacts};
use crate::domain::money;

/// Says nothing wrong about any brief, for when no other wording has the length.
pub const ANY: &str = "What is open, what it costs and the one thing to do.";
/// Shortest and longest, characters.
const LENGTH: std::ops::RangeInclusive<usize> = 40..=60;

/// The first wording that has the length and adds to the subject.
#[must_use]
pub fn line(facts: &Facts, of: &ImplementationFacts, subject: &str) -> String {
    let mut wordings: Vec<String> = Vec::new();
    wordings.extend(closures(facts, of, subject));
    wordings.extend(pace(facts, of, subject));
    wordings.extend(forecast(facts, of, subject));
    wordings.extend(cost(facts));
    wordings.extend(open(facts));
    first_fit(wordings, subject)
}

/// The first of several wordings that fits behind the subject.
#[must_use]
pub fn first_fit(wordings: Vec<String>, subject: &str) -> String {
    wordings
        .into_iter()
        .find(|wording| {
            LENGTH.contains(&wording.chars().count()) && !subject.contains(wording.as_str())
        })
        .unwrap_or_else(|| ANY.to_owned())
}

/// "Two closures change that. One of them has no owner."
fn closures(facts: &Facts, of: &ImplementationFacts, subject: &str) -> Option<String> {
    if !matches!(of.verdict, Verdict::Late | Verdict::NoDate) || facts.week.first {
        return None;
    }
    let path = of.path_to_target.as_ref().filter(|p| !p.gaps.is_empty())?;
    let gaps: Vec<_> = path.gaps.iter().filter_map(|id| names::find(facts, id)).collect();
    let unowned = gaps.iter().filter(|gap| gap.owner.is_none()).count();
    let count = i64::try_from(path.gaps.len()).unwrap_or(i64::MAX);
    let unowned_count = i64::try_from(unowned).unwrap_or(i64::MAX);
    if !subject.contains("at this pace") {
        // The subject has other news: what the closures change is said here.
        let late = of.weeks_late.filter(|_| of.verdict == Verdict::Late);
        let what = late.map_or_else(
            || "No date at this pace.".to_owned(),
            |late| format!("{} late at this pace.", weeks(late)),
        );
        let change = if count == 1 { "closure changes" } else { "closures change" };
        return Some(format!("{what} {} {change} that.", spelled_first(count)));
    }
    Some(match (count, unowned_count) {
        (1, 0) => "One closure changes that. It has an owner.".to_owned(),
        (1, _) => "One closure changes that. It has no owner yet.".to_owned(),
        (n, 0) => format!("{} closures change that. Each has an owner.", spelled_first(n)),
        (n, 1) => format!("{} closures change that. One of them has no owner.", spelled_first(n)),
        (n, m) => format!(
            "{} closures change that. {} have no owner.",
            spelled_first(n),
            spelled_first(m)
        ),
    })
}

/// "Closing has to go 2.6 times faster to make 1 February.", where the subject has told the forecast.
fn pace(facts: &Facts, of: &ImplementationFacts, subject: &str) -> Option<String> {
    let day = of.go_live_on?;
    if of.verdict != Verdict::Late || !subject.contains("late at this pace") {
        return None;
    }
    let words = needed::pace_in_words(of.pace_milli_per_week?, of.ratio_pct)?;
    Some(format!("{} to make {}.", capitalized(&words), date(day, facts.edition.as_of)))
}

/// The forecast, where the subject has not told it.
fn forecast(facts: &Facts, of: &ImplementationFacts, subject: &str) -> Vec<String> {
    let today = facts.edition.as_of;
    if subject.contains("at this pace") || subject.contains("no date") {
        return Vec::new();
    }
    let ready = of.ready_on.map(|day| date(day, today)).unwrap_or_default();
    match of.verdict {
        Verdict::Late => vec![format!(
            "At this pace it is ready on {ready}, {} late.",
            weeks(of.weeks_late.unwrap_or(1))
        )],
        Verdict::OnTime => vec![
            format!("At this pace it is ready on {ready}, in time for go-live."),
            format!("At this pace it is ready on {ready}, in time."),
        ],
        Verdict::NoGoLive => vec![
            format!("At this pace it is ready on {ready}. No go-live is set."),
            format!("Ready on {ready} at this pace. No go-live is set."),
        ],
        Verdict::NoDate => vec!["There is no date at this pace of closing gaps.".to_owned()],
        Verdict::TooEarly => too_early(facts, of),
        Verdict::ReadyNow if blockers::holds_back(of) => {
            vec![format!("Light enough, but a blocker holds it at {} of 100.", of.score_printed)]
        }
        Verdict::ReadyNow => of
            .go_live_on
            .map(|day| {
                format!(
                    "Target {} is met. Keep it there until {}.",
                    points(of.target_milli),
                    date(day, today)
                )
            })
            .into_iter()
            .collect(),
        Verdict::Live | Verdict::NotAssessed | Verdict::AssessmentLimits => Vec::new(),
    }
}

/// "No date for 2 more weeks. No open gap is priced yet."
fn too_early(facts: &Facts, of: &ImplementationFacts) -> Vec<String> {
    let Some(wait) = of.weeks_until_forecast.filter(|wait| *wait > 0) else {
        return Vec::new();
    };
    let more = counted(wait, "more week", "more weeks");
    let unpriced = facts.exposure.open_gaps > 0 && facts.exposure.priced_gaps <= 0;
    let mut said = Vec::new();
    if unpriced {
        said.push(format!("No date for {more}. No open gap is priced yet."));
    }
    said.push(format!("The first date at this pace comes in {}.", weeks(wait)));
    said
}

/// "Together the 5 open gaps cost about $7,800 a week."
fn cost(facts: &Facts) -> Vec<String> {
    let exposure = &facts.exposure;
    if exposure.priced_gaps <= 0 || exposure.likely <= 0 {
        return Vec::new();
    }
    let about = profit::about(exposure);
    let print = money::printed(exposure.likely, &facts.organization.currency);
    match exposure.open_gaps {
        1 => vec![format!("The one open gap costs {about}{print} a week.")],
        n => vec![
            format!(
                "Together the {} cost {about}{print} a week.",
                counted(n, "open gap", "open gaps")
            ),
            format!("The open gaps cost {about}{print} a week."),
        ],
    }
}

/// How much is open, where nothing is priced.
fn open(facts: &Facts) -> Option<String> {
    match facts.exposure.open_gaps {
        ..=0 => None,
        1 => Some("One gap is open, and one thing comes next.".to_owned()),
        n => Some(format!("{} are open, and one thing comes next.", counted(n, "gap", "gaps"))),
    }
}

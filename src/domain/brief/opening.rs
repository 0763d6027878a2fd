//! The conclusion that stands first, by the form of the week (MODEL 6.3).

use super::forecast;
use super::form::Form;
use super::numbers::{capitalized, counted, date, number, ordinal, points, spelled};
use super::{Tone, Toned, profit};
use crate::domain::codes::Verdict;
use crate::domain::facts::{Facts, ImplementationFacts};
use crate::domain::history::days_between;
use crate::domain::money;

/// From this many quiet weeks in a row the count is the news (MODEL 6.3).
const COUNTED_FROM: i64 = 3;

/// The first paragraph: at most three sentences.
#[must_use]
pub fn verdict(facts: &Facts, of: &ImplementationFacts, form: Form) -> Toned {
    match form {
        Form::Full => forecast::paragraph(facts, of),
        Form::First => plain(vec![first_count(facts)]),
        Form::Line => plain(quiet(facts)),
        Form::Quiet => {
            let mut said = quiet(facts);
            said.extend(forecast::verdict(facts, of).into_iter().next());
            Toned { text: said.join(" "), tone: forecast::tone(facts, of) }
        }
        Form::AllClosed => all_closed(facts, of),
    }
}

fn plain(sentences: Vec<String>) -> Toned {
    Toned { text: sentences.join(" "), tone: Tone::Plain }
}

/// "First count: 8 gaps, 5 of them priced, about $5,200 a week."
fn first_count(facts: &Facts) -> String {
    let exposure = &facts.exposure;
    let gaps = counted(exposure.open_gaps, "gap", "gaps");
    let about = profit::about(exposure);
    let cost =
        format!("{about}{} a week", money::printed(exposure.likely, &facts.organization.currency));
    match (exposure.open_gaps, exposure.priced_gaps) {
        (..=0, _) => "First count: no open gaps.".to_owned(),
        (1, ..=0) => "First count: 1 gap, not priced.".to_owned(),
        (_, ..=0) => format!("First count: {gaps}, none of them priced."),
        (1, _) => format!("First count: 1 gap, {cost}."),
        (open, priced) if open <= priced => {
            format!("First count: {gaps}, all of them priced, {cost}.")
        }
        (_, priced) => format!("First count: {gaps}, {} of them priced, {cost}.", number(priced)),
    }
}

/// "Nothing moved this week. That cost about $7,800.", "Third week without movement: about $23,500."
///
/// Where nothing was recorded for two weeks, nobody knows that nothing moved (MODEL 2): it says since
/// when nothing was updated.
fn quiet(facts: &Facts) -> Vec<String> {
    let week = &facts.week;
    let about = profit::about(&facts.exposure);
    let cost = |weeks: i64| {
        let minor = facts.exposure.likely.saturating_mul(weeks.max(1));
        let print = money::printed(minor, &facts.organization.currency);
        (facts.exposure.priced_gaps > 0 && minor > 0).then_some(print)
    };
    if let Some(day) = unknown_since(facts) {
        let mut said = vec![format!("Not updated since {}.", date(day, facts.edition.as_of))];
        said.extend(cost(1).map(|c| format!("The open gaps cost {about}{c} a week.")));
        return said;
    }
    if week.quiet_weeks >= COUNTED_FROM {
        let count = capitalized(&ordinal(week.quiet_weeks));
        let after = cost(week.quiet_weeks).map_or(String::new(), |c| format!(": {about}{c}"));
        return vec![format!("{count} week without movement{after}.")];
    }
    let mut said = vec![if week.weeks_covered > 1 {
        format!("Nothing moved in these {} weeks.", spelled(week.weeks_covered))
    } else {
        "Nothing moved this week.".to_owned()
    }];
    said.extend(cost(week.weeks_covered).map(|c| format!("That cost {about}{c}.")));
    said
}

/// The last update, where it is too long ago to say that nothing moved.
#[must_use]
pub fn unknown_since(facts: &Facts) -> Option<jiff::civil::Date> {
    facts.sources.last_updated_on.filter(|day| {
        days_between(*day, facts.edition.as_of) > facts.edition.constants.known_idle_days
    })
}

/// "Nothing open. $2,900 a week protected."
fn all_closed(facts: &Facts, of: &ImplementationFacts) -> Toned {
    let mut said = vec!["Nothing open.".to_owned()];
    let protected = facts.exposure.protected_per_week;
    if protected > 0 {
        let print = money::printed(protected, &facts.organization.currency);
        said.push(format!("{print} a week protected."));
    }
    match of.verdict {
        Verdict::ReadyNow => said.push(format!(
            "Ready: {} of 100, target {}.",
            of.score_printed,
            points(of.target_milli)
        )),
        Verdict::NotAssessed | Verdict::AssessmentLimits => {
            said.extend(forecast::verdict(facts, of).into_iter().next());
        }
        _ => {}
    }
    let limited = matches!(of.verdict, Verdict::NotAssessed | Verdict::AssessmentLimits);
    Toned { text: said.join(" "), tone: if limited { Tone::Plain } else { Tone::Good } }
}

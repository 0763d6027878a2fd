//! The consultant's ONE ACTION: the first client's first reason.

use super::needs::Need;
use super::{ClientFacts, ClientInput, PortfolioActionFacts, SessionFacts};
use crate::domain::brief::numbers::{counted, spelled, spelled_first, weekday_date, weeks};
use crate::domain::brief::{client_name, gap_called, stall_in_words};
use crate::domain::facts::Facts;

/// What to do this week; where nobody needs anything, the next session.
#[must_use]
pub fn choose(
    rows: &[ClientFacts],
    clients: &[ClientInput<'_>],
    session: Option<&SessionFacts>,
) -> Option<PortfolioActionFacts> {
    let Some((row, need)) = rows.iter().find_map(|row| row.needs.first().map(|need| (row, *need)))
    else {
        return session.map(prepare);
    };
    let facts = clients
        .iter()
        .map(|input| input.facts)
        .find(|facts| facts.organization.slug == row.slug)?;
    Some(PortfolioActionFacts { client: Some(row.slug.clone()), text: text(row, facts, need) })
}

fn prepare(session: &SessionFacts) -> PortfolioActionFacts {
    let day = session.local.date();
    PortfolioActionFacts {
        client: Some(session.client.clone()),
        text: format!(
            "Prepare the session with {} on {}.",
            client_name(&session.client_name),
            weekday_date(day, day)
        ),
    }
}

fn text(row: &ClientFacts, facts: &Facts, need: Need) -> String {
    let name = client_name(&row.name);
    match need {
        Need::BlockerNearGoLive => blocker(row, &name),
        Need::NeverAssessed => format!(
            "Book the first assessment with {name} this week. Nothing has been looked at yet."
        ),
        Need::Late => {
            let late = weeks(row.weeks_late.unwrap_or(1));
            format!("Call {name} this week. At this pace it is {late} late.{}", path(row, facts))
        }
        Need::NoDate => {
            format!("Call {name} this week. It has no date for its go-live.{}", path(row, facts))
        }
        Need::StalledGap => stalled(facts, &name),
        Need::DraftWaiting => {
            let drafts = counted(row.drafts_waiting, "draft", "drafts");
            format!("Read and approve {drafts} for {name}.")
        }
    }
}

/// "Call Calder Dental today. An open blocker goes live in 14 days, and the open load grew two weeks
/// running."
fn blocker(row: &ClientFacts, name: &str) -> String {
    let when = match row.blocker_in_days.unwrap_or(0) {
        0 => "today".to_owned(),
        days => format!("in {}", counted(days, "day", "days")),
    };
    let load = match row.load_grew_weeks {
        ..=0 => String::new(),
        1 => ", and the open load grew this week".to_owned(),
        n => format!(", and the open load grew {} weeks running", spelled(n)),
    };
    format!("Call {name} today. An open blocker goes live {when}{load}.")
}

/// " Two closures change that."
fn path(row: &ClientFacts, facts: &Facts) -> String {
    let told =
        facts.implementations.iter().find(|of| Some(&of.name) == row.implementation.as_ref());
    let count = told
        .and_then(|of| of.path_to_target.as_ref())
        .map_or(0, |path| i64::try_from(path.gaps.len()).unwrap_or(i64::MAX));
    match count {
        0 => String::new(),
        1 => " One closure changes that.".to_owned(),
        n => format!(" {} closures change that.", spelled_first(n)),
    }
}

/// "Ask Northfield for one dated next step on price lists: idle 3 weeks."
fn stalled(facts: &Facts, name: &str) -> String {
    let gap =
        facts.gaps.iter().find(|gap| gap.status.is_leaking() && !gap.stall_reasons.is_empty());
    let Some(gap) = gap else {
        return format!("Ask {name} for one dated next step.");
    };
    let called = gap_called(&gap.short_name);
    if gap.stall_reasons.iter().any(|reason| reason == "no_owner") {
        return format!("Ask {name} for one owner. Nobody owns {called}.");
    }
    let why = stall_in_words(facts, gap).map_or(String::new(), |words| format!(": {words}"));
    format!("Ask {name} for one dated next step. It is about {called}{why}.")
}

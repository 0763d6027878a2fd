//! What the inbox shows behind a portfolio's subject: the first client's first reason.

use super::super::numbers::{and_list, counted, weeks};
use super::client_name;
use crate::domain::portfolio::{ClientFacts, Need, PortfolioFacts, printed};

/// "Calder Dental goes live in 14 days with no date in sight."
pub fn wordings(facts: &PortfolioFacts, needing: &[&ClientFacts]) -> Vec<String> {
    let Some(first) = needing.first() else {
        let sums = printed(&facts.totals);
        let most = sums.len().min(2);
        let mut priced = facts.clients.iter().filter(|client| client.open_per_week.is_some());
        let about = if priced.all(|client| client.measured) { "" } else { "about " };
        return vec![
            format!("Open across clients: {about}{} a week.", and_list(&sums[..most])),
            "Nobody waits for you. The next session is prepared.".to_owned(),
        ];
    };
    let name = client_name(&first.name);
    let with = if first.needs.contains(&Need::NoDate) {
        "with no date in sight"
    } else {
        "with a blocker still open"
    };
    let days = first.blocker_in_days.map(|days| counted(days, "day", "days"));
    let mut said = Vec::new();
    match (first.needs.first(), days) {
        (Some(Need::BlockerNearGoLive), Some(days)) => {
            said.push(format!("{name} goes live in {days} {with}."));
        }
        (Some(Need::NeverAssessed), _) => {
            said.push(format!("Nothing at {name} has been looked at yet."));
            said.push(format!("{name} has not been looked at, not once so far."));
        }
        (Some(Need::Late), _) => {
            let late = weeks(first.weeks_late.unwrap_or(1));
            said.push(format!("{name} is {late} late at this pace."));
            said.push(format!("At this pace {name} goes live {late} late."));
        }
        (Some(Need::NoDate), _) => {
            said.push(format!("{name} has no date at this pace of closing gaps."));
            said.push(format!("{name} has no date at this pace of closing."));
        }
        (Some(Need::StalledGap), _) => {
            let gaps = counted(first.stalled_gaps, "gap is", "gaps are");
            said.push(format!("{name} comes first: {gaps} stalled there."));
        }
        (Some(Need::DraftWaiting), _) => {
            said.push(format!("The draft for {name} waits for your approval."));
            said.push(format!("{name}: a draft waits for you to approve."));
        }
        _ => {}
    }
    said.push(format!("{name} comes first, then one line for each."));
    said.push("Who needs you first, and what to ask them this week.".to_owned());
    said
}

//! The consultant's portfolio (MODEL 6.2): who needs them, one row each, and what waits for approval.

mod first_need;
mod nudges;
mod session;
mod table;

use super::leader::action_block;
use super::limits::{self, Limits};
use super::numbers::{counted, full_date, number, spelled, spelled_first};
use super::{Brief, Footer, MASTHEAD, Tone, Toned, footer, names, preheader};
use crate::domain::changes::Window;
use crate::domain::portfolio::{ClientFacts, PortfolioFacts};

pub use table::{is_on_pace, row as client_cells, totals as totals_in_words};

/// Longest name of a client, characters.
const CLIENT: usize = 24;

/// Writes a consultant's portfolio.
#[must_use]
pub fn compose_portfolio(facts: &PortfolioFacts) -> Brief {
    limits::within(limits::PORTFOLIO, |limits| draft(facts, limits))
}

/// A client's name as it stands in a portfolio.
#[must_use]
pub fn client_name(name: &str) -> String {
    let name = names::tidy(name, CLIENT);
    if name.is_empty() { "a client".to_owned() } else { name }
}

fn draft(facts: &PortfolioFacts, limits: &Limits) -> Brief {
    let needing: Vec<&ClientFacts> = facts.clients.iter().filter(|c| !c.needs.is_empty()).collect();
    let on_pace = facts.clients.iter().all(table::is_on_pace);
    let subject = subject(needing.len(), facts.clients.len(), on_pace);
    let name = names::person(&facts.consultant.name).unwrap_or_else(|| "Consultant".to_owned());
    let mut blocks = vec![table::block(facts, &needing, limits)];
    blocks.extend(nudges::block(facts, limits));
    blocks.extend(facts.next_session.as_ref().map(|s| session::block(s, limits)));
    blocks.extend(facts.action.as_ref().and_then(|action| action_block(&action.text, None)));
    Brief {
        preheader: preheader::first_fit(first_need::wordings(facts, &needing), &subject),
        subject,
        title: format!("{MASTHEAD} | PORTFOLIO"),
        dateline: format!(
            "{name} | {} | {} to {}",
            counted(length(facts.clients.len()), "client", "clients"),
            footer::span(weeks_covered(facts)),
            full_date(facts.edition.as_of)
        ),
        verdict: verdict(&needing, facts.clients.len(), limits),
        blocks,
        footer: Footer {
            why: "You get this because you advise these clients.".to_owned(),
            invites_reply: true,
            ..Footer::default()
        },
    }
}

/// "2 of your 6 clients need you this week".
fn subject(needing: usize, all: usize, on_pace: bool) -> String {
    match (needing, all) {
        (_, 0) => "No clients are linked to you yet".to_owned(),
        (0, 1) if on_pace => "Your client is on pace".to_owned(),
        (0, 1) => "Your client does not need you this week".to_owned(),
        (_, 1) => "Your client needs you this week".to_owned(),
        (0, all) if on_pace => format!("All {} clients on pace", number(length(all))),
        (0, all) => format!("None of your {} clients needs you this week", number(length(all))),
        (1, all) => format!("1 of your {} clients needs you this week", number(length(all))),
        (n, all) => format!("{n} of your {} clients need you this week", number(length(all))),
    }
}

/// "Calder Dental and Northfield need you this week. The other four do not."
fn verdict(needing: &[&ClientFacts], all: usize, limits: &Limits) -> Toned {
    let told: Vec<String> = needing.iter().map(|client| client_name(&client.name)).collect();
    let rest = length(all - needing.len());
    let text = match (needing.len(), all) {
        (_, 0) => "No clients are linked to you yet.".to_owned(),
        (0, 1) => "Your client does not need you this week.".to_owned(),
        (0, _) => format!("None of your {} clients needs you this week.", number(length(all))),
        (n, _) => {
            let verb = if n == 1 { "needs" } else { "need" };
            let list =
                |most: usize| format!("{} {verb} you this week.", names::listed(&told, most));
            let count = format!("{} clients {verb} you this week.", spelled_first(length(n)));
            let first = names::fitting([list(limits.rows.min(4)), list(2), list(1), count]);
            match rest {
                0 => first,
                1 => format!("{first} The other one does not."),
                rest => format!("{first} The other {} do not.", spelled(rest)),
            }
        }
    };
    Toned { text, tone: if needing.is_empty() { Tone::Good } else { Tone::Plain } }
}

/// Weeks since the portfolio before.
fn weeks_covered(facts: &PortfolioFacts) -> i64 {
    Window { from: facts.edition.window_from, to: facts.edition.cut_off }.weeks_covered()
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

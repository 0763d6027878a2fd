//! The consultant's portfolio (MODEL 6.2): who needs them, one row each, and what waits for approval.

use super::leader::{action_block, and_more};
use super::limits::{self, Limits};
use super::numbers::{
    and_list, counted, full_date, number, short_date, spelled, spelled_first, weekday_date, weeks,
};
use super::{Block, BlockRole, Brief, Footer, Item, Piece, Table, Tone, Toned};
use super::{names, preheader};
use crate::domain::codes::Verdict;
use crate::domain::money;
use crate::domain::portfolio::{
    ClientFacts, Need, NudgeFacts, PortfolioFacts, Recipient, SessionFacts, printed,
};

/// Longest name of a client, characters.
const CLIENT: usize = 24;
/// Names told in the verdict and on the line of those on pace.
const NAMES: usize = 6;
/// Longest promise shown, characters.
const PROMISE: usize = 80;
/// Quiet weeks that the consultant is told of (MODEL 6.3).
const QUIET_WEEKS: i64 = 3;

/// Writes a consultant's portfolio.
#[must_use]
pub fn compose_portfolio(facts: &PortfolioFacts) -> Brief {
    limits::within(limits::PORTFOLIO, |limits| draft(facts, limits))
}

/// A client's name as it stands in a portfolio.
#[must_use]
pub fn client_name(name: &str) -> String {
    let name = names::tidy(name, CLIENT);
    if name.is_empty() {
        "a client".to_owned()
    } else {
        name
    }
}

fn draft(facts: &PortfolioFacts, limits: &Limits) -> Brief {
    let needing: Vec<&ClientFacts> = facts
        .clients
        .iter()
        .filter(|c| !c.needs.is_empty())
        .collect();
    let subject = subject(needing.len(), facts.clients.len());
    let name = names::person(&facts.consultant.name).unwrap_or_else(|| "Consultant".to_owned());
    let mut blocks = vec![clients(facts, &needing, limits)];
    blocks.extend(nudges(facts, limits));
    blocks.extend(facts.next_session.as_ref().map(|s| session(s, limits)));
    blocks.extend(
        facts
            .action
            .as_ref()
            .and_then(|action| action_block(&action.text)),
    );
    Brief {
        preheader: preheader::first_fit(first_need(facts, &needing), &subject),
        subject,
        title: "BACK OFFICE BRIEF | PORTFOLIO".to_owned(),
        dateline: format!(
            "{name} | {} | week to {}",
            counted(length(facts.clients.len()), "client", "clients"),
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
fn subject(needing: usize, all: usize) -> String {
    match (needing, all) {
        (_, 0) => "No clients are linked to you yet".to_owned(),
        (0, 1) => "Your client is on pace".to_owned(),
        (_, 1) => "Your client needs you this week".to_owned(),
        (0, all) => format!("All {} clients on pace", number(length(all))),
        (1, all) => format!(
            "1 of your {} clients needs you this week",
            number(length(all))
        ),
        (n, all) => format!(
            "{n} of your {} clients need you this week",
            number(length(all))
        ),
    }
}

/// "Calder Dental and Northfield need you this week. The other four do not."
fn verdict(needing: &[&ClientFacts], all: usize, limits: &Limits) -> Toned {
    let told: Vec<String> = needing
        .iter()
        .map(|client| client_name(&client.name))
        .collect();
    let rest = length(all - needing.len());
    let text = match (needing.len(), all) {
        (_, 0) => "No clients are linked to you yet.".to_owned(),
        (0, 1) => "Your client does not need you this week.".to_owned(),
        (0, _) => format!(
            "None of your {} clients needs you this week.",
            number(length(all))
        ),
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
    Toned {
        text,
        tone: if needing.is_empty() {
            Tone::Good
        } else {
            Tone::Plain
        },
    }
}

/// The table of those who need the consultant, then one line for the rest and the totals.
fn clients(facts: &PortfolioFacts, needing: &[&ClientFacts], limits: &Limits) -> Block {
    let mut pieces = Vec::new();
    let mut after = Vec::new();
    let more = needing.len().saturating_sub(limits.rows);
    if more > 0 {
        after.push(format!("and {more} more"));
    }
    after.extend(on_pace(facts, limits));
    after.extend(without_movement(facts, limits));
    if needing.is_empty() {
        pieces.extend(after.into_iter().map(Piece::Text));
    } else {
        let shown = needing.iter().take(limits.rows);
        pieces.push(Piece::Table(Table {
            head: ["CLIENT", "SCORE", "GO-LIVE", "AT THIS PACE", "OPEN A WEEK"]
                .map(str::to_owned)
                .to_vec(),
            rows: shown.map(|client| row(facts, client)).collect(),
            after,
        }));
    }
    pieces.push(Piece::Text(totals(facts)));
    Block {
        role: BlockRole::Clients,
        heading: String::new(),
        headline: None,
        pieces,
    }
}

/// "Calder Dental   58 -2   7 Dec (2 wk)   no date   $2,100".
fn row(facts: &PortfolioFacts, client: &ClientFacts) -> Vec<Toned> {
    let plain = |text: String| Toned {
        text,
        tone: Tone::Plain,
    };
    let change = client.change_points;
    let score = match (client.score_printed, change) {
        (None, _) => "--".to_owned(),
        (Some(score), None | Some(0)) => score.to_string(),
        (Some(score), Some(change)) => format!("{score} {change:+}"),
    };
    let today = facts.edition.as_of;
    let is_live = client.verdict == Some(Verdict::Live);
    let go_live = match (client.go_live_on, client.weeks_left) {
        _ if is_live => client.forecast.clone(),
        (None, _) => "not set".to_owned(),
        (Some(day), Some(left)) => format!("{} ({} wk)", short_date(day, today), number(left)),
        (Some(day), None) => short_date(day, today),
    };
    let bad = client.needs.iter().any(|need| *need <= Need::NoDate);
    let pace = Toned {
        text: if is_live {
            "-".to_owned()
        } else {
            client.forecast.clone()
        },
        tone: if bad { Tone::Bad } else { Tone::Plain },
    };
    let open = match client.open_per_week {
        Some(minor) => money::printed(minor, &client.currency),
        None if client.open_gaps == 0 => "none open".to_owned(),
        None => "not priced".to_owned(),
    };
    let score = Toned {
        text: score,
        tone: match change {
            Some(1..) => Tone::Good,
            Some(..=-1) => Tone::Bad,
            _ => Tone::Plain,
        },
    };
    vec![
        plain(client_name(&client.name)),
        score,
        plain(go_live),
        pace,
        plain(open),
    ]
}

/// "On pace: Halden Foods, Brightwell."
fn on_pace(facts: &PortfolioFacts, limits: &Limits) -> Option<String> {
    let names: Vec<String> = facts
        .clients
        .iter()
        .filter(|client| client.needs.is_empty())
        .map(|client| client_name(&client.name))
        .collect();
    (!names.is_empty()).then(|| named("On pace", &names, limits))
}

/// "Three weeks or more without movement: Halden Foods."
fn without_movement(facts: &PortfolioFacts, limits: &Limits) -> Option<String> {
    let names: Vec<String> = facts
        .clients
        .iter()
        .filter(|client| client.quiet_weeks >= QUIET_WEEKS)
        .map(|client| client_name(&client.name))
        .collect();
    (limits.details && !names.is_empty())
        .then(|| named("Three weeks or more without movement", &names, limits))
}

/// A heading with as many names as keep the sentence short.
fn named(what: &str, names: &[String], limits: &Limits) -> String {
    let list = |most: usize| format!("{what}: {}.", names::after_colon(names, most));
    names::fitting([
        list(NAMES.min(limits.nudges * 2 + 1)),
        list(2),
        format!(
            "{what}: {}.",
            counted(length(names.len()), "client", "clients")
        ),
    ])
}

/// "Open across clients: $10,900 and €970 a week. Closed this week: 4."
fn totals(facts: &PortfolioFacts) -> String {
    let closed = format!("Closed this week: {}.", number(facts.closed_this_week));
    let printed = printed(&facts.totals);
    if printed.is_empty() {
        return format!("Nothing open is priced yet. {closed}");
    }
    let shown = names::listed(&printed, 5);
    format!("Open across clients: {shown} a week. {closed}")
}

/// NUDGES TO APPROVE (2), and what is held back.
fn nudges(facts: &PortfolioFacts, limits: &Limits) -> Option<Block> {
    let mut pieces = Vec::new();
    if !facts.nudges.is_empty() && limits.nudges > 0 {
        let mut items: Vec<Item> = facts.nudges.iter().take(limits.nudges).map(nudge).collect();
        if facts.nudges.len() > limits.nudges {
            items.push(and_more(facts.nudges.len() - limits.nudges));
        }
        pieces.push(Piece::List {
            numbered: true,
            items,
        });
    }
    if limits.details && !facts.held_back.is_empty() {
        let held: Vec<String> = facts
            .held_back
            .iter()
            .map(|held| format!("{} ({})", client_name(&held.client_name), held.reason))
            .collect();
        let list = |most: usize| format!("Held back: {}.", names::after_colon(&held, most));
        let count = format!(
            "Held back: {}.",
            counted(length(held.len()), "nudge", "nudges")
        );
        pieces.push(Piece::Text(names::fitting([list(3), list(1), count])));
    }
    if pieces.is_empty() {
        return None;
    }
    Some(Block {
        role: BlockRole::Nudges,
        heading: match facts.nudges.len() {
            0 => "NUDGES".to_owned(),
            n => format!("NUDGES TO APPROVE ({n})"),
        },
        headline: None,
        pieces,
    })
}

/// "Calder Dental, to J. Park. Payroll list, idle 4 weeks." with its text.
fn nudge(nudge: &NudgeFacts) -> Item {
    let to = match &nudge.recipient {
        Recipient::Owner(name) => names::person(name).unwrap_or_else(|| "the owner".to_owned()),
        Recipient::Sponsor => "the sponsor".to_owned(),
    };
    Item {
        lead: format!(
            "{}, to {}.",
            client_name(&nudge.client_name),
            to.trim_end_matches('.')
        ),
        rest: format!("{}, {}.", names::first(&nudge.gap_name), nudge.reason),
        tone: Tone::Plain,
        quote: Some(nudge.text.clone()),
    }
}

/// NEXT SESSION: Halden Foods, Thursday 26 November, 10:00.
fn session(session: &SessionFacts, limits: &Limits) -> Block {
    let day = session.local.date();
    let mut said = vec![match (session.promises, session.done) {
        (0, _) => "Nothing was promised last time.".to_owned(),
        (1, 0) => "The promise from last time is open.".to_owned(),
        (1, _) => "The promise from last time is kept.".to_owned(),
        (all, done) => format!(
            "{} of {} promises from last time are done.",
            if done == 0 {
                "None".to_owned()
            } else {
                spelled_first(done)
            },
            spelled(all)
        ),
    }];
    if let Some(open) = session.open.first().filter(|_| limits.details) {
        let text = names::tidy(&open.text, PROMISE);
        let owner = open.owner.as_deref().and_then(names::person);
        let owner = owner.map_or(String::new(), |owner| format!(" ({owner})"));
        if !text.is_empty() {
            said.push(names::fitting([
                format!("Open: {text}{owner}."),
                format!("Open: {}.", names::tidy(&text, 40)),
            ]));
        }
    }
    said.extend(session.ask.clone());
    Block {
        role: BlockRole::Session,
        heading: "NEXT SESSION".to_owned(),
        headline: Some(Toned {
            text: format!(
                "{}, {}, {:02}:{:02}",
                client_name(&session.client_name),
                weekday_date(day, day),
                session.local.hour(),
                session.local.minute()
            ),
            tone: Tone::Plain,
        }),
        pieces: vec![Piece::Text(said.join(" "))],
    }
}

/// "Calder Dental goes live in 14 days with no date in sight."
fn first_need(facts: &PortfolioFacts, needing: &[&ClientFacts]) -> Vec<String> {
    let Some(first) = needing.first() else {
        let sums = printed(&facts.totals);
        let most = sums.len().min(2);
        return vec![
            format!(
                "Open across clients: about {} a week.",
                and_list(&sums[..most])
            ),
            "Nobody waits for you. The next session is prepared.".to_owned(),
        ];
    };
    let name = client_name(&first.name);
    let with = if first.needs.contains(&Need::NoDate) {
        "with no date in sight"
    } else {
        "with a blocker still open"
    };
    let days = first
        .blocker_in_days
        .map(|days| counted(days, "day", "days"));
    let mut said = Vec::new();
    match (first.needs.first(), days) {
        (Some(Need::BlockerNearGoLive), Some(days)) => {
            said.push(format!("{name} goes live in {days} {with}."));
        }
        (Some(Need::NeverAssessed), _) => {
            said.push(format!("{name} has not been looked at, not once so far."));
            said.push(format!("{name} has not been looked at so far."));
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
        _ => {}
    }
    said.push(format!("{name} comes first, then one line for each."));
    said.push("Who needs you first, and what to ask them this week.".to_owned());
    said
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

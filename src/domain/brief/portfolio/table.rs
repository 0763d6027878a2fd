//! One row for each client that needs the consultant, one line for all others, and the totals.

use jiff::civil::Date;

use super::super::forecast::at_this_pace;
use super::super::limits::Limits;
use super::super::numbers::{counted, date, number, short_date};
use super::super::{Block, BlockRole, Piece, Table, Tone, Toned, footer, names};
use super::{client_name, length, weeks_covered};
use crate::domain::codes::Verdict;
use crate::domain::money;
use crate::domain::portfolio::{ClientFacts, Need, PortfolioFacts, printed};

/// Names told on one line.
const NAMES: usize = 6;
/// Quiet weeks that the consultant is told of (MODEL 6.3).
const QUIET_WEEKS: i64 = 3;

/// The table of those who need the consultant, then one line for the rest and the totals.
pub fn block(facts: &PortfolioFacts, needing: &[&ClientFacts], limits: &Limits) -> Block {
    let mut pieces = Vec::new();
    let mut after = Vec::new();
    let more = needing.len().saturating_sub(limits.rows);
    if more > 0 {
        after.push(format!("and {more} more"));
    }
    after.extend(on_pace(facts, limits));
    after.extend(not_now(facts, limits));
    after.extend(drafts(facts, limits));
    after.extend(without_movement(facts, limits));
    after.extend(not_updated(facts, limits));
    if needing.is_empty() {
        pieces.extend(after.into_iter().map(Piece::Text));
    } else {
        let shown = needing.iter().take(limits.rows);
        pieces.push(Piece::Table(Table {
            head: ["CLIENT", "SCORE", "GO-LIVE", "AT THIS PACE", "OPEN A WEEK"]
                .map(str::to_owned)
                .to_vec(),
            rows: shown.map(|client| row(client, facts.edition.as_of).to_vec()).collect(),
            after,
        }));
    }
    pieces.push(Piece::Text(totals(facts)));
    Block { role: BlockRole::Clients, heading: String::new(), headline: None, pieces }
}

/// "Calder Dental   58 -2   7 Dec (2 wk)   no date   $2,100": client, score, go-live, at this pace, open
/// a week.
#[must_use]
pub fn row(client: &ClientFacts, today: Date) -> [Toned; 5] {
    let plain = |text: String| Toned { text, tone: Tone::Plain };
    let change = client.change_points;
    let score = match (client.score_printed, change) {
        (None, _) => "--".to_owned(),
        (Some(score), None | Some(0)) => score.to_string(),
        (Some(score), Some(change)) => format!("{score} {change:+}"),
    };
    let is_live = client.verdict == Some(Verdict::Live);
    let go_live = match (client.go_live_on, client.weeks_left) {
        _ if is_live => client.forecast.clone(),
        (None, _) => "not set".to_owned(),
        (Some(day), Some(left)) => format!("{} ({} wk)", short_date(day, today), number(left)),
        (Some(day), None) => short_date(day, today),
    };
    let bad = client.needs.iter().any(|need| *need <= Need::NoDate);
    let pace = Toned {
        text: if is_live { "-".to_owned() } else { client.forecast.clone() },
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
    [plain(client_name(&client.name)), score, plain(go_live), pace, plain(open)]
}

/// "On pace: Halden Foods, Brightwell."
fn on_pace(facts: &PortfolioFacts, limits: &Limits) -> Option<String> {
    let names: Vec<String> = facts
        .clients
        .iter()
        .filter(|client| client.needs.is_empty() && is_on_pace(client))
        .map(|client| client_name(&client.name))
        .collect();
    (!names.is_empty()).then(|| named("On pace", &names, limits))
}

/// Whether a client is on time, ready or live. One without a date, or with no day to make, is not.
pub fn is_on_pace(client: &ClientFacts) -> bool {
    match client.verdict {
        Some(Verdict::OnTime | Verdict::Live) => true,
        Some(Verdict::ReadyNow) => !client.is_held_back,
        _ => false,
    }
}

/// "No need this week: Tarn & Reyes (too early)."; one reason of several clients is said once.
fn not_now(facts: &PortfolioFacts, limits: &Limits) -> Option<String> {
    let clients: Vec<&ClientFacts> = facts
        .clients
        .iter()
        .filter(|client| client.needs.is_empty() && !is_on_pace(client))
        .collect();
    let first = clients.first()?;
    let why = |own: &ClientFacts| {
        let pace = own.verdict.map_or("", at_this_pace);
        format!("{}{pace}", own.forecast)
    };
    let is_one_reason = clients.iter().all(|own| own.forecast == first.forecast);
    let names = |with_reason: bool| -> Vec<String> {
        let name = |own: &&ClientFacts| match with_reason {
            true => format!("{} ({})", client_name(&own.name), why(own)),
            false => client_name(&own.name),
        };
        clients.iter().map(name).collect()
    };
    Some(if is_one_reason && clients.len() > 1 {
        let what = format!("No need this week, {}", why(first));
        named(&what, &names(false), limits)
    } else {
        named("No need this week", &names(true), limits)
    })
}

/// "Drafts to approve: Kestrel Freight." No column tells of them.
fn drafts(facts: &PortfolioFacts, limits: &Limits) -> Option<String> {
    let names: Vec<String> = facts
        .clients
        .iter()
        .filter(|client| client.drafts_waiting > 0)
        .map(|client| client_name(&client.name))
        .collect();
    (!names.is_empty()).then(|| named("Drafts to approve", &names, limits))
}

/// "Three weeks or more without movement: Halden Foods." Where nothing was recorded for two weeks, nobody
/// knows that nothing moved: those are told by [`not_updated`] (MODEL 2).
fn without_movement(facts: &PortfolioFacts, limits: &Limits) -> Option<String> {
    let names: Vec<String> = quiet_for_long(facts)
        .filter(|client| client.not_updated_since.is_none())
        .map(|client| client_name(&client.name))
        .collect();
    (limits.details && !names.is_empty())
        .then(|| named("Three weeks or more without movement", &names, limits))
}

/// "Not updated since 3 November: Halden Foods."; one day of several clients is said once.
fn not_updated(facts: &PortfolioFacts, limits: &Limits) -> Option<String> {
    let since: Vec<(String, Date)> = quiet_for_long(facts)
        .filter_map(|client| Some((client_name(&client.name), client.not_updated_since?)))
        .collect();
    let (_, first) = since.first().filter(|_| limits.details)?;
    let print = |day: Date| date(day, facts.edition.as_of);
    Some(if since.iter().all(|(_, day)| day == first) {
        let names: Vec<String> = since.iter().map(|(name, _)| name.clone()).collect();
        named(&format!("Not updated since {}", print(*first)), &names, limits)
    } else {
        let name = |(name, day): &(String, Date)| format!("{name} (since {})", print(*day));
        named("Not updated", &since.iter().map(name).collect::<Vec<_>>(), limits)
    })
}

/// Clients of whom the consultant is told that the third quiet week is there, or a later one.
fn quiet_for_long(facts: &PortfolioFacts) -> impl Iterator<Item = &ClientFacts> {
    facts.clients.iter().filter(|client| client.quiet_weeks >= QUIET_WEEKS)
}

/// A heading with as many names as keep the sentence short.
fn named(what: &str, names: &[String], limits: &Limits) -> String {
    let list = |most: usize| format!("{what}: {}.", names::after_colon(names, most));
    names::fitting([
        list(NAMES.min(limits.nudges * 2 + 1)),
        list(2),
        format!("{what}: {}.", counted(length(names.len()), "client", "clients")),
    ])
}

/// "Open across clients: $10,900 and €970 a week. Closed this week: 4.", or "Closed in these two weeks:
/// 4." after a missed portfolio.
#[must_use]
pub fn totals(facts: &PortfolioFacts) -> String {
    let when = match weeks_covered(facts) {
        weeks @ 2.. => format!("in these {}", footer::span(weeks)),
        _ => "this week".to_owned(),
    };
    let closed = format!("Closed {when}: {}.", number(facts.closed_this_week));
    let printed = printed(&facts.totals);
    if printed.is_empty() {
        return format!("Nothing open is priced yet. {closed}");
    }
    let shown = names::listed(&printed, 5);
    format!("Open across clients: {shown} a week. {closed}")
}

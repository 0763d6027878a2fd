//! What the page of the round shows.

use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use jiff::Timestamp;

use crate::domain::brief::numbers::{counted, weekday_date};
use crate::domain::codes::GapStatus;
use crate::domain::facts::GapFacts;
use crate::domain::line::clean;
use crate::domain::money;
use crate::domain::portfolio::PortfolioFacts;
use crate::domain::register::status::may_become;
use crate::domain::time::date_of;
use crate::engine::today::ClientToday;

use crate::web::desk::clients::called;
use crate::web::desk::gap::stall_in_short;
use crate::web::desk::labels::{self, Choice};
use crate::web::desk::workplace::part;
use crate::web::shell::body::html;
use crate::web::shell::pages::Chrome;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::typed::{Row, Typed};

/// Gaps of one client on the page.
pub(super) const TOP: usize = 5;
/// Clients on the page that are not done yet; the others follow when these are.
const OPEN: usize = 15;

#[derive(Template)]
#[template(path = "web/desk/round.html")]
struct Page {
    chrome: Chrome,
    mark: String,
    seen: i64,
    told: Option<String>,
    has_problems: bool,
    n_done: usize,
    n_clients: usize,
    clients: Vec<ClientView>,
    n_waiting: usize,
    done: Vec<(String, String)>,
}

struct ClientView {
    number: usize,
    slug: String,
    name: String,
    /// "Last confirmed Monday 16 November. 14 open gaps, 3 of them stalled. 17 weeks late."
    stands: String,
    rows: Vec<RowView>,
    n_more: usize,
}

struct RowView {
    number: usize,
    id: String,
    part: String,
    title: String,
    stands: String,
    moves: Vec<Choice>,
    row: Row,
}

/// All that the page is made from.
pub(super) struct Round<'a> {
    pub(super) site: &'a Site,
    pub(super) visitor: &'a Visitor,
    pub(super) portfolio: &'a PortfolioFacts,
    pub(super) clients: &'a [ClientToday],
    pub(super) now: Timestamp,
    /// What was done just now.
    pub(super) told: Option<String>,
}

/// Draws the page; what was typed and not taken stands in it again.
pub(super) fn draw(round: &Round<'_>, typed: &Typed) -> Response<Body> {
    let in_order = round.portfolio.clients.iter().filter_map(|row| {
        let client = round.clients.iter().find(|own| own.facts.organization.slug == row.slug)?;
        Some((client, row.forecast.as_str()))
    });
    let is_waiting = |client: &ClientToday| {
        !client.is_done() || !typed.gaps(&client.facts.organization.slug).is_empty()
    };
    let (waiting, done): (Vec<_>, Vec<_>) = in_order.partition(|(client, _)| is_waiting(client));
    let shown = waiting.iter().take(OPEN).enumerate();
    let name = |(client, _): &(&ClientToday, &str)| {
        (client.facts.organization.slug.clone(), called(&client.facts.organization.name))
    };
    let page = Page {
        chrome: Chrome::of(round.site).seen_by(round.visitor),
        mark: round.visitor.mark().to_owned(),
        seen: round.now.as_millisecond(),
        told: round.told.clone(),
        has_problems: typed.has_problems(),
        n_done: super::n_done(round.clients),
        n_clients: round.clients.len(),
        clients: shown
            .map(|(n, (client, forecast))| client_view(n, client, forecast, typed))
            .collect(),
        n_waiting: waiting.len().saturating_sub(OPEN),
        done: done.iter().map(name).collect(),
    };
    let status = if page.has_problems { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    html(status, &page)
}

fn client_view(number: usize, client: &ClientToday, forecast: &str, typed: &Typed) -> ClientView {
    let facts = &client.facts;
    let slug = &facts.organization.slug;
    let kept = typed.gaps(slug);
    let mut open: Vec<&GapFacts> =
        facts.gaps.iter().filter(|gap| gap.status.is_leaking()).collect();
    // What was typed first, then what is stalled, each in the order of rank.
    open.sort_by_key(|gap| (!kept.contains(&gap.external_id), gap.stall_reasons.is_empty()));
    let shown = open.iter().take(TOP.max(kept.len())).enumerate();
    let rows: Vec<RowView> = shown
        .map(|(n, gap)| {
            row_view(n, gap, &facts.organization.currency, typed.row(slug, &gap.external_id))
        })
        .collect();
    ClientView {
        number,
        slug: slug.clone(),
        name: called(&facts.organization.name),
        stands: stands(client, forecast, open.len()),
        n_more: open.len() - rows.len(),
        rows,
    }
}

fn stands(client: &ClientToday, forecast: &str, n_open: usize) -> String {
    let today = client.facts.edition.as_of;
    let since = client.all_told_since().map(|at| date_of(at, &client.zone));
    let since = since.map(|day| weekday_date(day, today));
    let n = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let stalled = client
        .facts
        .gaps
        .iter()
        .filter(|gap| gap.status.is_leaking() && !gap.stall_reasons.is_empty())
        .count();
    let stalled = match stalled {
        0 => String::new(),
        some => format!(", {some} stalled"),
    };
    format!(
        "Last confirmed {}. {}{stalled}. At this pace: {forecast}.",
        since.as_deref().unwrap_or("never"),
        counted(n(n_open), "open gap", "open gaps"),
    )
}

fn row_view(number: usize, gap: &GapFacts, currency: &str, row: Row) -> RowView {
    let costs = gap.likely_per_week.map(|minor| money::printed(minor, currency));
    let owner = gap.owner.as_deref().map_or_else(|| "no owner".to_owned(), |own| clean(own, 40));
    let mut stands = vec![labels::status(gap.status).to_owned(), owner];
    stands.push(costs.unwrap_or_else(|| "not priced".to_owned()));
    let said = gap.stall_reasons.iter().filter(|reason| *reason != "no_owner");
    stands.extend(said.map(|reason| stall_in_short(reason)));
    let moves = [GapStatus::Open, GapStatus::InProgress, GapStatus::Verifying]
        .into_iter()
        .filter(|to| may_become(gap.status, *to))
        .map(|to| Choice::new(to.as_str(), labels::status(to)));
    RowView {
        number,
        part: part(&gap.external_id),
        id: gap.external_id.clone(),
        title: clean(&gap.title, 70),
        stands: stands.join(", "),
        moves: moves.collect(),
        row,
    }
}

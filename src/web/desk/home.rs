//! `/desk`: the portfolio of whoever looks after organizations, and the way on for everybody else.

use std::collections::HashMap;

use askama::Template;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{Response, StatusCode};
use serde::Deserialize;

use crate::domain::brief::{
    Block, BlockRole, Piece, Tone, client_cells, compose_portfolio, is_on_pace, totals_in_words,
};
use crate::domain::portfolio::{ClientFacts, PortfolioFacts};

use crate::web::shell::body::{html, see_other};
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::clients::{Clients, called, n_done};
use super::{brand, labels};

#[derive(Template)]
#[template(path = "web/desk/home.html")]
struct Page {
    chrome: Chrome,
    verdict: String,
    needing: Vec<Row>,
    others: Vec<Row>,
    /// "On pace: Halden, Brightwell".
    others_in_a_line: String,
    totals: String,
    session: Option<Session>,
    n_done: usize,
    n_drafts: i64,
    n_nudges: i64,
    n_clients: usize,
    n_more: usize,
    n_all: usize,
    is_searchable: bool,
    /// Whether there is a brand to look after: the visitor is somebody's consultant.
    has_brand: bool,
    words: String,
    read: Vec<(String, String)>,
    is_operator: bool,
}

struct Row {
    slug: String,
    name: String,
    score: String,
    score_tone: &'static str,
    go_live: String,
    pace: String,
    is_bad: bool,
    open: String,
    needs: Vec<String>,
    drafts: i64,
    answers: i64,
}

struct Session {
    slug: String,
    when: String,
    words: String,
}

#[derive(Template)]
#[template(path = "web/desk/organizations.html")]
struct Organizations {
    chrome: Chrome,
    organizations: Vec<(String, String)>,
}

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
}

/// The portfolio; the trend page of the one organization of who has one and works for none; the list
/// of those who read several.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Query(Search { q }): Query<Search>,
) -> Result<Response<Body>, Problem> {
    let words = crate::domain::line::clean(&q, 80);
    let clients = Clients::of(&site, &visitor, &words).await?;
    let read: Vec<(String, String)> =
        clients.read.iter().map(|own| (own.slug.clone(), called(&own.name))).collect();
    if clients.n_all > 0 {
        return portfolio(&site, &visitor, clients, words, read).await;
    }
    if let [(slug, _)] = read.as_slice() {
        return Ok(see_other(&site.path(&format!("/o/{slug}"))));
    }
    let chrome = Chrome::of(&site).seen_by(&visitor);
    Ok(html(StatusCode::OK, &Organizations { chrome, organizations: read }))
}

async fn portfolio(
    site: &Site,
    visitor: &Visitor,
    clients: Clients,
    words: String,
    read: Vec<(String, String)>,
) -> Result<Response<Body>, Problem> {
    let (engine, now, ids) = (&site.engine, site.now(), clients.ids());
    let today = engine.clients_today(&ids, now).await?;
    let person = (visitor.standing.id.as_str(), visitor.standing.called());
    let facts = engine.portfolio_today(person, &today, now).await?;
    let waiting: HashMap<String, i64> = engine.db.answers_count(&ids).await?.into_iter().collect();
    let answers: HashMap<&str, i64> = clients
        .shown
        .iter()
        .filter_map(|own| Some((own.slug.as_str(), *waiting.get(&own.id)?)))
        .collect();
    let row = |client: &&ClientFacts| row(client, &facts, &answers);
    let (others, needing): (Vec<&ClientFacts>, Vec<&ClientFacts>) = facts
        .clients
        .iter()
        .partition(|own| own.needs.is_empty() && !answers.contains_key(own.slug.as_str()));
    let brief = compose_portfolio(&facts);
    let session = facts.next_session.as_ref().map(|session| session.client.clone());
    let page = Page {
        chrome: Chrome::of(site).seen_by(visitor),
        verdict: brief.verdict.text,
        others_in_a_line: in_a_line(&others),
        needing: needing.iter().map(row).collect(),
        others: others.iter().map(row).collect(),
        totals: totals_in_words(&facts),
        session: session.and_then(|slug| of_session(slug, &brief.blocks)),
        n_done: n_done(&today),
        n_drafts: facts.clients.iter().map(|own| own.drafts_waiting).sum(),
        n_nudges: engine.db.nudges_waiting(Some(&ids), now).await?,
        n_clients: today.len(),
        n_more: clients.n_more(),
        n_all: clients.n_all,
        has_brand: brand::is_for(visitor),
        is_searchable: clients.n_more() > 0 || !words.is_empty(),
        words,
        read,
        is_operator: visitor.standing.access.is_operator(),
    };
    Ok(html(StatusCode::OK, &page))
}

fn row(client: &ClientFacts, facts: &PortfolioFacts, answers: &HashMap<&str, i64>) -> Row {
    let [_, score, go_live, pace, open] = client_cells(client, facts.edition.as_of);
    let need = |need: &_| labels::need(*need, client.blocker_in_days, client.stalled_gaps);
    Row {
        slug: client.slug.clone(),
        name: called(&client.name),
        score_tone: match score.tone {
            Tone::Good => "good",
            Tone::Bad => "bad",
            Tone::Plain => "",
        },
        score: score.text,
        go_live: go_live.text,
        is_bad: pace.tone == Tone::Bad,
        pace: pace.text,
        open: open.text,
        needs: client.needs.iter().map(need).collect(),
        drafts: client.drafts_waiting,
        answers: answers.get(client.slug.as_str()).copied().unwrap_or(0),
    }
}

/// "On pace: Halden Foods, Brightwell. No need this week: Tarn & Reyes."
fn in_a_line(others: &[&ClientFacts]) -> String {
    let named = |what: &str, are: bool| {
        let names: Vec<String> = others
            .iter()
            .filter(|client| is_on_pace(client) == are)
            .map(|client| called(&client.name))
            .collect();
        let rest = names.len().saturating_sub(8);
        let shown = names.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        (!names.is_empty()).then(|| format!("{what}: {shown}{more}."))
    };
    let said = [named("On pace", true), named("No need this week", false)];
    said.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The next session in the words of the mail.
fn of_session(slug: String, blocks: &[Block]) -> Option<Session> {
    let block = blocks.iter().find(|block| block.role == BlockRole::Session)?;
    let words = block.pieces.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(text.as_str()),
        _ => None,
    });
    let words = words.collect::<Vec<_>>().join(" ");
    Some(Session { slug, when: block.headline.as_ref()?.text.clone(), words })
}

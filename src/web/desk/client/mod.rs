//! `/desk/c/{slug}`: one client on one page. What it says first are the words of its brief, as things
//! stand now.

mod gaps;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};
use serde::Deserialize;

use crate::domain::brief::{BlockRole, Brief, change_in_words, compose_leader};
use crate::domain::facts::Facts;
use crate::engine::today::ClientToday;

use crate::web::shell::body::html;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::answers::{self, AnswerLine};
use super::grid::{Standing, Table, tables};
use super::sessions::{self, SessionLine};
use super::told::Telling;
use super::workplace::{Frame, Workplace};
use gaps::{Filter, GapList};

/// Changes that are told one by one.
const CHANGES: usize = 30;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(flatten)]
    filter: Filter,
    #[serde(flatten)]
    telling: Telling,
}

#[derive(Template)]
#[template(path = "web/desk/overview.html")]
struct Page {
    chrome: Chrome,
    frame: Frame,
    verdict: String,
    figures: Vec<(&'static str, String)>,
    drafts: i64,
    answers: Vec<AnswerLine>,
    more_answers: usize,
    nudges: i64,
    changes: Vec<(String, String)>,
    changes_since: String,
    more_changes: usize,
    list: GapList,
    tables: Vec<Table>,
    sessions: Vec<SessionLine>,
    zone: String,
}

/// The page. Changes nothing.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    let ids = [place.id().to_owned()];
    let engine = &site.engine;
    let today = engine.clients_today(&ids, place.now).await?;
    let Some(ClientToday { facts, .. }) = today.into_iter().next() else {
        return Err(Problem::NotFound);
    };
    let (answers, more_answers) = answers::waiting(&place).await?;
    let waits = |rows: Vec<(String, i64)>| rows.into_iter().map(|(_, n)| n).sum::<i64>();
    let (brief, gaps) = (compose_leader(&facts), Standing::of_facts(&facts));
    let shown = facts.changes.iter().take(CHANGES).map(|change| change_in_words(&facts, change));
    let changes = shown.map(|item| (item.lead, item.rest)).collect();
    let page = Page {
        chrome: place.chrome(),
        frame: place.frame("overview", &asked.telling),
        figures: figures(&brief),
        verdict: brief.verdict.text,
        drafts: waits(engine.db.editions_waiting(&ids).await?),
        answers,
        more_answers,
        nudges: engine.db.nudges_waiting(Some(&ids), place.now).await?,
        changes,
        changes_since: since(&place, &facts),
        more_changes: facts.changes.len().saturating_sub(CHANGES),
        list: gaps::list(&place, &facts, asked.filter).await?,
        tables: tables(&place, Some(&facts.implementations[0].slug), &gaps).await?,
        sessions: sessions::nearest(&place).await?,
        zone: place.organization.time_zone.clone(),
    };
    Ok(html(StatusCode::OK, &page))
}

/// Deals with an answer from a mail.
pub(super) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    place.check(&fields)?;
    match fields.get("do") {
        "seen" => answers::see(&place, &fields, "").await,
        _ => Err(Problem::Form),
    }
}

/// The key figures in the words of the brief.
fn figures(brief: &Brief) -> Vec<(&'static str, String)> {
    let mut said = Vec::new();
    for block in &brief.blocks {
        let name = match block.role {
            BlockRole::Action => "One action",
            BlockRole::Readiness => "Readiness",
            BlockRole::Profit => "Profit at stake",
            _ => continue,
        };
        let first = block.pieces.iter().find_map(|piece| match piece {
            crate::domain::brief::Piece::Text(text) => Some(text.clone()),
            _ => None,
        });
        let headline = block.headline.as_ref().map(|headline| headline.text.clone());
        said.extend(headline.or(first).map(|words| (name, words)));
    }
    said
}

/// "since the brief of 16 November", or since when else changes are counted.
fn since(place: &Workplace, facts: &Facts) -> String {
    let day = crate::domain::time::date_of(facts.edition.window_from, &place.zone);
    let day = crate::domain::brief::numbers::weekday_date(day, place.today);
    match facts.edition.previous_sent_at {
        Some(_) => format!("since the brief of {day}"),
        None => format!("since {day}"),
    }
}

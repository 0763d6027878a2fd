//! `/desk/review`: what waits at the visitor's clients, in the order in which it leaves, and what left.

use std::collections::HashMap;

use askama::Template;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{Response, StatusCode};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::domain::access::Act;
use crate::domain::time::{date_of, iso_week};
use crate::engine::compose::LOCALE;
use crate::store::editions::{Part, Review, Scopes};

use crate::web::shell::body::html;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::super::clients::called;
use super::words;

/// Editions on one page, of each list.
const PAGE: i64 = 50;
/// What left lately is of so many weeks.
const WEEKS: i64 = 8;

/// Which pages of the two lists.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web::desk) struct Asked {
    #[serde(default)]
    page: String,
    #[serde(default)]
    past: String,
}

#[derive(Template)]
#[template(path = "web/desk/reviews.html")]
struct Page {
    chrome: Chrome,
    verdict: String,
    waiting: Vec<Row>,
    past: Vec<Row>,
    pages: Turns,
    past_pages: Turns,
}

/// One edition in a list.
struct Row {
    slug: String,
    name: String,
    id: String,
    day: String,
    state: String,
    is_urgent: bool,
    readers: i64,
    has_note: bool,
    decided: String,
    correction: Option<String>,
}

/// The pages before and after one of a list.
struct Turns {
    before: Option<i64>,
    after: Option<i64>,
}

/// The page. Changes nothing.
pub(in crate::web::desk) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Problem> {
    let scopes = scopes(&visitor)?;
    let (db, now) = (&site.engine.db, site.now());
    let (page, past) = (number(&asked.page), number(&asked.past));
    let since = weeks_ago(now, WEEKS);
    let part = |page: i64| Part { since: &since, offset: (page - 1) * PAGE, limit: PAGE + 1 };
    let mut waiting = db.reviews_waiting(&scopes, part(page)).await?;
    let variant = format!("full-{LOCALE}");
    let mut gone = db.reviews_past(&scopes, &variant, part(past)).await?;
    let (pages, past_pages) = (turns(&mut waiting, page), turns(&mut gone, past));
    let ids: Vec<String> = waiting.iter().map(|own| own.scope_id.clone()).collect();
    let readers = db.readers_count(&ids, now.as_millisecond()).await?.into_iter().collect();
    let row = |own: Review| row(own, &readers, now);
    let n_urgent = waiting.iter().filter(|own| words::is_undecided(own)).count();
    let view = Page {
        chrome: Chrome::of(&site).seen_by(&visitor),
        verdict: verdict(waiting.len(), n_urgent, pages.before.is_some() || pages.after.is_some()),
        waiting: waiting.into_iter().map(row).collect(),
        past: gone.into_iter().map(row).collect(),
        pages,
        past_pages,
    };
    Ok(html(StatusCode::OK, &view))
}

/// Whose editions somebody reviews.
fn scopes(visitor: &Visitor) -> Result<Scopes, Problem> {
    Ok(visitor.organizations(Act::Work)?.map_or(Scopes::All, Scopes::Some))
}

fn number(page: &str) -> i64 {
    page.parse().unwrap_or(1).clamp(1, 10_000)
}

/// The ISO week so many weeks ago.
pub(super) fn weeks_ago(now: Timestamp, weeks: i64) -> String {
    let then = now.checked_sub(SignedDuration::from_hours(weeks * 7 * 24)).unwrap_or(now);
    iso_week(date_of(then, &TimeZone::UTC))
}

/// Cuts what was read to one page, and says which pages are beside it.
fn turns(found: &mut Vec<Review>, page: i64) -> Turns {
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let has_more = found.len() > most;
    found.truncate(most);
    Turns { before: (page > 1).then(|| page - 1), after: has_more.then(|| page + 1) }
}

fn verdict(n_waiting: usize, n_urgent: usize, is_part: bool) -> String {
    match (n_waiting, n_urgent) {
        _ if is_part => "Drafts in the order in which they leave.".to_owned(),
        (0, _) => "No draft waits.".to_owned(),
        (1, 0) => "One draft waits, and it is decided.".to_owned(),
        (n, 0) => format!("{n} drafts wait, and all are decided."),
        (1, _) => "One draft waits for you.".to_owned(),
        (n, n_urgent) if n == n_urgent => format!("{n} drafts wait for you."),
        (n, 1) => format!("{n} drafts wait, one of them for you."),
        (n, n_urgent) => format!("{n} drafts wait, {n_urgent} of them for you."),
    }
}

fn row(own: Review, readers: &HashMap<String, i64>, now: Timestamp) -> Row {
    let zone = words::zone_of(&own);
    let today = date_of(now, &zone);
    let decided = if own.is_open() { words::decided(&own, &zone, today) } else { None };
    Row {
        name: called(&own.organization),
        day: words::day(&own),
        state: words::state(&own, &zone, today),
        is_urgent: words::is_undecided(&own) && own.state == "held",
        readers: readers.get(&own.scope_id).copied().unwrap_or(0),
        has_note: own.note.as_deref().is_some_and(|note| !note.trim().is_empty()),
        decided: decided.unwrap_or_default(),
        slug: own.slug,
        id: own.id,
        correction: own.correction,
    }
}

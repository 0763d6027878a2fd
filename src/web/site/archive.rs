//! `/archive`: the public editions, for everybody.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{HeaderValue, LOCATION};
use axum::http::{Response, StatusCode};
use serde::Deserialize;

use crate::domain::slots::{SlotValues, escape_html, fill_html};
use crate::domain::time::monday_of;

use super::copy::mail;
use crate::web::shell::asset::kept;
use crate::web::shell::body::html;
use crate::web::shell::guard::for_everybody;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::words::date;

/// Issues on one page.
const PER_PAGE: i64 = 50;
/// What others may keep an answer for: an issue never changes, but a list grows.
const KEPT: &str = "public, max-age=900";

#[derive(Template)]
#[template(path = "web/site/archive.html")]
struct Page {
    chrome: Chrome,
    issues: Vec<Row>,
    page: i64,
    has_older: bool,
    is_form_open: bool,
}

struct Row {
    week: String,
    date: String,
    iso_date: String,
    subject: String,
    preheader: String,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    page: Option<String>,
}

/// The door: there is nothing at `/` but the way to the archive.
pub(super) async fn front(State(site): State<Site>) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    // Settings hold a path that was part of a URL, which is fit for a header.
    if let Ok(to) = HeaderValue::from_str(&site.path("/archive")) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

/// The list, newest first.
pub(super) async fn list(
    State(site): State<Site>,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Problem> {
    let page = asked.page.and_then(|page| page.parse::<i64>().ok()).unwrap_or(1).clamp(1, 10_000);
    let now = site.now().as_millisecond();
    let offset = (page - 1) * PER_PAGE;
    let mut found = site.engine.db.public_issues(now, PER_PAGE + 1, offset).await?;
    let has_older = i64::try_from(found.len()).is_ok_and(|n| n > PER_PAGE);
    found.truncate(usize::try_from(PER_PAGE).unwrap_or(usize::MAX));
    let row = |issue: crate::store::editions::Listed| Row {
        date: issue.as_of.parse().map(date).unwrap_or_default(),
        iso_date: issue.as_of,
        week: issue.iso_week,
        subject: issue.subject,
        preheader: issue.preheader.unwrap_or_default(),
    };
    let view = Page {
        chrome: Chrome::of(&site),
        issues: found.into_iter().map(row).collect(),
        page,
        has_older,
        is_form_open: site.engine.settings.consent.is_form_open,
    };
    Ok(for_everybody(kept(html(StatusCode::OK, &view), KEPT)))
}

/// One issue, as it was stored.
pub(super) async fn issue(
    State(site): State<Site>,
    Path(week): Path<String>,
) -> Result<Response<Body>, Problem> {
    if monday_of(&week).is_none() {
        return Err(Problem::NotFound);
    }
    let now = site.now().as_millisecond();
    let found = site.engine.db.public_issue(&week, now).await?.ok_or(Problem::NotFound)?;
    let html = found.body_html.ok_or(Problem::Over("The text of this issue is kept no longer."))?;
    let pages = &site.pages;
    let (stop, why) = (pages.page("/unsubscribe"), pages.page("/subscribe"));
    let copy = pages.page(&format!("/archive/{week}"));
    let values = SlotValues { stop: &stop, why: &why, copy: &copy, ..SlotValues::default() };
    let shown = with_way_back(fill_html(&html, &values), &site);
    Ok(for_everybody(kept(mail(shown), KEPT)))
}

/// Puts a line with the way to the other issues before the mail's own words.
fn with_way_back(mut html: String, site: &Site) -> String {
    let begin = html.find("<body").and_then(|at| html[at..].find('>').map(|end| at + end + 1));
    let link = |path: &str, label: &str| {
        let href = site.path(path);
        format!(
            "<a class=\"lnk\" href=\"{}\" style=\"color:#0b5a53;padding:0 8px\">{label}</a>",
            escape_html(&href)
        )
    };
    let mut links = link("/archive", "All issues");
    if site.engine.settings.consent.is_form_open {
        links.push_str(&link("/subscribe", "Get it by mail"));
    }
    let line = format!(
        "<nav aria-label=\"Archive\" style=\"padding:16px 8px 0;text-align:center;font:16px/24px \
         -apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif\">{links}</nav>"
    );
    html.insert_str(begin.unwrap_or_default(), &line);
    html
}

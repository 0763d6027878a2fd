//! `/archive/feed.atom`: the public editions for feed readers (RFC 4287).

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{Response, StatusCode};
use jiff::Timestamp;

use crate::web::shell::asset::kept;
use crate::web::shell::body::html;
use crate::web::shell::guard::for_everybody;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

/// Issues in the feed.
const MOST: i64 = 30;

#[derive(Template)]
#[template(path = "web/site/feed.xml")]
struct Feed {
    title: String,
    author: String,
    home: String,
    own: String,
    updated: String,
    entries: Vec<Entry>,
}

struct Entry {
    title: String,
    href: String,
    updated: String,
    summary: String,
}

pub(super) async fn show(State(site): State<Site>) -> Result<Response<Body>, Problem> {
    let now = site.now();
    let issues = site.engine.db.public_issues(now.as_millisecond(), MOST, 0).await?;
    let entry = |issue: crate::store::editions::Listed| Entry {
        href: site.pages.page(&format!("/archive/{}", issue.iso_week)),
        updated: instant(issue.frozen_at),
        title: issue.subject,
        summary: issue.preheader.unwrap_or_default(),
    };
    let entries: Vec<Entry> = issues.into_iter().map(entry).collect();
    let mail = &site.engine.settings.mail;
    let feed = Feed {
        title: mail.product_name.clone(),
        author: mail.product_name.clone(),
        home: site.pages.page("/archive"),
        own: site.pages.page("/archive/feed.atom"),
        // RFC 4287 4.2.15 wants one even where there is no entry yet.
        updated: entries.first().map_or_else(|| instant(0), |entry| entry.updated.clone()),
        entries,
    };
    let mut response = kept(html(StatusCode::OK, &feed), "public, max-age=900");
    if response.status() == StatusCode::OK {
        let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    Ok(for_everybody(response))
}

/// RFC 3339, to the second.
fn instant(milliseconds: i64) -> String {
    let seconds = Timestamp::from_second(milliseconds.div_euclid(1_000));
    seconds.unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

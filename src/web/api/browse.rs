//! The pages that tell of the API, drawn from its document: one for all, one for each resource, one for
//! each kind of problem. And the document itself.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use axum::routing::get;
use serde_json::Value;

use crate::web::shell::asset::kept;
use crate::web::shell::body::{answer, html};
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

use super::problems::{self, Kind};

mod view;

use view::{Operation, operations};

/// How long the document may be kept by who asked.
const KEPT: &str = "public, max-age=300";

#[derive(Template)]
#[template(path = "web/api/index.html")]
struct Index {
    chrome: Chrome,
    version: String,
    words: String,
    tags: Vec<TagLine>,
}

struct TagLine {
    name: String,
    words: String,
    operations: Vec<Operation>,
}

#[derive(Template)]
#[template(path = "web/api/tag.html")]
struct TagPage {
    chrome: Chrome,
    name: String,
    words: String,
    operations: Vec<Operation>,
}

#[derive(Template)]
#[template(path = "web/api/problems.html")]
struct ProblemsPage {
    chrome: Chrome,
    kinds: &'static [Kind],
}

/// The routes.
pub(super) fn routes(document: Arc<Value>) -> Router<Site> {
    let (index, tag, whole) = (Arc::clone(&document), Arc::clone(&document), document);
    Router::new()
        .route("/api", get(async move |State(site)| show_index(&site, &index)))
        .route(
            "/api/resources/{tag}",
            get(async move |State(site): State<Site>, Path(name): Path<String>| {
                show_tag(&site, &tag, &name)
            }),
        )
        .route("/api/problems", get(show_problems))
        .route("/api/problems/{name}", get(show_problem))
        .route(
            "/api/v1/openapi.json",
            get(async move || {
                kept(answer(StatusCode::OK, "application/json", whole.to_string()), KEPT)
            }),
        )
}

fn show_index(site: &Site, document: &Value) -> Response<Body> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let tags = document["tags"].as_array().into_iter().flatten().map(|tag| TagLine {
        name: text(&tag["name"]),
        words: text(&tag["description"]),
        operations: operations(document, &text(&tag["name"])),
    });
    let page = Index {
        chrome: Chrome::of(site),
        version: text(&document["info"]["version"]),
        words: text(&document["info"]["description"]),
        tags: tags.collect(),
    };
    html(StatusCode::OK, &page)
}

fn show_tag(site: &Site, document: &Value, name: &str) -> Result<Response<Body>, Problem> {
    let mut tags = document["tags"].as_array().into_iter().flatten();
    let tag = tags.find(|tag| tag["name"] == name).ok_or(Problem::NotFound)?;
    let page = TagPage {
        chrome: Chrome::of(site),
        name: name.to_owned(),
        words: tag["description"].as_str().unwrap_or_default().to_owned(),
        operations: operations(document, name),
    };
    Ok(html(StatusCode::OK, &page))
}

async fn show_problems(State(site): State<Site>) -> Response<Body> {
    html(StatusCode::OK, &ProblemsPage { chrome: Chrome::of(&site), kinds: problems::ALL })
}

async fn show_problem(
    State(site): State<Site>,
    Path(name): Path<String>,
) -> Result<Response<Body>, Problem> {
    let kind = problems::named(&name).ok_or(Problem::NotFound)?;
    let at = problems::ALL.iter().position(|own| *own == kind).unwrap_or_default();
    let page = ProblemsPage { chrome: Chrome::of(&site), kinds: &problems::ALL[at..=at] };
    Ok(html(StatusCode::OK, &page))
}

//! The addresses of the viewer.
//!
//! `/` lists, `/mail/NAME` shows one in one of four views, `/mail/NAME/html` is what the frames
//! hold, `/mail/NAME/download` the file itself.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{Response, StatusCode};
use axum::middleware;
use axum::routing::get;

use super::appearance::{Look, decided};
use super::folder::{self, MailName, ReadError};
use super::mail;
use super::pages::{self, View};
use super::respond;

/// The viewer of one folder, as a service.
pub fn router(folder: PathBuf) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/style.css", get(|| async { respond::style(pages::STYLE) }))
        .route("/mail/{name}", get(show))
        .route("/mail/{name}/html", get(html))
        .route("/mail/{name}/download", get(download))
        .fallback(|| async { not_found() })
        .layer(middleware::from_fn(respond::guard))
        .with_state(Arc::new(folder))
}

type Folder = State<Arc<PathBuf>>;
/// A name as it stands in the URL, or not even text.
type Named = Result<Path<String>, PathRejection>;

/// What follows the question mark under `key`; none where it is missing. The first one counts.
fn asked(query: &RawQuery, key: &str) -> Option<String> {
    let query = query.0.as_deref().unwrap_or_default();
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == key).map(|(_, value)| value.into_owned())
}

fn parsed(name: &Named) -> Result<MailName, ReadError> {
    let name = name.as_ref().ok().and_then(|name| MailName::parse(&name.0));
    name.ok_or(ReadError::Absent)
}

async fn list(State(folder): Folder, query: RawQuery) -> Response<Body> {
    let page = asked(&query, "page").and_then(|page| page.parse().ok()).unwrap_or(1);
    blocking(move || {
        let names = folder::names(&folder)?;
        let shown = pages::window(&names, page);
        let rows = shown.names.iter().map(|name| {
            let parts = folder::read(&folder, name).map(|bytes| mail::parts(&bytes));
            (name.clone(), parts)
        });
        Ok(pages::list(&shown, rows.collect(), &folder))
    })
    .await
}

async fn show(State(folder): Folder, name: Named, query: RawQuery) -> Response<Body> {
    let view = View::parse(asked(&query, "view").as_deref());
    blocking(move || {
        let name = parsed(&name)?;
        let bytes = folder::read(&folder, &name)?;
        let names = folder::names(&folder)?;
        Ok(pages::mail(&name, &bytes, &pages::neighbours(&names, &name), view))
    })
    .await
}

async fn html(State(folder): Folder, name: Named, query: RawQuery) -> Response<Body> {
    let look = Look::parse(asked(&query, "look").as_deref());
    blocking(move || {
        let html = mail::parts(&folder::read(&folder, &parsed(&name)?)?).html;
        Ok(respond::mail_html(decided(&html.ok_or(ReadError::Absent)?, look)))
    })
    .await
}

async fn download(State(folder): Folder, name: Named) -> Response<Body> {
    blocking(move || {
        let name = parsed(&name)?;
        let bytes = folder::read(&folder, &name)?;
        Ok(respond::download(name.as_str(), bytes))
    })
    .await
}

fn not_found() -> Response<Body> {
    pages::problem(StatusCode::NOT_FOUND, &ReadError::Absent.to_string())
}

/// Reads files away from the threads that answer; a failure becomes a page.
async fn blocking(
    work: impl FnOnce() -> Result<Response<Body>, ReadError> + Send + 'static,
) -> Response<Body> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(response)) => response,
        Ok(Err(ReadError::Absent)) => not_found(),
        Ok(Err(error)) => pages::problem(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
        Err(_) => pages::problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            "this page could not be made; see the log",
        ),
    }
}

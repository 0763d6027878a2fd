//! What an upload would change, and the button that has it changed.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};

use crate::domain::line::clean;
use crate::engine::Engine;
use crate::engine::uploads::{Opened, Outcome, State as Standing, UploadError};

use crate::web::desk::told::Telling;
use crate::web::shell::body::{html, see_other};
use crate::web::shell::detached::detached;
use crate::web::shell::fields::LongFields;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::outcome::{FileView, views};
use super::{Bench, Head, Named, problem};

#[derive(Template)]
#[template(path = "web/desk/import_diff.html")]
struct Page {
    chrome: Chrome,
    head: Head,
    id: String,
    files: Vec<FileView>,
    not_tried: Vec<String>,
    digest: String,
    written: u64,
    has_rejects: bool,
    is_strict: bool,
    is_refused: bool,
    /// What keeps it from being tried.
    words: Vec<String>,
}

/// The page. Changes nothing.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(named): Path<Named>,
) -> Result<Response<Body>, Problem> {
    let bench = Bench::open(&site, visitor, &named).await?;
    let opened = bench.opened(&named.upload).await?;
    if opened.state != Standing::Open {
        return Ok(see_other(&bench.path(&format!("/{}", opened.id))));
    }
    if !opened.is_told() {
        return Ok(see_other(&bench.path(&format!("/{}", opened.id))));
    }
    draw(&bench, &opened, StatusCode::OK).await
}

async fn draw(
    bench: &Bench,
    opened: &Opened,
    status: StatusCode,
) -> Result<Response<Body>, Problem> {
    let (engine, own) = (Engine::clone(&bench.site.engine), opened.clone());
    let tried = detached(async move { Ok(engine.try_upload(&own).await) }).await?;
    let (outcome, words, status) = match tried {
        Ok(tried) => (tried.outcome, Vec::new(), status),
        Err(UploadError::Refused(words)) => {
            let words = words.iter().map(|own| clean(own, 600)).collect();
            (Outcome::default(), words, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(other) => return Err(problem(other)),
    };
    let page = Page {
        chrome: bench.chrome(),
        head: bench.head(&Telling::default(), false),
        id: opened.id.clone(),
        files: views(&outcome),
        not_tried: outcome.not_tried.iter().map(|own| clean(own, 120)).collect(),
        written: outcome.written(),
        has_rejects: outcome.rejected() > 0,
        is_strict: opened.is_strict,
        is_refused: outcome.is_refused(),
        digest: outcome.digest,
        words,
    };
    Ok(html(status, &page))
}

/// Writes it, once.
pub(super) async fn apply(
    State(site): State<Site>,
    visitor: Visitor,
    Path(named): Path<Named>,
    LongFields(fields): LongFields,
) -> Result<Response<Body>, Problem> {
    let bench = Bench::open(&site, visitor, &named).await?;
    bench.check(&fields)?;
    let opened = bench.opened(&named.upload).await?;
    let own = bench.path(&format!("/{}", opened.id));
    if opened.state != Standing::Open {
        return Ok(see_other(&own));
    }
    let (engine, actor) = (Engine::clone(&site.engine), bench.visitor.actor());
    let (upload, seen) = (opened.clone(), fields.get("seen").to_owned());
    let done =
        detached(async move { Ok(engine.apply_upload(&upload, &actor, &seen).await) }).await?;
    match done {
        // Whoever was faster wrote the same.
        Err(UploadError::Applied) => Ok(see_other(&own)),
        Ok(outcome) if outcome.files.iter().any(|file| file.batch.is_some()) => Ok(see_other(&own)),
        Ok(_) | Err(UploadError::Refused(_)) => {
            draw(&bench, &opened, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(problem(other)),
    }
}

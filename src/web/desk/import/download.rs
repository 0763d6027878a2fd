//! What an upload gives to take away: its map for the command line, and the rows that cannot be taken.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, HeaderValue};
use axum::http::{Response, StatusCode};

use crate::engine::Engine;
use crate::engine::uploads::UploadError;

use crate::web::shell::body::{answer, see_other};
use crate::web::shell::detached::detached;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::{Bench, Named, problem};

/// The map as a file of `brief import --map`.
pub(super) async fn map(
    State(site): State<Site>,
    visitor: Visitor,
    Path(named): Path<Named>,
) -> Result<Response<Body>, Problem> {
    let bench = Bench::open(&site, visitor, &named).await?;
    let opened = bench.opened(&named.upload).await?;
    let text = format!("# brief import --map import-map.toml FILE...\n\n{}", opened.map.to_toml());
    Ok(file("application/toml; charset=utf-8", "attachment; filename=\"import-map.toml\"", text))
}

/// The rows that cannot be taken, with the reasons.
pub(super) async fn rejects(
    State(site): State<Site>,
    visitor: Visitor,
    Path(named): Path<Named>,
) -> Result<Response<Body>, Problem> {
    let bench = Bench::open(&site, visitor, &named).await?;
    let opened = bench.opened(&named.upload).await?;
    let (engine, own) = (Engine::clone(&site.engine), opened.clone());
    match detached(async move { Ok(engine.upload_rejects(&own).await) }).await? {
        Ok(rejects) => {
            let name = "attachment; filename=\"rejects.csv\"";
            Ok(file("text/csv; charset=utf-8", name, rejects))
        }
        // The page says why.
        Err(UploadError::Refused(_)) => Ok(see_other(&bench.path(&format!("/{}/diff", opened.id)))),
        Err(other) => Err(problem(other)),
    }
}

fn file(kind: &'static str, name: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = answer(StatusCode::OK, kind, body);
    response.headers_mut().insert(CONTENT_DISPOSITION, HeaderValue::from_static(name));
    response
}

//! What the columns and words of an upload mean, with the first rows as they will be read; what came of
//! it once it was applied.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};

use crate::domain::line::clean;
use crate::engine::Engine;
use crate::engine::uploads::{FileKind, Opened, State as Standing, UploadError};

use crate::web::desk::told::{Telling, Told};
use crate::web::shell::body::{html, see_other};
use crate::web::shell::detached::detached;
use crate::web::shell::fields::{Fields, LongFields};
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::choices;
use super::fields::{FileField, KindView, Reading};
use super::outcome;
use super::{Bench, Head, Named, kind_label, problem};

#[derive(Template)]
#[template(path = "web/desk/import_map.html")]
struct Page {
    chrome: Chrome,
    head: Head,
    id: String,
    until: String,
    files: Vec<FileField>,
    reading: Reading,
    is_strict: bool,
    kinds: Vec<KindView>,
    /// Each with the id of its field.
    problems: Vec<(String, String)>,
    /// What cannot be said at a field.
    words: Vec<String>,
}

/// What cannot be taken of what was sent, and has no place in what is kept.
#[derive(Debug, Default)]
struct Refused {
    zone: Option<String>,
    words: Vec<String>,
}

impl Bench {
    /// An upload of whoever is here, for the same client or for all.
    pub(super) async fn opened(&self, id: &str) -> Result<Opened, Problem> {
        let engine = &self.site.engine;
        engine.open_upload(id, self.person(), self.organization()).await.map_err(problem)
    }
}

/// The page. Changes nothing.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(named): Path<Named>,
    Query(telling): Query<Telling>,
) -> Result<Response<Body>, Problem> {
    let bench = Bench::open(&site, visitor, &named).await?;
    let opened = bench.opened(&named.upload).await?;
    match opened.state {
        Standing::Open => draw(&bench, opened, &telling, Refused::default(), false).await,
        Standing::Applying => Ok(outcome::applying(&bench)),
        Standing::Applied => Ok(outcome::applied(&bench, &opened)),
    }
}

/// Keeps what was chosen, and shows it again or leads on.
pub(super) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    Path(named): Path<Named>,
    LongFields(fields): LongFields,
) -> Result<Response<Body>, Problem> {
    let bench = Bench::open(&site, visitor, &named).await?;
    bench.check(&fields)?;
    let opened = bench.opened(&named.upload).await?;
    let own = format!("/{}", opened.id);
    if opened.state != Standing::Open {
        return Ok(see_other(&bench.path(&own)));
    }
    if let Some(kind) = FileKind::named(fields.get("last")) {
        let engine = Engine::clone(&bench.site.engine);
        let reused = detached(async move { Ok(engine.reuse_map(opened, kind).await) }).await?;
        return match reused {
            Ok(_) => Ok(bench.done(&own, Told::Mapped)),
            Err(UploadError::Applied) => Ok(see_other(&bench.path(&own))),
            Err(other) => Err(problem(other)),
        };
    }
    keep(&bench, opened, &fields).await
}

async fn keep(bench: &Bench, opened: Opened, fields: &Fields) -> Result<Response<Body>, Problem> {
    let own = format!("/{}", opened.id);
    let mut refused = Refused::default();
    let studies = match opened.studies().await {
        Ok(studies) => studies,
        // In another encoding or with another mark between columns it may be read.
        Err(UploadError::Refused(_)) => Vec::new(),
        Err(other) => return Err(problem(other)),
    };
    let mut arranged = choices::arranged(fields, &studies);
    refused.words = studies
        .iter()
        .flat_map(|study| {
            let chosen = arranged.chosen.get(&study.kind);
            let wrongs = chosen.map(|own| own.wrongs(study.kind, &study.survey, &[]));
            let twice =
                wrongs.into_iter().flatten().filter(|(_, words)| words.contains("same column"));
            twice.map(|(ours, words)| {
                format!("{}: {ours} {words}.", kind_label(study.kind.as_str()))
            })
        })
        .collect();
    if choices::zone(&arranged.time_zone).is_none() {
        let before = opened.map.time_zone.as_ref().and_then(|zone| zone.iana_name());
        let before = before.unwrap_or_default().to_owned();
        refused.zone = Some(std::mem::replace(&mut arranged.time_zone, before));
    }
    let engine = Engine::clone(&bench.site.engine);
    let kept = opened.clone();
    let done = detached(async move { Ok(engine.arrange_upload(kept, &arranged).await) }).await?;
    let opened = match done {
        Ok(opened) => opened,
        Err(UploadError::Applied) => return Ok(see_other(&bench.path(&own))),
        Err(UploadError::Refused(words)) => {
            refused.words.extend(words);
            opened
        }
        Err(other) => return Err(problem(other)),
    };
    let is_next = fields.get("do") == "next";
    let is_refused = refused.zone.is_some() || !refused.words.is_empty();
    if is_refused {
        return draw(bench, opened, &Telling::default(), refused, is_next).await;
    }
    if !is_next {
        return Ok(see_other(&bench.path(&format!("{own}#rows"))));
    }
    let is_whole = opened.is_told()
        && opened.studies().await.is_ok_and(|all| all.iter().all(|study| study.wrongs.is_empty()));
    match is_whole {
        true => Ok(see_other(&bench.path(&format!("{own}/diff")))),
        false => draw(bench, opened, &Telling::default(), refused, true).await,
    }
}

/// The page; with what is missing where somebody wanted to go on.
async fn draw(
    bench: &Bench,
    opened: Opened,
    telling: &Telling,
    refused: Refused,
    is_next: bool,
) -> Result<Response<Body>, Problem> {
    let organization = bench.organization().map(|own| own.id.as_str());
    let last = bench.site.engine.last_maps(organization).await?;
    let mut words: Vec<String> = refused.words.iter().map(|own| clean(own, 400)).collect();
    let studies = match opened.studies().await {
        Ok(studies) => studies,
        Err(UploadError::Refused(own)) => {
            words.extend(own.iter().map(|own| clean(own, 400)));
            Vec::new()
        }
        Err(other) => return Err(problem(other)),
    };
    let mut reading = Reading::of(&opened.map);
    if let Some(typed) = refused.zone {
        reading.refuse_zone(&typed);
    }
    let kinds: Vec<KindView> = studies
        .iter()
        .map(|study| {
            let at = last.get(&study.kind).map(|at| bench.when(*at));
            KindView::of(study, &opened, at, is_next)
        })
        .collect();
    let files: Vec<FileField> = opened
        .files
        .iter()
        .map(|file| FileField::of(file, |kind| bench.takes(kind), is_next))
        .collect();
    let mut problems: Vec<(String, String)> =
        files.iter().filter_map(FileField::complaint).collect();
    problems.extend(reading.complaint());
    problems.extend(kinds.iter().flat_map(KindView::complaints));
    // A page that was only opened says what is wrong, and was not sent in vain.
    let is_vain = is_next || !refused.words.is_empty() || reading.zone_problem.is_some();
    let status = if is_vain { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page {
        chrome: bench.chrome(),
        head: bench.head(telling, false),
        until: bench.when(opened.until),
        files,
        reading,
        is_strict: opened.is_strict,
        kinds,
        problems,
        words,
        id: opened.id,
    };
    Ok(html(status, &page))
}

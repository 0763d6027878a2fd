//! Where an import begins: files to be sent, uploads that wait, and what was imported.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Request, Response, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;

use crate::domain::line::clean;
use crate::engine::Engine;
use crate::engine::uploads::{FileKind, ListedImport, SentFile, UploadError};

use crate::web::desk::labels::Choice;
use crate::web::desk::told::{Telling, Told};
use crate::web::shell::body::{html, see_other};
use crate::web::shell::detached::detached;
use crate::web::shell::fields::Fields;
use crate::web::shell::files;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::{Bench, Head, Named, kind_label, problem};

/// Imports on one page.
const PAGE: usize = 25;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    before: String,
    #[serde(flatten)]
    telling: Telling,
}

#[derive(Template)]
#[template(path = "web/desk/import.html")]
struct Page {
    chrome: Chrome,
    head: Head,
    /// Most megabytes.
    limit: u32,
    kinds: Vec<Choice>,
    /// The columns of each kind; those that must be there first.
    columns: Vec<(String, String, String)>,
    problems: Vec<String>,
    waiting: Vec<WaitingLine>,
    imports: Vec<ImportLine>,
    /// The last import on the page, where there are older ones.
    before: Option<String>,
}

struct WaitingLine {
    id: String,
    files: String,
    until: String,
}

struct ImportLine {
    id: String,
    when: String,
    file: String,
    kind: String,
    rows: String,
    by: String,
    state: String,
    is_voided: bool,
}

/// The page. Changes nothing.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(named): Path<Named>,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Problem> {
    let bench = Bench::open(&site, visitor, &named).await?;
    draw(&bench, StatusCode::OK, &asked, Vec::new()).await
}

/// Takes files, or throws an upload away.
pub(super) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    Path(named): Path<Named>,
    request: Request<Body>,
) -> Result<Response<Body>, Problem> {
    // Whoever may not is told before their files are read.
    let bench = Bench::open(&site, visitor, &named).await?;
    let sent = files::read(&site, request, site.engine.settings.desk.upload_bytes()).await?;
    if sent.is_too_much {
        let most = site.engine.settings.desk.upload_limit;
        let words = format!(
            "That is more than {most} MB, and {most} MB is the most that comes at once. Nothing was kept. Split the \
             file, or import it with the command line."
        );
        return draw(&bench, StatusCode::PAYLOAD_TOO_LARGE, &Asked::default(), vec![words]).await;
    }
    bench.check(&sent.fields)?;
    match sent.fields.get("do") {
        "discard" => discard(&bench, &sent.fields).await,
        _ => {
            let file = |own: files::SentFile| SentFile { name: own.name, bytes: own.bytes };
            take(&bench, &sent.fields, sent.files.into_iter().map(file).collect()).await
        }
    }
}

async fn discard(bench: &Bench, fields: &Fields) -> Result<Response<Body>, Problem> {
    let (engine, person) = (Engine::clone(&bench.site.engine), bench.person().to_owned());
    let id = fields.get("upload").to_owned();
    bench.opened(&id).await?;
    let gone = detached(async move { Ok(engine.discard_upload(&id, &person).await) }).await?;
    gone.map_err(problem)?;
    Ok(bench.done("", Told::Discarded))
}

async fn take(
    bench: &Bench,
    fields: &Fields,
    files: Vec<SentFile>,
) -> Result<Response<Body>, Problem> {
    let engine = Engine::clone(&bench.site.engine);
    let (person, organization) = (bench.person().to_owned(), bench.organization().cloned());
    let kind = FileKind::named(fields.get("kind"));
    let kept = detached(async move {
        Ok(engine.keep_upload(&person, organization.as_ref(), kind, files).await)
    });
    match kept.await? {
        Ok(id) => Ok(see_other(&bench.path(&format!("/{id}")))),
        Err(UploadError::Refused(words)) => {
            let words = words.iter().map(|own| clean(own, 600)).collect();
            draw(bench, StatusCode::UNPROCESSABLE_ENTITY, &Asked::default(), words).await
        }
        Err(other) => Err(problem(other)),
    }
}

async fn draw(
    bench: &Bench,
    status: StatusCode,
    asked: &Asked,
    problems: Vec<String>,
) -> Result<Response<Body>, Problem> {
    let engine = &bench.site.engine;
    let organization = bench.organization().map(|own| own.id.as_str());
    let waiting = engine.waiting_uploads(bench.person(), organization, bench.now).await?;
    let waiting = waiting.into_iter().map(|own| WaitingLine {
        files: clean(&own.files.join(", "), 200),
        until: bench.when(own.until),
        id: own.id,
    });
    // Only an id is asked for: a text with other marks leads to the first page.
    let is_id = asked.before.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let before = if is_id { asked.before.as_str() } else { "" };
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut imports = engine.db.listed_imports(bench.which(), before, limit).await?;
    let has_more = imports.len() > PAGE;
    imports.truncate(PAGE);
    let kinds = FileKind::ALL.iter().copied().filter(|kind| bench.takes(*kind));
    let page = Page {
        chrome: bench.chrome(),
        head: bench.head(&asked.telling, true),
        limit: engine.settings.desk.upload_limit,
        columns: kinds.clone().map(columns).collect(),
        kinds: kinds.map(|kind| Choice::new(kind.as_str(), kind_label(kind.as_str()))).collect(),
        problems,
        waiting: waiting.collect(),
        before: imports.last().filter(|_| has_more).map(|last| last.id.clone()),
        imports: imports.into_iter().map(|own| line(bench, own)).collect(),
    };
    Ok(html(status, &page))
}

/// A kind with its columns.
fn columns(kind: FileKind) -> (String, String, String) {
    let names = |is_needed: bool| {
        let own = kind.columns().iter().filter(|column| column.required == is_needed);
        own.map(|column| column.name).collect::<Vec<_>>().join(", ")
    };
    (kind_label(kind.as_str()), names(true), names(false))
}

fn line(bench: &Bench, own: ListedImport) -> ImportLine {
    let at = |ms| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let seen = Seen::of(bench, &own);
    let rejected = match own.rows_rejected {
        0 => String::new(),
        n => format!(", {n} rejected"),
    };
    ImportLine {
        when: bench.when(at(own.started_at)),
        file: seen.file(&own),
        kind: kind_label(&own.kind),
        rows: match seen {
            Seen::Whole => format!("{} of {} written{rejected}", own.rows_written, own.rows_read),
            Seen::Alone => format!("{} written", own.rows_written),
            Seen::Wider => "of several organizations".to_owned(),
        },
        by: seen.way(&own),
        state: match own.voided_at {
            None => "in force".to_owned(),
            Some(ms) => format!("taken back {}", bench.when(at(ms))),
        },
        is_voided: own.voided_at.is_some(),
        id: own.id,
    }
}

/// How much of an import is told where it is seen from. The operator's files may be about others, and
/// their names and sizes tell of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// All of it: it was uploaded here.
    Whole,
    /// It was not, and wrote about this client alone: what it is called, and what it wrote.
    Alone,
    /// It wrote about others too: that there was one, and of which kind.
    Wider,
}

impl Seen {
    pub(super) fn of(bench: &Bench, own: &ListedImport) -> Self {
        match (own.is_own(bench.which()), own.is_alone) {
            (true, _) => Self::Whole,
            (false, true) => Self::Alone,
            (false, false) => Self::Wider,
        }
    }

    /// What the file is called.
    pub(super) fn file(self, own: &ListedImport) -> String {
        match self {
            Self::Whole => clean(&own.path, 120),
            Self::Alone => clean(own.path.rsplit(['/', '\\', ':']).next().unwrap_or_default(), 120),
            Self::Wider => format!("by {}", self.way(own)),
        }
    }

    /// Who imported it, or which way it came.
    pub(super) fn way(self, own: &ListedImport) -> String {
        match (self, &own.uploader, own.is_upload) {
            (Self::Whole, Some(name), _) if !name.is_empty() => clean(name, 80),
            (Self::Whole, _, true) => "somebody here".to_owned(),
            (_, _, true) => "the operator".to_owned(),
            (_, _, false) if own.path.starts_with("source:") => "a source".to_owned(),
            (_, _, false) => "the command line".to_owned(),
        }
    }
}

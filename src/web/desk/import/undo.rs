//! One import: what taking it back would do, and the button.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use jiff::Timestamp;

use crate::domain::line::clean;
use crate::engine::Engine;
use crate::engine::uploads::{ListedImport, UndoError};
use crate::store::import::Voided;

use crate::web::desk::told::{Telling, Told};
use crate::web::shell::body::html;
use crate::web::shell::detached::detached;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::start::Seen;
use super::{Bench, Head, Named, kind_label};

#[derive(Template)]
#[template(path = "web/desk/import_batch.html")]
struct Page {
    chrome: Chrome,
    head: Head,
    id: String,
    file: String,
    facts: Vec<(&'static str, String)>,
    /// What would go and what would come back; none where it cannot be taken back.
    would: Vec<String>,
    /// Why it cannot be.
    why_not: Option<String>,
}

/// The page. Changes nothing: what would happen is taken back before it is shown.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(named): Path<Named>,
) -> Result<Response<Body>, Problem> {
    let bench = Bench::open(&site, visitor, &named).await?;
    draw(&bench, &named.batch, StatusCode::OK).await
}

/// Takes the import back.
pub(super) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    Path(named): Path<Named>,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    let bench = Bench::open(&site, visitor, &named).await?;
    bench.check(&fields)?;
    let own = (bench.clone(), named.batch.clone(), bench.visitor.actor());
    let done = detached(async move {
        let (bench, batch, actor) = own;
        Ok(bench.site.engine.undo_import(bench.which(), &batch, &actor).await)
    });
    match done.await? {
        Ok(_) => Ok(bench.done("", Told::Undone)),
        Err(UndoError::NotTheirs) => Err(Problem::Forbidden),
        Err(UndoError::Conflict(_)) => draw(&bench, &named.batch, StatusCode::CONFLICT).await,
        Err(other) => Err(problem(other)),
    }
}

fn problem(error: UndoError) -> Problem {
    match error {
        UndoError::Engine(error) => error.into(),
        UndoError::NotFound | UndoError::NotTheirs | UndoError::Conflict(_) => Problem::NotFound,
    }
}

async fn draw(bench: &Bench, batch: &str, status: StatusCode) -> Result<Response<Body>, Problem> {
    let engine = Engine::clone(&bench.site.engine);
    let import = engine.import_of(bench.which(), batch).await.map_err(problem)?;
    let (own, id) = (bench.clone(), batch.to_owned());
    let tried = detached(async move { Ok(engine.try_undo(own.which(), &id).await) }).await?;
    let (would, why_not) = match tried {
        Ok(undo) => (would(&undo.voided), None),
        Err(UndoError::NotTheirs) => (
            Vec::new(),
            Some("Only the operator can take this import back: it came another way, is about more, or holds what only \
                 the operator imports.".to_owned()),
        ),
        Err(UndoError::Conflict(words)) => (Vec::new(), Some(clean(&format!("{words}."), 1_200))),
        Err(other) => return Err(problem(other)),
    };
    let page = Page {
        chrome: bench.chrome(),
        head: bench.head(&Telling::default(), false),
        file: Seen::of(bench, &import).file(&import),
        facts: facts(bench, &import),
        id: import.id,
        would,
        why_not,
    };
    Ok(html(status, &page))
}

/// What goes and what comes back, line by line.
fn would(voided: &Voided) -> Vec<String> {
    let lines = [
        (
            voided.hidden,
            "row that it added goes out of sight",
            "rows that it added go out of sight",
        ),
        (
            voided.events,
            "line of a history goes out of sight",
            "lines of histories go out of sight",
        ),
        (voided.restored, "row becomes again what it was", "rows become again what they were"),
        (
            voided.left,
            "row was changed since, and stays as it is",
            "rows were changed since, and stay as they are",
        ),
        (
            voided.by_hand,
            "row made by hand goes out of sight with them",
            "rows made by hand go out of sight with them",
        ),
    ];
    let said = lines.iter().filter(|(n, ..)| *n > 0);
    let said = said.map(|(n, one, many)| format!("{n} {}", if *n == 1 { one } else { many }));
    let said: Vec<String> = said.collect();
    if said.is_empty() { vec!["Nothing: it wrote no row.".to_owned()] } else { said }
}

fn facts(bench: &Bench, import: &ListedImport) -> Vec<(&'static str, String)> {
    let at = |ms| bench.when(Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH));
    let seen = Seen::of(bench, import);
    let mut facts = vec![
        ("Imported", at(import.started_at)),
        ("By", seen.way(import)),
        ("Holds", kind_label(&import.kind)),
    ];
    if seen == Seen::Whole {
        facts.push(("Rows", import.rows_read.to_string()));
    }
    if seen != Seen::Wider {
        facts.push(("Written", import.rows_written.to_string()));
    }
    if seen == Seen::Whole {
        facts.push(("Rejected", import.rows_rejected.to_string()));
    }
    if let Some(ms) = import.voided_at {
        facts.push(("Taken back", at(ms)));
        let why = import.voided_why.as_deref().filter(|_| seen != Seen::Wider);
        facts.extend(why.map(|why| ("Why", clean(why, 200))));
    }
    facts
}

//! What came of an import, or would come of it, as a page tells it.

use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode};

use crate::domain::line::clean;
use crate::engine::uploads::{FileOutcome, Opened, Outcome, RowChange};

use crate::web::desk::told::Telling;
use crate::web::shell::body::html;
use crate::web::shell::pages::{Chrome, Link, Words, words};

use super::{Bench, Head, kind_label};

/// Most changes on one page.
const CHANGES: usize = 200;
/// Most rejected rows on one page.
const REJECTS: usize = 100;
/// Most values of one row, and the longest of them in characters.
const VALUES: usize = 8;
const VALUE: usize = 60;

/// Each kind of each file.
pub(super) struct FileView {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) batch: Option<String>,
    /// Figures with their names.
    pub(super) facts: Vec<(&'static str, u64)>,
    pub(super) refused: Option<String>,
    pub(super) changes: Vec<ChangeView>,
    /// Changes that are not shown.
    pub(super) more: u64,
    pub(super) rejects: Vec<(u64, String, String)>,
    /// Rejected rows that are not shown.
    pub(super) more_rejects: u64,
    pub(super) disagreements: Vec<String>,
}

/// One row that is new or changed.
pub(super) struct ChangeView {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) is_new: bool,
    /// What, before, after.
    pub(super) values: Vec<(String, String, String)>,
    pub(super) more: usize,
}

#[derive(Template)]
#[template(path = "web/desk/import_result.html")]
struct Page {
    chrome: Chrome,
    head: Head,
    id: String,
    files: Vec<FileView>,
    not_tried: Vec<String>,
    is_other: bool,
    has_rejects: bool,
    written: u64,
}

/// The files of an outcome, as far as a page holds them.
pub(super) fn views(outcome: &Outcome) -> Vec<FileView> {
    let (mut changes, mut rejects) = (CHANGES, REJECTS);
    outcome
        .files
        .iter()
        .map(|file| {
            let view = view(file, changes, rejects);
            changes = changes.saturating_sub(view.changes.len());
            rejects = rejects.saturating_sub(view.rejects.len());
            view
        })
        .collect()
}

fn view(file: &FileOutcome, most: usize, most_rejects: usize) -> FileView {
    let changes: Vec<ChangeView> = file.changes.iter().take(most).map(change).collect();
    let rejects = file.rejects.iter().take(most_rejects);
    let rejects: Vec<_> =
        rejects.map(|row| (row.line, clean(&row.column, 60), clean(&row.reason, 300))).collect();
    let facts = [
        ("Rows", file.read),
        ("New", file.added),
        ("Changed", file.changed),
        ("Unchanged", file.unchanged),
        ("Left out", file.skipped),
        ("Rejected", file.rejected),
    ];
    FileView {
        name: clean(&file.name, 120),
        kind: kind_label(&file.kind),
        batch: file.batch.clone(),
        facts: facts.into_iter().filter(|(what, n)| *n > 0 || *what != "Left out").collect(),
        refused: file.refused.as_deref().map(|why| clean(why, 400)),
        more: (file.added + file.changed).saturating_sub(changes.len() as u64),
        changes,
        more_rejects: file.rejected.saturating_sub(rejects.len() as u64),
        rejects,
        disagreements: file.disagreements.iter().map(|own| clean(own, 300)).collect(),
    }
}

fn change(own: &RowChange) -> ChangeView {
    let word = |value: &Option<String>| {
        let value = clean(value.as_deref().unwrap_or_default(), VALUE);
        if value.is_empty() { "nothing".to_owned() } else { value }
    };
    let values = own.values.iter().take(VALUES);
    let values = values.map(|v| (v.what.replace('_', " "), word(&v.from), word(&v.to)));
    ChangeView {
        name: clean(&own.name, 80),
        title: clean(&own.title, 120),
        is_new: own.is_new,
        values: values.collect(),
        more: own.values.len().saturating_sub(VALUES),
    }
}

/// What came of an upload that was applied.
pub(super) fn applied(bench: &Bench, opened: &Opened) -> Response<Body> {
    let Some(outcome) = &opened.outcome else { return applying(bench) };
    let page = Page {
        chrome: bench.chrome(),
        head: bench.head(&Telling::default(), false),
        id: opened.id.clone(),
        files: views(outcome),
        not_tried: outcome.not_tried.iter().map(|own| clean(own, 120)).collect(),
        is_other: outcome.is_other,
        has_rejects: outcome.rejected() > 0,
        written: outcome.written(),
    };
    html(StatusCode::OK, &page)
}

/// While it is written.
pub(super) fn applying(bench: &Bench) -> Response<Body> {
    let mut page = Words::new(
        "It is being written",
        &[
            "Load this page again in a moment. It is written once, however often the button was pressed.",
        ],
    );
    page.links.push(Link { label: "Back to the imports", href: bench.path("") });
    words(&bench.site, StatusCode::OK, &page)
}

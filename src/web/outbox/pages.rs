//! The pages: what the templates are given.

use std::path::Path;

use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use jiff::Timestamp;

use super::folder::{MailName, ReadError};
use super::mail::{self, Parts};
use super::respond;

/// The style sheet of every page.
pub const STYLE: &str = include_str!("../../../templates/web/outbox/style.css");
/// Mails on one page of the list.
pub const PER_PAGE: usize = 50;

/// How one mail is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// 375 pixels wide, light and dark.
    Phone,
    /// 640 pixels wide, light and dark.
    Desktop,
    /// The plain part.
    Text,
    /// The file.
    Source,
}

impl View {
    /// Reads the word in a URL; anything else is the phone, where most mail is read.
    #[must_use]
    pub fn parse(text: Option<&str>) -> Self {
        match text {
            Some("desktop") => Self::Desktop,
            Some("text") => Self::Text,
            Some("source") => Self::Source,
            _ => Self::Phone,
        }
    }

    /// Width of a frame in pixels.
    const fn width(self) -> u32 {
        match self {
            Self::Desktop => 640,
            _ => 375,
        }
    }
}

/// One page of the list.
#[derive(Debug)]
pub struct Window {
    /// Its mails.
    pub names: Vec<MailName>,
    /// Mails in the whole outbox.
    pub total: usize,
    /// This page, from 1.
    pub page: usize,
    /// The last page, at least 1.
    pub pages: usize,
}

/// The mails of a page; one beyond the end shows the last.
#[must_use]
pub fn window(names: &[MailName], page: usize) -> Window {
    let pages = names.len().div_ceil(PER_PAGE).max(1);
    let page = page.clamp(1, pages);
    let from = (page - 1) * PER_PAGE;
    let shown = names.iter().skip(from).take(PER_PAGE).cloned().collect();
    Window { names: shown, total: names.len(), page, pages }
}

/// The mails before and after one in the list.
#[derive(Debug, Default)]
pub struct Neighbours {
    newer: Option<String>,
    older: Option<String>,
    page: usize,
}

/// Finds what stands beside a mail, and the page of the list that it is on.
#[must_use]
pub fn neighbours(names: &[MailName], name: &MailName) -> Neighbours {
    let Some(at) = names.iter().position(|n| n == name) else {
        return Neighbours::default();
    };
    let owned = |n: &MailName| n.as_str().to_owned();
    Neighbours {
        newer: at.checked_sub(1).and_then(|i| names.get(i)).map(owned),
        older: names.get(at + 1).map(owned),
        page: at / PER_PAGE + 1,
    }
}

struct Row {
    name: String,
    to: String,
    subject: String,
    kind: String,
    time: String,
    instant: String,
    size: String,
    broken: bool,
}

#[derive(Template)]
#[template(path = "web/outbox/list.html")]
struct ListPage<'a> {
    window: &'a Window,
    rows: Vec<Row>,
    /// Whether any of the rows says its kind; a column of blanks is left out.
    has_kinds: bool,
    folder: String,
}

/// The list.
pub fn list(
    window: &Window,
    mails: Vec<(MailName, Result<Parts, ReadError>)>,
    folder: &Path,
) -> Response<Body> {
    let rows: Vec<Row> = mails.into_iter().map(|(name, parts)| row(&name, parts)).collect();
    render(&ListPage {
        window,
        has_kinds: rows.iter().any(|row| !row.kind.is_empty()),
        rows,
        folder: folder.display().to_string(),
    })
}

fn row(name: &MailName, parts: Result<Parts, ReadError>) -> Row {
    let (parts, problem) = match parts {
        Ok(parts) => (parts, None),
        Err(error) => (Parts::default(), Some(error.to_string())),
    };
    let head = parts.envelope;
    let subject = match (problem, head.subject) {
        (Some(problem), _) => problem,
        (None, Some(subject)) if !subject.trim().is_empty() => subject,
        (None, _) if parts.readable => "(no subject)".to_owned(),
        (None, _) => format!("{}.eml cannot be read as a mail", name.as_str()),
    };
    Row {
        name: name.as_str().to_owned(),
        to: head.to,
        subject,
        kind: head.kind,
        time: head.date.map(shown_time).unwrap_or_default(),
        instant: head.date.map(|at| at.to_string()).unwrap_or_default(),
        size: shown_size(head.size),
        broken: !parts.readable,
    }
}

#[derive(Template)]
#[template(path = "web/outbox/mail.html")]
struct MailPage<'a> {
    name: &'a str,
    row: Row,
    from: String,
    reply_to: String,
    message_id: String,
    beside: &'a Neighbours,
    view: View,
    has_html: bool,
    text: Option<String>,
    source: String,
    cut: bool,
}

/// One mail.
pub fn mail(name: &MailName, bytes: &[u8], beside: &Neighbours, view: View) -> Response<Body> {
    let parts = mail::parts(bytes);
    let (source, cut) = match view {
        View::Source => mail::source(bytes),
        _ => (String::new(), false),
    };
    let head = parts.envelope.clone();
    let (has_html, text) = (parts.html.is_some(), parts.text.clone());
    let page = MailPage {
        name: name.as_str(),
        row: row(name, Ok(parts)),
        from: head.from,
        reply_to: head.reply_to,
        message_id: head.message_id,
        beside,
        view,
        has_html,
        text,
        source,
        cut,
    };
    render(&page)
}

#[derive(Template)]
#[template(path = "web/outbox/problem.html")]
struct ProblemPage<'a> {
    sentence: &'a str,
}

/// A page that says what went wrong.
pub fn problem(status: StatusCode, sentence: &str) -> Response<Body> {
    match (ProblemPage { sentence }).render() {
        Ok(html) => respond::page(status, html),
        Err(_) => respond::page(status, String::new()),
    }
}

fn render(page: &impl Template) -> Response<Body> {
    match page.render() {
        Ok(html) => respond::page(StatusCode::OK, html),
        Err(error) => problem(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

/// "Mon 23 Nov 2026, 12:00 UTC".
fn shown_time(at: Timestamp) -> String {
    at.strftime("%a %-d %b %Y, %H:%M UTC").to_string()
}

/// Whole kilobytes, at least one.
fn shown_size(bytes: usize) -> String {
    format!("{} kB", bytes.div_ceil(1000).max(1))
}

//! The page of one question.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};

use crate::domain::answer::{AnswerKind, WORDS_MAX};
use crate::domain::money;
use crate::engine::answers::{AnswerError, Closed, Given, Question};
use crate::secrets::{Purpose, Subject};

use crate::web::shell::body::html;
use crate::web::shell::detached::detached;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::{Chrome, Link, Words, words as page_of};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

use super::words;

const OVER: &str =
    "An answer is taken for some weeks. Use the link in a newer mail, or reply to one.";

/// What a link's path holds.
type Parts = (String, String, String);

#[derive(Template)]
#[template(path = "web/answers/question.html")]
struct Page<'a> {
    chrome: Chrome,
    question: &'a Question,
    heading: String,
    cost: Option<String>,
    stands: &'static str,
    notice: Option<String>,
    problem: Option<&'a str>,
    label: Option<&'static str>,
    hint: String,
    typed: &'a str,
    most: usize,
    button: &'static str,
    action: String,
    mark: String,
    others: Vec<Link>,
    numbers: Vec<(String, String)>,
}

/// A link that lost its end.
pub(super) async fn torn(State(site): State<Site>, Path(token): Path<String>) -> Problem {
    site.read(Purpose::Answer, &token, OVER).err().unwrap_or(Problem::Link)
}

/// The same, a little further on.
pub(super) async fn torn_at(
    State(site): State<Site>,
    Path((token, _)): Path<(String, String)>,
) -> Problem {
    torn(State(site), Path(token)).await
}

/// What is asked. Changes nothing.
pub(super) async fn ask(
    State(site): State<Site>,
    Path(parts): Path<Parts>,
) -> Result<Response<Body>, Problem> {
    let (delivery, kind) = read(&site, &parts)?;
    match site.engine.question(delivery, kind, &parts.2).await {
        Ok(question) if question.is_settled() => Ok(settled(&site, &parts.0, &question)),
        Ok(question) => {
            let typed = question.before().map(|said| said.text.clone()).unwrap_or_default();
            Ok(form(&site, &parts.0, &question, &typed, None))
        }
        Err(error) => refused(&site, error),
    }
}

/// Takes the answer. Said twice it counts once.
pub(super) async fn act(
    State(site): State<Site>,
    Path(parts): Path<Parts>,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    let (delivery, kind) = read(&site, &parts)?;
    let (token, _, gap) = parts;
    if !site.keys.is_form_mark(&token, fields.get("mark")) {
        return Err(Problem::Form);
    }
    let typed = fields.get("text").to_owned();
    let (engine, about, said) = (site.engine.clone(), gap.clone(), typed.clone());
    let given = detached(async move { Ok(engine.answer(delivery, kind, &about, &said).await) });
    match given.await? {
        Ok(Given { question, is_new: false }) if question.is_settled() => {
            Ok(settled(&site, &token, &question))
        }
        Ok(given) => Ok(noted(&site, &token, &given)),
        Err(AnswerError::Words(problem)) => {
            match site.engine.question(delivery, kind, &gap).await {
                Ok(question) => Ok(form(&site, &token, &question, &typed, Some(&problem))),
                Err(error) => refused(&site, error),
            }
        }
        Err(error) => refused(&site, error),
    }
}

/// Which mail a link came with, and what it asks.
fn read(site: &Site, (token, kind, _): &Parts) -> Result<(Subject, AnswerKind), Problem> {
    let delivery = site.read(Purpose::Answer, token, OVER)?;
    let kind = AnswerKind::of_link(kind).ok_or(Problem::Link)?;
    Ok((delivery, kind))
}

/// The path of a question about a gap.
fn path(site: &Site, token: &str, kind: AnswerKind, gap: &str) -> Option<String> {
    kind.path(gap).map(|rest| site.path(&format!("/a/{token}{rest}")))
}

/// The other answers for the same gap.
fn others(site: &Site, token: &str, question: &Question) -> Vec<Link> {
    let kinds = AnswerKind::ALL.iter().filter(|kind| **kind != question.kind);
    let asked = kinds.filter(|kind| kind.is_asked_of(question.status));
    let link = |kind: &AnswerKind| {
        let href = path(site, token, *kind, &question.gap)?;
        Some(Link { label: words::instead(*kind), href })
    };
    asked.filter_map(link).collect()
}

fn form(
    site: &Site,
    token: &str,
    question: &Question,
    typed: &str,
    problem: Option<&str>,
) -> Response<Body> {
    let before = question.before();
    let print = |minor| money::printed(minor, &question.currency);
    let number = |own: &crate::engine::answers::Number| {
        let href = path(site, token, AnswerKind::Correct, &own.gap)?;
        Some((href, format!("{}, {}", own.called, print(own.likely_per_week))))
    };
    let page = Page {
        chrome: Chrome::of(site).under(question.brand.as_deref()),
        heading: words::heading(question),
        cost: question.likely_per_week.map(|minor| format!("about {} a week", print(minor))),
        stands: words::stands(question.status),
        notice: before.map(words::said_before),
        problem,
        label: words::label(question),
        hint: words::what_happens(question),
        typed,
        most: WORDS_MAX,
        button: words::button(question.kind, before.is_some()),
        action: path(site, token, question.kind, &question.gap).unwrap_or_default(),
        mark: site.keys.form_mark(token),
        others: others(site, token, question),
        numbers: question.numbers.iter().filter_map(number).collect(),
        question,
    };
    let is_refused = problem.is_some();
    html(if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
}

/// What an answer came to.
fn noted(site: &Site, token: &str, given: &Given) -> Response<Body> {
    let question = &given.question;
    let (heading, sentence) = words::noted(question);
    let mut page = Words::new(heading, &[&sentence]);
    if !given.is_new {
        page.paragraphs.insert(0, "You said so already, and it counts once.".to_owned());
    }
    if question.kind != AnswerKind::Done
        && let Some(href) = path(site, token, question.kind, &question.gap)
    {
        page.links.push(Link { label: "Change what I said", href });
    }
    page.links.extend(others(site, token, question));
    page_of(site, StatusCode::OK, &page)
}

/// That it was said to be done already.
fn settled(site: &Site, token: &str, question: &Question) -> Response<Body> {
    let (heading, sentence) = words::settled(question);
    let mut page = Words::new(heading, &[&sentence]);
    page.links.extend(others(site, token, question));
    page_of(site, StatusCode::OK, &page)
}

/// Why nothing is asked.
fn refused(site: &Site, error: AnswerError) -> Result<Response<Body>, Problem> {
    let closed = match error {
        AnswerError::Closed(closed) => closed,
        AnswerError::Engine(error) => return Err(error.into()),
        AnswerError::Words(said) => {
            let page = Words::new("This was not taken", &[&said, "Reply to the mail instead."]);
            return Ok(page_of(site, StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    let status = match closed {
        Closed::NotInMail => return Err(Problem::Link),
        Closed::Reader | Closed::NotTheirs { .. } => StatusCode::FORBIDDEN,
        Closed::Gone | Closed::Forgotten | Closed::Ended | Closed::Over { .. } => StatusCode::GONE,
    };
    let (heading, sentence) = words::closed(&closed);
    Ok(page_of(site, status, &Words::new(heading, &[&sentence])))
}

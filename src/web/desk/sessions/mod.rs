//! `/desk/c/{slug}/sessions`: sessions with a client, and what was promised in them. Times of day are
//! those of the client's zone.

mod forms;
mod one;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::Response;
use jiff::Timestamp;
use serde::Deserialize;

use crate::domain::brief::numbers::{full_date, weekday};
use crate::domain::line::clean;
use crate::domain::register::ask::{PromiseChange, SessionChange};
use crate::engine::register::SessionView;
use crate::store::consultants::{Link, of_client};

use crate::web::shell::body::html;
use crate::web::shell::fields::LongFields;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::form::Form;
use super::labels::Choice;
use super::told::{Telling, Told};
use super::workplace::{Frame, Outcome, Workplace};
use forms::PromiseFields;

pub(super) use one::{save, show as show_one};

/// Sessions on one page.
const PAGE: usize = 10;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    page: String,
    #[serde(flatten)]
    telling: Telling,
}

/// A session in a list.
#[derive(Debug, Clone)]
pub(super) struct SessionLine {
    pub(super) id: String,
    /// "Thursday 26 November 2026, 10:00".
    pub(super) when: String,
    pub(super) consultant: String,
    /// "2 of 3 promises kept".
    pub(super) promises: String,
    pub(super) notes: String,
    pub(super) is_ahead: bool,
    pub(super) each: Vec<PromiseLine>,
}

/// A promise in a list.
#[derive(Debug, Clone)]
pub(super) struct PromiseLine {
    pub(super) id: String,
    pub(super) words: String,
    pub(super) is_done: bool,
    pub(super) is_late: bool,
}

#[derive(Template)]
#[template(path = "web/desk/sessions.html")]
struct Page {
    chrome: Chrome,
    frame: Frame,
    zone: String,
    lines: Vec<SessionLine>,
    before: Option<usize>,
    after: Option<usize>,
    form: Form,
    promises: Vec<PromiseFields>,
    /// Whose session it may be, where that is not plain.
    consultants: Vec<Choice>,
}

/// The page. Changes nothing.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    draw(&place, &asked, Form::holding("session", [])).await
}

/// Adds a session, or marks a promise as kept or not.
pub(super) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    LongFields(fields): LongFields,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    place.check(&fields)?;
    match fields.get("do") {
        "add" => add(&place, Form::sent("session", &fields)).await,
        "kept" | "open" => {
            let promise = PromiseChange {
                id: Some(fields.get("promise").to_owned()),
                is_done: Some(fields.get("do") == "kept"),
                ..PromiseChange::default()
            };
            let change = SessionChange { promises: vec![promise], ..SessionChange::default() };
            let session = fields.get("session").to_owned();
            let written = place.write(move |engine, organization, actor| async move {
                engine.change_session(&organization, &session, &change, &actor).await
            });
            match written.await? {
                Outcome::Done(_) => Ok(place.done("/sessions", Told::Saved)),
                Outcome::Refused(_) | Outcome::Conflict(_) => Err(Problem::NotFound),
            }
        }
        _ => Err(Problem::Form),
    }
}

async fn add(place: &Workplace, mut form: Form) -> Result<Response<Body>, Problem> {
    let (new, places) = forms::new_session(&mut form);
    let Some(new) = new.filter(|_| !form.has_problems()) else {
        return draw(place, &Asked::default(), form).await;
    };
    let written = place.write(move |engine, organization, actor| async move {
        engine.add_session(&organization, &new, &actor).await
    });
    match written.await? {
        Outcome::Done(_) => return Ok(place.done("/sessions", Told::Added)),
        Outcome::Refused(refusals) => {
            form.take_lists(&refusals, &places);
            form.say_at("starts_at", "day");
        }
        Outcome::Conflict(words) => form.refuse("day", &words),
    }
    draw(place, &Asked::default(), form).await
}

async fn draw(place: &Workplace, asked: &Asked, form: Form) -> Result<Response<Body>, Problem> {
    let status = form.status(false);
    let all = place.site.engine.sessions(place.id()).await?;
    let pages = all.len().div_ceil(PAGE).max(1);
    let page = asked.page.parse().unwrap_or(1_usize).clamp(1, pages);
    let shown = all.iter().skip((page - 1) * PAGE).take(PAGE);
    let mut form = form;
    let consultants = consultants(place, &mut form).await?;
    let page = Page {
        chrome: place.chrome(),
        consultants,
        frame: place.frame("sessions", &asked.telling),
        zone: place.organization.time_zone.clone(),
        lines: shown.map(|session| line(session, place, 4_000)).collect(),
        before: page.checked_sub(1).filter(|before| *before > 0),
        after: (page < pages).then_some(page + 1),
        form,
        promises: forms::promise_fields(&[]),
    };
    Ok(html(status, &page))
}

/// The client's consultants, where the visitor is not the only one. Theirs is chosen first.
async fn consultants(place: &Workplace, form: &mut Form) -> Result<Vec<Choice>, Problem> {
    let all = of_client(&place.site.engine.db, place.id(), place.now).await?;
    let own = place.visitor.standing.email.as_str();
    let choice = |link: Link| {
        let email = link.email?;
        Some(Choice::new(
            email.clone(),
            clean(if link.name.is_empty() { &email } else { &link.name }, 80),
        ))
    };
    let choices: Vec<Choice> = all.into_iter().filter_map(choice).collect();
    let is_own = |choice: &Choice| choice.value.eq_ignore_ascii_case(own);
    if form.value("consultant").is_empty()
        && let Some(chosen) = choices.iter().find(|choice| is_own(choice)).or(choices.first())
    {
        form.set("consultant", chosen.value.as_str());
    }
    Ok(if choices.len() == 1 && is_own(&choices[0]) { Vec::new() } else { choices })
}

/// The sessions that come next and the last one that was, for the client's page.
pub(super) async fn nearest(place: &Workplace) -> Result<Vec<SessionLine>, Problem> {
    let all = place.site.engine.sessions(place.id()).await?;
    let (ahead, past): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|session| session.starts_at > place.now);
    let next = ahead.into_iter().min_by_key(|session| session.starts_at);
    let last = past.into_iter().max_by_key(|session| session.starts_at);
    Ok(next.iter().chain(&last).map(|session| line(session, place, 280)).collect())
}

fn line(session: &SessionView, place: &Workplace, notes: usize) -> SessionLine {
    let kept = session.promises.iter().filter(|promise| promise.is_done).count();
    let promises = match (session.promises.len(), kept) {
        (0, _) => String::new(),
        (1, 0) => "1 promise, open".to_owned(),
        (1, _) => "1 promise, kept".to_owned(),
        (all, kept) => format!("{kept} of {all} promises kept"),
    };
    let each = session.promises.iter().map(|promise| {
        let owner = clean(&promise.owner, 80);
        let owner = if owner.is_empty() { owner } else { format!(" ({owner})") };
        let due = promise.due_on.map_or(String::new(), |day| format!(", due {}", full_date(day)));
        PromiseLine {
            id: promise.id.clone(),
            words: format!("{}{owner}{due}", clean(&promise.text, 500)),
            is_done: promise.is_done,
            is_late: !promise.is_done && promise.due_on.is_some_and(|day| day < place.today),
        }
    });
    let cut: String = session.notes.chars().take(notes).collect();
    let is_whole = cut.len() == session.notes.len();
    SessionLine {
        id: session.id.clone(),
        when: when(session.starts_at, place),
        consultant: clean(&session.consultant, 80),
        promises,
        notes: if is_whole { cut } else { format!("{} ...", cut.trim_end()) },
        is_ahead: session.starts_at > place.now,
        each: each.collect(),
    }
}

/// "Thursday 26 November 2026, 10:00", at the client.
fn when(at: Timestamp, place: &Workplace) -> String {
    let local = place.zone.to_datetime(at);
    let day = format!("{} {}", weekday(local.weekday()), full_date(local.date()));
    format!("{day}, {:02}:{:02}", local.hour(), local.minute())
}

//! `/desk/c/{slug}/review/{edition}`: one edition. What waits is read, noted, approved or left out here;
//! what left is read as it was sent, stopped as far as it has not left, and corrected.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};

use crate::domain::review::reason;
use crate::engine::EngineError;
use crate::engine::review::Decision;
use crate::store::editions::Review;

use crate::web::desk::form::Form;
use crate::web::desk::told::{Telling, Told};
use crate::web::desk::workplace::{Frame, Outcome, Workplace, part};
use crate::web::shell::body::html;
use crate::web::shell::detached::detached;
use crate::web::shell::fields::{Fields, LongFields};
use crate::web::shell::letter::with_frames;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::correct::{self, Tried};
use super::draft::{Draft, Sent};
use super::past::Past;

#[derive(Template)]
#[template(path = "web/desk/review_one.html")]
struct Page {
    chrome: Chrome,
    frame: Frame,
    draft: Option<Draft>,
    past: Option<Past>,
}

/// The page. Changes nothing.
pub(in crate::web::desk) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path((slug, edition)): Path<(String, String)>,
    Query(telling): Query<Telling>,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    let review = find(&place, &edition).await?;
    draw(&place, &review, &telling, Sent::default(), Form::holding("correct", []), None).await
}

/// Does what one of its forms asks for.
pub(in crate::web::desk) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    Path((slug, edition)): Path<(String, String)>,
    LongFields(fields): LongFields,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    place.check(&fields)?;
    let review = find(&place, &edition).await?;
    match fields.get("do") {
        "note" => note(&place, &review, &fields).await,
        "approve" => decide(&place, &review, &fields, Decision::Approve).await,
        "skip" => skip(&place, &review, &fields).await,
        "stop" => stop(&place, &review, &fields).await,
        "try" | "correct" => correction(&place, &review, &fields).await,
        _ => Err(Problem::Form),
    }
}

/// An edition of the client, by its row id.
pub(super) async fn find(place: &Workplace, id: &str) -> Result<Review, Problem> {
    if id.contains('\0') {
        return Err(Problem::NotFound);
    }
    let found = place.site.engine.db.review(id).await?;
    found.filter(|review| review.scope_id == place.id()).ok_or(Problem::NotFound)
}

/// The version of the page that a form is of.
fn version(fields: &Fields) -> Option<String> {
    Some(fields.get("version").to_owned())
}

async fn note(
    place: &Workplace,
    review: &Review,
    fields: &Fields,
) -> Result<Response<Body>, Problem> {
    let form = Form::sent("note", fields);
    let (id, text, expected) = (review.id.clone(), form.value("note").to_owned(), version(fields));
    let told = if text.is_empty() { Told::NoteGone } else { Told::NoteSet };
    let written = place.write(move |engine, _, actor| async move {
        engine.add_note(&id, &text, &actor, expected.as_deref()).await
    });
    let sent = Sent { note: Some(form), ..Sent::default() };
    settle(place, review, written.await?, told, sent).await
}

async fn skip(
    place: &Workplace,
    review: &Review,
    fields: &Fields,
) -> Result<Response<Body>, Problem> {
    let why = fields.get("reason").to_owned();
    if reason(&why) == Ok(None) {
        let mut form = Form::sent("skip", fields);
        form.refuse("reason", "is missing; the proof of the week says why");
        let sent = Sent { skip: Some(form), ..Sent::default() };
        return redraw(place, review, sent).await;
    }
    decide(place, review, fields, Decision::Skip(Some(why))).await
}

async fn decide(
    place: &Workplace,
    review: &Review,
    fields: &Fields,
    decision: Decision,
) -> Result<Response<Body>, Problem> {
    let (told, sent) = match decision {
        Decision::Approve => (Told::Approved, Sent::default()),
        Decision::Skip(_) => {
            (Told::LeftOut, Sent { skip: Some(Form::sent("skip", fields)), ..Sent::default() })
        }
    };
    let (id, expected) = (review.id.clone(), version(fields));
    let written = place.write(move |engine, _, actor| async move {
        engine.decide(&id, &decision, &actor, expected.as_deref()).await
    });
    settle(place, review, written.await?, told, sent).await
}

/// Stops what of an edition has not left.
async fn stop(
    place: &Workplace,
    review: &Review,
    fields: &Fields,
) -> Result<Response<Body>, Problem> {
    let mut form = Form::sent("stop", fields);
    let why = match reason(form.value("reason")) {
        Ok(Some(why)) => why,
        Ok(None) => {
            form.refuse("reason", "is missing; the proof of the week says why");
            return redraw(place, review, Sent { stop: Some(form), ..Sent::default() }).await;
        }
        Err(problem) => {
            form.refuse("reason", &problem);
            return redraw(place, review, Sent { stop: Some(form), ..Sent::default() }).await;
        }
    };
    let (engine, actor, id) = (place.site.engine.clone(), place.visitor.actor(), review.id.clone());
    let stopped = detached(async move { Ok(engine.cancel(&id, &actor, &why).await) });
    match stopped.await? {
        Ok(_) => Ok(place.done(&format!("/review/{}", part(&review.id)), Told::Stopped)),
        Err(EngineError::Refused(_)) => {
            let conflict = Some("There is nothing of it to stop any more.".to_owned());
            let review = find(place, &review.id).await?;
            redraw(place, &review, Sent { conflict, ..Sent::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Leads on, or shows the edition again as it stands by now.
async fn settle(
    place: &Workplace,
    review: &Review,
    outcome: Outcome,
    told: Told,
    mut sent: Sent,
) -> Result<Response<Body>, Problem> {
    match outcome {
        Outcome::Done(written) => {
            let told = if written.is_changed { told } else { Told::Same };
            return Ok(place.done(&format!("/review/{}", part(&review.id)), told));
        }
        Outcome::Refused(refusals) => {
            for form in [&mut sent.note, &mut sent.skip].into_iter().flatten() {
                form.take(&refusals);
            }
        }
        Outcome::Conflict(words) => {
            let now = find(place, &review.id).await?;
            sent.conflict = Some(match now.is_open() {
                true => words,
                false => "It does not wait any more: what became of it is below.".to_owned(),
            });
        }
    }
    let review = find(place, &review.id).await?;
    redraw(place, &review, sent).await
}

async fn redraw(place: &Workplace, review: &Review, sent: Sent) -> Result<Response<Body>, Problem> {
    draw(place, review, &Telling::default(), sent, Form::holding("correct", []), None).await
}

/// Shows a correction as its readers would get it, or sends it.
async fn correction(
    place: &Workplace,
    review: &Review,
    fields: &Fields,
) -> Result<Response<Body>, Problem> {
    let mut form = Form::sent("correct", fields);
    let mut tried = None;
    if fields.get("do") == "try" {
        tried = correct::tried(place, review, &mut form).await?;
    } else if correct::send(place, review, &mut form).await? {
        return Ok(place.done(&format!("/review/{}", part(&review.id)), Told::Corrected));
    }
    let review = find(place, &review.id).await?;
    draw(place, &review, &Telling::default(), Sent::default(), form, tried).await
}

async fn draw(
    place: &Workplace,
    review: &Review,
    telling: &Telling,
    sent: Sent,
    form: Form,
    tried: Option<Tried>,
) -> Result<Response<Body>, Problem> {
    let refused = |form: &Option<Form>| form.as_ref().is_some_and(Form::has_problems);
    let status = match &sent {
        Sent { conflict: Some(_), .. } => StatusCode::CONFLICT,
        Sent { note, skip, stop, .. } if refused(note) || refused(skip) || refused(stop) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        _ => form.status(false),
    };
    let mut page =
        Page { chrome: place.chrome(), frame: place.frame("", telling), draft: None, past: None };
    if review.is_open() {
        page.draft = Some(Draft::of(place, review, sent).await?);
    } else {
        let stop = sent.stop.unwrap_or_else(|| Form::holding("stop", []));
        let mut past = Past::of(place, review, stop, (form, tried)).await?;
        past.conflict = sent.conflict;
        page.past = Some(past);
    }
    Ok(with_frames(html(status, &page)))
}

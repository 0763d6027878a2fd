//! `/desk/c/{slug}/sessions/{id}`: one session, to be written down.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::Response;

use crate::engine::register::SessionView;

use crate::web::desk::form::Form;
use crate::web::desk::told::{Telling, Told};
use crate::web::desk::workplace::{Frame, Outcome, Workplace, part};
use crate::web::shell::body::html;
use crate::web::shell::fields::LongFields;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::forms::{self, PromiseFields};
use super::when;

#[derive(Template)]
#[template(path = "web/desk/session.html")]
struct Page {
    chrome: Chrome,
    frame: Frame,
    id: String,
    when: String,
    zone: String,
    conflict: Option<String>,
    form: Form,
    promises: Vec<PromiseFields>,
}

/// The page. Changes nothing.
pub(in crate::web::desk) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, String)>,
    Query(telling): Query<Telling>,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    let session = find(&place, &id).await?;
    let form = forms::standing(&session, &place);
    Ok(draw(&place, &session, &telling, form, None))
}

/// Saves it.
pub(in crate::web::desk) async fn save(
    State(site): State<Site>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, String)>,
    LongFields(fields): LongFields,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    place.check(&fields)?;
    let session = find(&place, &id).await?;
    let mut form = Form::sent("session", &fields);
    let (change, places) = forms::change(&mut form);
    let telling = Telling::default();
    if form.has_problems() {
        return Ok(draw(&place, &session, &telling, form, None));
    }
    let written = place.write(move |engine, organization, actor| async move {
        engine.change_session(&organization, &id, &change, &actor).await
    });
    match written.await? {
        Outcome::Done(written) => {
            let told = if written.is_changed { Told::Saved } else { Told::Same };
            Ok(place.done(&format!("/sessions/{}", part(&session.id)), told))
        }
        Outcome::Refused(refusals) => {
            form.take_lists(&refusals, &places);
            form.say_at("starts_at", "day");
            Ok(draw(&place, &session, &telling, form, None))
        }
        Outcome::Conflict(words) => {
            let session = find(&place, &session.id).await?;
            let standing = forms::standing(&session, &place);
            form.set("version", session.version.as_str());
            form.stands_now(&standing);
            Ok(draw(&place, &session, &telling, form, Some(words)))
        }
    }
}

async fn find(place: &Workplace, id: &str) -> Result<SessionView, Problem> {
    let all = place.site.engine.sessions(place.id()).await?;
    all.into_iter().find(|session| session.id == id).ok_or(Problem::NotFound)
}

fn draw(
    place: &Workplace,
    session: &SessionView,
    telling: &Telling,
    form: Form,
    conflict: Option<String>,
) -> Response<Body> {
    let status = form.status(conflict.is_some());
    let page = Page {
        chrome: place.chrome(),
        frame: place.frame("", telling),
        id: part(&session.id),
        when: when(session.starts_at, place),
        zone: place.organization.time_zone.clone(),
        conflict,
        form,
        promises: forms::promise_fields(&session.promises),
    };
    html(status, &page)
}

//! `/desk/c/{slug}/implementations/{implementation}`: one of them, to be changed.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::Response;

use crate::domain::line::clean;
use crate::engine::register::ImplementationView;

use crate::web::desk::form::Form;
use crate::web::desk::labels::{self, Choice};
use crate::web::desk::told::{Telling, Told};
use crate::web::desk::workplace::{Frame, Outcome, Workplace, part};
use crate::web::shell::body::html;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::forms::{self, AreaField};

#[derive(Template)]
#[template(path = "web/desk/implementation.html")]
struct Page {
    chrome: Chrome,
    frame: Frame,
    name: String,
    action: String,
    currency: String,
    conflict: Option<String>,
    form: Form,
    kinds: Vec<Choice>,
    standings: Vec<Choice>,
    weights: Vec<Choice>,
    areas: Vec<AreaField>,
}

/// The page. Changes nothing.
pub(in crate::web::desk) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path((slug, own)): Path<(String, String)>,
    Query(telling): Query<Telling>,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    let own = find(&place, &own).await?;
    let form = forms::standing(&own, &place.organization.currency);
    Ok(draw(&place, &own, &telling, form, None))
}

/// Saves it.
pub(in crate::web::desk) async fn save(
    State(site): State<Site>,
    visitor: Visitor,
    Path((slug, own)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    place.check(&fields)?;
    let own = find(&place, &own).await?;
    let currency = place.organization.currency.clone();
    let mut form = Form::sent("of", &fields);
    let change = forms::change(&mut form, &currency);
    let telling = Telling::default();
    if form.has_problems() {
        return Ok(draw(&place, &own, &telling, form, None));
    }
    let (id, places) = (own.slug.clone(), forms::places(&form));
    let written = place.write(move |engine, organization, actor| async move {
        engine.change_implementation(&organization, &id, &change, &actor).await
    });
    match written.await? {
        Outcome::Done(written) => {
            let told = if written.is_changed { Told::Saved } else { Told::Same };
            Ok(place.done(&format!("/implementations/{}", part(&own.slug)), told))
        }
        Outcome::Refused(refusals) => {
            form.take_lists(&refusals, &places);
            Ok(draw(&place, &own, &telling, form, None))
        }
        Outcome::Conflict(words) => {
            let own = find(&place, &own.slug).await?;
            form.set("version", own.version.as_str());
            form.stands_now(&forms::standing(&own, &currency));
            Ok(draw(&place, &own, &telling, form, Some(words)))
        }
    }
}

async fn find(place: &Workplace, slug: &str) -> Result<ImplementationView, Problem> {
    let all = place.site.engine.implementations(place.id()).await?;
    all.into_iter().find(|own| own.slug == slug).ok_or(Problem::NotFound)
}

fn draw(
    place: &Workplace,
    own: &ImplementationView,
    telling: &Telling,
    form: Form,
    conflict: Option<String>,
) -> Response<Body> {
    let status = form.status(conflict.is_some());
    let page = Page {
        chrome: place.chrome(),
        frame: place.frame("", telling),
        name: clean(&own.name, 80),
        action: place.path(&format!("/implementations/{}", part(&own.slug))),
        currency: place.organization.currency.clone(),
        conflict,
        form,
        kinds: labels::implementations(),
        standings: labels::standings(),
        weights: forms::weights(),
        areas: forms::areas(),
    };
    html(status, &page)
}

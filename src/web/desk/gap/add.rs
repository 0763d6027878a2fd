//! `/desk/c/{slug}/gaps/new`: a new gap.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::Response;
use serde::Deserialize;

use crate::domain::codes::Category;
use crate::domain::register::closing::question;

use crate::web::desk::form::Form;
use crate::web::desk::labels::{self, Choice};
use crate::web::desk::told::{Telling, Told};
use crate::web::desk::workplace::{Frame, Outcome, Workplace, part};
use crate::web::shell::body::html;
use crate::web::shell::fields::LongFields;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::details::new_gap;

/// What the address fills in.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web::desk) struct Prefill {
    #[serde(default)]
    area: String,
    #[serde(default)]
    category: String,
}

#[derive(Template)]
#[template(path = "web/desk/gap_new.html")]
struct Page {
    chrome: Chrome,
    frame: Frame,
    form: Form,
    areas: Vec<Choice>,
    patterns: Vec<Choice>,
    severities: Vec<Choice>,
    zones: Vec<Choice>,
    implementations: Vec<Choice>,
    questions: Vec<(&'static str, &'static str)>,
}

/// The empty form.
pub(in crate::web::desk) async fn ask(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(Prefill { area, category }): Query<Prefill>,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    let form = Form::holding("gap", [("area", area), ("category", category)]);
    draw(&place, form).await
}

/// Adds the gap, and leads to its page.
pub(in crate::web::desk) async fn add(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    LongFields(fields): LongFields,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    place.check(&fields)?;
    let mut form = Form::sent("gap", &fields);
    let new = new_gap(&mut form);
    let Some(new) = new.filter(|_| !form.has_problems()) else {
        return draw(&place, form).await;
    };
    let written = place.write(move |engine, organization, actor| async move {
        engine.add_gap(&organization, &new, &actor).await
    });
    match written.await? {
        Outcome::Done(written) => {
            Ok(place.done(&format!("/gaps/{}", part(&written.id)), Told::Added))
        }
        Outcome::Refused(refusals) => {
            form.take(&refusals);
            draw(&place, form).await
        }
        Outcome::Conflict(words) => {
            form.refuse("external_id", &words);
            draw(&place, form).await
        }
    }
}

async fn draw(place: &Workplace, form: Form) -> Result<Response<Body>, Problem> {
    let status = form.status(false);
    let implementations = place.site.engine.implementations(place.id()).await?;
    let page = Page {
        chrome: place.chrome(),
        frame: place.frame("", &Telling::default()),
        form,
        areas: labels::areas(),
        patterns: labels::patterns(),
        severities: labels::severities(),
        zones: labels::zones(),
        implementations: implementations
            .into_iter()
            .map(|of| Choice::new(of.slug, of.name))
            .collect(),
        questions: Category::ALL
            .iter()
            .map(|own| (labels::pattern_in_full(*own), question(*own)))
            .collect(),
    };
    Ok(html(status, &page))
}

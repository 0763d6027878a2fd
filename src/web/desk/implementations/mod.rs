//! `/desk/c/{slug}/implementations`: what the client gets ready for, until when, and which areas it
//! leans on.

mod forms;
mod one;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::Response;

use crate::domain::brief::numbers::{capitalized, full_date};
use crate::domain::line::clean;
use crate::domain::money;
use crate::engine::register::ImplementationView;

use crate::web::shell::body::html;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::form::Form;
use super::labels::{self, Choice};
use super::told::{Telling, Told};
use super::workplace::{Frame, Outcome, Workplace, part};
use forms::AreaField;

pub(super) use one::{save, show as show_one};

#[derive(Template)]
#[template(path = "web/desk/implementations.html")]
struct Page {
    chrome: Chrome,
    frame: Frame,
    lines: Vec<Line>,
    currency: String,
    form: Form,
    kinds: Vec<Choice>,
    standings: Vec<Choice>,
    weights: Vec<Choice>,
    areas: Vec<AreaField>,
    is_open: bool,
}

struct Line {
    part: String,
    name: String,
    figures: Vec<(&'static str, String)>,
}

/// The page. Changes nothing.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(telling): Query<Telling>,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    draw(&place, &telling, forms::blank()).await
}

/// Adds an implementation.
pub(super) async fn add(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    place.check(&fields)?;
    let mut form = Form::sent("of", &fields);
    let new = forms::new(&mut form, &place.organization.currency);
    let Some(new) = new.filter(|_| !form.has_problems()) else {
        return draw(&place, &Telling::default(), form).await;
    };
    let places = forms::places(&form);
    let written = place.write(move |engine, organization, actor| async move {
        engine.add_implementation(&organization, &new, &actor).await
    });
    match written.await? {
        Outcome::Done(_) => return Ok(place.done("/implementations", Told::Added)),
        Outcome::Refused(refusals) => form.take_lists(&refusals, &places),
        Outcome::Conflict(words) => form.refuse("name", &words),
    }
    draw(&place, &Telling::default(), form).await
}

async fn draw(place: &Workplace, telling: &Telling, form: Form) -> Result<Response<Body>, Problem> {
    let status = form.status(false);
    let all = place.site.engine.implementations(place.id()).await?;
    let currency = place.organization.currency.clone();
    let page = Page {
        chrome: place.chrome(),
        frame: place.frame("implementations", telling),
        is_open: form.has_problems() || all.is_empty(),
        lines: all.iter().map(|own| line(own, &currency)).collect(),
        currency,
        form,
        kinds: labels::implementations(),
        standings: labels::standings(),
        weights: forms::weights(),
        areas: forms::areas(),
    };
    Ok(html(status, &page))
}

fn line(own: &ImplementationView, currency: &str) -> Line {
    let kind = labels::implementation(own.kind);
    let mut figures = vec![
        ("Stands", format!("{}, {}", capitalized(own.status.as_str()), kind)),
        ("Go-live", own.go_live_on.map_or_else(|| "not set".to_owned(), full_date)),
    ];
    if let Some(day) = own.configuration_starts_on {
        figures.push(("Configuration", full_date(day)));
    }
    figures.push(("Target", crate::domain::brief::numbers::points(own.target_milli).to_string()));
    if let Some(minor) = own.benefit_per_week {
        figures.push(("Brings", format!("{} a week", money::exact(minor, currency))));
    }
    let areas: Vec<String> =
        own.areas.iter().map(|(area, weight)| format!("{} {weight}", area.words())).collect();
    figures.push((
        "Leans on",
        if areas.is_empty() { "every area".to_owned() } else { capitalized(&areas.join(", ")) },
    ));
    Line { part: part(&own.slug), name: clean(&own.name, 80), figures }
}

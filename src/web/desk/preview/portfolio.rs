//! `/desk/preview`: a consultant's own portfolio at any day.

use askama::Template;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{Response, StatusCode};
use jiff::tz::TimeZone;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::domain::access::Act;
use crate::domain::line::clean;
use crate::engine::preview::Whose;

use crate::web::desk::form::Form;
use crate::web::shell::body::html;
use crate::web::shell::fields::LongFields;
use crate::web::shell::letter::with_frames;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::send::{self, Asking, Came};
use super::shown::{self, Drawn, Shown};

/// Of which day.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::web::desk) struct Asked {
    #[serde(default)]
    date: String,
}

#[derive(Template)]
#[template(path = "web/desk/preview_own.html")]
struct Page {
    chrome: Chrome,
    mark: String,
    action: String,
    form: Form,
    shown: Option<Shown>,
    nothing: String,
    mail: String,
    own_address: String,
    may_address: bool,
    test: Form,
    came: Option<Came>,
}

/// The page. Changes nothing.
pub(in crate::web::desk) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Problem> {
    visitor.may_anywhere(Act::Work)?;
    draw(&site, &visitor, asked.form(), Form::holding("test", []), false).await
}

/// What its frame holds.
pub(in crate::web::desk) async fn show_mail(
    State(site): State<Site>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Problem> {
    visitor.may_anywhere(Act::Work)?;
    let at = shown::at(&mut asked.form(), &TimeZone::UTC, site.now());
    shown::mail(&site.engine, &whose(&visitor), at).await
}

/// Sends what is shown to whoever looks at it.
pub(in crate::web::desk) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    LongFields(fields): LongFields,
) -> Result<Response<Body>, Problem> {
    visitor.check(&site, &fields)?;
    visitor.may_anywhere(Act::Work)?;
    let form = Form::holding("preview", [("date", clean(fields.get("date"), 200))]);
    draw(&site, &visitor, form, Form::sent("test", &fields), true).await
}

impl Asked {
    fn form(self) -> Form {
        Form::holding("preview", [("date", clean(&self.date, 200))])
    }
}

fn whose(visitor: &Visitor) -> Whose {
    Whose::Own(visitor.standing.email.clone())
}

async fn draw(
    site: &Site,
    visitor: &Visitor,
    mut form: Form,
    mut test: Form,
    is_sent: bool,
) -> Result<Response<Body>, Problem> {
    let at = shown::at(&mut form, &TimeZone::UTC, site.now());
    let mut status = form.status(false);
    let (mut page_of, mut nothing, mut came) = (None, String::new(), None);
    match shown::drawn(&site.engine, &whose(visitor), at).await? {
        Drawn::Made(preview) => {
            page_of = Some(shown::shown(&site.engine, &preview));
            let (test, zone) = (&mut test, &TimeZone::UTC);
            let of = (None, "portfolio".to_owned());
            let is_sent = is_sent && status == StatusCode::OK;
            let asking = Asking { site, visitor, test, is_sent, of, zone };
            came = send::where_asked(asking, *preview).await?;
        }
        Drawn::Nothing(_) => {
            "You have no clients at this day, so there is no portfolio.".clone_into(&mut nothing);
        }
    }
    status = send::status(status, came.as_ref(), &test);
    let action = site.path("/desk/preview");
    let query = Serializer::new(String::new()).append_pair("date", form.value("date")).finish();
    let view = Page {
        chrome: Chrome::of(site).seen_by(visitor),
        mark: visitor.mark().to_owned(),
        mail: format!("{action}/mail?{query}"),
        action,
        shown: page_of,
        nothing,
        own_address: visitor.standing.email.as_str().to_owned(),
        may_address: visitor.standing.access.is_operator(),
        form,
        test,
        came,
    };
    Ok(with_frames(html(status, &view)))
}

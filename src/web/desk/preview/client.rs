//! `/desk/c/{slug}/preview`: the brief of one client, as any of its recipients gets it, at any day.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::domain::address::EmailAddress;
use crate::domain::line::clean;
use crate::engine::preview::Whose;
use crate::store::recipients::Recipient;

use crate::web::desk::form::Form;
use crate::web::desk::labels::Choice;
use crate::web::desk::told::Telling;
use crate::web::desk::workplace::{Frame, Workplace};
use crate::web::shell::body::html;
use crate::web::shell::fields::LongFields;
use crate::web::shell::letter::with_frames;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::send::{self, Asking, Came};
use super::shown::{self, Drawn, Shown};

/// Recipients that the list offers; more are found by name.
const MOST: i64 = 100;

/// Which edition.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::web::desk) struct Asked {
    /// `leader`, `reader`, `owner`, or the row id of a subscription.
    #[serde(default, rename = "as")]
    whose: String,
    /// Whose gaps, where it is an owner's.
    #[serde(default)]
    owner: String,
    #[serde(default)]
    date: String,
    /// Finds a recipient by name.
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "web/desk/preview.html")]
struct Page {
    chrome: Chrome,
    frame: Frame,
    action: String,
    choices: Vec<Choice>,
    is_searchable: bool,
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
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    let form = asked.form();
    draw(&place, form, Form::holding("test", []), false).await
}

/// What its frame holds.
pub(in crate::web::desk) async fn show_mail(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    let mut form = asked.form();
    let at = shown::at(&mut form, &place.zone, place.now);
    shown::mail(&site.engine, &whose(&place, &form), at).await
}

/// Sends what is shown to whoever looks at it.
pub(in crate::web::desk) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    LongFields(fields): LongFields,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    place.check(&fields)?;
    let sent = Form::sent("preview", &fields);
    let values = ["as", "owner", "date"].map(|name| (name, sent.value(name).to_owned()));
    draw(&place, Form::holding("preview", values), Form::sent("test", &fields), true).await
}

impl Asked {
    fn form(self) -> Form {
        let values =
            [("as", self.whose), ("owner", self.owner), ("date", self.date), ("q", self.q)];
        let values = values.map(|(name, value)| (name, clean(&value, 200)));
        Form::holding("preview", values)
    }
}

/// Whose edition a form asks for.
fn whose(place: &Workplace, form: &Form) -> Whose {
    let slug = place.organization.slug.clone();
    match form.value("as") {
        "" | "leader" => Whose::Leader(slug),
        "reader" => Whose::Reader(slug),
        "owner" => Whose::Owner(slug, form.text("owner")),
        id => Whose::Subscription(slug, id.to_owned()),
    }
}

/// The same as a query.
fn query(form: &Form) -> String {
    let mut query = Serializer::new(String::new());
    for name in ["as", "owner", "date"] {
        if !form.value(name).is_empty() {
            query.append_pair(name, form.value(name));
        }
    }
    query.finish()
}

async fn draw(
    place: &Workplace,
    mut form: Form,
    mut test: Form,
    is_sent: bool,
) -> Result<Response<Body>, Problem> {
    let (site, visitor) = (&place.site, &place.visitor);
    let at = shown::at(&mut form, &place.zone, place.now);
    let mut status = form.status(false);
    let drawn = shown::drawn(&site.engine, &whose(place, &form), at).await?;
    let words = clean(form.value("q"), 80);
    let now = place.now.as_millisecond();
    let found = site.engine.db.recipients(place.id(), &words, now, MOST + 1).await?;
    let is_searchable = !words.is_empty() || i64::try_from(found.len()).is_ok_and(|n| n > MOST);
    let (mut page_of, mut nothing, mut came) = (None, String::new(), None);
    match drawn {
        Drawn::Made(preview) => {
            page_of = Some(shown::shown(&site.engine, &preview));
            let whose = Some(form.value("as")).filter(|word| !word.is_empty());
            let of = (Some(place.id().to_owned()), whose.unwrap_or("leader").to_owned());
            let (test, zone) = (&mut test, &place.zone);
            let is_sent = is_sent && status == StatusCode::OK;
            let asking = Asking { site, visitor, test, is_sent, of, zone };
            came = send::where_asked(asking, *preview).await?;
        }
        Drawn::Nothing(words) => nothing = words,
    }
    status = send::status(status, came.as_ref(), &test);
    let action = place.path("/preview");
    let view = Page {
        chrome: place.chrome(),
        frame: place.frame("preview", &Telling::default()),
        mail: format!("{action}/mail?{}", query(&form)),
        action,
        choices: choices(found, &form),
        is_searchable,
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

/// The roles, and who gets the brief by name.
fn choices(found: Vec<Recipient>, form: &Form) -> Vec<Choice> {
    let mut choices = vec![
        Choice::new("leader", "A leader"),
        Choice::new("reader", "A reader"),
        Choice::new("owner", "An owner of gaps"),
    ];
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    choices.extend(found.into_iter().take(most).map(|own| Choice::new(&own.id, called(&own))));
    let chosen = form.value("as");
    if !chosen.is_empty() && !choices.iter().any(|own| own.value == chosen) {
        choices.push(Choice::new(chosen, "Whoever is shown now"));
    }
    choices
}

/// "Lee Park, leader".
fn called(own: &Recipient) -> String {
    let address = || {
        let masked = own.email.as_deref().map(EmailAddress::parse);
        masked.and_then(Result::ok).map_or_else(|| "forgotten".to_owned(), |own| own.masked())
    };
    let name = Some(clean(&own.name, 80)).filter(|name| !name.is_empty()).unwrap_or_else(address);
    format!("{name}, {}", own.role)
}

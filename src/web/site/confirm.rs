//! `/confirm/TOKEN`: agreeing to a request or an invitation.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};

use crate::domain::consent::{INVITATION, wording};
use crate::engine::secret::sha256;
use crate::secrets::{Purpose, Subject};
use crate::store::confirmations::{Answer, Found};

use crate::web::shell::client::Client;
use crate::web::shell::detached::detached;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::{Button, Link, Words, words};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::words::{capitalized, list_name, slot};

const OVER: Problem = Problem::Over(
    "It works for a few days only, and once. Ask again, or have yourself invited again; nothing was \
     sent meanwhile.",
);

/// What is asked. Changes nothing: a scanner that follows the link confirms nobody.
pub(super) async fn ask(
    State(site): State<Site>,
    Path(token): Path<String>,
) -> Result<Response<Body>, Problem> {
    let found = site.engine.db.confirmation(&sha256(&token)).await?.ok_or(Problem::Link)?;
    let name = list_name(&found.role, found.organization.as_deref());
    if !found.is_open(site.now()) {
        return match found.used_at {
            Some(_) if found.unsubscribed_at.is_none() && found.ended_at.is_none() => {
                done(&site, &found.subscription_id).await
            }
            _ => Err(OVER),
        };
    }
    let address = found.email.as_deref().unwrap_or_default();
    let mut page = Words::new(
        format!("Do you want {name}?"),
        &[&format!("It would be sent to {address}. Nothing has changed yet.")],
    );
    let shown = wording(&found.form, &found.text_version).unwrap_or(INVITATION);
    page.agreement = Some(shown.text);
    page.buttons.push(Button {
        label: "Yes, send it to me",
        action: site.path(&format!("/confirm/{token}")),
        fields: vec![("mark", site.keys.form_mark(&token))],
        is_main: true,
    });
    Ok(words(&site, StatusCode::OK, &page))
}

/// Agrees. Pressed twice it is agreed to once.
pub(super) async fn act(
    State(site): State<Site>,
    Path(token): Path<String>,
    client: Client,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    let hash = sha256(&token);
    let _: Found = site.engine.db.confirmation(&hash).await?.ok_or(Problem::Link)?;
    if !site.keys.is_form_mark(&token, fields.get("mark")) {
        return Err(Problem::Form);
    }
    let (engine, ip) = (site.engine.clone(), client.text());
    let answer =
        detached(
            async move { Ok(engine.db.confirm(&hash, ip.as_deref(), engine.clock.now()).await?) },
        );
    match answer.await? {
        Answer::Confirmed(id) | Answer::Already(id) => done(&site, &id).await,
        Answer::Over => Err(OVER),
    }
}

/// Says what comes when, and where that can be changed.
async fn done(site: &Site, subscription: &str) -> Result<Response<Body>, Problem> {
    let list = site.engine.db.list_of(subscription).await?.ok_or(Problem::Link)?;
    let name = capitalized(&list_name(&list.role, list.organization.as_deref()));
    let when = slot(&list).map_or_else(
        || "It comes once a week, ahead of your clients\u{2019} own.".to_owned(),
        |slot| format!("It comes once a week, {slot} in your time zone."),
    );
    let mut page =
        Words::new("You are on the list", &[&format!("{name} is on its way to you."), &when]);
    if let Some(subject) = Subject::parse(subscription) {
        let token = site.keys.sign(Purpose::Preferences, subject, None);
        let href = site.path(&format!("/p/{token}"));
        page.links.push(Link { label: "Choose the day and the contents", href });
    }
    Ok(words(site, StatusCode::OK, &page))
}

//! `/subscribe` and `/api/v1/subscribe`: asking for the public brief.
//!
//! **Invariant:** the answer says the same whether the address is known, new, suppressed or asked for
//! too often.

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, Response, StatusCode};
use serde::Deserialize;

use crate::domain::address::EmailAddress;
use crate::domain::codes::Channel;
use crate::domain::consent::REQUEST;
use crate::engine::consent::Admitted;

use crate::web::shell::body::{html, json};
use crate::web::shell::client::Client;
use crate::web::shell::detached::detached;
use crate::web::shell::fields::{Fields, octets};
use crate::web::shell::guard::for_everybody;
use crate::web::shell::pages::{Chrome, Link, Words, words};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

/// Longest text that is shown again in the field.
const SHOWN: usize = 254;

/// What everybody is answered.
const TAKEN: &str = "If the address can get it, a mail is on its way there. Nothing else is sent before the \
                     button on its page was pressed.";

#[derive(Template)]
#[template(path = "web/site/subscribe.html")]
struct Page<'a> {
    chrome: Chrome,
    agreement: &'static str,
    email: &'a str,
    problem: Option<&'a str>,
}

pub(super) async fn show(State(site): State<Site>) -> Result<Response<Body>, Problem> {
    open(&site)?;
    Ok(for_everybody(form(&site, StatusCode::OK, "", None)))
}

/// Takes a request from the form.
pub(super) async fn act(
    State(site): State<Site>,
    client: Client,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    open(&site)?;
    let typed = fields.get("email");
    let email = match address(typed) {
        Ok(email) => email,
        Err(problem) => {
            let shown: String = typed.chars().take(SHOWN).collect();
            return Ok(form(&site, StatusCode::UNPROCESSABLE_ENTITY, &shown, Some(&problem)));
        }
    };
    ask(&site, email, Channel::Form, client).await?;
    let mut page = Words::new("Look into your mailbox", &[TAKEN]);
    page.paragraphs.push("If none comes within minutes, look into the folder for spam.".to_owned());
    page.links.push(Link { label: "All issues", href: site.path("/archive") });
    Ok(words(&site, StatusCode::OK, &page))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    email: String,
}

/// Takes a request from a program: `{"email": "…"}`, answered with 202.
pub(super) async fn api(
    State(site): State<Site>,
    client: Client,
    request: Request<Body>,
) -> Result<Response<Body>, Problem> {
    open(&site)?;
    // A page elsewhere can send a form in its reader's name, but no JSON.
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Problem::Kind);
    }
    let body = octets(request).await?;
    let asked: Asked = serde_json::from_slice(&body).map_err(|_| Problem::Form)?;
    match address(asked.email.trim()) {
        Ok(email) => {
            ask(&site, email, Channel::Api, client).await?;
            let value = serde_json::json!({ "accepted": true, "message": TAKEN });
            Ok(json(StatusCode::ACCEPTED, &value))
        }
        Err(message) => {
            let error = serde_json::json!({ "code": "invalid_email", "message": message });
            Ok(json(StatusCode::UNPROCESSABLE_ENTITY, &serde_json::json!({ "error": error })))
        }
    }
}

fn open(site: &Site) -> Result<(), Problem> {
    if site.engine.settings.consent.is_form_open { Ok(()) } else { Err(Problem::Closed) }
}

/// Writes the request down; its mail leaves while the reader looks at the answer.
async fn ask(
    site: &Site,
    email: EmailAddress,
    channel: Channel,
    client: Client,
) -> Result<(), Problem> {
    let engine = site.engine.clone();
    let admitted = detached(async move {
        let now = engine.clock.now();
        let admitted = engine.ask_for_public(&email, channel, client.0, now).await?;
        // Not waited for: how long a relay takes would tell whether there is a mail at all.
        tokio::spawn(async move { engine.mail_confirmations(engine.clock.now()).await });
        Ok(admitted)
    });
    match admitted.await? {
        Admitted::Taken => Ok(()),
        Admitted::TooMany(wait) => Err(Problem::TooMany(wait)),
    }
}

/// Reads an address that a mail can be sent to.
fn address(typed: &str) -> Result<EmailAddress, String> {
    if typed.is_empty() {
        return Err("Type your e-mail address.".to_owned());
    }
    let email = EmailAddress::parse(typed).map_err(|error| format!("The address {error}."))?;
    if email.needs_smtputf8() {
        let why = "The address holds letters before the @ that many mail servers do not take. Use \
                   another address, with plain letters there.";
        return Err(why.to_owned());
    }
    Ok(email)
}

fn form(site: &Site, status: StatusCode, email: &str, problem: Option<&str>) -> Response<Body> {
    let chrome = Chrome::of(site);
    html(status, &Page { chrome, agreement: REQUEST.text, email, problem })
}

//! `/subscribe`: asking for the public brief. Programs ask at `/api/v1/subscribe`.
//!
//! **Invariant:** the answer says the same whether the address is known, new, suppressed or asked for
//! too often.

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::domain::address::EmailAddress;
use crate::domain::codes::Channel;
use crate::domain::consent::REQUEST;
use crate::engine::consent::Admitted;

use crate::web::shell::body::html;
use crate::web::shell::client::Client;
use crate::web::shell::detached::detached;
use crate::web::shell::fields::Fields;
use crate::web::shell::guard::for_everybody;
use crate::web::shell::pages::{Chrome, Link, Words, words};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

/// Longest text that is shown again in the field.
const SHOWN: usize = 254;

/// What everybody is answered.
pub(in crate::web) const TAKEN: &str = "If the address can get it, a mail is on its way there. Nothing else is sent before the \
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
    is_open(&site)?;
    Ok(for_everybody(form(&site, StatusCode::OK, "", None)))
}

/// Takes a request from the form.
pub(super) async fn act(
    State(site): State<Site>,
    client: Client,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    is_open(&site)?;
    let typed = fields.get("email");
    let email = match address(typed) {
        Ok(email) => email,
        Err(problem) => {
            let shown: String = typed.chars().take(SHOWN).collect();
            return Ok(form(&site, StatusCode::UNPROCESSABLE_ENTITY, &shown, Some(&problem)));
        }
    };
    ask_for_public(&site, email, Channel::Form, client).await?;
    let mut page = Words::new("Look into your mailbox", &[TAKEN]);
    page.paragraphs.push("If none comes within minutes, look into the folder for spam.".to_owned());
    page.links.push(Link { label: "All issues", href: site.path("/archive") });
    Ok(words(&site, StatusCode::OK, &page))
}

/// Whether strangers may ask.
///
/// # Errors
/// [`Problem::Closed`] where they may not.
pub(in crate::web) fn is_open(site: &Site) -> Result<(), Problem> {
    if site.engine.settings.consent.is_form_open { Ok(()) } else { Err(Problem::Closed) }
}

/// Writes the request down; its mail leaves while the reader looks at the answer.
///
/// # Errors
/// [`Problem::TooMany`], and as any write.
pub(in crate::web) async fn ask_for_public(
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
///
/// # Errors
/// A sentence that says what is wrong.
pub(in crate::web) fn address(typed: &str) -> Result<EmailAddress, String> {
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

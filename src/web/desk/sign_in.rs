//! `/sign-in`: asking for a link, and following it.
//!
//! **Invariant:** the answer says the same whether the address is known or not, and takes as long.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;

use crate::domain::address::EmailAddress;
use crate::engine::consent::Admitted;
use crate::engine::secret::{secret, sha256};
use crate::engine::sign_in::Asking;

use crate::web::shell::body::{html, see_other};
use crate::web::shell::client::Client;
use crate::web::shell::cookies::{self, Which};
use crate::web::shell::detached::detached;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::{Button, Chrome, Link, Words, words};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

/// Longest text that is shown again in the field.
const SHOWN: usize = 254;
/// Longest path that a link leads to.
const TARGET: usize = 500;
/// Where a link leads that leads nowhere else.
const HOME: &str = "/desk";

const OVER: Problem = Problem::Over(
    "It works once and for minutes only. Ask for another one; nothing else has changed.",
);

#[derive(Template)]
#[template(path = "web/desk/sign_in.html")]
struct Page<'a> {
    chrome: Chrome,
    email: &'a str,
    to: &'a str,
    problem: Option<&'a str>,
}

/// What the form's address may say.
#[derive(Debug, Deserialize)]
pub(super) struct To {
    #[serde(default)]
    to: String,
}

/// The form. Whoever is signed in goes on.
pub(super) async fn show(
    State(site): State<Site>,
    Query(To { to }): Query<To>,
    parts: Parts,
) -> Result<Response<Body>, Problem> {
    let to = target(&to);
    if Visitor::of(&site, &parts).await?.is_some() {
        return Ok(see_other(&site.path(to)));
    }
    Ok(form(&site, StatusCode::OK, "", to, None))
}

/// Takes a request for a link. Its mail leaves while the reader looks at the answer: how long it
/// takes would tell whether there is one.
pub(super) async fn ask(
    State(site): State<Site>,
    client: Client,
    parts: Parts,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    // There is no mark before a session: another site could have its own address asked for here, and lead
    // its visitors into an account that it reads.
    if is_cross_site(&parts.headers) {
        return Err(Problem::Form);
    }
    let (typed, to) = (fields.get("email"), target(fields.get("to")));
    let email = match EmailAddress::parse(typed) {
        Ok(email) => email,
        Err(error) => {
            let shown: String = typed.chars().take(SHOWN).collect();
            let problem = match typed {
                "" => "Type your e-mail address.".to_owned(),
                _ => format!("The address {error}."),
            };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(form(&site, status, &shown, to, Some(&problem)));
        }
    };
    let browser = secret().map_err(Problem::from)?;
    let asking =
        Asking { email, browser: browser.clone(), target: to.to_owned(), client: client.0 };
    let engine = site.engine.clone();
    let admitted = detached(async move {
        let admitted = engine.admit_sign_in(asking.client, engine.clock.now()).await?;
        if admitted == Admitted::Taken {
            tokio::spawn(async move {
                if let Err(error) = engine.send_sign_in(&asking, engine.clock.now()).await {
                    tracing::error!(%error, "a link to sign in could not be sent");
                }
            });
        }
        Ok(admitted)
    });
    if let Admitted::TooMany(wait) = admitted.await? {
        return Err(Problem::TooMany(wait));
    }
    let page = Words::new(
        "Look into your mailbox",
        &[
            "If this address may sign in, a mail with a link is on its way there. Open it in this \
             browser, within minutes.",
            "If none comes, look into the folder for spam, or ask whoever invited you.",
        ],
    );
    let mut response = words(&site, StatusCode::OK, &page);
    let keeps = site.engine.settings.desk.sign_in_within;
    cookies::set(&site, &mut response, Which::Asked, &browser, keeps);
    Ok(response)
}

/// What a link asks. Changes nothing: a scanner that follows it signs nobody in.
pub(super) async fn link(
    State(site): State<Site>,
    Path(token): Path<String>,
    parts: Parts,
) -> Result<Response<Body>, Problem> {
    let known = site.engine.db.sign_in_link(&sha256(&token)).await?.ok_or(Problem::Link)?;
    if Visitor::of(&site, &parts).await?.is_some() {
        return Ok(see_other(&site.path(HOME)));
    }
    if known.used_at.is_some() || known.expires_at <= site.now().as_millisecond() {
        return Err(OVER);
    }
    let browser = cookies::read(&site, &parts.headers, Which::Asked);
    if browser.is_none_or(|own| sha256(&own) != known.browser_sha256) {
        return Ok(words(&site, StatusCode::FORBIDDEN, &elsewhere(&site)));
    }
    let who = site.engine.standing(&known.person_id, site.now()).await?.ok_or(OVER)?;
    let who = format!("You sign in as {}. One button, and you are in.", who.email.masked());
    let mut page = Words::new("Sign in", &[&who]);
    page.buttons.push(Button {
        label: "Sign in",
        action: site.path(&format!("/sign-in/{token}")),
        fields: vec![("mark", site.keys.form_mark(&token))],
        is_main: true,
    });
    Ok(words(&site, StatusCode::OK, &page))
}

/// Signs in.
pub(super) async fn enter(
    State(site): State<Site>,
    Path(token): Path<String>,
    client: Client,
    parts: Parts,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    if !site.keys.is_form_mark(&token, fields.get("mark")) {
        return Err(Problem::Form);
    }
    let Some(browser) = cookies::read(&site, &parts.headers, Which::Asked) else {
        return Ok(words(&site, StatusCode::FORBIDDEN, &elsewhere(&site)));
    };
    let engine = site.engine.clone();
    let signed_in =
        detached(
            async move { engine.sign_in(&token, &browser, client.0, engine.clock.now()).await },
        );
    let signed_in = signed_in.await?.ok_or(OVER)?;
    let mut response = see_other(&site.path(&signed_in.target));
    cookies::set(&site, &mut response, Which::Session, &signed_in.cookie, signed_in.keeps);
    cookies::set(&site, &mut response, Which::Asked, "", signed_in.keeps);
    Ok(response)
}

/// What another browser than the one that asked is told.
fn elsewhere(site: &Site) -> Words {
    let mut page = Words::new(
        "Open it where you asked for it",
        &["The link works only in the browser in which it was asked for, so that nobody else who \
             sees your mail can use it. Copy its address over there, or ask for a link here."],
    );
    page.links.push(Link { label: "Ask for a link here", href: site.path("/sign-in") });
    page
}

/// Whether a page of another site sent a form, as far as the browser says (Fetch Metadata 2.3); one that
/// does not say it names the origin of its page (RFC 6454 7).
fn is_cross_site(headers: &HeaderMap) -> bool {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (said("sec-fetch-site"), said("origin"), said("host")) {
        (Some(site), ..) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin), Some(host)) => {
            origin.split_once("://").is_none_or(|(_, own)| own != host)
        }
        _ => false,
    }
}

/// A path of this site, or the home of those who sign in.
fn target(path: &str) -> &str {
    let is_ours = path.starts_with('/') && !path.starts_with("//") && path.len() <= TARGET;
    let is_plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if is_ours && is_plain { path } else { HOME }
}

fn form(
    site: &Site,
    status: StatusCode,
    email: &str,
    to: &str,
    problem: Option<&str>,
) -> Response<Body> {
    html(status, &Page { chrome: Chrome::of(site), email, to, problem })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_form_that_another_site_sends_is_known_by_what_the_browser_says() {
        let sent = |said: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in said {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            is_cross_site(&headers)
        };
        let host = ("host", "brief.example");
        assert!(sent(&[host, ("sec-fetch-site", "cross-site")]));
        assert!(sent(&[host, ("origin", "https://evil.example")]));
        assert!(sent(&[host, ("origin", "null")]));
        for own in [
            &[host][..],
            &[host, ("sec-fetch-site", "same-origin")],
            // Behind a proxy that names itself, what the browser says of the site counts.
            &[host, ("sec-fetch-site", "same-origin"), ("origin", "https://other.example")],
            &[host, ("origin", "https://brief.example")],
        ] {
            assert!(!sent(own), "{own:?}");
        }
    }

    #[test]
    fn a_link_leads_nowhere_but_here() {
        for path in ["/o/northfield?close=g1", "/desk", "/"] {
            assert_eq!(target(path), path);
        }
        for path in
            ["", "desk", "//evil.example", "/\\evil.example", "https://evil.example", "/a b"]
        {
            assert_eq!(target(path), HOME, "{path}");
        }
        assert_eq!(target(&format!("/{}", "a".repeat(TARGET))), HOME);
    }
}

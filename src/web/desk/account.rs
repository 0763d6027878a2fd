//! `/account`: who somebody is here, where they are signed in, and the way out.

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::store::records::WebSession;

use crate::web::shell::body::{html, see_other};
use crate::web::shell::cookies::{self, Which};
use crate::web::shell::detached::detached;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::{Chrome, Link, Words, words};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

#[derive(Template)]
#[template(path = "web/desk/account.html")]
struct Page {
    chrome: Chrome,
    name: String,
    email: String,
    mark: String,
    sessions: Vec<SessionView>,
}

struct SessionView {
    began: String,
    seen: String,
    from: String,
    is_this: bool,
}

/// The page. Changes nothing.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
) -> Result<Response<Body>, Problem> {
    let (db, idle) = (&site.engine.db, site.engine.session_idle());
    let sessions = db.web_sessions_of(&visitor.standing.id, idle, site.now()).await?;
    let page = Page {
        chrome: Chrome::of(&site).seen_by(&visitor),
        name: visitor.standing.name.clone(),
        email: visitor.standing.email.as_str().to_owned(),
        mark: visitor.mark().to_owned(),
        sessions: sessions.into_iter().map(|own| view(own, &visitor.session)).collect(),
    };
    Ok(html(StatusCode::OK, &page))
}

/// Signs out: here, or everywhere.
pub(super) async fn sign_out(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    visitor.check(&site, &fields)?;
    let is_everywhere = fields.get("do") == "everywhere";
    let engine = site.engine.clone();
    let Visitor { standing, session, .. } = visitor;
    detached(async move {
        let only = (!is_everywhere).then_some(session.as_str());
        engine.sign_out(&standing, only, engine.clock.now()).await
    })
    .await?;
    if !is_everywhere {
        let mut response = see_other(&site.path("/sign-in"));
        cookies::set(&site, &mut response, Which::Session, "", std::time::Duration::ZERO);
        return Ok(response);
    }
    let mut page = Words::new(
        "You are signed out everywhere",
        &["Every browser in which you were signed in has to sign in again, this one too."],
    );
    page.links.push(Link { label: "Sign in", href: site.path("/sign-in") });
    let mut response = words(&site, StatusCode::OK, &page);
    cookies::set(&site, &mut response, Which::Session, "", std::time::Duration::ZERO);
    Ok(response)
}

fn view(session: WebSession, this: &str) -> SessionView {
    SessionView {
        is_this: session.id == this,
        began: minute(session.began_at),
        seen: minute(session.seen_at),
        from: session.client_ip.unwrap_or_else(|| "an unknown address".to_owned()),
    }
}

fn minute(milliseconds: i64) -> String {
    let at = Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned_datetime(TimeZone::UTC).strftime("%-d %B %Y, %H:%M UTC").to_string()
}

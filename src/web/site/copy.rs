//! `/w/TOKEN`: a mail in the browser, as it was stored, never drawn anew (DESIGN 2.7).
//!
//! Its links are the mail's own. Who gets the page from somebody else can follow them, and each of
//! them asks before it does anything.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::http::{Response, StatusCode};

use crate::domain::slots::{SlotValues, fill_html};
use crate::engine::links::WayOut;
use crate::secrets::Purpose;

use crate::web::shell::body::answer;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

const OVER: &str =
    "The copy of a mail can be read for some months. The mail itself stays with you.";

/// A mail has its looks within itself, and nothing else but a logo of ours: no script, no form.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

pub(super) async fn show(
    State(site): State<Site>,
    Path(token): Path<String>,
) -> Result<Response<Body>, Problem> {
    let delivery = site.read(Purpose::WebCopy, &token, OVER)?;
    let copy = site.engine.db.web_copy(&delivery.to_string()).await?;
    let copy = copy.ok_or(Problem::Over(OVER))?;
    let html = copy.body_html.as_deref().ok_or(Problem::Over(OVER))?;
    let own =
        site.pages.of(WayOut::Subscription(&copy.subscription_id), Some(delivery), &copy.iso_week);
    let values = SlotValues {
        stop: &own.stop,
        why: &own.choices,
        copy: &own.copy,
        trend: &own.trend,
        answer: &own.answer,
        name: &copy.name,
    };
    Ok(mail(fill_html(html, &values)))
}

/// A stored mail as a page.
pub(super) fn mail(html: String) -> Response<Body> {
    let mut response = answer(StatusCode::OK, "text/html; charset=utf-8", html);
    let policy = HeaderValue::from_static(POLICY);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}

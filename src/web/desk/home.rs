//! `/desk`: the organizations that somebody is tied to.

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::domain::access::Act;
use crate::store::organizations;

use crate::web::shell::body::{html, see_other};
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

#[derive(Template)]
#[template(path = "web/desk/home.html")]
struct Page {
    chrome: Chrome,
    organizations: Vec<(String, String)>,
}

/// Leads to the one organization of who has one, and lists several.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
) -> Result<Response<Body>, Problem> {
    let access = &visitor.standing.access;
    let all = organizations::list(&site.engine.db).await?;
    let own: Vec<(String, String)> = all
        .into_iter()
        .filter(|organization| access.may(Act::Read, &organization.id))
        .map(|organization| (organization.slug, organization.name))
        .collect();
    if let [(slug, _)] = own.as_slice()
        && !access.may_anywhere(Act::Work)
    {
        return Ok(see_other(&site.path(&format!("/o/{slug}"))));
    }
    let chrome = Chrome::of(&site).seen_by(&visitor);
    Ok(html(StatusCode::OK, &Page { chrome, organizations: own }))
}

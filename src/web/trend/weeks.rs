//! What moved, week by week.

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use super::door::Door;
use super::shown::{Pages, WeekView, organization};
use crate::web::shell::body::html;
use crate::web::shell::pages::Chrome;
use crate::web::shell::state::Site;

/// Weeks on one page: a quarter.
const PER_PAGE: usize = 13;

#[derive(Template)]
#[template(path = "web/trend/weeks.html")]
struct Page {
    chrome: Chrome,
    organization: String,
    back: String,
    weeks: Vec<WeekView>,
    pages: Pages,
}

/// The weeks, the newest first.
pub(super) async fn show(State(site): State<Site>, door: Door) -> Response<Body> {
    let told = &door.told;
    let total = told.weeks.len();
    let page = Page {
        chrome: door.chrome(&site),
        organization: organization(told),
        back: door.path("", &[]),
        weeks: Pages::range(&door, total, PER_PAGE)
            .filter_map(|at| WeekView::of(told, at))
            .collect(),
        pages: Pages::of(&door, "/weeks", (total, PER_PAGE)),
    };
    html(StatusCode::OK, &page)
}

//! All gaps, the dearest first, each with the arithmetic of its figures.

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::domain::codes::GapStatus;

use super::door::Door;
use super::shown::{GapView, Pages, organization};
use crate::web::shell::body::html;
use crate::web::shell::pages::Chrome;
use crate::web::shell::state::Site;

/// Gaps on one page: with the longest words of each it stays under 100 kB.
const PER_PAGE: usize = 25;

#[derive(Template)]
#[template(path = "web/trend/gaps.html")]
struct Page {
    chrome: Chrome,
    organization: String,
    back: String,
    csv: String,
    /// Open and closed, in words.
    count: String,
    gaps: Vec<GapView>,
    pages: Pages,
    is_printed: bool,
}

/// The list: open gaps by money, then unsigned withdrawals, then closed ones.
pub(super) async fn show(State(site): State<Site>, door: Door) -> Response<Body> {
    let told = &door.told;
    let total = told.gaps.len();
    let closed = told.gaps.iter().filter(|gap| gap.status == GapStatus::Closed).count();
    let shown = &told.gaps[Pages::range(&door, total, PER_PAGE)];
    let page = Page {
        chrome: door.chrome(&site),
        organization: organization(told),
        back: door.path("", &[]),
        csv: door.path("/gaps.csv", &[]),
        count: format!("{} open, {closed} closed", total - closed),
        gaps: shown.iter().map(|gap| GapView::of(&door, gap)).collect(),
        pages: Pages::of(&door, "/gaps", (total, PER_PAGE)),
        is_printed: door.asked("print") == Some("1"),
    };
    html(StatusCode::OK, &page)
}

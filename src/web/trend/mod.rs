//! The trend page: an organization's way to readiness over time, and why each figure is what it is.
//!
//! Two doors lead to the same pages: `/t/TOKEN` from a mail, for whoever has the mail while the
//! subscription that it was sent to lasts; `/o/SLUG` for who signed in and may read there.
//!
//! **Invariants:** a GET changes nothing, and nothing here is asked for by anything else; what is shown
//! is what the database says now; a page stays under 100 kB whatever the number of gaps and weeks; no
//! page needs a script; another organization's pages are answered as if they were not there.
//!
//! Reading order: `door` (who comes in), `page` (the whole on one page), `gaps`, `weeks`, `what_if`
//! (more of each), `sheet` (the same as CSV), `shown` (what the templates are given).

mod door;
mod gaps;
mod page;
mod sheet;
mod shown;
mod weeks;
mod what_if;

use axum::Router;
use axum::routing::get;

use crate::web::shell::state::Site;

/// What an address begins with, from a mail and for who signed in.
const DOORS: [&str; 2] = ["/t/{token}", "/o/{slug}"];

/// The pages, without what surrounds them.
pub(super) fn routes() -> Router<Site> {
    let mut router = Router::new();
    for door in DOORS {
        router = router
            .route(door, get(page::show))
            .route(&format!("{door}/gaps"), get(gaps::show))
            .route(&format!("{door}/weeks"), get(weeks::show))
            .route(&format!("{door}/what-if"), get(what_if::show))
            .route(&format!("{door}/trend.csv"), get(sheet::trend))
            .route(&format!("{door}/gaps.csv"), get(sheet::gaps));
    }
    router
}

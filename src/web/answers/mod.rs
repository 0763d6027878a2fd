//! `/a/TOKEN/KIND/GAP`: answering for a gap by a link in a brief.
//!
//! **Invariants:** a GET changes nothing, however often a scanner follows the link; the answer is a POST
//! with the mark of the link's own page, and nothing else is; the token is all that is asked for; what
//! somebody typed is shown again, never lost and never unescaped.
//!
//! Reading order: `page` (what is asked and answered), `words` (how).

mod page;
mod words;

use axum::Router;
use axum::routing::get;

use crate::web::shell::state::Site;

/// The pages, without what surrounds them.
pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/a/{token}", get(page::torn))
        .route("/a/{token}/{kind}", get(page::torn_at))
        // Some proxies write an id's slash out again.
        .route("/a/{token}/{kind}/{*gap}", get(page::ask).post(page::act))
}

//! The pages of those who sign in.
//!
//! **Invariants:** nothing is shown and nothing is done that the visitor's ties do not allow, and what
//! is not theirs looks like what is not there; a GET changes nothing; every write goes through the
//! register and is in the audit log; no page needs a script.
//!
//! Reading order: `sign_in`, `account`; then the desk of whoever looks after organizations: `home` (the
//! portfolio), `round`, `nudges`, `brand`, `workplace` (what every page of a client begins with), `client`,
//! `gap`, `grid`, `sessions`, `implementations`, `import`; `review` (drafts and what left) and `preview`; and
//! what the forms are made of: `form`, `amounts`, `answers`, `labels`, `told`.

mod account;
mod amounts;
mod answers;
mod brand;
mod client;
mod clients;
mod form;
mod gap;
mod grid;
mod home;
mod implementations;
mod import;
mod labels;
mod nudges;
mod preview;
mod review;
mod round;
mod sessions;
mod sign_in;
mod told;
mod workplace;

use axum::Router;
use axum::routing::{get, post};

use crate::web::shell::state::Site;

/// The pages, without what surrounds them.
pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::ask))
        .route("/sign-in/{token}", get(sign_in::link).post(sign_in::enter))
        .route("/sign-out", post(account::sign_out))
        .route("/account", get(account::show))
        .route("/desk", get(home::show))
        .route("/desk/brand", get(brand::show).post(brand::save))
        .route("/desk/round", get(round::show).post(round::act))
        .route("/desk/nudges", get(nudges::show).post(nudges::act))
        .route("/desk/review", get(review::show_all))
        .route("/desk/preview", get(preview::show_own).post(preview::act_own))
        .route("/desk/preview/mail", get(preview::show_own_mail))
        .merge(of_a_client())
        .merge(import::routes())
        .merge(reviews_of_a_client())
}

/// Drafts, what left, and previews of one client.
fn reviews_of_a_client() -> Router<Site> {
    Router::new()
        .route("/desk/c/{slug}/review", get(review::show).post(review::act))
        .route("/desk/c/{slug}/review/{edition}", get(review::show_one).post(review::act_on))
        .route("/desk/c/{slug}/review/{edition}/mail", get(review::show_mail))
        .route("/desk/c/{slug}/preview", get(preview::show).post(preview::act))
        .route("/desk/c/{slug}/preview/mail", get(preview::show_mail))
}

/// The pages of one client.
fn of_a_client() -> Router<Site> {
    Router::new()
        .route("/desk/c/{slug}", get(client::show).post(client::act))
        .route("/desk/c/{slug}/gaps/new", get(gap::ask).post(gap::add))
        .route("/desk/c/{slug}/gaps/{gap}", get(gap::show).post(gap::act))
        .route("/desk/c/{slug}/grid", get(grid::show).post(grid::confirm))
        .route(
            "/desk/c/{slug}/grid/{implementation}/{area}",
            get(grid::ask_area).post(grid::save_area),
        )
        .route("/desk/c/{slug}/sessions", get(sessions::show).post(sessions::act))
        .route("/desk/c/{slug}/sessions/{session}", get(sessions::show_one).post(sessions::save))
        .route(
            "/desk/c/{slug}/implementations",
            get(implementations::show).post(implementations::add),
        )
        .route(
            "/desk/c/{slug}/implementations/{implementation}",
            get(implementations::show_one).post(implementations::save),
        )
}

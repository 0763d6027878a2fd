//! The pages of those who sign in.
//!
//! **Invariants:** nothing is shown and nothing is done that the visitor's ties do not allow, and what
//! is not theirs looks like what is not there; a GET changes nothing; every write goes through the
//! register and is in the audit log; no page needs a script.
//!
//! Reading order: `sign_in`, `account`; then the desk of whoever looks after organizations: `home` (the
//! portfolio), `round`, `nudges`, `workplace` (what every page of a client begins with), `client`, `gap`, `grid`,
//! `sessions`, `implementations`; and what their forms are made of: `form`, `amounts`, `labels`, `told`.

mod account;
mod amounts;
mod client;
mod clients;
mod form;
mod gap;
mod grid;
mod home;
mod implementations;
mod labels;
mod nudges;
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
        .route("/desk/round", get(round::show).post(round::act))
        .route("/desk/nudges", get(nudges::show).post(nudges::act))
        .merge(of_a_client())
}

/// The pages of one client.
fn of_a_client() -> Router<Site> {
    Router::new()
        .route("/desk/c/{slug}", get(client::show))
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

//! The pages of those who sign in.
//!
//! **Invariants:** nothing is shown and nothing is done that the visitor's ties do not allow, and what
//! is not theirs looks like what is not there; a GET changes nothing; every write is in the audit log;
//! no page needs a script.
//!
//! Reading order: `sign_in`, `account`, `home`.

mod account;
mod home;
mod sign_in;

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
}

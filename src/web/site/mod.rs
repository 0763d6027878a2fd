//! The pages for readers: leaving, choosing, confirming, the web copy, the archive.
//!
//! **Invariants:** a GET changes nothing, however often a scanner follows a link; what changes
//! something is a POST with the mark of its own page, or the one click of RFC 8058; the token in a link
//! is all that is asked for, no cookie and no login; no page needs a script; no answer says whether an
//! address is known, and none says what went wrong inside; a client that goes away does not stop a
//! write half way.
//!
//! One file for each page; what all are made in is the [shell](super::shell).

mod archive;
mod confirm;
mod copy;
mod feed;
mod logo;
mod notices;
mod own_data;
mod preferences;
mod subscribe;
mod unsubscribe;

use axum::Router;
use axum::routing::get;

pub(in crate::web) use subscribe::{TAKEN, address, ask_for_public, is_open};

use crate::web::shell::asset;
use crate::web::shell::state::Site;

/// The pages, without what surrounds them.
pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/", get(archive::front))
        .route("/site.css", get(asset::style))
        .route("/desk.css", get(asset::desk_style))
        .route("/trend.css", get(asset::trend_style))
        .route("/robots.txt", get(asset::robots))
        .route("/u/{token}", get(unsubscribe::ask).post(unsubscribe::act))
        .route("/n/{token}", get(notices::ask).post(notices::act))
        .route("/unsubscribe", get(unsubscribe::help))
        .route("/p/{token}", get(preferences::show).post(preferences::act))
        .route("/d/{token}", get(own_data::show).post(own_data::act))
        .route("/w/{token}", get(copy::show))
        .route("/logo/{file}", get(logo::show))
        .route("/subscribe", get(subscribe::show).post(subscribe::act))
        .route("/confirm/{token}", get(confirm::ask).post(confirm::act))
        .route("/archive", get(archive::list))
        .route("/archive/feed.atom", get(feed::show))
        .route("/archive/{week}", get(archive::issue))
}

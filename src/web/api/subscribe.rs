//! `/subscribe`: a request for the public brief, by a program, without a token.
//!
//! **Invariant:** the answer says the same whether the address is known, new, suppressed or asked for
//! too often.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::domain::codes::Channel;
use crate::web::shell::client::Client;
use crate::web::shell::state::Site;
use crate::web::site::{TAKEN, address, ask_for_public, is_open};

use super::fault::Fault;
use super::page::json;
use super::sent::Json;
use super::shape::{Text, Wrongs, answer, request};
use super::{Routes, routes};

request! {
    /// Somebody who wants the public brief.
    PublicRequest = { "email": "reader@example.org" } {
        /// Where it is to go.
        email: Text<0, 1_000>,
    }
}

answer! {
    /// What everybody is told.
    PublicRequestTaken = {
        "accepted": true,
        "message": "If the address can get it, a mail is on its way there. Nothing else is sent before the button on its page was pressed."
    } {
        /// Always true.
        accepted: bool,
        /// What happens next.
        message: String,
    }
}

pub(super) fn operations() -> Routes {
    Routes::new().routes(routes!(ask_public))
}

/// Ask for the public brief
///
/// For the form on a site of your own; needs no token. A mail asks to confirm, and nothing else is sent before.
#[utoipa::path(post, path = "/api/v1/subscribe", tag = "subscriptions", request_body = PublicRequest,
    responses((status = 202, description = "It is taken.", body = PublicRequestTaken)),
    security(()))]
async fn ask_public(
    State(site): State<Site>,
    client: Client,
    Json(asked): Json<PublicRequest>,
) -> Result<Response<Body>, Fault> {
    is_open(&site)?;
    let email = address(asked.email.0.trim());
    let email = email.map_err(|problem| Fault::invalid(Wrongs::one("email", problem)))?;
    ask_for_public(&site, email, Channel::Api, client).await?;
    let taken = PublicRequestTaken { accepted: true, message: TAKEN.to_owned() };
    Ok(json(StatusCode::ACCEPTED, &taken))
}

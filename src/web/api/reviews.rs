//! What a program says about an edition that has not left: a note, an approval, that it is left out.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::domain::review::{NOTE_CHARS, REASON_CHARS};
use crate::engine::register::{RegisterError, Written};
use crate::engine::review::Decision;
use crate::web::shell::state::Site;

use super::caller::Caller;
use super::editions::Edition;
use super::fault::Fault;
use super::page::json;
use super::problems;
use super::sent::{Json, One};
use super::shape::words::DecisionWord;
use super::shape::{Code, Instant, Text, answer, request};
use super::{Routes, routes};

answer! {
    /// An edition with what was said about it.
    EditionUnderReview = {
        "edition": {
            "id": "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a53", "scope_kind": "organization",
            "organization": "northfield-supply", "consultant_id": null, "iso_week": "2026-W48",
            "kind": "leader", "variant": "full-en", "state": "draft", "cut_off_at": "2026-11-23T12:00:00Z",
            "as_of": "2026-11-23", "subject": "ERP cutover: 66 of 100, up 3, 9 weeks left", "reason": null,
            "frozen_at": null, "created_at": "2026-11-22T12:00:01Z"
        },
        "note": "Ask who decides on prices.", "note_by": "ticket-system", "decision": "approve",
        "decided_by": "ticket-system", "why": null, "decided_at": "2026-11-22T15:00:00Z"
    } {
        /// The edition.
        edition: Edition,
        /// The note that stands in it; none where there is none.
        note: Option<String>,
        /// Who signs it.
        note_by: Option<String>,
        /// The latest decision; none where nobody decided.
        decision: Option<Code<DecisionWord>>,
        /// Who decided.
        decided_by: Option<String>,
        /// Why.
        why: Option<String>,
        /// When.
        decided_at: Option<Instant>,
    }
}

request! {
    /// The note of a week.
    NewNote = { "note": "Ask who decides on prices." } {
        /// At most 60 words on one line; empty takes the last one back.
        note: Text<0, NOTE_CHARS>,
    }
}

request! {
    /// Why a week is left out.
    LeftOut = { "why": "holiday week" } {
        /// In words of one line: the proof of the week shows them.
        why: Text<1, REASON_CHARS>,
    }
}

pub(super) fn operations() -> Routes {
    Routes::new().routes(routes!(note)).routes(routes!(approve)).routes(routes!(skip))
}

/// Write the note of an edition
///
/// It stands in the brief, signed with the token's name. A draft or a held edition takes one.
#[utoipa::path(post, path = "/api/v1/editions/{edition}/note", tag = "editions", request_body = NewNote,
    responses((status = 200, description = "The edition, and what was said about it.", body = EditionUnderReview)),
    security(("token" = ["write:editions"])))]
async fn note(
    State(site): State<Site>,
    caller: Caller,
    One(id): One,
    Json(new): Json<NewNote>,
) -> Result<Response<Body>, Fault> {
    seen(&site, &caller, &id).await?;
    written(site.engine.add_note(&id, &new.note.0, &caller.actor(), None).await)?;
    told(&site, &caller, &id).await
}

/// Approve an edition
///
/// A draft leaves at its cut-off, a held edition with the next tick. A later decision takes the place of an
/// earlier one until then.
#[utoipa::path(post, path = "/api/v1/editions/{edition}/approve", tag = "editions",
    responses((status = 200, description = "The edition, and what was said about it.", body = EditionUnderReview)),
    security(("token" = ["write:editions"])))]
async fn approve(
    State(site): State<Site>,
    caller: Caller,
    One(id): One,
) -> Result<Response<Body>, Fault> {
    seen(&site, &caller, &id).await?;
    written(site.engine.decide(&id, &Decision::Approve, &caller.actor(), None).await)?;
    told(&site, &caller, &id).await
}

/// Leave a week out
///
/// Nobody gets a brief about it: each reader's delivery is skipped for the reason review.
#[utoipa::path(post, path = "/api/v1/editions/{edition}/skip", tag = "editions", request_body = LeftOut,
    responses((status = 200, description = "The edition, and what was said about it.", body = EditionUnderReview)),
    security(("token" = ["write:editions"])))]
async fn skip(
    State(site): State<Site>,
    caller: Caller,
    One(id): One,
    Json(out): Json<LeftOut>,
) -> Result<Response<Body>, Fault> {
    seen(&site, &caller, &id).await?;
    let decision = Decision::Skip(Some(out.why.0));
    written(site.engine.decide(&id, &decision, &caller.actor(), None).await)?;
    told(&site, &caller, &id).await
}

/// Whether the program sees the edition at all.
async fn seen(site: &Site, caller: &Caller, id: &str) -> Result<Edition, Fault> {
    let row = site.engine.db.seen_edition(id, caller.organization()).await?;
    row.map(Edition::from).ok_or_else(|| Fault::missing("edition", id))
}

/// An edition that does not wait any more is a conflict with what is there.
fn written(written: Result<Written, RegisterError>) -> Result<Written, Fault> {
    written.map_err(|error| match error {
        RegisterError::Conflict(why) => Fault::new(problems::CONFLICT, format!("{why}.")),
        error => Fault::of_register(error, "editions"),
    })
}

async fn told(site: &Site, caller: &Caller, id: &str) -> Result<Response<Body>, Fault> {
    let edition = seen(site, caller, id).await?;
    let said = site.engine.db.review(id).await?.ok_or_else(|| Fault::missing("edition", id))?;
    let note = said.note.filter(|note| !note.trim().is_empty());
    let answer = EditionUnderReview {
        edition,
        note_by: said.note_by.filter(|_| note.is_some()).and_then(|by| caller.called(Some(by))),
        note,
        decision: said.decision.map(Code::new),
        decided_by: caller.called(said.decided_by),
        why: said.decision_reason,
        decided_at: said.decided_at.map(Instant::of),
    };
    Ok(json(StatusCode::OK, &answer))
}

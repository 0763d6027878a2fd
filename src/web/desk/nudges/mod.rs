//! `/desk/nudges`: the nudges of all of a visitor's clients: to approve, on their way, sent, held back, and
//! whether they help (MODEL 6.6).
//!
//! **Invariant:** a button decides about its own nudge, as it was shown; what cannot be taken is shown again
//! as it was typed.

mod view;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{Response, StatusCode};
use serde::Deserialize;

use crate::domain::access::Act;
use crate::domain::brief::numbers::capitalized;
use crate::engine::nudges::{Decision, NudgeError};

use crate::web::shell::body::see_other;
use crate::web::shell::detached::detached;
use crate::web::shell::fields::{Fields, LongFields};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use view::{Typed, draw};

/// What was done just now.
const DONE: [(&str, &str); 5] = [
    ("approved", "Approved. It goes in the next office hour that the limits leave."),
    ("saved", "Saved. It is still a draft."),
    ("skipped", "Skipped. It is not sent."),
    ("back", "It is a draft again."),
    ("answered", "Written down as answered."),
];

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    told: String,
}

/// The page. Changes nothing.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Problem> {
    let told = DONE.iter().find(|(word, _)| *word == asked.told).map(|(_, words)| *words);
    draw(&site, &visitor, told, StatusCode::OK, None).await
}

/// Decides about one nudge.
pub(super) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    LongFields(fields): LongFields,
) -> Result<Response<Body>, Problem> {
    visitor.check(&site, &fields)?;
    let id = fields.get("nudge").to_owned();
    let client = site.engine.client_of_nudge(&id).await?.ok_or(Problem::NotFound)?;
    visitor.may(Act::Work, &client)?;
    let (decision, word) = decision(&fields).ok_or(Problem::Form)?;
    let (engine, actor) = (site.engine.clone(), visitor.actor());
    let (own, version) = (id.clone(), fields.get("version").to_owned());
    let done =
        detached(async move { Ok(engine.decide_nudge(&own, &version, &decision, &actor).await) });
    let typed = |problem: String| Typed { id, text: fields.get("text").to_owned(), problem };
    match done.await? {
        Ok(()) => Ok(see_other(&site.path(&format!("/desk/nudges?told={word}")))),
        Err(NudgeError::NotFound) => Err(Problem::NotFound),
        Err(NudgeError::Engine(error)) => Err(error.into()),
        Err(NudgeError::Words(problem)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let problem = format!("The text {problem}.");
            draw(&site, &visitor, None, status, Some(typed(problem))).await
        }
        Err(NudgeError::Conflict(problem)) => {
            let problem = format!("{}.", capitalized(&problem));
            draw(&site, &visitor, None, StatusCode::CONFLICT, Some(typed(problem))).await
        }
    }
}

/// What a button says, and the word for what the page tells then.
fn decision(fields: &Fields) -> Option<(Decision, &'static str)> {
    let text = fields.get("text").to_owned();
    Some(match fields.get("do") {
        "approve" => (Decision::Approve(text), "approved"),
        "save" => (Decision::Save(text), "saved"),
        "skip" => (Decision::Skip, "skipped"),
        "back" => (Decision::TakeBack, "back"),
        "answered" => (Decision::Answered, "answered"),
        _ => return None,
    })
}

//! `/desk/c/{slug}/review/{edition}/mail`: the HTML of an edition, for a frame.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::Response;

use crate::engine::EngineError;

use crate::web::desk::form::Form;
use crate::web::desk::workplace::Workplace;
use crate::web::shell::letter::framed;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::{correct, one};

/// What waits as it would leave now; what left as it was stored; with `of=correction` what a correction
/// of it would say. Changes nothing.
pub(in crate::web::desk) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path((slug, edition)): Path<(String, String)>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    let review = one::find(&place, &edition).await?;
    let engine = &site.engine;
    if asked.iter().any(|(name, value)| name == "of" && value == "correction") {
        let typed = asked.iter().map(|(name, value)| (name.as_str(), value.trim().to_owned()));
        let form = Form::holding("correct", typed);
        let (stated, why) = correct::stated(&form).map_err(|_| Problem::NotFound)?;
        return match engine.correction(&review.id, stated, &why).await {
            Ok(made) => Ok(framed(engine.preview_html(&made.preview))),
            Err(EngineError::Refused(_)) => Err(Problem::NotFound),
            Err(error) => Err(error.into()),
        };
    }
    if review.is_open() {
        let drawn = engine.draft_today(&review, place.now).await?.ok_or(Problem::NotFound)?;
        return Ok(framed(engine.preview_html(&drawn.preview)));
    }
    let stored = engine.stored_copy(&review.id).await?;
    let (html, _) = stored.ok_or(Problem::Over("What this brief said is kept no longer."))?;
    Ok(framed(html))
}

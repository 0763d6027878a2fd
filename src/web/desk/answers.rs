//! Answers from the mails that nobody dealt with yet: their lines on a client's page and on a gap's, and
//! the button that says that somebody did.

use axum::body::Body;
use axum::http::Response;
use jiff::Timestamp;

use crate::domain::line::clean;
use crate::engine::register::{AnswerView, RegisterError};
use crate::store::answers::WaitingAnswer;

use crate::web::shell::detached::detached;
use crate::web::shell::fields::Fields;
use crate::web::shell::problem::Problem;

use super::labels::minute;
use super::told::Told;
use super::workplace::{Workplace, part};

/// Lines on a client's page.
const SHOWN: usize = 20;

/// One answer.
#[derive(Debug, Clone)]
pub(super) struct AnswerLine {
    /// Row id.
    pub(super) id: String,
    /// The gap as a part of a path, and what the brief calls it.
    pub(super) gap: (String, String),
    /// "Done".
    pub(super) what: &'static str,
    /// Who answered.
    pub(super) who: String,
    /// When, at the client.
    pub(super) when: String,
    /// Their words; may be empty.
    pub(super) words: String,
}

impl AnswerLine {
    /// One at a gap.
    pub(super) fn of_gap(place: &Workplace, gap: &str, own: &AnswerView) -> Self {
        Self {
            id: own.id.clone(),
            gap: (part(gap), String::new()),
            what: what(&own.kind),
            who: clean(&own.person, 80),
            when: minute(own.answered_at, &place.zone),
            words: own.text.clone(),
        }
    }

    fn of_client(place: &Workplace, own: WaitingAnswer) -> Self {
        let called = own.short_name.filter(|name| !name.trim().is_empty()).unwrap_or(own.title);
        let at = Timestamp::from_millisecond(own.answered_at).unwrap_or(place.now);
        Self {
            id: own.id,
            gap: (part(&own.gap), clean(&called, 80)),
            what: what(&own.kind),
            who: clean(&own.person, 80),
            when: minute(at, &place.zone),
            words: own.text,
        }
    }
}

/// The lines of a client's page, and how many more there are.
pub(super) async fn waiting(place: &Workplace) -> Result<(Vec<AnswerLine>, usize), Problem> {
    let here = [place.id()];
    let mut all = place.site.engine.answers_waiting(Some(&here)).await?;
    let more = all.len().saturating_sub(SHOWN);
    all.truncate(SHOWN);
    Ok((all.into_iter().map(|own| AnswerLine::of_client(place, own)).collect(), more))
}

/// Writes down that somebody dealt with an answer, and leads back to `rest`.
pub(super) async fn see(
    place: &Workplace,
    fields: &Fields,
    rest: &str,
) -> Result<Response<Body>, Problem> {
    let engine = place.site.engine.clone();
    let (organization, actor) = (place.id().to_owned(), place.visitor.actor());
    let answer = fields.get("answer").to_owned();
    if answer.contains('\0') {
        return Err(Problem::NotFound);
    }
    let seen =
        detached(async move { Ok(engine.answer_seen(&organization, &answer, &actor).await) });
    match seen.await? {
        // Whoever else dealt with it meanwhile did so: both see that it waits no more.
        Ok(_) => Ok(place.done(rest, Told::Seen)),
        Err(RegisterError::NotFound { .. }) => Err(Problem::NotFound),
        Err(error) => Err(error.into()),
    }
}

fn what(kind: &str) -> &'static str {
    match kind {
        "done" => "Done",
        "blocked" => "Blocked",
        "not_mine" => "Not mine",
        _ => "Wrong number",
    }
}

//! The form of a correction: the figures that were wrong, what they were and what they are, and how it
//! happened. It is shown as its readers would get it before it is sent.

use url::form_urlencoded::Serializer;

use crate::domain::brief::Corrected;
use crate::domain::line::clean;
use crate::domain::register::{Refusal, Refusals};
use crate::domain::review;
use crate::engine::EngineError;
use crate::engine::review::Correction;
use crate::store::editions::Review;

use crate::web::desk::form::Form;
use crate::web::desk::workplace::{Workplace, part};
use crate::web::shell::detached::detached;
use crate::web::shell::problem::Problem;

/// Figures that the form has room for.
pub(super) const ROWS: usize = 4;

/// A correction that was not sent, as its readers would get it.
#[derive(Debug)]
pub(super) struct Tried {
    /// The figures: which, what it was and what it is.
    pub(super) figures: Vec<[String; 3]>,
    pub(super) subject: String,
    pub(super) text: String,
    /// What its frame holds.
    pub(super) frame: String,
}

/// The names of the fields of one figure.
pub(super) fn fields_of(row: usize) -> [String; 3] {
    ["figure", "was", "is"].map(|field| format!("{field}-{row}"))
}

/// What the form states: the figures, and how it happened.
///
/// # Errors
/// A sentence for each field that cannot be taken.
pub(super) fn stated(form: &Form) -> Result<(Vec<Corrected>, String), Refusals> {
    let names: Vec<[String; 3]> = (0..ROWS).map(fields_of).collect();
    let rows =
        names.iter().map(|[figure, was, is]| (form.value(figure), form.value(was), form.value(is)));
    let figures = review::figures(rows);
    let why = review::reason(form.value("why"));
    let why = why.map_err(|problem| Refusals::from(Refusal { field: "why", entry: None, problem }));
    match (figures, why) {
        (Ok(figures), Ok(why)) => Ok((figures, why.unwrap_or_default())),
        (Err(mut all), Err(more)) => {
            all.0.extend(more.0);
            Err(all)
        }
        (Err(refusals), Ok(_)) | (Ok(_), Err(refusals)) => Err(refusals),
    }
}

/// What it would be, without sending it; none where it cannot be, which the form says then.
pub(super) async fn tried(
    place: &Workplace,
    review: &Review,
    form: &mut Form,
) -> Result<Option<Tried>, Problem> {
    let engine = &place.site.engine;
    let (figures, why) = match stated(form) {
        Ok(stated) => stated,
        Err(refusals) => {
            form.take(&refusals);
            return Ok(None);
        }
    };
    match engine.correction(&review.id, figures, &why).await {
        Ok(Correction { figures, preview, .. }) => Ok(Some(Tried {
            figures: figures.into_iter().map(|own| [own.figure, own.was, own.is]).collect(),
            subject: preview.body.subject.clone(),
            text: engine.preview_text(&preview),
            frame: frame(place, review, form),
        })),
        Err(error) => refused(review, form, error).map(|()| None),
    }
}

/// Sends it; whether it is on its way, or else the form says why not.
pub(super) async fn send(
    place: &Workplace,
    review: &Review,
    form: &mut Form,
) -> Result<bool, Problem> {
    let (figures, why) = match stated(form) {
        Ok(stated) => stated,
        Err(refusals) => {
            form.take(&refusals);
            return Ok(false);
        }
    };
    let (engine, actor) = (place.site.engine.clone(), place.visitor.actor());
    let id = review.id.clone();
    let sent = detached(async move { Ok(engine.correct(&id, figures, &why, &actor).await) });
    match sent.await? {
        Ok(_) => Ok(true),
        Err(error) => refused(review, form, error).map(|()| false),
    }
}

/// Says at the form why there is no correction.
fn refused(review: &Review, form: &mut Form, error: EngineError) -> Result<(), Problem> {
    match error {
        EngineError::Refused(words) => {
            let words = words.replace(&format!("edition {}", review.id), "the brief");
            form.refuse(fields_of(0)[0].clone(), &words);
            Ok(())
        }
        error => Err(error.into()),
    }
}

/// The address of what it would say.
fn frame(place: &Workplace, review: &Review, form: &Form) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("of", "correction");
    let names = (0..ROWS).flat_map(fields_of).chain(["why".to_owned()]);
    for name in names {
        let value = clean(form.value(&name), review::REASON_CHARS);
        if !value.is_empty() {
            query.append_pair(&name, &value);
        }
    }
    let path = place.path(&format!("/review/{}/mail", part(&review.id)));
    format!("{path}?{}", query.finish())
}

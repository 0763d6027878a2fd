//! A preview on a page: `preview_shown.html` draws it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::domain::brief::numbers::{capitalized, full_date, weekday};
use crate::domain::time::instant;
use crate::engine::preview::{Preview, Whose};
use crate::engine::{Engine, EngineError};

use crate::web::desk::form::Form;
use crate::web::shell::letter::framed;
use crate::web::shell::problem::Problem;

/// The first year that a preview is of: what is older than mail is a typing error.
const FIRST: i16 = 1970;
/// How far ahead it may be: a forecast beyond that is of no use.
const AHEAD: SignedDuration = SignedDuration::from_hours(2 * 366 * 24);

/// An edition as it would be.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) subject: String,
    pub(super) preheader: String,
    /// "Monday 23 November 2026".
    pub(super) day: String,
    pub(super) text: String,
}

/// What a preview came to.
pub(super) enum Drawn {
    /// There is one.
    Made(Box<Preview>),
    /// There is none; why, as a sentence.
    Nothing(String),
}

/// The edition that is asked for.
pub(super) async fn drawn(engine: &Engine, whose: &Whose, at: Timestamp) -> Result<Drawn, Problem> {
    match engine.preview(whose, at).await {
        Ok(preview) => Ok(Drawn::Made(Box::new(preview))),
        Err(EngineError::Refused(words)) => Ok(Drawn::Nothing(format!("{}.", capitalized(&words)))),
        Err(error) => Err(error.into()),
    }
}

/// How it is shown.
pub(super) fn shown(engine: &Engine, preview: &Preview) -> Shown {
    let day = preview.as_of;
    Shown {
        subject: preview.body.subject.clone(),
        preheader: preview.body.preheader.clone(),
        day: format!("{} {}", weekday(day.weekday()), full_date(day)),
        text: engine.preview_text(preview),
    }
}

/// Its HTML for a frame.
pub(super) async fn mail(
    engine: &Engine,
    whose: &Whose,
    at: Timestamp,
) -> Result<axum::http::Response<axum::body::Body>, Problem> {
    match drawn(engine, whose, at).await? {
        Drawn::Made(preview) => Ok(framed(engine.preview_html(&preview))),
        Drawn::Nothing(_) => Err(Problem::NotFound),
    }
}

/// The instant that a day stands for: its end in a zone, so that its own cut-off counts. Now, where none
/// is given or it cannot be taken, which the form says then.
pub(super) fn at(form: &mut Form, zone: &TimeZone, now: Timestamp) -> Timestamp {
    let Some(day) = form.date("date") else { return now };
    match end_of(day, zone).filter(|end| day.year() >= FIRST && *end <= now + AHEAD) {
        Some(end) => end,
        None => {
            form.refuse("date", "is out of reach; choose a day up to two years ahead");
            now
        }
    }
}

fn end_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    let end = instant(day.tomorrow().ok()?, 0, zone);
    end.checked_sub(SignedDuration::from_millis(1)).ok()
}

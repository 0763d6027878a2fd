//! An edition that does not wait any more: what it said, what became of it, and its correction.
//! `past.html` draws it.

use crate::store::editions::Review;

use crate::web::desk::form::Form;
use crate::web::desk::workplace::{Workplace, part};
use crate::web::shell::problem::Problem;

use super::correct::{ROWS, Tried, fields_of};
use super::words;

/// Editions of one week that are named.
const BESIDE: i64 = 60;

/// What left, or was left out.
#[derive(Debug)]
pub(super) struct Past {
    /// Where its form is sent.
    pub(super) action: String,
    pub(super) day: String,
    pub(super) whose: String,
    pub(super) subject: String,
    pub(super) state: String,
    pub(super) cut_off: String,
    pub(super) decided: Option<String>,
    /// "41 sent, 2 skipped", of everybody's briefs of the week.
    pub(super) counts: String,
    /// The same of corrections.
    pub(super) corrections: String,
    /// What its frame holds, and the plain text; none where it is kept no longer.
    pub(super) frame: Option<String>,
    pub(super) text: String,
    /// The other editions of the week: whose, and where.
    pub(super) beside: Vec<(String, String)>,
    /// Where its correction is shown.
    pub(super) correction: Option<String>,
    /// Whether something of the week can still be stopped.
    pub(super) is_stoppable: bool,
    pub(super) stop: Form,
    /// Whether it can be corrected.
    pub(super) is_correctable: bool,
    pub(super) form: Form,
    pub(super) rows: Vec<[String; 3]>,
    pub(super) tried: Option<Tried>,
    /// What somebody else did meanwhile.
    pub(super) conflict: Option<String>,
}

impl Past {
    /// Shows it, with the form of a stop, and that of a correction, which was tried perhaps.
    pub(super) async fn of(
        place: &Workplace,
        review: &Review,
        stop: Form,
        (form, tried): (Form, Option<Tried>),
    ) -> Result<Self, Problem> {
        let engine = &place.site.engine;
        let weeks = [review.iso_week.clone()];
        let stood = engine.db.stood(&review.scope_id, &weeks).await?;
        let of_week = engine.db.reviews_of_week(&review.scope_id, &review.iso_week, BESIDE).await?;
        let link = |id: &str| place.path(&format!("/review/{}", part(id)));
        let copy = match review.is_kept {
            true => engine.stored_copy(&review.id).await?,
            false => None,
        };
        let is_brief = matches!(review.kind.as_str(), "leader" | "owner");
        let is_first = !review.variant.contains("-reader") && !review.variant.starts_with("line");
        let is_correctable = review.state == "frozen" && is_brief && is_first;
        Ok(Self {
            action: link(&review.id),
            day: words::day(review),
            whose: words::whose(review),
            subject: review.subject.clone().unwrap_or_default(),
            state: words::state(review, &place.zone, place.today),
            cut_off: words::stored(review.cut_off_at, &place.zone, place.today),
            decided: words::decided(review, &place.zone, place.today),
            counts: words::counts(&stood, &review.iso_week, "brief"),
            corrections: words::counts(&stood, &review.iso_week, "correction"),
            frame: copy.is_some().then(|| format!("{}/mail", link(&review.id))),
            text: copy.map(|(_, text)| text).unwrap_or_default(),
            beside: of_week
                .iter()
                .filter(|own| own.id != review.id)
                .map(|own| (words::whose(own), link(&own.id)))
                .collect(),
            correction: review.correction.as_deref().map(link),
            is_stoppable: is_correctable && words::is_under_way(&stood),
            stop,
            is_correctable,
            form,
            rows: (0..ROWS).map(fields_of).collect(),
            tried,
            conflict: None,
        })
    }
}

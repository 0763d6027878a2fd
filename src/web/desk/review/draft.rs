//! An edition that waits, with what may be done about it: `draft.html` draws it.

use crate::domain::line::clean;
use crate::store::editions::Review;

use crate::web::desk::form::Form;
use crate::web::desk::workplace::{Workplace, part};
use crate::web::shell::problem::Problem;

use super::words;

/// What waits.
#[derive(Debug)]
pub(super) struct Draft {
    /// Where its forms are sent.
    pub(super) action: String,
    /// What its frame holds.
    pub(super) frame: String,
    /// Its subject and preheader; empty where it cannot be drawn.
    pub(super) subject: String,
    pub(super) preheader: String,
    /// The plain text; empty likewise.
    pub(super) text: String,
    pub(super) day: String,
    pub(super) state: String,
    pub(super) decided: Option<String>,
    pub(super) readers: i64,
    /// "Ana Mendel, Sunday 22 November, 10:02", where a note stands.
    pub(super) noted: Option<String>,
    /// When it was made.
    pub(super) made: String,
    /// Figures that are others by now: which, what it was and what it is.
    pub(super) changed: Vec<[String; 3]>,
    /// Whether it waits past its cut-off.
    pub(super) is_held: bool,
    pub(super) is_approved: bool,
    pub(super) is_left_out: bool,
    pub(super) version: String,
    /// The day of its cut-off, for the preview of other readers.
    pub(super) as_of: String,
    pub(super) note: Form,
    pub(super) skip: Form,
    /// What somebody else did meanwhile.
    pub(super) conflict: Option<String>,
}

/// A form that was not taken.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) note: Option<Form>,
    pub(super) skip: Option<Form>,
    /// That of a stop, which is of an edition that does not wait any more.
    pub(super) stop: Option<Form>,
    pub(super) conflict: Option<String>,
}

impl Draft {
    /// Draws what waits, as it would leave now.
    pub(super) async fn of(
        place: &Workplace,
        review: &Review,
        sent: Sent,
    ) -> Result<Self, Problem> {
        let engine = &place.site.engine;
        let drawn = engine.draft_today(review, place.now).await?;
        let ids = [review.scope_id.clone()];
        let readers = engine.db.readers_count(&ids, place.now.as_millisecond()).await?;
        let (zone, today) = (&place.zone, place.today);
        let standing = review.note.clone().unwrap_or_default();
        let mut note = Form::holding("note", [("note", standing.clone())]);
        if let Some(typed) = sent.note {
            let standing = std::mem::replace(&mut note, typed);
            if sent.conflict.is_some() {
                note.stands_now(&standing);
            }
        }
        let action = place.path(&format!("/review/{}", part(&review.id)));
        let text = drawn.as_ref().map(|own| engine.preview_text(&own.preview));
        let (subject, preheader) = drawn.as_ref().map_or_else(Default::default, |own| {
            (own.preview.body.subject.clone(), own.preview.body.preheader.clone())
        });
        let changed = drawn.map_or_else(Vec::new, |own| own.changed);
        let noted = review.note_by.as_deref().zip(review.note_at);
        let noted = noted.filter(|_| !standing.trim().is_empty());
        let decision = review.decision.as_deref();
        Ok(Self {
            frame: format!("{action}/mail"),
            action,
            subject,
            preheader,
            text: text.unwrap_or_default(),
            day: words::day(review),
            state: words::state(review, zone, today),
            decided: words::decided(review, zone, today),
            readers: readers.into_iter().map(|(_, n)| n).sum(),
            noted: noted
                .map(|(by, at)| format!("{}, {}", clean(by, 64), words::stored(at, zone, today))),
            made: words::stored(review.created_at, zone, today),
            changed: changed.into_iter().map(|own| [own.figure, own.was, own.is]).collect(),
            is_held: review.state == "held",
            is_approved: decision == Some("approve"),
            is_left_out: decision == Some("skip"),
            version: review.version(),
            as_of: review.as_of.clone(),
            note,
            skip: sent.skip.unwrap_or_else(|| Form::holding("skip", [])),
            conflict: sent.conflict,
        })
    }
}

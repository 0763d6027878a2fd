//! The links by which a reader answers for a gap, for both parts.

use super::{Button, Frame};
use crate::domain::answer::AnswerKind;
use crate::domain::brief::{Ask, Item};

/// The link of a place that asks. None for a reader who may not answer.
pub fn of(ask: &Ask, frame: &Frame) -> Option<Button> {
    let base = frame.links.answers.as_deref()?;
    let href = format!("{base}{}", ask.kind.path(&ask.gap)?);
    Some(Button { label: ask.label.to_owned(), href })
}

/// The links under an entry, in order; none for a reader who may not answer.
pub fn under(item: &Item, frame: &Frame) -> Vec<Button> {
    let Some(gap) = &item.gap else { return Vec::new() };
    let ask = |kind: AnswerKind| Ask { label: kind.label(), kind, gap: gap.clone() };
    AnswerKind::OF_AN_OWNER.iter().filter_map(|kind| of(&ask(*kind), frame)).collect()
}

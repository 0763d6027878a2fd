//! Lists in the HTML part.

use super::tone;
use crate::domain::brief::{Item, Tone};
use crate::render::{Button, Frame, answers, sentence};

/// One entry of a list.
pub struct Row<'a> {
    /// "1." or a sign that tells good from bad without colour.
    pub mark: String,
    /// Whether the mark is a number, which is read aloud; a sign is not.
    pub is_numbered: bool,
    pub lead: &'a str,
    pub joint: &'static str,
    pub rest: &'a str,
    pub amount: Option<&'a str>,
    pub quote: Option<&'a str>,
    pub tone: &'static str,
    /// What the reader may answer.
    pub answers: Vec<Button>,
}

/// The entries of a list, numbered from 1 or with a sign.
pub fn rows<'a>(items: &'a [Item], numbered: bool, frame: &Frame) -> Vec<Row<'a>> {
    (1..).zip(items).map(|(number, item)| Row::of(number, item, numbered, frame)).collect()
}

impl<'a> Row<'a> {
    fn of(number: usize, item: &'a Item, is_numbered: bool, frame: &Frame) -> Self {
        let amount = is_numbered.then(|| sentence::amount(&item.rest)).flatten();
        let (amount, rest) = match amount {
            Some((amount, rest)) => (Some(amount), rest),
            None => (None, item.rest.as_str()),
        };
        let is_joined = !item.lead.is_empty() && !rest.is_empty() && amount.is_none();
        Self {
            mark: if is_numbered && item.lead.is_empty() {
                // "and 2 more" counts entries and is none.
                String::new()
            } else if is_numbered {
                format!("{number}.")
            } else {
                sign(item.tone).to_owned()
            },
            is_numbered,
            lead: &item.lead,
            joint: if is_joined { sentence::joint(&item.lead) } else { "" },
            rest,
            amount,
            quote: item.quote.as_deref(),
            tone: tone(item.tone),
            answers: answers::under(item, frame),
        }
    }
}

/// The sign before an entry: its shape says what its colour says.
const fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "\u{2713}",
        Tone::Bad => "\u{25C6}",
        Tone::Plain => "\u{2013}",
    }
}

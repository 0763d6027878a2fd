//! Bounces from before there was a standard, or past it: a text for people, and the mail below it.
//!
//! Only forms whose first words are known are read, and only in the mail of a machine: a person may
//! quote such a text. Of the text only codes and unmistakable words count.

use mail_parser::{Message, PartType};

use super::clues::{Clue, Ours, message_ids, tokens};
use super::fields::Fields;
use super::report::{Recipient, TO, is_from_a_machine, of_returned};
use super::returned;
use crate::domain::bounce::{Action, Said};
use crate::domain::status::EnhancedCode;

/// Within how many octets a form must show its first words: some put a greeting or a subject before.
const HEAD: usize = 1_000;
/// Most octets of the text that are read.
const TEXT: usize = 20_000;
/// A failure for good that says no more.
const FAILED: EnhancedCode = EnhancedCode { class: 5, subject: 0, detail: 0 };

/// One form, its words in lower case.
struct Form {
    /// What it begins with: any of these.
    heads: &'static [&'static str],
    /// What says that it is still tried.
    delayed: &'static [&'static str],
    /// Where the returned mail begins.
    ends: &'static [&'static str],
}

const FORMS: &[Form] = &[
    // qmail, and what writes its format (QSBMF).
    Form {
        heads: &["hi. this is the"],
        delayed: &[],
        ends: &["--- below this line is a copy of the", "--- enclosed are the original headers"],
    },
    // Exim.
    Form {
        heads: &["this message was created automatically by mail delivery software"],
        delayed: &["has not yet been delivered"],
        ends: &["------ this is a copy of", "------ the body of the message"],
    },
    // sendmail.
    Form {
        heads: &["the original message was received at"],
        delayed: &["transient non-fatal errors", "warning: message still undelivered"],
        ends: &[
            "----- original message follows -----",
            "----- unsent message follows -----",
            "----- message header follows -----",
        ],
    },
    // Exchange, oldest last.
    Form {
        heads: &[
            "delivery has failed to these recipients",
            "your message did not reach some or all of the intended recipients",
            "did not reach the following recipient",
            "delivery is delayed to these recipients",
        ],
        delayed: &["delivery is delayed to these recipients"],
        ends: &["original message headers:"],
    },
    // Postfix before 2.3.
    Form {
        heads: &["this is the postfix program at host", "this is the mail system at host"],
        delayed: &["could not be delivered for", "this is a warning only"],
        ends: &[],
    },
    // Gmail and Yahoo before they knew better.
    Form {
        heads: &[
            "delivery to the following recipient failed permanently",
            "delivery to the following recipient has been delayed",
            "we were unable to deliver your message to the following address",
            "unable to deliver message to the following address",
        ],
        delayed: &["has been delayed"],
        ends: &[
            "----- original message -----",
            "--- below this line is a copy of the message",
            "--- original message follows",
        ],
    },
];

/// Reads one: the recipients, and the header of the returned mail as far as it is there.
pub(super) fn read(message: &Message<'_>, top: &Fields) -> Option<(Vec<Recipient>, Fields)> {
    if !is_from_a_machine(top) {
        return None;
    }
    let text = text_of(message)?;
    let lower = text.to_ascii_lowercase();
    let head = &lower[..lower.floor_char_boundary(HEAD)];
    let form = FORMS.iter().find(|form| form.heads.iter().any(|words| head.contains(words)))?;
    let end = form.ends.iter().filter_map(|words| lower.find(words)).min();
    let words = &text[..text.floor_char_boundary(end.unwrap_or(text.len()).min(TEXT))];
    let is_delayed = form.delayed.iter().any(|delayed| lower[..words.len()].contains(delayed));
    let below = end.map(|end| behind_line(&text[end..]));
    let below = below.map(|text| Fields::read(text.trim_start()));
    let header = below.or_else(|| returned(message)).unwrap_or_default();
    Some((recipients(words, is_delayed, top), header))
}

/// One for each paragraph that names a reason; one without a reason where none does.
fn recipients(text: &str, is_delayed: bool, top: &Fields) -> Vec<Recipient> {
    let action = if is_delayed { Action::Delayed } else { Action::Failed };
    let known = if is_delayed { None } else { Some(FAILED) };
    let text = text.replace("\r\n", "\n");
    let mut found: Vec<Recipient> = text
        .split("\n\n")
        .map(|paragraph| (Said::read(paragraph), paragraph))
        .filter(|(said, _)| said.status.is_some() || said.code.is_some() || said.hint.is_some())
        .map(|(said, paragraph)| Recipient::new(action, said.under(known), paragraph))
        .collect();
    if found.is_empty() {
        found.push(Recipient::new(action, Said::default().under(known), ""));
    }
    let failed = top.get("x-failed-recipients").map(str::to_owned);
    for recipient in &mut found {
        recipient.original_recipient.clone_from(&failed);
    }
    found
}

/// The first text for people; none of these forms has it in HTML alone.
fn text_of<'x>(message: &'x Message<'_>) -> Option<&'x str> {
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Text(text) => Some(text.as_ref()),
        _ => None,
    })
}

/// What stands behind the first line.
fn behind_line(text: &str) -> &str {
    text.find('\n').map_or("", |at| &text[at + 1..])
}

/// Our marks: where it was sent to, the returned mail, and what it answers.
pub(super) fn clues(returned: &Fields, top: &Fields, ours: &Ours) -> Vec<Clue> {
    let mut found = tokens(top, &TO, ours);
    found.extend(of_returned(Some(returned), ours));
    found.extend(message_ids(top, &["in-reply-to", "references"], ours));
    found
}

//! What comes back: reports of mail systems, complaints of readers, answers of machines.
//!
//! [`read`] takes one message as it lies in a mailbox and says what it is about and by which of our
//! own marks its delivery can be found. It asks nobody: whether a mark is genuine is for whoever
//! keeps the keys and the rows.
//!
//! **Invariants:** any octets are read without a panic; what is not understood is called unclear,
//! never guessed; an address in a report is a claim of a stranger, so no delivery is found by one.
//!
//! Reading order: `fields`, [`clues`], [`report`], `complaint`, `old`, `answer`, `digest`; then the ways
//! that messages come by: [`maildir`], [`imap`], [`webhook`].

mod answer;
pub mod clues;
mod complaint;
mod digest;
mod fields;
pub mod imap;
pub mod maildir;
mod old;
pub mod report;
pub mod webhook;

use std::borrow::Cow;

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders};

use crate::domain::bounce::Meaning;

pub use clues::{Clue, Ours};
pub use report::{Finding, Recipient};

use fields::Fields;

/// Most octets of one message that are looked at: a report that returns a whole brief has 60 kB.
pub const MOST: usize = 4 << 20;

/// What a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A mail system reports what became of a mail (RFC 3464, or one of the older forms).
    Report(Vec<Recipient>),
    /// A reader called a mail spam (RFC 5965); with the type of feedback.
    Complaint(String),
    /// A machine answered (RFC 3834), or a mail program said that the mail was shown (RFC 8098).
    AutoReply,
    /// None of these, or a report that says nothing.
    Unclear,
}

/// A message that came back, as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// What it is.
    pub what: What,
    /// Our marks in it, the most trustworthy first, each once.
    pub clues: Vec<Clue>,
    /// The same for the same message, whichever way it came; 64 hexadecimal digits.
    pub digest: String,
}

impl Inbound {
    /// What it says, for the reader with this address where one is known.
    #[must_use]
    pub fn finding(&self, address: Option<&str>) -> Finding {
        match &self.what {
            What::Report(recipients) => report::about(recipients, address),
            What::Complaint(kind) => Finding::plain(Meaning::Complaint, kind),
            What::AutoReply => Finding::plain(Meaning::AutoReply, ""),
            What::Unclear => Finding::plain(Meaning::Unclear, ""),
        }
    }
}

/// Reads one message, with or without the line `From ` of an mbox before it.
#[must_use]
pub fn read(octets: &[u8], ours: &Ours) -> Inbound {
    let octets = without_envelope_line(&octets[..octets.len().min(MOST)]);
    let top = Fields::read(&text_of(octets));
    let digest = digest::of(octets, &top);
    let Some(message) = MessageParser::default().parse(octets) else {
        return Inbound { what: What::Unclear, clues: Vec::new(), digest };
    };
    let (what, found) = understand(&message, &top, ours);
    let mut clues: Vec<Clue> = Vec::new();
    if !matches!(what, What::AutoReply | What::Unclear) {
        for clue in found {
            if !clues.contains(&clue) {
                clues.push(clue);
            }
        }
    }
    Inbound { what, clues, digest }
}

/// The first form that fits, with our marks where that form has them.
fn understand(message: &Message<'_>, top: &Fields, ours: &Ours) -> (What, Vec<Clue>) {
    if let Some(kind) = complaint::read(message) {
        return (kind, complaint::clues(message, top, ours));
    }
    if let Some(recipients) = report::read(message, top) {
        return (What::Report(recipients), report::clues(message, top, ours));
    }
    if let Some((recipients, returned)) = old::read(message, top) {
        return (What::Report(recipients), old::clues(&returned, top, ours));
    }
    let what = if answer::is_one(message, top) { What::AutoReply } else { What::Unclear };
    (what, Vec::new())
}

/// A delivery agent that writes mbox, or a pipe, puts a line before the header.
fn without_envelope_line(octets: &[u8]) -> &[u8] {
    if !octets.starts_with(b"From ") {
        return octets;
    }
    octets.iter().position(|b| *b == b'\n').map_or(&[], |at| &octets[at + 1..])
}

/// Octets as text; what is no UTF-8 is replaced and matches nothing.
fn text_of(octets: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(octets)
}

/// `type/subtype` of a part in lower case; empty where it names none.
fn kind_of(part: &MessagePart<'_>) -> String {
    part.content_type().map_or_else(String::new, |kind| {
        format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_lowercase()
    })
}

/// The headers of the mail that is returned with a report: of a whole message, or alone (RFC 6522
/// section 3, RFC 6533 section 6).
fn returned(message: &Message<'_>) -> Option<Fields> {
    const RETURNED: [&str; 5] = [
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global-headers",
    ];
    let part =
        message.parts.iter().skip(1).find(|part| RETURNED.contains(&kind_of(part).as_str()))?;
    Some(Fields::read(&text_of(part.contents())))
}

//! An edition encoded once, from which each recipient's message is cast by splicing.
//!
//! A mould is a whole message in which one header line and some places of the body stand for what
//! is the recipient's own. In the body a place is written `={trend}`: quoted-printable never
//! produces `={`, so no text can imitate it, and it always begins a line, so a value may be put in
//! and broken into lines without touching what stands around it.
//!
//! **Invariant:** a cast message decodes to what [`Letter::build`] makes of the same letter with the
//! values filled in.

use std::ops::Range;

use super::message::{Addressing, Letter, LetterError, addressing_lines, checked};
use super::quoted_printable::{encode, soft_break};
use crate::domain::slots::{Piece, Slot, SlotValues, escape_html, pieces};

/// The header line in whose place the recipient's own stand.
const ADDRESSING: (&str, &str) = ("X-Addressing", "={to}");
/// The same line as it stands in the message. A subject cannot imitate it: it has no line breaks.
const ADDRESSING_LINE: &[u8] = b"\r\nX-Addressing: ={to}\r\n";
/// Begins the HTML part. The `=` in it cannot come from quoted-printable text.
const HTML_PART: &[u8] = b"\r\nContent-Type: text/html; charset=utf-8\r\n";

/// An encoded edition with places for what differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mould {
    bytes: Vec<u8>,
    steps: Vec<Step>,
}

/// Stored bytes that are no mould.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored message is damaged ({0}); the edition has to be made again")]
pub struct MouldError(&'static str);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Copy(Range<usize>),
    Addressing,
    Value { slot: Slot, is_html: bool, is_line_end: bool },
}

impl Mould {
    /// Encodes `letter`, whose text and HTML may hold slot tokens.
    ///
    /// # Errors
    /// What [`Letter::build`] refuses.
    pub fn of(letter: &Letter) -> Result<Self, LetterError> {
        let (name, value) = ADDRESSING;
        let bytes = letter.assemble(
            |builder| builder.raw_header(checked(name, value.to_owned())),
            encode_with_places(&letter.text),
            encode_with_places(&letter.html),
        )?;
        Self::from_bytes(bytes).map_err(|error| LetterError::Build(error.to_string()))
    }

    /// Reads a mould back from where it was stored.
    ///
    /// # Errors
    /// [`MouldError`] when the header holds no place for the recipient.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, MouldError> {
        let body = find(&bytes, b"\r\n\r\n").ok_or(MouldError("it has no body"))?;
        let at = find(&bytes[..body + 2], ADDRESSING_LINE)
            .ok_or(MouldError("it has no place for the recipient"))?;
        let mut steps = vec![Step::Copy(0..at + 2), Step::Addressing];
        let mut from = at + ADDRESSING_LINE.len();
        let html = find(&bytes, HTML_PART).unwrap_or(bytes.len());
        let mut look = body;
        while let Some(place) = find(&bytes[look..], b"={").map(|found| look + found) {
            let name = &bytes[place + 2..];
            let slot = Slot::ALL.into_iter().find(|slot| name.starts_with(label(*slot)));
            let Some(slot) = slot else {
                return Err(MouldError("it holds an unknown place"));
            };
            let end = place + 2 + label(slot).len();
            let is_line_end = !bytes[end..].starts_with(b"=\r\n");
            steps.push(Step::Copy(from..place));
            steps.push(Step::Value { slot, is_html: html < place, is_line_end });
            from = if is_line_end { end } else { end + 3 };
            look = from;
        }
        steps.push(Step::Copy(from..bytes.len()));
        Ok(Self { bytes, steps })
    }

    /// What to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Appends the finished message for one recipient to `out`. Values are plain text: in the HTML
    /// part they are escaped here.
    pub fn cast(&self, addressing: &Addressing, values: &SlotValues<'_>, out: &mut Vec<u8>) {
        out.reserve(self.bytes.len() + 1024);
        for step in &self.steps {
            match step {
                Step::Copy(range) => out.extend_from_slice(&self.bytes[range.clone()]),
                Step::Addressing => out.extend_from_slice(addressing_lines(addressing).as_bytes()),
                Step::Value { slot, is_html, is_line_end } => {
                    let value = values.get(*slot);
                    let column = if *is_html {
                        encode(&escape_html(value), 0, out)
                    } else {
                        encode(value, 0, out)
                    };
                    if 0 < column && !is_line_end {
                        soft_break(out);
                    }
                }
            }
        }
    }

    /// Whether the edition has a place for `slot`.
    #[must_use]
    pub fn has(&self, slot: Slot) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Value { slot: own, .. } if *own == slot))
    }
}

/// What follows `={` at the place of a slot, closing brace included.
const fn label(slot: Slot) -> &'static [u8] {
    match slot {
        Slot::Trend => b"trend}",
        Slot::Why => b"why}",
        Slot::Stop => b"stop}",
        Slot::Copy => b"copy}",
        Slot::Answer => b"answer}",
        Slot::Name => b"name}",
    }
}

/// Encodes a part; each token becomes a place that begins a line and is followed by a line end, a
/// soft one where the text goes on.
fn encode_with_places(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + text.len() / 8);
    let mut column = 0;
    let mut walk = pieces(text).peekable();
    while let Some(piece) = walk.next() {
        match piece {
            Piece::Fixed(fixed) => column = encode(fixed, column, &mut out),
            Piece::Own(slot) => {
                if 0 < column {
                    soft_break(&mut out);
                }
                out.extend_from_slice(b"={");
                out.extend_from_slice(label(slot));
                column = 0;
                let goes_on = match walk.peek() {
                    Some(Piece::Fixed(next)) => !next.starts_with(['\r', '\n']),
                    Some(Piece::Own(_)) => true,
                    None => false,
                };
                if goes_on {
                    soft_break(&mut out);
                }
            }
        }
    }
    out
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(haystack, needle)
}

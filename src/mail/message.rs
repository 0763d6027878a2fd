//! From a rendered letter to the finished message (RFC 5322, RFC 2045, MAIL 1 and 2).
//!
//! **Invariant:** the same letter and addressing give the same bytes; nothing here asks the time or
//! makes up a boundary. No line break reaches a header: names and subjects are cleaned, the rest is
//! made of checked values.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::address::Envelope;
use lettre::message::header::{
    ContentTransferEncoding, ContentType, HeaderName, HeaderValue, Headers, To,
};
use lettre::message::{Body, Mailbox, Mailboxes, Message, MessageBuilder, MultiPart, SinglePart};
use sha2::{Digest, Sha256};

use super::header::{FeedbackId, ListHeaders, Party, Unsubscribe};
use super::message_id::MessageId;
use super::quoted_printable;
use crate::domain::address::EmailAddress;
use crate::domain::line;

/// Longest subject kept, in characters; the briefs stay below 60.
const SUBJECT_MAX: usize = 200;
/// The end of the year 9999, in seconds since 1970.
const LAST_SECOND: u64 = 253_402_300_799;

/// A letter before it has a recipient: what is the same for everybody.
#[derive(Debug, Clone)]
pub struct Letter {
    /// What this letter is: an edition's or a delivery's id. The MIME boundary is derived from it.
    pub id: String,
    /// The one author.
    pub from: Party,
    /// Where answers go, when not to the author.
    pub reply_to: Option<Party>,
    /// One line; cleaned and cut at 200 characters.
    pub subject: String,
    /// The plain part. Any kind of line break.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// When it was written.
    pub date: Timestamp,
    /// For mail that goes out to a list.
    pub list: Option<ListHeaders>,
    /// For mailbox providers that report complaints by campaign.
    pub feedback: Option<FeedbackId>,
    /// Further headers, name and value; the value is encoded as text.
    pub extra: Vec<(String, String)>,
}

/// What is one recipient's own in the header.
#[derive(Debug, Clone)]
pub struct Addressing {
    /// The one recipient.
    pub to: Party,
    /// Stays the same on every try.
    pub message_id: MessageId,
    /// The ways out of the list.
    pub unsubscribe: Unsubscribe,
}

/// Why a letter cannot be made a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// RFC 5322 3.3 has no way to write the year.
    #[error("the date {0} cannot stand in a mail; use one from 1970 to 9999")]
    Date(Timestamp),
    /// A further header's name is not one.
    #[error("{0:?} is no header name; use letters and hyphens")]
    ExtraName(String),
    /// A further header would stand twice.
    #[error("the header {0:?} is written by the mail itself; leave it out of the extra headers")]
    ExtraTwice(String),
    /// The builder refused the whole.
    #[error("the message could not be built: {0}")]
    Build(String),
}

impl Letter {
    /// The finished message for one recipient: CRLF line ends, both parts quoted-printable.
    ///
    /// # Errors
    /// [`LetterError`] for a date or a further header that cannot be written.
    pub fn build(&self, addressing: &Addressing) -> Result<Vec<u8>, LetterError> {
        let encode = |part: &str| {
            let mut encoded = Vec::with_capacity(part.len() + part.len() / 8);
            quoted_printable::encode(part, 0, &mut encoded);
            encoded
        };
        let address = |mut builder: MessageBuilder| {
            builder = builder.to(mailbox(&addressing.to));
            own_headers(addressing).into_iter().fold(builder, MessageBuilder::raw_header)
        };
        self.assemble(address, encode(&self.text), encode(&self.html))
    }

    /// Puts the message together; `address` adds what is the recipient's own, after the subject.
    pub(super) fn assemble(
        &self,
        address: impl FnOnce(MessageBuilder) -> MessageBuilder,
        text: Vec<u8>,
        html: Vec<u8>,
    ) -> Result<Vec<u8>, LetterError> {
        let mut builder = Message::builder()
            .envelope(unused_envelope()?)
            .date(self.system_time()?)
            .from(mailbox(&self.from));
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(mailbox(reply_to));
        }
        builder = address(builder.subject(header_text(&self.subject)));
        builder = self.list_headers(builder);
        builder = self.extra_headers(builder)?;
        builder
            .multipart(
                MultiPart::alternative()
                    .boundary(boundary(&self.id))
                    .singlepart(part(ContentType::TEXT_PLAIN, text))
                    .singlepart(part(ContentType::TEXT_HTML, html)),
            )
            .map(|message| message.formatted())
            .map_err(|error| LetterError::Build(error.to_string()))
    }

    fn list_headers(&self, mut builder: MessageBuilder) -> MessageBuilder {
        if let Some(list) = &self.list {
            builder = builder
                .raw_header(checked("List-Id", list.id().to_owned()))
                .raw_header(checked("List-Help", list.help()));
        }
        if let Some(feedback) = &self.feedback {
            builder = builder.raw_header(checked("Feedback-ID", feedback.as_str().to_owned()));
        }
        // RFC 3834 section 5: keeps vacation programs from answering.
        builder.raw_header(checked("Auto-Submitted", "auto-generated".to_owned()))
    }

    fn extra_headers(&self, mut builder: MessageBuilder) -> Result<MessageBuilder, LetterError> {
        for (index, (name, value)) in self.extra.iter().enumerate() {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
            if name.is_empty() || 60 < name.len() || !name.bytes().all(plain) {
                return Err(LetterError::ExtraName(name.clone()));
            }
            let earlier = self.extra[..index].iter().map(|(other, _)| other.as_str());
            if WRITTEN.iter().copied().chain(earlier).any(|w| w.eq_ignore_ascii_case(name)) {
                return Err(LetterError::ExtraTwice(name.clone()));
            }
            let header = HeaderName::new_from_ascii(name.clone())
                .map_err(|_| LetterError::ExtraName(name.clone()))?;
            builder = builder.raw_header(HeaderValue::new(header, header_text(value)));
        }
        Ok(builder)
    }

    /// lettre's date type panics outside these years.
    fn system_time(&self) -> Result<SystemTime, LetterError> {
        let seconds = u64::try_from(self.date.as_second())
            .ok()
            .filter(|&seconds| seconds <= LAST_SECOND)
            .ok_or(LetterError::Date(self.date))?;
        Ok(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
    }
}

/// The headers that this module writes; nobody else may.
const WRITTEN: [&str; 19] = [
    "Date",
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Subject",
    "Message-ID",
    "List-Id",
    "List-Help",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Return-Path",
];

/// One line of bounded length, in which nothing looks like an encoded-word: a client would decode
/// what a user wrote as one, and show characters that were kept out above (RFC 2047 section 2).
fn header_text(text: &str) -> String {
    line::clean(&text.replace("=?", "= ?"), SUBJECT_MAX)
}

/// The recipient's own header lines, each complete with its CRLF.
pub(super) fn addressing_lines(addressing: &Addressing) -> String {
    let mut headers = Headers::new();
    headers.set(To::from(Mailboxes::from(mailbox(&addressing.to))));
    for header in own_headers(addressing) {
        headers.insert_raw(header);
    }
    headers.to_string()
}

/// The recipient's own headers beside `To`.
fn own_headers(addressing: &Addressing) -> Vec<HeaderValue> {
    let mut headers = vec![checked("Message-ID", addressing.message_id.to_string())];
    if let Some(value) = addressing.unsubscribe.value() {
        headers.push(checked("List-Unsubscribe", value));
        if addressing.unsubscribe.has_one_click() {
            // RFC 8058 3.1: exactly this value.
            let value = "List-Unsubscribe=One-Click".to_owned();
            headers.push(checked("List-Unsubscribe-Post", value));
        }
    }
    headers
}

/// A header whose value was checked to be printable ASCII when it was made; folds at blanks only.
pub(super) fn checked(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// Our addresses are stricter than lettre's (no quotes, no literals, A-label domains), so they need
/// no second check; a name can only be a cleaned one, on which lettre's encoder cannot fail.
fn mailbox(party: &Party) -> Mailbox {
    let name = party.name.as_ref().map(|name| name.as_str().to_owned());
    Mailbox::new(name, lettre_address(&party.address))
}

/// The address in lettre's type.
pub(super) fn lettre_address(address: &EmailAddress) -> lettre::Address {
    lettre::Address::new_dangerous(address.local_part(), address.domain())
}

/// lettre wants an envelope for each message; ours travels beside the bytes instead.
fn unused_envelope() -> Result<Envelope, LetterError> {
    Envelope::new(None, vec![lettre::Address::new_dangerous("nobody", "invalid")])
        .map_err(|error| LetterError::Build(error.to_string()))
}

/// `=_` never occurs in quoted-printable text, so no part can hold its own boundary (RFC 2045 6.7).
fn boundary(id: &str) -> String {
    let digest = Sha256::digest(id.as_bytes());
    let hex: String = digest.iter().take(12).map(|b| format!("{b:02x}")).collect();
    format!("=_{hex}")
}

fn part(kind: ContentType, encoded: Vec<u8>) -> SinglePart {
    SinglePart::builder()
        .header(kind)
        .body(Body::dangerous_pre_encoded(encoded, ContentTransferEncoding::QuotedPrintable))
}

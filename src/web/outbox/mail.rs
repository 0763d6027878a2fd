//! What is shown of one mail.

use jiff::Timestamp;
use mail_parser::{Message, MessageParser, PartType};

/// Longest source that is put on a page; the rest is in the download.
const SOURCE_SHOWN: usize = 512 * 1024;

/// The lines of a mail that the list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Author, with the address.
    pub from: String,
    /// Recipient, with the address.
    pub to: String,
    /// Whom an answer reaches, where that is not the author.
    pub reply_to: String,
    /// Subject, decoded; none where the file is no mail or has none.
    pub subject: Option<String>,
    /// What the mail says of itself in `Feedback-ID`: its campaign.
    pub kind: String,
    /// When it was written.
    pub date: Option<Timestamp>,
    /// The Message-ID, without angle brackets.
    pub message_id: String,
    /// Size of the file in bytes.
    pub size: usize,
}

/// A mail taken apart.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// Its header.
    pub envelope: Envelope,
    /// The HTML part, if there is one.
    pub html: Option<String>,
    /// The plain part, if there is one.
    pub text: Option<String>,
    /// Whether the file could be read as a mail at all.
    pub readable: bool,
}

/// Takes a mail apart. Anything at all may be in the file: what is not there stays empty.
#[must_use]
pub fn parts(bytes: &[u8]) -> Parts {
    let Some(message) = MessageParser::default().parse(bytes) else {
        return Parts {
            envelope: Envelope { size: bytes.len(), ..Envelope::default() },
            ..Parts::default()
        };
    };
    let html = message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html.clone().into_owned()),
        _ => None,
    });
    let text = message.text_bodies().find_map(|part| match &part.body {
        PartType::Text(text) => Some(text.clone().into_owned()),
        _ => None,
    });
    let envelope = envelope(&message, bytes.len());
    let readable = envelope.subject.is_some() || !envelope.to.is_empty();
    Parts { envelope, html, text, readable }
}

fn envelope(message: &Message<'_>, size: usize) -> Envelope {
    let address = |addresses: Option<&mail_parser::Address<'_>>| {
        let all = addresses.map(|a| a.iter().map(shown).collect::<Vec<_>>());
        all.unwrap_or_default().join(", ")
    };
    let campaign = message.header_raw("Feedback-ID").unwrap_or_default();
    Envelope {
        from: address(message.from()),
        to: address(message.to()),
        reply_to: address(message.reply_to()),
        subject: message.subject().map(str::to_owned),
        kind: campaign.trim().split(':').next().unwrap_or_default().to_owned(),
        date: message.date().and_then(|d| Timestamp::from_second(d.to_timestamp()).ok()),
        message_id: message.message_id().unwrap_or_default().to_owned(),
        size,
    }
}

fn shown(address: &mail_parser::Addr<'_>) -> String {
    match (address.name(), address.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (None, Some(address)) => address.to_owned(),
        (Some(name), None) => name.to_owned(),
        (None, None) => String::new(),
    }
}

/// The file as text, and whether something was left out at its end.
#[must_use]
pub fn source(bytes: &[u8]) -> (String, bool) {
    let shown = &bytes[..bytes.len().min(SOURCE_SHOWN)];
    let text = String::from_utf8_lossy(shown).replace("\r\n", "\n");
    (text, shown.len() < bytes.len())
}

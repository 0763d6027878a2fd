//! Delivery status notifications: RFC 3464, and RFC 6533 for addresses beyond ASCII.

use std::fmt;

use mail_parser::{Message, MimeHeaders};

use super::clues::{Clue, Ours, envelope_id, message_ids, tokens};
use super::fields::Fields;
use super::{kind_of, returned, text_of};
use crate::domain::bounce::verdict::meaning;
use crate::domain::bounce::{Action, Meaning, Said};
use crate::domain::status::EnhancedCode;

/// Where the address of the recipient of the report itself stands.
pub(super) const TO: [&str; 7] = [
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-rcpt-to",
    "to",
    "return-path",
];
/// Most characters kept of a mail system's words.
const WORDS: usize = 300;

/// What was reported of one recipient.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient {
    /// What was done.
    pub action: Action,
    /// In codes.
    pub said: Said,
    /// In words; may hold addresses.
    pub words: String,
    /// The address as the reporting system knew it, as it claims.
    pub final_recipient: Option<String>,
    /// The address as we wrote it, as it claims.
    pub original_recipient: Option<String>,
}

/// Without addresses.
impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipient")
            .field("action", &self.action)
            .field("said", &self.said)
            .finish_non_exhaustive()
    }
}

/// What a message says in the end.
#[derive(Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it means.
    pub meaning: Meaning,
    /// What was done, in a report.
    pub action: Option<Action>,
    /// The code that decided.
    pub status: Option<EnhancedCode>,
    /// In words; may hold addresses.
    pub words: String,
}

impl Finding {
    pub(super) fn plain(meaning: Meaning, words: &str) -> Self {
        Self { meaning, action: None, status: None, words: words.to_owned() }
    }
}

/// Without the words.
impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status.map(|status| status.to_string());
        f.debug_struct("Finding")
            .field("meaning", &self.meaning)
            .field("status", &status)
            .finish_non_exhaustive()
    }
}

impl Recipient {
    /// What one recipient's part means, from codes and words.
    pub(super) fn new(action: Action, said: Said, words: &str) -> Self {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            action,
            said,
            words: words.chars().take(WORDS).collect(),
            final_recipient: None,
            original_recipient: None,
        }
    }

    fn meaning(&self) -> Meaning {
        meaning(self.action, self.said)
    }

    fn is(&self, address: &str) -> bool {
        let own = [&self.original_recipient, &self.final_recipient];
        own.into_iter().flatten().any(|own| own.eq_ignore_ascii_case(address))
    }
}

/// What a report says of one address: its own recipients where it names them, else all. Of several
/// the mildest holds: where one of them got the mail, the address works. A report that names only
/// others (the address forwards, or is another one by now) counts and does not decide.
pub(super) fn about(recipients: &[Recipient], address: Option<&str>) -> Finding {
    let own: Vec<&Recipient> = recipients
        .iter()
        .filter(|recipient| address.is_some_and(|address| recipient.is(address)))
        .collect();
    let is_named = |recipient: &Recipient| {
        recipient.original_recipient.is_some() || recipient.final_recipient.is_some()
    };
    let is_of_others = address.is_some() && own.is_empty() && recipients.iter().any(is_named);
    let all = if own.is_empty() { recipients.iter().collect() } else { own };
    let mildest = all.into_iter().min_by_key(|recipient| recipient.meaning());
    mildest.map_or_else(
        || Finding::plain(Meaning::Unclear, ""),
        |recipient| Finding {
            meaning: match recipient.meaning() {
                Meaning::Hard if is_of_others => Meaning::Soft,
                meaning => meaning,
            },
            action: Some(recipient.action),
            status: recipient.said.status,
            words: recipient.words.clone(),
        },
    )
}

/// Reads the recipients of a report; none when the message is no report or names no recipient.
pub(super) fn read(message: &Message<'_>, top: &Fields) -> Option<Vec<Recipient>> {
    let blocks = status_blocks(message, top)?;
    let recipients: Vec<Recipient> = blocks.iter().filter_map(recipient).collect();
    (!recipients.is_empty()).then_some(recipients)
}

/// The blocks of the machine-readable part. Some gateways lose the type of the whole: then only a
/// machine's mail counts.
fn status_blocks(message: &Message<'_>, top: &Fields) -> Option<Vec<Fields>> {
    const STATUS: [&str; 2] = ["message/delivery-status", "message/global-delivery-status"];
    let is_report = kind_of(message.root_part()) == "multipart/report";
    if !is_report && !is_from_a_machine(top) {
        return None;
    }
    let part = message.parts.iter().find(|part| STATUS.contains(&kind_of(part).as_str()))?;
    Some(Fields::blocks(&text_of(part.contents())))
}

fn recipient(block: &Fields) -> Option<Recipient> {
    let action = first_word(block.get("action")?).parse().ok()?;
    let field = block.get("status").and_then(|status| EnhancedCode::parse(&first_word(status)));
    let words = block.typed("diagnostic-code").unwrap_or_default();
    let said = Said::read(words).under(field);
    let address = |name| block.typed(name).map(|text| text.trim_matches(['<', '>']).to_owned());
    Some(Recipient {
        final_recipient: address("final-recipient"),
        original_recipient: address("original-recipient"),
        ..Recipient::new(action, said, words)
    })
}

/// A value without the comment behind it.
fn first_word(value: &str) -> String {
    let end = value.find(|c: char| c.is_whitespace() || c == '(' || c == ';');
    value[..end.unwrap_or(value.len())].to_ascii_lowercase()
}

/// Whether the envelope or the author says that a mail system speaks (RFC 5321 4.5.5).
pub(super) fn is_from_a_machine(top: &Fields) -> bool {
    const MACHINES: [&str; 3] = ["mailer-daemon", "postmaster", "microsoftexchange"];
    let is_machine = |value: &str| {
        let value = value.to_lowercase();
        MACHINES.iter().any(|name| value.contains(name))
    };
    match top.get("return-path").map(|path| path.trim_matches(['<', '>', ' '])) {
        Some("") => true,
        Some(path) => is_machine(path),
        None => top.get("from").is_some_and(is_machine),
    }
}

/// Our marks: where the report was sent to, the envelope id, the returned mail.
pub(super) fn clues(message: &Message<'_>, top: &Fields, ours: &Ours) -> Vec<Clue> {
    let mut found = tokens(top, &TO, ours);
    for block in status_blocks(message, top).unwrap_or_default() {
        found.extend(block.get("original-envelope-id").and_then(envelope_id));
    }
    found.extend(of_returned(returned(message).as_ref(), ours));
    found
}

/// Our marks in the header of the returned mail.
pub(super) fn of_returned(returned: Option<&Fields>, ours: &Ours) -> Vec<Clue> {
    let Some(returned) = returned else { return Vec::new() };
    let mut found = tokens(returned, &["return-path"], ours);
    found.extend(message_ids(returned, &["message-id", "x-original-message-id"], ours));
    found
}

/// Whether the whole is a report of the given type (RFC 6522 section 3).
pub(super) fn is_report_of(message: &Message<'_>, kind: &str) -> bool {
    let root = message.root_part();
    let named = root.content_type().and_then(|of| of.attribute("report-type"));
    kind_of(root) == "multipart/report" && named.is_some_and(|n| n.eq_ignore_ascii_case(kind))
}

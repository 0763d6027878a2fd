//! Answers of machines: out of the office, received with thanks (RFC 3834), shown on a screen (RFC
//! 8098). They are about nothing.

use mail_parser::Message;

use super::fields::Fields;
use super::report::is_report_of;

/// How the subjects of the common ones begin, in lower case.
const SUBJECTS: [&str; 9] = [
    "automatic reply:",
    "auto:",
    "autoreply:",
    "out of office",
    "out of the office",
    "abwesend:",
    "automatische antwort",
    "réponse automatique",
    "respuesta automática",
];

/// Whether the message is one.
pub(super) fn is_one(message: &Message<'_>, top: &Fields) -> bool {
    is_report_of(message, "disposition-notification") || is_marked(top) || has_subject(message)
}

/// The marks of RFC 3834 section 5, and those from before it.
fn is_marked(top: &Fields) -> bool {
    let is = |name: &str, words: &[&str]| {
        top.get(name).is_some_and(|value| {
            let value = value.to_ascii_lowercase();
            words.iter().any(|word| value.starts_with(word))
        })
    };
    is("auto-submitted", &["auto-replied", "auto-notified"])
        || is("precedence", &["auto_reply", "auto-reply"])
        || is("x-precedence", &["auto_reply"])
        || ["x-autoreply", "x-autorespond", "x-autoresponder"].iter().any(|name| top.has(name))
}

fn has_subject(message: &Message<'_>) -> bool {
    let subject = message.subject().unwrap_or_default().trim().to_lowercase();
    SUBJECTS.iter().any(|start| subject.starts_with(start))
}

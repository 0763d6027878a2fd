//! A notification of SES inside its envelope.

use serde_json::Value;

use crate::domain::bounce::Action;
use crate::mail::inbound::clues::{Clue, Ours};
use crate::mail::inbound::report::Recipient;
use crate::mail::inbound::webhook::{Refusal, digest, event, marks, recipient, text};
use crate::mail::inbound::{Inbound, What};

/// Reads one; none for what is no bounce, complaint or delay.
pub(super) fn read(message: &str, message_id: &str, ours: &Ours) -> Result<Vec<Inbound>, Refusal> {
    // A topic may carry a sentence, when it is made.
    let Ok(notice) = serde_json::from_str::<Value>(message) else { return Ok(Vec::new()) };
    let kind = match text(&notice, "/notificationType") {
        "" => text(&notice, "/eventType"),
        kind => kind,
    };
    let (what, id) = match kind {
        "Bounce" => {
            let what = What::Report(bounced(notice.get("bounce").ok_or(Refusal::Malformed)?));
            (what, text(&notice, "/bounce/feedbackId"))
        }
        "Complaint" => {
            let named = match text(&notice, "/complaint/complaintFeedbackType") {
                "" => "abuse",
                named => named,
            };
            let what = match named {
                "not-spam" => What::Unclear,
                named => What::Complaint(named.chars().take(40).collect()),
            };
            (what, text(&notice, "/complaint/feedbackId"))
        }
        "DeliveryDelay" => {
            let delayed = notice.pointer("/deliveryDelay/delayedRecipients");
            let recipients = all(delayed).map(|of| reported(of, Action::Delayed, "4.0.0"));
            (What::Report(recipients.collect()), "")
        }
        _ => return Ok(Vec::new()),
    };
    let id = if id.is_empty() { message_id } else { id };
    Ok(vec![event(what, clues(&notice, ours), digest(&["ses", id]))])
}

fn bounced(bounce: &Value) -> Vec<Recipient> {
    let code = match (text(bounce, "/bounceType"), text(bounce, "/bounceSubType")) {
        ("Permanent", "NoEmail" | "Suppressed" | "OnAccountSuppressionList") => "5.1.1",
        ("Permanent", _) => "5.0.0",
        (_, "MailboxFull") => "4.2.2",
        (_, "MessageTooLarge") => "4.3.4",
        (_, "ContentRejected" | "AttachmentRejected") => "4.6.0",
        _ => "4.0.0",
    };
    let recipients = all(bounce.get("bouncedRecipients"));
    recipients.map(|of| reported(of, Action::Failed, code)).collect()
}

fn all(list: Option<&Value>) -> impl Iterator<Item = &Value> {
    list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().iter().take(100)
}

/// The code of the receiving side where it is known, else what the type stands for.
fn reported(of: &Value, action: Action, code: &str) -> Recipient {
    let code = match text(of, "/status") {
        "" => code,
        status => status,
    };
    let words = text(of, "/diagnosticCode").trim_start_matches("smtp;").trim_start();
    recipient(action, code, words, text(of, "/emailAddress"))
}

/// The sender of the envelope is our bounce address; SES gives the mail a Message-ID of its own, and
/// names ours among the headers.
fn clues(notice: &Value, ours: &Ours) -> Vec<Clue> {
    let headers = all(notice.pointer("/mail/headers"));
    let ids = headers.filter(|header| text(header, "/name").eq_ignore_ascii_case("message-id"));
    let mut texts: Vec<&str> = vec![text(notice, "/mail/source")];
    texts.extend(ids.map(|header| text(header, "/value")));
    texts.push(text(notice, "/mail/commonHeaders/messageId"));
    marks(&texts, ours)
}

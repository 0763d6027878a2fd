//! Complaints of readers: the Abuse Reporting Format (RFC 5965).

use mail_parser::Message;

use super::clues::{Clue, Ours, tokens};
use super::fields::Fields;
use super::report::{TO, is_report_of, of_returned};
use super::{What, kind_of, returned, text_of};

/// Types that are no complaint of a reader: mail that was no spam after all (RFC 6430), and reports
/// about our own signatures (RFC 6591).
const NO_COMPLAINT: [&str; 3] = ["not-spam", "auth-failure", "dmarc"];

/// Reads the type of feedback; none when the message is no such report.
pub(super) fn read(message: &Message<'_>) -> Option<What> {
    let report = feedback(message)?;
    let kind = report.get("feedback-type").unwrap_or_default().trim().to_ascii_lowercase();
    let fits = (1..=40).contains(&kind.len())
        && kind.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    Some(match kind {
        kind if fits && !NO_COMPLAINT.contains(&kind.as_str()) => What::Complaint(kind),
        _ => What::Unclear,
    })
}

fn feedback(message: &Message<'_>) -> Option<Fields> {
    if !is_report_of(message, "feedback-report") {
        return None;
    }
    let part = message.parts.iter().find(|part| kind_of(part) == "message/feedback-report")?;
    Fields::blocks(&text_of(part.contents())).into_iter().next()
}

/// Our marks: the returned mail first, since the report's own fields are nobody's word (RFC 5965
/// 3.1), then what it says of the envelope, then where it was sent to.
pub(super) fn clues(message: &Message<'_>, top: &Fields, ours: &Ours) -> Vec<Clue> {
    let mut found = of_returned(returned(message).as_ref(), ours);
    if let Some(report) = feedback(message) {
        found.extend(tokens(&report, &["original-mail-from"], ours));
    }
    found.extend(tokens(top, &TO, ours));
    found
}

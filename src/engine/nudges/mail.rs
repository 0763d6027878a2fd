//! The mail of a nudge: the sentence, whose it is, and how to answer.

use crate::domain::line::clean;
use crate::render::Note;
use crate::store::nudges::DueNudge;

use super::case::Letter;

/// Most characters of a client's name in the subject, which has 60.
const CLIENT: usize = 40;
/// Most characters of a person's name.
const PERSON: usize = 40;

/// What it says. No name of a person and no gap stands in the subject: it shows on locked screens.
pub(super) fn words(nudge: &DueNudge, letter: &Letter) -> Note {
    let client = or(clean(&nudge.organization, CLIENT), "your organization");
    let consultant = or(clean(&letter.of.contact.name, PERSON), "Your consultant");
    let reason = nudge.reason.as_deref().map(|own| clean(own, 80)).filter(|own| !own.is_empty());
    let about = match reason {
        Some(reason) => format!("{consultant} asks this about {}: {reason}.", letter.called),
        None => format!("{consultant} asks this about {}.", letter.called),
    };
    let answer = match letter.answers.is_empty() {
        true => format!("Reply to this mail: {consultant} reads it."),
        false => format!("Answer by one of these links, or reply: {consultant} reads it."),
    };
    let why = match nudge.recipient_kind.as_deref() {
        Some("owner") => format!("You get this because you own this gap at {client}."),
        _ => format!("You get this because you answer for the readiness of {client}."),
    };
    Note {
        subject: format!("Ten minutes for {client}"),
        preheader: "One sentence from your consultant, and one small step.".to_owned(),
        heading: nudge.text.clone(),
        paragraphs: vec![about, answer],
        button: None,
        answers: letter.answers.clone(),
        why: format!("{why} One comes in a week at most."),
    }
}

fn or(name: String, other: &str) -> String {
    if name.is_empty() { other.to_owned() } else { name }
}

//! How the questions are put, and what is said to the answers.

use crate::domain::answer::AnswerKind;
use crate::domain::codes::GapStatus;
use crate::domain::line;
use crate::engine::answers::{Closed, Question, Said};

use crate::web::shell::words::{capitalized, date};

/// Most characters of a name in a heading.
const NAME_MAX: usize = 60;

/// A name that somebody typed, at the beginning of a line.
fn name(called: &str) -> String {
    capitalized(&line::clean(called, NAME_MAX))
}

/// The question.
pub(super) fn heading(question: &Question) -> String {
    let called = name(&question.called);
    match question.kind {
        AnswerKind::Done => format!("{called}: is it done?"),
        AnswerKind::Blocked => format!("{called}: what blocks it?"),
        AnswerKind::NotMine => format!("{called}: whose is it?"),
        AnswerKind::Correct if question.likely_per_week.is_none() => {
            format!("{called}: what does it cost?")
        }
        AnswerKind::Correct => format!("{called}: what is the right number?"),
    }
}

/// What is asked for in words; none where the button says it all.
pub(super) const fn label(question: &Question) -> Option<&'static str> {
    match question.kind {
        AnswerKind::Done => None,
        AnswerKind::Blocked => Some("What blocks it, and who could decide?"),
        AnswerKind::NotMine => Some("Who owns it, as far as you know?"),
        AnswerKind::Correct if question.likely_per_week.is_none() => {
            Some("What does a normal week cost, and where is the number from?")
        }
        AnswerKind::Correct => Some("What is the right number, and where is it from?"),
    }
}

/// What the button will do.
pub(super) fn what_happens(question: &Question) -> String {
    let who = who(question);
    let does = match question.kind {
        AnswerKind::Done => format!(
            "The button moves it to \u{201c}in test\u{201d}, and {who} sees your answer. It is closed only \
             when somebody else has seen that it holds."
        ),
        AnswerKind::Blocked => {
            format!(
                "{who} sees your answer, and it stands in the history of the gap, which stays open."
            )
        }
        AnswerKind::NotMine => {
            format!("{who} sees your answer, and asks. Until that is settled its owner stays.")
        }
        AnswerKind::Correct => {
            format!("{who} sees your answer, and corrects the figure for the next brief.")
        }
    };
    let does = capitalized(&does);
    match question.before() {
        Some(_) => does,
        None => format!("{does} Nothing has changed yet."),
    }
}

/// Whoever looks after the organization.
fn who(question: &Question) -> String {
    let consultant = question.consultant.as_deref().map(|own| line::clean(own, NAME_MAX));
    consultant.unwrap_or_else(|| "whoever looks after the list".to_owned())
}

/// What the button is called.
pub(super) const fn button(kind: AnswerKind, is_change: bool) -> &'static str {
    if is_change {
        return "Change what I said";
    }
    match kind {
        AnswerKind::Done => "It is done",
        AnswerKind::Blocked => "It is blocked",
        AnswerKind::NotMine => "It is not mine",
        AnswerKind::Correct => "Send the number",
    }
}

/// Another answer, as a link beside this one.
pub(super) const fn instead(kind: AnswerKind) -> &'static str {
    match kind {
        AnswerKind::Done => "It is done",
        AnswerKind::Blocked => "It is blocked",
        AnswerKind::NotMine => "It is not mine",
        AnswerKind::Correct => "Its number is wrong",
    }
}

/// Where a gap stands.
pub(super) const fn stands(status: GapStatus) -> &'static str {
    match status {
        GapStatus::Open => "open",
        GapStatus::InProgress => "in progress",
        GapStatus::Verifying => "in test",
        GapStatus::Closed => "closed",
        GapStatus::Accepted => "open, its risk accepted",
        GapStatus::Withdrawn => "withdrawn",
    }
}

/// That the same was answered before.
pub(super) fn said_before(said: &Said) -> String {
    let seen = said.seen_by.as_deref().map_or_else(
        || "It can be changed.".to_owned(),
        |by| format!("{} has seen it. Other words are shown anew.", line::clean(by, NAME_MAX)),
    );
    format!("You said so on {}. {seen}", date(said.on))
}

/// What an answer came to.
pub(super) fn noted(question: &Question) -> (String, String) {
    let (called, who) = (name(&question.called), who(question));
    match question.kind {
        AnswerKind::Done => (
            format!("{called} is in test"),
            "It is closed when somebody else has seen that it holds.".to_owned(),
        ),
        AnswerKind::Blocked => (
            format!("{called}: noted as blocked"),
            capitalized(&format!("{who} sees what you said.")),
        ),
        AnswerKind::NotMine => (
            format!("{called}: noted as not yours"),
            capitalized(&format!("{who} asks whose it is. Until then its owner stays.")),
        ),
        AnswerKind::Correct => (
            format!("{called}: noted"),
            capitalized(&format!("{who} checks the number. The next brief shows what it came to.")),
        ),
    }
}

/// That a gap was said to be done before.
pub(super) fn settled(question: &Question) -> (String, String) {
    let called = name(&question.called);
    let stands = stands(question.status);
    match question.before() {
        Some(said) => (
            format!("{called}: you said that it is done"),
            format!("That was on {}. It counts once. It is {stands} now.", date(said.on)),
        ),
        None => (
            format!("{called} is {stands} already"),
            format!("Somebody said on {} that it is done.", date(question.since)),
        ),
    }
}

/// Why nothing is asked.
pub(super) fn closed(closed: &Closed) -> (String, String) {
    let reply = "To say something about it, reply to the mail.";
    match closed {
        Closed::Gone | Closed::NotInMail => (
            "This gap is not on the list any more".to_owned(),
            "It was taken back, so there is nothing to answer.".to_owned(),
        ),
        Closed::Forgotten => (
            "Nothing is known of you any more".to_owned(),
            "You had yourself forgotten, so nothing can be answered in your name.".to_owned(),
        ),
        Closed::Ended => (
            "You are not on this list any more".to_owned(),
            format!("Your subscription was ended, so its links answer for nothing. {reply}"),
        ),
        Closed::Reader => (
            "Readers are asked nothing".to_owned(),
            format!("Those answer who own gaps or lead the organization. {reply}"),
        ),
        Closed::NotTheirs { called, owner } => {
            let whose = owner.as_deref().map_or_else(
                || "Nobody owns it now".to_owned(),
                |owner| format!("{} owns it now", line::clean(owner, NAME_MAX)),
            );
            (format!("{} is not yours", name(called)), format!("{whose}. {reply}"))
        }
        Closed::Over { called, is_void: true, .. } => (
            format!("{} is no gap", name(called)),
            format!("It was withdrawn, and somebody signed for that. {reply}"),
        ),
        Closed::Over { called, status, since, .. } => {
            let (called, since) = (name(called), date(*since));
            match status {
                GapStatus::Closed => {
                    (format!("{called} is closed"), format!("It was closed on {since}. {reply}"))
                }
                GapStatus::Accepted => (
                    format!("{called} is left open"),
                    format!("Somebody accepted its risk on {since}. {reply}"),
                ),
                _ => (format!("{called} was withdrawn"), format!("That was on {since}. {reply}")),
            }
        }
    }
}

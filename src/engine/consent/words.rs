//! What the mails about consent, and about what is known of somebody, say.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::consent::{INVITATION, REQUEST};
use crate::domain::one_line::cut_at_word;
use crate::domain::slots::SLOT_WHY;
use crate::render::{Button, Note};

/// Most characters of an organization's name in a subject.
const NAME_MAX: usize = 24;

/// Asks who requested the public brief to confirm it.
pub(super) fn request(link: &str, site: &str, ends: Timestamp) -> Note {
    Note {
        subject: "Confirm that you want the public brief".to_owned(),
        preheader: "One button, and it comes once a week. Nothing is sent before.".to_owned(),
        heading: "Do you want the public brief?".to_owned(),
        paragraphs: vec![
            "Somebody, probably you, asked for it to be sent to this address: one short mail a week \
             about how back-office gaps leak profit."
                .to_owned(),
            format!("This is what you agree to: {}", REQUEST.text),
            format!(
                "The link works until {}. If you did not ask, do nothing: no brief comes, and the \
                 address is forgotten.",
                minute(ends)
            ),
        ],
        button: Some(Button { label: "Confirm".to_owned(), href: link.to_owned() }),
        answers: Vec::new(),
        why: format!("You get this one mail because your address was typed into a form at {site}."),
    }
}

/// Tells who requested the public brief that they get it already.
pub(super) fn known(site: &str) -> Note {
    Note {
        subject: "You get the public brief already".to_owned(),
        preheader: "Somebody asked for it once more. There is nothing to do.".to_owned(),
        heading: "You are on the list already".to_owned(),
        paragraphs: vec![
            "Somebody, probably you, asked for the public brief to be sent to this address. It comes \
             once a week already, so nothing has to be done."
                .to_owned(),
            "If it does not arrive, look into the folder for spam. The day and the hour can be changed."
                .to_owned(),
        ],
        button: Some(Button {
            label: "Choose the day and the hour".to_owned(),
            href: SLOT_WHY.to_owned(),
        }),
        answers: Vec::new(),
        why: format!("You get this one mail because your address was typed into a form at {site}."),
    }
}

/// Leads somebody to what is known of them.
pub(super) fn own_data(link: &str, site: &str, ends: Timestamp) -> Note {
    Note {
        subject: "What is known of you, and how to be forgotten".to_owned(),
        preheader: "The link works for an hour and changes nothing by itself.".to_owned(),
        heading: "What is known of you".to_owned(),
        paragraphs: vec![
            "The page behind this link gives you everything that is stored about you as a file, or \
             erases your address and your name."
                .to_owned(),
            format!(
                "It works until {}, for whoever has it: do not pass it on. If you did not ask, do \
                 nothing: nothing happens.",
                minute(ends)
            ),
        ],
        button: Some(Button { label: "See what is known of me".to_owned(), href: link.to_owned() }),
        answers: Vec::new(),
        why: format!("You get this one mail because it was asked for on your page at {site}."),
    }
}

/// Invites somebody to a list.
pub(super) fn invitation(
    link: &str,
    role: &str,
    organization: Option<&str>,
    ends: Timestamp,
) -> Note {
    let of = organization.map(|name| cut_at_word(name, NAME_MAX));
    let (subject, what) = match (role, of) {
        (_, Some(name)) => (
            format!("Confirm the weekly brief of {name}"),
            format!(
                "The weekly brief of {name} says in two minutes what its open back-office gaps cost, \
                 whether it will be ready at this pace, what changed, and the one thing to do next."
            ),
        ),
        ("consultant", None) => (
            "Confirm the weekly brief of your clients".to_owned(),
            "The brief of your clients says once a week which of them need you, and why."
                .to_owned(),
        ),
        _ => (
            "Confirm that you want the public brief".to_owned(),
            "The public brief is one short mail a week about how back-office gaps leak profit."
                .to_owned(),
        ),
    };
    Note {
        subject,
        preheader: "You are invited. Nothing is sent before you confirm it.".to_owned(),
        heading: "You are invited to a weekly brief".to_owned(),
        paragraphs: vec![
            what,
            format!("This is what you agree to: {}", INVITATION.text),
            format!(
                "The link works until {}. If you do not want it, do nothing: no brief comes.",
                minute(ends)
            ),
        ],
        button: Some(Button { label: "Confirm".to_owned(), href: link.to_owned() }),
        answers: Vec::new(),
        why: match role {
            "consultant" => {
                "You get this one mail because you were invited as a consultant.".to_owned()
            }
            "public" => {
                "You get this one mail because you were invited to the public brief.".to_owned()
            }
            role => format!(
                "You get this one mail because you were invited to it as {}.",
                article(role)
            ),
        },
    }
}

fn article(role: &str) -> String {
    let article = if role.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {role}")
}

/// "26 November 2026, 13:00 UTC".
fn minute(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%-d %B %Y, %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_fit_and_every_mail_says_until_when_and_what_happens_otherwise() {
        let ends: Timestamp = "2026-11-26T13:00:00Z".parse().unwrap();
        let long = "Consolidated International Back Office Holdings of Somewhere";
        let notes = [
            request("https://b.example/confirm/x", "https://b.example", ends),
            invitation("https://b.example/confirm/x", "owner", Some(long), ends),
            invitation("https://b.example/confirm/x", "consultant", None, ends),
        ];
        for note in notes {
            assert!(note.subject.chars().count() <= 60, "{}", note.subject);
            assert!((35..=150).contains(&note.preheader.chars().count()), "{}", note.preheader);
            let all = note.paragraphs.join(" ");
            assert!(
                all.contains("until 26 November 2026, 13:00 UTC") && all.contains("do nothing"),
                "{all}"
            );
            assert!(all.contains("This is what you agree to: Send me"), "{all}");
        }
        assert!(known("https://b.example").button.unwrap().href == SLOT_WHY);
    }
}

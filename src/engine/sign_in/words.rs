//! What the mail with the link says.

use jiff::SignedDuration;

use crate::render::{Button, Note};

pub(super) fn sign_in(link: &str, site: &str, within: SignedDuration) -> Note {
    let minutes = within.as_mins().max(1);
    let s = if minutes == 1 { "" } else { "s" };
    Note {
        subject: "Your link to sign in".to_owned(),
        preheader: format!("It works once, for {minutes} minute{s}, where you asked for it."),
        heading: "Sign in".to_owned(),
        paragraphs: vec![
            format!(
                "The button works once, for {minutes} minute{s}, and only in the browser in which \
                 you asked for it."
            ),
            "If you did not ask, do nothing: without that browser nobody can sign in with this link."
                .to_owned(),
        ],
        button: Some(Button { label: "Sign in".to_owned(), href: link.to_owned() }),
        answers: Vec::new(),
        why: format!("You get this one mail because your address was typed into a form at {site}."),
    }
}

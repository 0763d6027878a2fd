//! The small operational mails: a test, an alert to the operator, a reminder to a consultant.

use askama::Template;

use super::footer::Foot;
use super::palette::Palette;
use super::wrap::paragraph;
use super::{Button, Frame, HTML_MAX, LogoLink, RenderError, Rendered, link, text, tidy};

/// What an operational mail says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// One line.
    pub subject: String,
    /// Hidden at the top; adds to the subject.
    pub preheader: String,
    /// The one heading.
    pub heading: String,
    /// Paragraphs, in order.
    pub paragraphs: Vec<String>,
    /// The one thing to follow.
    pub button: Option<Button>,
    /// Answers to choose from, on one line.
    pub answers: Vec<Button>,
    /// Why the reader gets this.
    pub why: String,
}

/// Draws a note as HTML and plain text, with the frame's stop link where it has one.
///
/// # Errors
/// [`RenderError::Link`] for a link that is neither `https:` nor `mailto:`, [`RenderError::TooLarge`]
/// for too many paragraphs.
pub fn letter(note: &Note, frame: &Frame) -> Result<Rendered, RenderError> {
    link::check_all(&frame.links)?;
    for button in note.button.iter().chain(&note.answers) {
        link::check("button", &button.href)?;
    }
    let mut bytes = 0;
    for most in tidy::LENGTHS {
        let note = tidied(note, most);
        let foot = Foot::of_letter(&note.why, frame, most);
        let html = html(&note, frame, &foot)?;
        bytes = html.len();
        if bytes <= HTML_MAX {
            let text = plain(&note, frame, &foot)?;
            return Ok(Rendered { subject: note.subject, preheader: note.preheader, html, text });
        }
    }
    Err(RenderError::TooLarge { bytes })
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct LetterPage<'a> {
    lang: &'a str,
    head: String,
    subject: &'a str,
    preheader: &'a str,
    heading: &'a str,
    paragraphs: &'a [String],
    button: Option<&'a Button>,
    answers: &'a [Button],
    foot: &'a Foot,
    palette: &'a Palette,
    logo: Option<&'a LogoLink>,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct LetterText {
    title: String,
    heading: String,
    paragraphs: Vec<String>,
    button: Option<String>,
    answers: Vec<String>,
    foot: Vec<String>,
}

fn html(note: &Note, frame: &Frame, foot: &Foot) -> Result<String, RenderError> {
    let page = LetterPage {
        lang: &frame.lang,
        head: head(frame),
        subject: &note.subject,
        preheader: &note.preheader,
        heading: &note.heading,
        paragraphs: &note.paragraphs,
        button: note.button.as_ref(),
        answers: &note.answers,
        foot,
        palette: &frame.palette,
        logo: frame.logo.as_ref(),
    };
    Ok(page.render()?)
}

fn plain(note: &Note, frame: &Frame, foot: &Foot) -> Result<String, RenderError> {
    let page = LetterText {
        title: paragraph(&head(frame)),
        heading: paragraph(&note.heading),
        paragraphs: note.paragraphs.iter().map(|own| paragraph(own)).collect(),
        button: note.button.as_ref().map(|own| text::link(&own.label, &own.href)),
        answers: note.answers.iter().map(|own| text::link(&own.label, &own.href)).collect(),
        foot: text::footer(foot),
    };
    Ok(page.render()?)
}

fn head(frame: &Frame) -> String {
    frame.letterhead.as_ref().unwrap_or(&frame.product_name).to_uppercase()
}

fn tidied(note: &Note, most: usize) -> Note {
    let button =
        |own: &Button| Button { label: tidy::line(&own.label, most), href: own.href.clone() };
    Note {
        subject: tidy::line(&note.subject, most),
        preheader: tidy::line(&note.preheader, most),
        heading: tidy::line(&note.heading, most),
        paragraphs: note.paragraphs.iter().map(|own| tidy::line(own, most)).collect(),
        button: note.button.as_ref().map(button),
        answers: note.answers.iter().map(button).collect(),
        why: tidy::line(&note.why, most),
    }
}

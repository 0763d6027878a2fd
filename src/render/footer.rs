//! What stands under the line, for both parts.

use super::{Frame, link, tidy};
use crate::domain::brief::{Brief, Source};

/// Most characters of a brief's subject in the subject of an answer to it.
const QUOTED_SUBJECT: usize = 60;
/// Longest address of a source that is printed.
const LONGEST_URL: usize = 300;

/// The footer's lines, in order.
#[derive(Debug, Default)]
pub struct Foot {
    /// "Figures of 20 November, estimated from your team's own numbers."
    pub notes: Vec<String>,
    /// "Wrong number? Reply."
    pub reply: Option<Reply>,
    /// Address of "Trend and sums".
    pub trend: Option<String>,
    /// The numbered sources.
    pub sources: Vec<SourceLine>,
    /// Address of "Read this in a browser".
    pub web_copy: Option<String>,
    /// Why the reader gets this.
    pub why: String,
    /// Address of "Choose the day and the contents".
    pub choices: Option<String>,
    /// Address of the way out.
    pub stop: Option<String>,
    /// What the way out is called.
    pub stop_words: &'static str,
    /// Name and postal address.
    pub sender: String,
}

/// "Wrong number? Reply.", linked where an address is known.
#[derive(Debug)]
pub struct Reply {
    /// A `mailto:` that names the brief in its subject.
    pub href: Option<String>,
}

/// "[1] Title, publisher, year".
#[derive(Debug)]
pub struct SourceLine {
    /// From 1.
    pub number: usize,
    /// "Title, publisher, year".
    pub text: String,
    /// Where it can be read; None when the address may not be linked.
    pub url: Option<String>,
}

impl Foot {
    /// The footer of a brief that was tidied already.
    pub fn of_brief(brief: &Brief, frame: &Frame, most: usize) -> Self {
        let links = &frame.links;
        Self {
            notes: printed(&brief.footer.notes),
            reply: brief.footer.invites_reply.then(|| Reply {
                href: frame.reply_to.as_deref().map(|address| {
                    let subject =
                        format!("Wrong number: {}", tidy::line(&brief.subject, QUOTED_SUBJECT));
                    link::mailto(address, &subject)
                }),
            }),
            trend: links.trend.clone(),
            sources: sources(&brief.footer.sources),
            web_copy: links.web_copy.clone(),
            why: brief.footer.why.clone(),
            choices: links.choices.clone(),
            stop: links.stop.clone(),
            stop_words: "Unsubscribe from these briefs",
            sender: sender(frame, most),
        }
    }

    /// The footer of an operational mail.
    pub fn of_letter(why: &str, frame: &Frame, most: usize) -> Self {
        Self {
            why: tidy::line(why, most),
            choices: frame.links.choices.clone(),
            stop: frame.links.stop.clone(),
            // It is no brief, and its reader may get none.
            stop_words: "Unsubscribe",
            sender: sender(frame, most),
            ..Self::default()
        }
    }
}

fn printed(texts: &[String]) -> Vec<String> {
    texts.iter().filter(|text| !text.is_empty()).cloned().collect()
}

fn sources(sources: &[Source]) -> Vec<SourceLine> {
    let line = |(number, source): (usize, &Source)| SourceLine {
        number,
        text: source.text.clone(),
        url: Some(source.url.clone())
            .filter(|url| link::is_linkable(url) && url.len() <= LONGEST_URL),
    };
    (1..).zip(sources).map(line).collect()
}

fn sender(frame: &Frame, most: usize) -> String {
    let parts = [&frame.product_name, &frame.postal_address].map(|text| tidy::line(text, most));
    let parts: Vec<&str> =
        parts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    parts.join(", ")
}

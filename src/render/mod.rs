//! From a written brief to the two parts of a mail, HTML and plain text, which say the same words.
//!
//! [`render`] draws a [`Brief`], [`letter`] a small operational mail. What is the recipient's own (the
//! stop link, the trend page) is handed over in [`Links`] as it shall stand in the mail: an address,
//! or a token from the slots that is replaced for each recipient (DESIGN 2.7).
//!
//! **Invariants:** both parts come from one cleaned copy of the brief, so neither can hold a word that
//! the other lacks. Nothing a person typed reaches the HTML unescaped; control characters and marks
//! that change the direction of text reach neither part. No script, and nothing remote but the logo
//! of a brand, which every reader loads from one address. The same brief and frame give the same bytes.
//!
//! Reading order: `tidy` makes the copy, `text` and `html` are the two parts, `letter` the
//! operational mail. Inline CSS is in `templates/mail/macros.html` and nowhere else. [`plot`] is for
//! pages: where the lines of a picture run.

mod answers;
mod chart;
mod columns;
mod footer;
mod html;
mod letter;
mod link;
pub mod logo;
pub mod palette;
pub mod plot;
mod sentence;
#[cfg(test)]
mod tests;
mod text;
mod tidy;
mod wrap;

use crate::domain::brief::{Block, BlockRole, Brief, Piece};

pub use letter::{Note, letter};
use palette::Palette;

/// Most bytes of the HTML part before the recipient's links are put in. Gmail clips near 102 kB and
/// hides the stop link with it (MAIL 46); a brief has no business near that, and the links of one
/// recipient fit between this and 30 kB.
pub const HTML_MAX: usize = 28_000;

/// A mail's words in both forms, without any header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line, not encoded.
    pub subject: String,
    /// What an inbox shows behind the subject; hidden at the top of the HTML.
    pub preheader: String,
    /// A whole HTML document.
    pub html: String,
    /// Plain text, lines ending in LF and no wider than 72 columns but for addresses.
    pub text: String,
}

/// What surrounds a brief and does not depend on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// The sender as readers know it: "Back Office Brief".
    pub product_name: String,
    /// BCP 47 tag of the language the brief is written in: "en".
    pub lang: String,
    /// The sender's postal address (15 USC 7704(a)(5)); one line.
    pub postal_address: String,
    /// The bare address that answers "Wrong number? Reply." None: the words stand without a link.
    pub reply_to: Option<String>,
    /// Where the links lead.
    pub links: Links,
    /// What stands at the head of a letter in somebody else's name; none is the product's. A brief
    /// brings its own head.
    pub letterhead: Option<String>,
    /// The colours.
    pub palette: Palette,
    /// A picture over the masthead, which says nothing that the words do not.
    pub logo: Option<LogoLink>,
}

/// A picture that a mail loads: the same address for every reader, so that it tells nobody who reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoLink {
    /// `https:` address.
    pub src: String,
    /// Pixels as shown.
    pub width: u32,
    /// Pixels as shown.
    pub height: u32,
}

/// The links of a mail. One that is None leaves nothing behind, neither words nor an empty anchor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// The way out: a `mailto:` or a page.
    pub stop: Option<String>,
    /// "Trend and sums".
    pub trend: Option<String>,
    /// "Choose the day and the contents".
    pub choices: Option<String>,
    /// "Read this in a browser".
    pub web_copy: Option<String>,
    /// The button in ONE ACTION.
    pub action: Option<Button>,
    /// What answer links begin with. None: the reader may not answer.
    pub answers: Option<String>,
    /// Where a consultant decides about drafted nudges.
    pub nudges: Option<String>,
}

/// A link that asks to be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// Says what happens: "See the open gaps".
    pub label: String,
    /// Where it leads.
    pub href: String,
}

/// Why a mail cannot be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A link that a mail must not hold.
    #[error(
        "the link {name} leads to {href:?}; use an address that begins with https:// or mailto:"
    )]
    Link {
        /// Which of the links.
        name: &'static str,
        /// What it was.
        href: String,
    },
    /// Too much to say, even with every text cut short.
    #[error(
        "the HTML part would be {bytes} bytes, more than {HTML_MAX}; the brief has too many rows"
    )]
    TooLarge {
        /// Size with the shortest texts.
        bytes: usize,
    },
    /// A template failed; not caused by what it was given.
    #[error("a mail template failed: {0}")]
    Template(#[from] askama::Error),
}

fn html(brief: &Brief, frame: &Frame, most: usize) -> Result<String, RenderError> {
    html::brief(brief, frame, &footer::Foot::of_brief(brief, frame, most))
}

/// The button of ONE ACTION: the frame's, else where the reader answers for its gap.
fn action_button(block: &Block, frame: &Frame) -> Option<Button> {
    if block.role != BlockRole::Action {
        return None;
    }
    let asks = block.pieces.iter().find_map(|piece| match piece {
        Piece::Ask(ask) => answers::of(ask, frame),
        _ => None,
    });
    frame.links.action.clone().or(asks)
}

/// The link under nudges that wait for their reader.
fn nudges_link(block: &Block, frame: &Frame) -> Option<Button> {
    let waits = block.role == BlockRole::Nudges
        && block.pieces.iter().any(|piece| matches!(piece, Piece::List { .. }));
    // Where pages are at no address that a mail may link to, whoever works there knows the way.
    let href = frame.links.nudges.clone().filter(|href| waits && link::is_linkable(href))?;
    Some(Button { label: "Approve, edit or skip them".to_owned(), href })
}

/// Draws `brief` as HTML and plain text.
///
/// Texts of a length no brief has by rule (MODEL 6.4) are cut, in both parts alike, until the HTML
/// fits [`HTML_MAX`].
///
/// # Errors
/// [`RenderError::Link`] for a link of the frame that is neither `https:` nor `mailto:`,
/// [`RenderError::TooLarge`] for a brief of too many rows.
pub fn render(brief: &Brief, frame: &Frame) -> Result<Rendered, RenderError> {
    link::check_all(&frame.links)?;
    let mut bytes = 0;
    for most in tidy::LENGTHS {
        let brief = tidy::brief(brief, most);
        let html = html(&tidy::bound(&brief), frame, most)?;
        bytes = html.len();
        if bytes <= HTML_MAX {
            let foot = footer::Foot::of_brief(&brief, frame, most);
            let text = text::brief(&brief, frame, &foot)?;
            return Ok(Rendered { subject: brief.subject, preheader: brief.preheader, html, text });
        }
    }
    Err(RenderError::TooLarge { bytes })
}

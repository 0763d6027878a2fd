//! The HTML part: a brief seen as what the templates draw.

mod rows;
mod table;

use askama::Template;

use self::rows::{Row, rows};
use self::table::TableView;

use super::chart::{RangeBar, TrendBars};
use super::footer::Foot;
use super::palette::Palette;
use super::{Button, Frame, LogoLink, RenderError, answers, sentence};
use crate::domain::brief::{Block, BlockRole, Brief, Piece, Tone, Toned};

/// Draws the document.
///
/// # Errors
/// [`RenderError::Template`].
pub fn brief(brief: &Brief, frame: &Frame, foot: &Foot) -> Result<String, RenderError> {
    let page = BriefPage {
        lang: &frame.lang,
        subject: &brief.subject,
        preheader: &brief.preheader,
        title: &brief.title,
        dateline: &brief.dateline,
        verdict: Headline::of(&brief.verdict, false),
        blocks: brief.blocks.iter().map(|block| BlockView::of(block, frame)).collect(),
        foot,
        palette: &frame.palette,
        logo: frame.logo.as_ref(),
    };
    Ok(page.render()?)
}

#[derive(Template)]
#[template(path = "mail/brief.html")]
struct BriefPage<'a> {
    lang: &'a str,
    subject: &'a str,
    preheader: &'a str,
    title: &'a str,
    dateline: &'a str,
    verdict: Headline,
    blocks: Vec<BlockView<'a>>,
    foot: &'a Foot,
    palette: &'a Palette,
    logo: Option<&'a LogoLink>,
}

/// A first sentence that stands out, and what follows it.
struct Headline {
    lead: String,
    rest: String,
    tone: &'static str,
}

impl Headline {
    fn of(toned: &Toned, stands_alone: bool) -> Self {
        let (lead, rest) = sentence::first(&toned.text);
        let lead = if stands_alone { sentence::capitalized(lead) } else { lead.to_owned() };
        Self { lead, rest: rest.to_owned(), tone: tone(toned.tone) }
    }

    fn whole(toned: &Toned) -> Self {
        Self {
            lead: sentence::capitalized(&toned.text),
            rest: String::new(),
            tone: tone(toned.tone),
        }
    }
}

struct BlockView<'a> {
    is_action: bool,
    heading: &'a str,
    headline: Option<Headline>,
    pieces: Vec<PieceView<'a>>,
    button: Option<Button>,
}

impl<'a> BlockView<'a> {
    fn of(block: &'a Block, frame: &'a Frame) -> Self {
        let is_action = block.role == BlockRole::Action;
        let words = words(block);
        Self {
            is_action,
            heading: &block.heading,
            // Behind a heading the words follow a colon; on their own line they begin a sentence.
            headline: block.headline.as_ref().map(|own| match block.role {
                // The right figure stands in the second sentence and is no aside.
                BlockRole::Correction => Headline::whole(own),
                _ => Headline::of(own, true),
            }),
            pieces: block
                .pieces
                .iter()
                .filter(|piece| !(is_action && matches!(piece, Piece::Ask(_))))
                .filter_map(|piece| PieceView::of(piece, &words, frame))
                .chain(super::nudges_link(block, frame).map(PieceView::Link))
                .collect(),
            button: super::action_button(block, frame),
        }
    }
}

/// The running words of a block, which its pictures illustrate.
fn words(block: &Block) -> String {
    let headline = block.headline.iter().map(|own| own.text.as_str());
    let texts = block.pieces.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(text.as_str()),
        _ => None,
    });
    headline.chain(texts).collect::<Vec<_>>().join(" ")
}

enum PieceView<'a> {
    Text(&'a str),
    /// A trend too short for bars.
    Line(String),
    Quote(&'a str),
    /// Entries with room for an amount at the right.
    Rows(Vec<Row<'a>>),
    Trend(TrendBars),
    Range(RangeBar),
    Table(TableView<'a>),
    Link(Button),
}

impl<'a> PieceView<'a> {
    /// None for a picture of nothing, and for a link that is not this reader's.
    fn of(piece: &'a Piece, words: &str, frame: &Frame) -> Option<Self> {
        Some(match piece {
            Piece::Text(text) => Self::Text(text),
            Piece::Quote(text) => Self::Quote(text),
            Piece::List { numbered, items } => Self::Rows(rows(items, *numbered, frame)),
            Piece::Trend(trend) => match TrendBars::of(trend, words) {
                Some(bars) => Self::Trend(bars),
                None => Self::Line(super::text::trend(trend)?),
            },
            Piece::Range(range) => Self::Range(RangeBar::of(range, words)?),
            Piece::Table(table) => Self::Table(TableView::of(table)),
            Piece::Ask(ask) => Self::Link(answers::of(ask, frame)?),
        })
    }
}

/// How the macros call a tone.
const fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Plain => "plain",
    }
}

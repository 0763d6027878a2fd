//! The HTML part: a brief seen as what the templates draw.

use askama::Template;

use super::chart::{RangeBar, TrendBars};
use super::footer::Foot;
use super::{Button, Frame, RenderError, sentence};
use crate::domain::brief::{Block, BlockRole, Brief, Item, Piece, Table, Tone, Toned};

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
        blocks: brief
            .blocks
            .iter()
            .map(|block| BlockView::of(block, frame))
            .collect(),
        foot,
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
        let lead = if stands_alone {
            sentence::capitalized(lead)
        } else {
            lead.to_owned()
        };
        Self {
            lead,
            rest: rest.to_owned(),
            tone: tone(toned.tone),
        }
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
    button: Option<&'a Button>,
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
                .filter_map(|piece| PieceView::of(piece, &words))
                .collect(),
            button: frame.links.action.as_ref().filter(|_| is_action),
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
}

impl<'a> PieceView<'a> {
    /// None for a picture of nothing.
    fn of(piece: &'a Piece, words: &str) -> Option<Self> {
        Some(match piece {
            Piece::Text(text) => Self::Text(text),
            Piece::Quote(text) => Self::Quote(text),
            Piece::List { numbered, items } => Self::Rows(rows(items, *numbered)),
            Piece::Trend(trend) => match TrendBars::of(trend, words) {
                Some(bars) => Self::Trend(bars),
                None => Self::Line(super::text::trend(trend)?),
            },
            Piece::Range(range) => Self::Range(RangeBar::of(range, words)?),
            Piece::Table(table) => Self::Table(TableView::of(table)),
        })
    }
}

struct Row<'a> {
    /// "1." or a sign that tells good from bad without colour.
    mark: String,
    /// Whether the mark is a number, which is read aloud; a sign is not.
    is_numbered: bool,
    lead: &'a str,
    joint: &'static str,
    rest: &'a str,
    amount: Option<&'a str>,
    quote: Option<&'a str>,
    tone: &'static str,
}

fn rows(items: &[Item], numbered: bool) -> Vec<Row<'_>> {
    (1..)
        .zip(items)
        .map(|(number, item)| Row::of(number, item, numbered))
        .collect()
}

impl<'a> Row<'a> {
    fn of(number: usize, item: &'a Item, is_numbered: bool) -> Self {
        let amount = is_numbered.then(|| sentence::amount(&item.rest)).flatten();
        let (amount, rest) = match amount {
            Some((amount, rest)) => (Some(amount), rest),
            None => (None, item.rest.as_str()),
        };
        let is_joined = !item.lead.is_empty() && !rest.is_empty() && amount.is_none();
        Self {
            mark: if is_numbered {
                format!("{number}.")
            } else {
                sign(item.tone).to_owned()
            },
            is_numbered,
            lead: &item.lead,
            joint: if is_joined {
                sentence::joint(&item.lead)
            } else {
                ""
            },
            rest,
            amount,
            quote: item.quote.as_deref(),
            tone: tone(item.tone),
        }
    }
}

struct TableView<'a> {
    head: Vec<String>,
    rows: Vec<Vec<Cell<'a>>>,
    after: &'a [String],
}

struct Cell<'a> {
    text: &'a str,
    tone: &'static str,
    /// Holds a word that no narrow column has room for.
    is_long: bool,
    /// Figures that read as one: "66 +3".
    is_short: bool,
}

impl<'a> TableView<'a> {
    fn of(table: &'a Table) -> Self {
        let cell = |own: &'a Toned| Cell {
            text: &own.text,
            tone: tone(own.tone),
            is_short: own.text.chars().count() <= 6,
            is_long: own.text.split(' ').any(|word| 14 < word.chars().count()),
        };
        Self {
            head: table
                .head
                .iter()
                .map(|text| sentence::capitalized(&text.to_lowercase()))
                .collect(),
            rows: table
                .rows
                .iter()
                .map(|row| row.iter().map(cell).collect())
                .collect(),
            after: &table.after,
        }
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

/// The sign before an entry: its shape says what its colour says.
const fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "\u{2713}",
        Tone::Bad => "\u{25C6}",
        Tone::Plain => "\u{2013}",
    }
}

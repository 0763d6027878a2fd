//! The words of a brief: what a reader sees, before it becomes HTML or plain text (MODEL 6).
//!
//! A [`Brief`] is made from facts alone. Both parts of a mail are drawn from it, so they say the same.

mod article;
mod blockers;
mod changes;
mod correction;
mod footer;
mod forecast;
mod form;
mod leader;
pub mod limits;
mod names;
mod needed;
pub mod numbers;
mod opening;
mod outlook;
mod owner;
mod pieces;
mod portfolio;
mod preheader;
mod profit;
mod public;
mod readiness;
mod subject;
mod unseen;
pub mod words;

use crate::domain::answer::AnswerKind;

pub use blockers::holds_back as is_held_back;
pub use changes::line as change_in_words;
pub use correction::{Corrected, compose_correction, differences};
pub use forecast::{in_short as forecast_in_short, paragraph as verdict_in_words};
pub use form::{is_assessed, is_live};
pub use leader::compose_leader;
pub use names::{called as gap_called, gaps as gaps_called};
pub use needed::pace_in_words;
pub use opening::unknown_since as not_updated_since;
pub use outlook::sentences as outlook_in_words;
pub use owner::{compose_owner, own_action};
pub use portfolio::{client_cells, client_name, compose_portfolio, is_on_pace, totals_in_words};
pub use profit::stall as stall_in_words;
pub use public::compose_public;
pub use readiness::moved as moved_in_words;

/// The head of every brief in the service's own name.
pub const MASTHEAD: &str = "BACK OFFICE BRIEF";

/// One brief, in reading order: verdict, blocks, footer (MODEL 6.4, rule 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// At most 50 characters (MODEL 6.5).
    pub subject: String,
    /// 40 to 60 characters; never repeats the subject.
    pub preheader: String,
    /// [`MASTHEAD`], with "| PORTFOLIO" for a consultant.
    pub title: String,
    /// "Northfield Supply | week to 23 November 2026".
    pub dateline: String,
    /// The conclusion, first (BLUF).
    pub verdict: Toned,
    /// The blocks that have something to say.
    pub blocks: Vec<Block>,
    /// What stands under the line.
    pub footer: Footer,
}

impl Brief {
    /// The same under another name at the head, spelled as whoever owns it spells it.
    #[must_use]
    pub fn headed(&self, name: &str) -> Self {
        let rest = self.title.strip_prefix(MASTHEAD).unwrap_or_default();
        Self { title: format!("{name}{rest}"), ..self.clone() }
    }
}

/// Good or bad for the organization, never up or down (colour follows this, and never stands alone).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Good news.
    Good,
    /// Bad news.
    Bad,
    /// Neither.
    #[default]
    Plain,
}

/// A sentence or two, with its tone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toned {
    /// The words.
    pub text: String,
    /// Whether they are good or bad news.
    pub tone: Tone,
}

/// What a block is about; decides its place and its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockRole {
    /// ONE ACTION.
    Action,
    /// READINESS, or FOUNDATION after go-live.
    Readiness,
    /// PROFIT AT STAKE.
    Profit,
    /// YOUR GAPS, in an owner's edition.
    YourGaps,
    /// THIS WEEK.
    ThisWeek,
    /// FROM (the consultant).
    From,
    /// WHY IT MATTERS.
    Insight,
    /// The clients' table of a portfolio.
    Clients,
    /// NUDGES TO APPROVE.
    Nudges,
    /// NEXT SESSION.
    Session,
    /// A part of a public issue.
    Essay,
    /// CORRECTION: which figure was wrong and what it is.
    Correction,
}

/// One block under its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is about.
    pub role: BlockRole,
    /// "READINESS"; empty for a part of a public issue.
    pub heading: String,
    /// What follows the heading after a colon: "66 of 100, up 3. Target: 85 by 1 February."
    pub headline: Option<Toned>,
    /// What it says, in order.
    pub pieces: Vec<Piece>,
}

/// A piece of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A paragraph of at most three sentences.
    Text(String),
    /// Somebody's words, printed in quotation marks.
    Quote(String),
    /// A list; numbers where the order means something.
    List {
        /// Numbered from 1, else dashes.
        numbered: bool,
        /// The entries.
        items: Vec<Item>,
    },
    /// Weekly scores: numbers in text, bars in HTML.
    Trend(Trend),
    /// Low, likely, high of the weekly exposure: a bar in HTML; the text part has it in the headline.
    Range(Range),
    /// The clients' table.
    Table(Table),
    /// Where the reader answers. Drawn only for who may, and not counted among the words.
    Ask(Ask),
}

/// A link to a page on which the reader answers for a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// What the link is called: "Correct a number".
    pub label: &'static str,
    /// What the page asks first.
    pub kind: AnswerKind,
    /// External id of the gap.
    pub gap: String,
}

/// One entry of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// What comes first and is set in bold: "Price lists (D. Ruiz)".
    pub lead: String,
    /// What follows after a colon or blank: "$3,800. Blocks go-live. Idle 3 weeks."
    pub rest: String,
    /// Good, bad or plain.
    pub tone: Tone,
    /// A sentence quoted under the entry (a nudge's text).
    pub quote: Option<String>,
    /// External id of the gap whose three answers stand under the entry, likewise.
    pub gap: Option<String>,
}

/// Up to eight weekly scores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    /// "Eight weeks".
    pub label: String,
    /// Whole points, oldest first.
    pub scores: Vec<i64>,
    /// Whole points; a mark across the bars. None after go-live.
    pub target: Option<i64>,
}

/// The weekly exposure's range, for a bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// Minor units.
    pub low: i64,
    /// Minor units.
    pub likely: i64,
    /// Minor units.
    pub high: i64,
    /// The three as printed.
    pub printed: [String; 3],
}

/// A small table with a header row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Column heads; the first column is the row's name.
    pub head: Vec<String>,
    /// Rows, each as long as the head.
    pub rows: Vec<Vec<Toned>>,
    /// Said under it: "On pace: Halden, Brightwell." and "and 3 more".
    pub after: Vec<String>,
}

/// What stands under the brief.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Footer {
    /// "Figures of 20 November, estimated from your team's own numbers."
    pub notes: Vec<String>,
    /// A number in brackets, title, publisher, year, with where it can be read.
    pub sources: Vec<Source>,
    /// Whether a wrong number may be answered by a reply.
    pub invites_reply: bool,
    /// Why the reader gets this: "You get this as leader of Northfield Supply."
    pub why: String,
}

/// One numbered source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// "Title, publisher, year".
    pub text: String,
    /// Absolute address.
    pub url: String,
}

//! The plain text part, which is the brief (MODEL 6.4, rule 9).

use askama::Template;

use super::footer::Foot;
use super::wrap::{hanging, paragraph};
use super::{Frame, RenderError, answers, columns, sentence};
use crate::domain::brief::{Block, BlockRole, Brief, Item, Piece, Table, Trend};

/// Lays the text out.
///
/// # Errors
/// [`RenderError::Template`].
pub fn brief(brief: &Brief, frame: &Frame, foot: &Foot) -> Result<String, RenderError> {
    let page = BriefText {
        title: paragraph(&brief.title.to_uppercase()),
        dateline: paragraph(&brief.dateline),
        verdict: paragraph(&brief.verdict.text),
        blocks: brief.blocks.iter().map(|own| block(own, frame)).collect(),
        foot: footer(foot),
    };
    Ok(page.render()?)
}

#[derive(Template)]
#[template(path = "mail/brief.txt")]
struct BriefText {
    title: String,
    dateline: String,
    verdict: String,
    blocks: Vec<String>,
    foot: Vec<String>,
}

/// A block's lines: heading, headline behind a colon, pieces.
fn block(block: &Block, frame: &Frame) -> String {
    let mut lines = Vec::new();
    let heading = block.heading.to_uppercase();
    match &block.headline {
        Some(headline) if heading.is_empty() => lines.push(paragraph(&headline.text)),
        Some(headline) => lines.push(paragraph(&format!("{heading}: {}", headline.text))),
        None if heading.is_empty() => {}
        None => lines.push(paragraph(&heading)),
    }
    let mut before = None;
    for piece in &block.pieces {
        if before.is_some_and(|before| wants_blank(block.role, before, piece)) {
            lines.push(String::new());
        }
        push_piece(&mut lines, piece, block.role, frame);
        before = Some(piece);
    }
    let asks =
        super::action_button(block, frame).into_iter().chain(super::nudges_link(block, frame));
    lines.extend(asks.map(|own| link(&own.label, &own.href)));
    lines.join("\n")
}

/// Whether a blank line stands between two pieces: around a table, and between an essay's paragraphs.
const fn wants_blank(role: BlockRole, before: &Piece, piece: &Piece) -> bool {
    matches!(before, Piece::Table(_))
        || matches!(piece, Piece::Table(_))
        || (matches!(role, BlockRole::Essay)
            && matches!(before, Piece::Text(_) | Piece::Quote(_))
            && matches!(piece, Piece::Text(_) | Piece::Quote(_)))
}

fn push_piece(lines: &mut Vec<String>, piece: &Piece, role: BlockRole, frame: &Frame) {
    match piece {
        Piece::Text(text) => lines.push(paragraph(text)),
        Piece::Quote(text) => lines.push(paragraph(&quoted(text))),
        Piece::List { numbered, items } => {
            lines.extend((1..).zip(items).map(|(number, own)| item(number, own, *numbered, frame)));
        }
        Piece::Trend(own) => lines.extend(trend(own).map(|words| paragraph(&words))),
        // The headline has the three figures in words.
        Piece::Range(_) => {}
        Piece::Table(table) => lines.extend(table_lines(table)),
        // That of ONE ACTION is its button.
        Piece::Ask(_) if role == BlockRole::Action => {}
        Piece::Ask(ask) => {
            lines.extend(answers::of(ask, frame).map(|own| link(&own.label, &own.href)));
        }
    }
}

/// "Eight weeks: 34 58 60"; None without scores.
pub fn trend(trend: &Trend) -> Option<String> {
    let scores: Vec<String> = trend.scores.iter().map(i64::to_string).collect();
    (!scores.is_empty()).then(|| format!("{}: {}", trend.label, scores.join(" ")))
}

fn item(number: usize, item: &Item, numbered: bool, frame: &Frame) -> String {
    let mark = if numbered && item.lead.is_empty() {
        // "and 2 more" counts entries and is none.
        "   ".to_owned()
    } else if numbered {
        format!("{number}. ")
    } else {
        "- ".to_owned()
    };
    let indent = " ".repeat(mark.len());
    let text = if item.lead.is_empty() || item.rest.is_empty() {
        format!("{}{}", item.lead, item.rest)
    } else {
        format!("{}{}{}", item.lead, sentence::joint(&item.lead), item.rest)
    };
    let mut out = hanging(&mark, &indent, &text);
    if let Some(quote) = &item.quote {
        out.push('\n');
        out.push_str(&hanging(&indent, &indent, &quoted(quote)));
    }
    for own in answers::under(item, frame) {
        out.push_str(&format!("\n{indent}{}: {}", own.label, own.href));
    }
    out
}

fn table_lines(table: &Table) -> Vec<String> {
    let mut lines = columns::lines(table);
    lines.extend(table.after.iter().map(|text| paragraph(text)));
    lines
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// "Words:" and the address on a line of its own: it is copied whole, and no words are widened by it.
pub fn link(label: &str, href: &str) -> String {
    format!("{label}:\n{href}")
}

/// The lines under the line.
pub fn footer(foot: &Foot) -> Vec<String> {
    let mut lines: Vec<String> = foot.notes.iter().map(|note| paragraph(note)).collect();
    let trend = foot.trend.as_ref().map(|href| link("Trend and sums", href));
    let asks: Vec<String> =
        foot.reply.iter().map(|_| "Wrong number? Reply.".to_owned()).chain(trend).collect();
    if !asks.is_empty() {
        lines.push(asks.join(" "));
    }
    for source in &foot.sources {
        lines.push(paragraph(&format!("[{}] {}", source.number, source.text)));
        lines.extend(source.url.clone());
    }
    lines.extend(foot.web_copy.iter().map(|href| link("Read this in a browser", href)));
    if !foot.why.is_empty() {
        lines.push(paragraph(&foot.why));
    }
    lines.extend(foot.choices.iter().map(|href| link("Choose the day and the contents", href)));
    lines.extend(foot.stop.iter().map(|href| link(foot.stop_words, href)));
    if !foot.sender.is_empty() {
        lines.push(paragraph(&foot.sender));
    }
    lines
}

//! What a reader reads of a brief, for counting: everything but the footer and the links.

use super::{Block, Brief, Piece};
use crate::domain::plain;

/// Words of a brief. The footer does not count (MODEL 6.4, rule 2).
#[must_use]
pub fn count(brief: &Brief) -> usize {
    lines(brief).iter().map(|line| plain::count_words(line)).sum()
}

/// Every line of a brief in reading order, headings first. Not folded, not decorated.
#[must_use]
pub fn lines(brief: &Brief) -> Vec<String> {
    let mut lines = vec![brief.title.clone(), brief.dateline.clone(), brief.verdict.text.clone()];
    for block in &brief.blocks {
        lines.extend(block_lines(block));
    }
    lines
}

fn block_lines(block: &Block) -> Vec<String> {
    let mut lines = Vec::new();
    match &block.headline {
        Some(headline) => lines.push(format!("{}: {}", block.heading, headline.text)),
        None if block.heading.is_empty() => {}
        None => lines.push(block.heading.clone()),
    }
    for piece in &block.pieces {
        lines.extend(piece_lines(piece));
    }
    lines
}

fn piece_lines(piece: &Piece) -> Vec<String> {
    match piece {
        Piece::Text(text) => vec![text.clone()],
        Piece::Quote(text) => vec![format!("\"{text}\"")],
        Piece::List { numbered, items } => items
            .iter()
            .enumerate()
            .flat_map(|(at, item)| {
                let mark = if *numbered { format!("{}.", at + 1) } else { "-".to_owned() };
                let joint = match item.lead.chars().last() {
                    None => "",
                    Some('.' | ':' | ',' | ';' | '?') => " ",
                    Some(_) => ": ",
                };
                let line = format!("{mark} {}{joint}{}", item.lead, item.rest);
                std::iter::once(line).chain(item.quote.iter().map(|q| format!("\"{q}\"")))
            })
            .collect(),
        Piece::Trend(trend) => {
            let scores: Vec<String> = trend.scores.iter().map(i64::to_string).collect();
            vec![format!("{}: {}", trend.label, scores.join(" "))]
        }
        // A link is none of the words.
        Piece::Range(_) | Piece::Ask(_) => Vec::new(),
        Piece::Table(table) => std::iter::once(table.head.join(" | "))
            .chain(table.rows.iter().map(|row| {
                let cells: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
                cells.join(" | ")
            }))
            .chain(table.after.iter().cloned())
            .collect(),
    }
}

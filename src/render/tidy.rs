//! The copy of a brief that both parts are drawn from: every text on one line, none endless.

use crate::domain::brief::{Block, Brief, Footer, Item, Piece, Range, Source, Table, Toned, Trend};
use crate::domain::one_line::{cut_at_word, one_line};

/// Most characters of one text, tried in turn until the HTML fits. The first is longer than any text
/// of 250 words (MODEL 6.4, rule 2); the others serve a brief that something hostile got into.
pub const LENGTHS: [usize; 6] = [2_000, 600, 160, 60, 24, 8];

/// One line of at most `most` characters; what was cut ends in three dots.
pub fn line(text: &str, most: usize) -> String {
    let line = one_line(text);
    if line.chars().count() <= most {
        return line;
    }
    format!("{}...", cut_at_word(&line, most.saturating_sub(3)))
}

/// `brief` with every text made fit to print.
pub fn brief(brief: &Brief, most: usize) -> Brief {
    Brief {
        subject: line(&brief.subject, most),
        preheader: line(&brief.preheader, most),
        title: line(&brief.title, most),
        dateline: line(&brief.dateline, most),
        verdict: toned(&brief.verdict, most),
        blocks: brief
            .blocks
            .iter()
            .map(|own| block(own, most))
            .filter(says_something)
            .collect(),
        footer: Footer {
            notes: lines(&brief.footer.notes, most),
            sources: brief
                .footer
                .sources
                .iter()
                .map(|own| source(own, most))
                .collect(),
            invites_reply: brief.footer.invites_reply,
            why: line(&brief.footer.why, most),
        },
    }
}

fn lines(texts: &[String], most: usize) -> Vec<String> {
    texts.iter().map(|text| line(text, most)).collect()
}

fn toned(toned: &Toned, most: usize) -> Toned {
    Toned {
        text: line(&toned.text, most),
        tone: toned.tone,
    }
}

fn source(source: &Source, most: usize) -> Source {
    Source {
        text: line(&source.text, most),
        url: one_line(&source.url),
    }
}

fn block(block: &Block, most: usize) -> Block {
    Block {
        role: block.role,
        heading: line(&block.heading, most),
        headline: block.headline.as_ref().map(|own| toned(own, most)),
        pieces: block
            .pieces
            .iter()
            .map(|own| piece(own, most))
            .filter(|own| !is_empty(own))
            .collect(),
    }
}

/// A block with nothing to say is left out (MODEL 6.4, rule 1).
fn says_something(block: &Block) -> bool {
    !block.heading.is_empty() || block.headline.is_some() || !block.pieces.is_empty()
}

fn is_empty(piece: &Piece) -> bool {
    match piece {
        Piece::Text(text) | Piece::Quote(text) => text.is_empty(),
        Piece::List { items, .. } => items.is_empty(),
        Piece::Trend(trend) => trend.scores.is_empty(),
        Piece::Table(table) => table.head.is_empty(),
        Piece::Range(_) => false,
    }
}

fn piece(piece: &Piece, most: usize) -> Piece {
    match piece {
        Piece::Text(text) => Piece::Text(line(text, most)),
        Piece::Quote(text) => Piece::Quote(line(text, most)),
        Piece::List { numbered, items } => Piece::List {
            numbered: *numbered,
            items: items
                .iter()
                .map(|own| item(own, most))
                .filter(|own| !own.lead.is_empty() || !own.rest.is_empty())
                .collect(),
        },
        Piece::Trend(trend) => Piece::Trend(Trend {
            label: line(&trend.label, most),
            scores: trend.scores.clone(),
            target: trend.target,
        }),
        Piece::Range(range) => Piece::Range(Range {
            printed: range.printed.clone().map(|text| line(&text, most)),
            ..*range
        }),
        Piece::Table(table) => Piece::Table(Table {
            head: lines(&table.head, most),
            rows: table
                .rows
                .iter()
                .map(|row| row.iter().map(|cell| toned(cell, most)).collect())
                .collect(),
            after: lines(&table.after, most),
        }),
    }
}

fn item(item: &Item, most: usize) -> Item {
    Item {
        lead: line(&item.lead, most),
        rest: line(&item.rest, most),
        tone: item.tone,
        quote: item.quote.as_ref().map(|quote| line(quote, most)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_within_the_length_stays_as_it_is() {
        assert_eq!(line("Price lists", 11), "Price lists");
    }

    #[test]
    fn what_says_nothing_is_left_out() {
        let list = Piece::List {
            numbered: true,
            items: vec![Item::default()],
        };
        assert!(is_empty(&piece(&list, 9)));
        assert!(is_empty(&piece(&Piece::Text("\u{200B} \n".into()), 9)));
    }

    #[test]
    fn a_longer_text_ends_in_dots_within_the_length() {
        assert_eq!(line("Price lists of the north", 15), "Price lists...");
        assert_eq!(line(&"x".repeat(10_000), 60).chars().count(), 60);
    }
}

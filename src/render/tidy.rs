//! The copy of a brief that both parts are drawn from: every text on one line, none endless.

use super::wrap;
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

/// `brief` with every text made fit to print, and without links to gaps of endless ids.
pub fn brief(brief: &Brief, most: usize) -> Brief {
    let fits = |gap: &str| gap.len() <= most;
    let mut tidied = rewritten(brief, &|text| line(text, most));
    for block in &mut tidied.blocks {
        block.pieces.retain(|piece| !matches!(piece, Piece::Ask(ask) if !fits(&ask.gap)));
        for piece in &mut block.pieces {
            if let Piece::List { items, .. } = piece {
                items.iter_mut().for_each(|item| item.gap = item.gap.take().filter(|id| fits(id)));
            }
        }
    }
    tidied
}

/// A tidied brief for a part whose reader breaks the lines: what reads as one stays on one line.
/// Subject and preheader are left: an inbox prints them.
pub fn bound(brief: &Brief) -> Brief {
    Brief {
        subject: brief.subject.clone(),
        preheader: brief.preheader.clone(),
        ..rewritten(brief, &wrap::bound)
    }
}

/// What is done to each text.
type Write<'w> = &'w dyn Fn(&str) -> String;

/// `brief` with every text as `write` gives it; what then says nothing is left out.
fn rewritten(brief: &Brief, write: Write<'_>) -> Brief {
    Brief {
        subject: write(&brief.subject),
        preheader: write(&brief.preheader),
        title: write(&brief.title),
        dateline: write(&brief.dateline),
        verdict: toned(&brief.verdict, write),
        blocks: brief.blocks.iter().map(|own| block(own, write)).filter(says_something).collect(),
        footer: Footer {
            notes: lines(&brief.footer.notes, write),
            sources: brief.footer.sources.iter().map(|own| source(own, write)).collect(),
            invites_reply: brief.footer.invites_reply,
            why: write(&brief.footer.why),
        },
    }
}

fn lines(texts: &[String], write: Write<'_>) -> Vec<String> {
    texts.iter().map(|text| write(text)).collect()
}

fn toned(toned: &Toned, write: Write<'_>) -> Toned {
    Toned { text: write(&toned.text), tone: toned.tone }
}

fn source(source: &Source, write: Write<'_>) -> Source {
    Source { text: write(&source.text), url: one_line(&source.url) }
}

fn block(block: &Block, write: Write<'_>) -> Block {
    Block {
        role: block.role,
        heading: write(&block.heading),
        headline: block.headline.as_ref().map(|own| toned(own, write)),
        pieces: block
            .pieces
            .iter()
            .map(|own| piece(own, write))
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
        Piece::Range(_) | Piece::Ask(_) => false,
    }
}

fn piece(piece: &Piece, write: Write<'_>) -> Piece {
    match piece {
        Piece::Text(text) => Piece::Text(write(text)),
        Piece::Quote(text) => Piece::Quote(write(text)),
        Piece::List { numbered, items } => Piece::List {
            numbered: *numbered,
            items: items
                .iter()
                .map(|own| item(own, write))
                .filter(|own| !own.lead.is_empty() || !own.rest.is_empty())
                .collect(),
        },
        Piece::Trend(trend) => Piece::Trend(Trend {
            label: write(&trend.label),
            scores: trend.scores.clone(),
            target: trend.target,
        }),
        Piece::Range(range) => Piece::Range(Range {
            printed: range.printed.clone().map(|text| write(&text)),
            ..*range
        }),
        Piece::Ask(ask) => Piece::Ask(ask.clone()),
        Piece::Table(table) => Piece::Table(Table {
            head: lines(&table.head, write),
            rows: table
                .rows
                .iter()
                .map(|row| row.iter().map(|cell| toned(cell, write)).collect())
                .collect(),
            after: lines(&table.after, write),
        }),
    }
}

fn item(item: &Item, write: Write<'_>) -> Item {
    Item {
        lead: write(&item.lead),
        rest: write(&item.rest),
        tone: item.tone,
        quote: item.quote.as_ref().map(|quote| write(quote)),
        gap: item.gap.clone(),
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
        let list = Piece::List { numbered: true, items: vec![Item::default()] };
        assert!(is_empty(&piece(&list, &|text| line(text, 9))));
        assert!(is_empty(&piece(&Piece::Text("\u{200B} \n".into()), &|text| line(text, 9))));
    }

    #[test]
    fn a_longer_text_ends_in_dots_within_the_length() {
        assert_eq!(line("Price lists of the north", 15), "Price lists...");
        assert_eq!(line(&"x".repeat(10_000), 60).chars().count(), 60);
    }
}

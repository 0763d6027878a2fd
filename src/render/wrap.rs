//! Breaking text into lines by display width.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::link;

/// No line is wider, in columns (MODEL 6.4, rule 9).
pub const WIDEST: usize = 72;
/// Where paragraphs break: with the quote mark of a reply a line still fits the 72.
const BREAK_AT: usize = WIDEST - 1;
/// U+00A0.
const NO_BREAK: &str = "\u{a0}";

/// A paragraph in lines, without indent.
pub fn paragraph(text: &str) -> String {
    hanging("", "", text)
}

/// A paragraph whose first line begins with `first` and every other with `rest`.
pub fn hanging(first: &str, rest: &str, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(first);
    let mut column = first.width();
    let mut is_begun = false;
    for atom in atoms(text) {
        let width = atom.width();
        if is_begun && column + 1 + width <= BREAK_AT {
            out.push(' ');
            column += 1;
        } else if is_begun {
            out.push('\n');
            out.push_str(rest);
            column = rest.width();
        }
        is_begun = true;
        if column + width <= BREAK_AT || is_address(&atom) {
            out.push_str(&atom);
            column += width;
        } else {
            column = push_in_pieces(&mut out, &atom, column, rest);
        }
    }
    out
}

/// `text` with a no-break space wherever a line must not end: the same words, for a part whose reader
/// breaks the lines.
pub fn bound(text: &str) -> String {
    let atoms: Vec<String> = atoms(text).iter().map(|atom| atom.replace(' ', NO_BREAK)).collect();
    atoms.join(" ")
}

/// `text` with every place to end a line given back.
pub fn loosened(text: &str) -> String {
    text.replace(NO_BREAK, " ")
}

/// Words that stay together: a number and the word behind it ("14 December"), a currency and its
/// amount ("NZD 850"), an initial and its name ("D. Ruiz"), the last word and the mark of its source ("stays. [1]").
fn atoms(text: &str) -> Vec<String> {
    let mut atoms: Vec<String> = Vec::new();
    let mut before = "";
    for word in text.split_whitespace() {
        match atoms.last_mut() {
            Some(last) if are_one(before, word) && last.len() + word.len() < 30 => {
                last.push(' ');
                last.push_str(word);
                // Two words make an atom, and no more.
                before = "";
            }
            _ => {
                atoms.push(word.to_owned());
                before = word;
            }
        }
        if is_source_mark(word) {
            before = "";
        }
    }
    atoms
}

/// Whether no line ends between two words.
fn are_one(before: &str, word: &str) -> bool {
    let stem = before.trim_start_matches('(');
    let is_number = !stem.is_empty() && stem.chars().all(|c| c.is_ascii_digit());
    let is_currency = stem.len() == 3 && stem.chars().all(|c| c.is_ascii_uppercase());
    let is_initial = stem.len() == 2 && stem.starts_with(char::is_uppercase) && stem.ends_with('.');
    (is_number && word.starts_with(char::is_alphabetic))
        || (is_initial && word.starts_with(char::is_uppercase))
        || (is_currency && word.starts_with(|c: char| c.is_ascii_digit()))
        || is_source_mark(word)
}

/// "[1]".
fn is_source_mark(word: &str) -> bool {
    word.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

/// Addresses are never broken: they would no longer lead anywhere.
fn is_address(word: &str) -> bool {
    let is_absolute =
        ["https://", "http://", "mailto:"].iter().any(|start| word.starts_with(start));
    is_absolute || link::begins_with_slot(word)
}

/// Writes a word that is wider than a line; returns the column it ends at.
fn push_in_pieces(out: &mut String, word: &str, mut column: usize, indent: &str) -> usize {
    for c in word.chars() {
        let width = c.width().unwrap_or(0);
        if BREAK_AT < column + width {
            out.push('\n');
            out.push_str(indent);
            column = indent.width();
        }
        out.push(c);
        column += width;
    }
    column
}

/// The lines of `text` within `width` columns, for a table's cell.
pub fn cell(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut column = 0;
    for word in text.split_whitespace() {
        let wide = word.width();
        if 0 < column && column + 1 + wide <= width {
            lines.last_mut().into_iter().for_each(|line| line.push(' '));
            column += 1;
        } else if 0 < column {
            lines.push(String::new());
            column = 0;
        }
        for c in word.chars() {
            let wide = c.width().unwrap_or(0);
            if width < column + wide {
                lines.push(String::new());
                column = 0;
            }
            lines.last_mut().into_iter().for_each(|line| line.push(c));
            column += wide;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_breaks_before_the_limit() {
        let text = "At this pace the ERP cutover is ready on 31 May, 17 weeks after go-live. \
                    If the faster weeks hold: 15 February. If the slower: no date.";
        assert_eq!(
            paragraph(text),
            "At this pace the ERP cutover is ready on 31 May, 17 weeks after\n\
             go-live. If the faster weeks hold: 15 February. If the slower: no date."
        );
    }

    #[test]
    fn a_number_stays_with_its_word() {
        let text = "Closing price lists and invoice exceptions makes it 88. Without price lists it stops at 79. \
                    Look at billing and payables again by 14 December.";
        assert!(paragraph(text).ends_with("again by\n14 December."));
    }

    #[test]
    fn what_reads_as_one_is_bound_and_keeps_its_words() {
        let text =
            "Due 31 May (8 wk), about (NZD 850 a week) or AUD 1,200 (E. Luna). It stays. [1]";
        let bound = bound(text);
        for one in [
            "31\u{a0}May",
            "(8\u{a0}wk),",
            "(NZD\u{a0}850",
            "AUD\u{a0}1,200",
            "(E.\u{a0}Luna).",
            "stays.\u{a0}[1]",
        ] {
            assert!(bound.contains(one), "{one} in {bound}");
        }
        assert_eq!(loosened(&bound), text);
        assert!(bound.contains("a week"), "{bound}");
    }

    #[test]
    fn the_mark_of_a_source_never_stands_alone() {
        let text =
            format!("{} the truth. A customer pays the copy that was open. [1]", "x".repeat(24));
        assert!(paragraph(&text).ends_with("\nopen. [1]"), "{}", paragraph(&text));
    }

    #[test]
    fn further_lines_hang() {
        let text = "When finance meets on Tuesday, choose the payroll list that wins. Then send me its name.";
        assert_eq!(
            hanging("1. ", "   ", text),
            "1. When finance meets on Tuesday, choose the payroll list that wins.\n   Then send me its name."
        );
    }

    #[test]
    fn endless_words_are_broken_and_addresses_are_not() {
        let long = "x".repeat(10_000);
        assert!(hanging("- ", "  ", &long).lines().all(|line| line.width() < WIDEST));
        let address = format!("https://brief.example/{}", "y".repeat(100));
        assert!(paragraph(&format!("See {address}")).contains(&address));
    }

    #[test]
    fn wide_characters_count_double() {
        let text = "請求書".repeat(40);
        assert!(paragraph(&text).lines().all(|line| line.width() <= BREAK_AT));
        assert_eq!(cell("請求書", 4), ["請求", "書"]);
    }

    #[test]
    fn an_empty_text_gives_an_empty_line() {
        assert_eq!(paragraph("  "), "");
        assert_eq!(cell("", 5), [""]);
    }
}
